"""What the assistant, an operator or the system wants to say, before and after WhatsApp's limits."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from openbot.whatsapp import fitting
from openbot.whatsapp.json_reading import maybe_part, maybe_words, objects


class Request(StrEnum):
    """What a bubble can ask for with a button of WhatsApp's own."""

    LOCATION = "location"
    CONTACT = "contact"


class MediumKind(StrEnum):
    """What can be sent besides text."""

    IMAGE = "image"
    DOCUMENT = "document"
    AUDIO = "audio"
    VIDEO = "video"


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """Something to tap; the payload comes back as the tap's id."""

    title: str
    payload: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of a list."""

    title: str
    payload: str
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Rows under one heading."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListMenu:
    """A list that opens with a button."""

    button: str
    sections: tuple[Section, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows, whatever their section."""
        return tuple(row for section in self.sections for row in section.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """A file: uploaded (`id`) or public on the web (`link`)."""

    kind: MediumKind
    id: str = ""
    link: str = ""
    filename: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """An approved template with what fills it (contract §5.4); the bubble's text is how it reads."""

    name: str
    language: str  #: exactly as approved: `es` is not `es_AR`
    values: tuple[tuple[str, str], ...] = ()  #: variable («1», «2» … or a name) and its text, in order


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One thing to say, of any length; `outbound.merge` makes bubbles of several. At most one thing to tap."""

    text: str = ""
    buttons: tuple[Button, ...] = ()
    menu: ListMenu | None = None
    request: Request | None = None
    medium: Medium | None = None

    @classmethod
    def from_assistant(cls, said: Mapping[str, Any]) -> Self:
        """Read a reply of the turn's JSON. What it does not know it leaves out; what is empty too."""
        custom = maybe_part(said, "custom")
        return cls(
            text=fitting.tidy(maybe_words(said, "text")),
            buttons=tuple(
                Button(title=button.title, payload=button.payload)
                for button in map(_row, objects(said, "buttons"))
                if button.title
            ),
            menu=_menu(maybe_part(custom, "list")),
            request=_request(custom),
            medium=_medium(said) or _medium(custom),
        )

    @property
    def is_empty(self) -> bool:
        """Nothing to see and nothing to tap."""
        has_rows = bool(self.buttons or (self.menu and self.menu.rows))
        return not (fitting.tidy(self.text) or has_rows or self.request or self.medium)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bubble:
    """One message within all limits, without its addressee. The outbox keeps it as JSON."""

    text: str = ""  #: caption when there is a medium
    buttons: tuple[Button, ...] = ()
    menu: ListMenu | None = None
    request: Request | None = None
    medium: Medium | None = None
    template: Template | None = None  #: then `buttons` are its quick replies

    def to_json(self) -> dict[str, Any]:
        """Write it for the outbox; `from_json` gives the same bubble back."""
        parts: dict[str, Any] = {
            "text": self.text,
            "buttons": [{"title": button.title, "payload": button.payload} for button in self.buttons],
            "menu": _menu_json(self.menu) if self.menu else None,
            "request": self.request.value if self.request else None,
            "medium": _medium_json(self.medium) if self.medium else None,
            "template": _template_json(self.template) if self.template else None,
        }
        return {key: value for key, value in parts.items() if value}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        return cls(
            text=stored.get("text", ""),
            buttons=tuple(Button(**button) for button in stored.get("buttons", ())),
            menu=_stored_menu(stored["menu"]) if "menu" in stored else None,
            request=Request(stored["request"]) if "request" in stored else None,
            medium=Medium(**{**stored["medium"], "kind": MediumKind(stored["medium"]["kind"])})
            if "medium" in stored
            else None,
            template=_stored_template(stored["template"]) if "template" in stored else None,
        )


def _row(written: Mapping[str, Any]) -> Row:
    title = fitting.one_line(maybe_words(written, "title"))
    payload = maybe_words(written, "payload") or maybe_words(written, "id")
    return Row(
        title=title,
        payload=fitting.tidy(payload) or title,
        description=fitting.one_line(maybe_words(written, "description")),
    )


def _menu(written: Mapping[str, Any]) -> ListMenu | None:
    sections = [
        Section(
            title=fitting.one_line(maybe_words(section, "title")),
            rows=tuple(row for row in map(_row, objects(section, "rows")) if row.title),
        )
        for section in objects(written, "sections")
    ]
    filled = tuple(section for section in sections if section.rows)
    return (
        ListMenu(button=fitting.one_line(maybe_words(written, "button")), sections=filled) if filled else None
    )


def _request(custom: Mapping[str, Any]) -> Request | None:
    if custom.get("location_request") is True:
        return Request.LOCATION
    return Request.CONTACT if custom.get("contact_request") is True else None


def _medium(said: Mapping[str, Any]) -> Medium | None:
    """Read `image` and `document`: a link (Rasa's own way), or an object with `link` or `id`."""
    for kind in MediumKind:
        value = said.get(kind.value)
        written = {"link": value} if isinstance(value, str) else value
        if isinstance(written, dict):
            media_id, link = maybe_words(written, "id").strip(), maybe_words(written, "link").strip()
            if media_id or link.startswith(("https://", "http://")):
                name = fitting.one_line(maybe_words(written, "filename"))
                return Medium(kind=kind, id=media_id, link="" if media_id else link, filename=name)
    return None


def _menu_json(menu: ListMenu) -> dict[str, Any]:
    return {
        "button": menu.button,
        "sections": [
            {
                "title": section.title,
                "rows": [
                    {"title": row.title, "payload": row.payload, "description": row.description}
                    for row in section.rows
                ],
            }
            for section in menu.sections
        ],
    }


def _medium_json(medium: Medium) -> dict[str, str]:
    return {
        "kind": medium.kind.value,
        "id": medium.id,
        "link": medium.link,
        "filename": medium.filename,
    }


def _template_json(template: Template) -> dict[str, Any]:
    values = [list(value) for value in template.values]
    return {"name": template.name, "language": template.language, "values": values}


def _stored_template(stored: Mapping[str, Any]) -> Template:
    values = tuple((name, text) for name, text in stored["values"])
    return Template(name=stored["name"], language=stored["language"], values=values)


def _stored_menu(stored: Mapping[str, Any]) -> ListMenu:
    return ListMenu(
        button=stored["button"],
        sections=tuple(
            Section(title=section["title"], rows=tuple(Row(**row) for row in section["rows"]))
            for section in stored["sections"]
        ),
    )
