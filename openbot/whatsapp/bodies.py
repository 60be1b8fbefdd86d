"""The exact JSON of `POST /{phone number id}/messages` (contract §5)."""

from dataclasses import dataclass
from typing import Any

from openbot.whatsapp import fitting, limits
from openbot.whatsapp.numbers import dialled
from openbot.whatsapp.replies import Bubble, Button, ListMenu, Medium, MediumKind, Request, Template

_ACTIONS = {
    Request.LOCATION: ("location_request_message", "send_location"),
    Request.CONTACT: ("request_contact_info", "request_contact_info"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Whom to send to. With both, the phone is used: WhatsApp itself lets `to` win."""

    phone: str = ""  #: digits, as the webhook gave them or as `numbers.spellings` says
    user_id: str = ""


def body(bubble: Bubble, *, to: Address, callback_data: str, reply_to: str | None = None) -> dict[str, Any]:
    """Write the request. `callback_data` (at most 512) comes back in every status of this message.

    Raises NotAPhone for a phone that is none: a user id is never dialled.
    """
    return {
        **_envelope(to, callback_data),
        **({"context": {"message_id": reply_to}} if reply_to else {}),
        **_content(bubble),
    }


def text_of(bubble: Bubble) -> str:
    """Write the bubble as plain text, for the transcript."""
    parts = [bubble.text]
    if bubble.medium:
        parts.insert(
            0, f"[{_MEDIA[bubble.medium.kind]}] {bubble.medium.filename or bubble.medium.link}".strip()
        )
    parts.append("\n".join(f"▸ {option.title}" for option in options_of(bubble)))
    if bubble.request:
        parts.append(f"▸ {_REQUESTS[bubble.request]}")
    return "\n\n".join(part for part in parts if part)


def plain(bubble: Bubble) -> Bubble:
    """Say the same with nothing but text, for `reactions.PlainTextInstead`: options and links are written out."""
    return Bubble(text=fitting.shorten(text_of(bubble), limits.TEXT))


def options_of(bubble: Bubble) -> tuple[Button, ...]:
    """Return everything that can be tapped, with its payload, in the order shown."""
    rows = bubble.menu.rows if bubble.menu else ()
    return (*bubble.buttons, *(Button(title=row.title, payload=row.payload) for row in rows))


_MEDIA = {
    MediumKind.IMAGE: "imagen",
    MediumKind.DOCUMENT: "documento",
    MediumKind.AUDIO: "audio",
    MediumKind.VIDEO: "video",
}
_REQUESTS = {Request.LOCATION: "Enviar ubicación", Request.CONTACT: "Compartir mi número"}


def _envelope(to: Address, callback_data: str) -> dict[str, Any]:
    addressee = {"to": dialled(to.phone)} if to.phone else {"recipient": to.user_id}
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **addressee,
        "biz_opaque_callback_data": callback_data,
    }


def _content(bubble: Bubble) -> dict[str, Any]:
    if bubble.template:
        return {"type": "template", "template": _template(bubble.template)}
    if bubble.medium:
        kind = bubble.medium.kind.value
        return {"type": kind, kind: _medium(bubble.medium, caption=bubble.text)}
    if bubble.buttons:
        buttons = [
            {"type": "reply", "reply": {"id": button.payload, "title": button.title}}
            for button in bubble.buttons
        ]
        return _interactive("button", bubble.text, {"buttons": buttons})
    if bubble.menu:
        return _interactive("list", bubble.text, _list_action(bubble.menu))
    if bubble.request:
        kind, name = _ACTIONS[bubble.request]
        return _interactive(kind, bubble.text, {"name": name})
    return {"type": "text", "text": {"body": bubble.text}}


def _interactive(kind: str, text: str, action: dict[str, Any]) -> dict[str, Any]:
    return {"type": "interactive", "interactive": {"type": kind, "body": {"text": text}, "action": action}}


def _list_action(menu: ListMenu) -> dict[str, Any]:
    sections = [
        {
            **({"title": section.title} if section.title else {}),
            "rows": [
                {
                    "id": row.payload,
                    "title": row.title,
                    **({"description": row.description} if row.description else {}),
                }
                for row in section.rows
            ],
        }
        for section in menu.sections
    ]
    return {"button": menu.button, "sections": sections}


def _template(template: Template) -> dict[str, Any]:
    parameters = [
        {
            "type": "text",
            **({} if name.isdecimal() else {"parameter_name": name}),
            "text": _template_value(text),
        }
        for name, text in template.values
    ]
    components = [{"type": "body", "parameters": parameters}] if parameters else []
    return {
        "name": template.name,
        "language": {"code": template.language},
        **({"components": components} if components else {}),
    }


def _medium(medium: Medium, *, caption: str) -> dict[str, Any]:
    named = medium.filename and medium.kind is MediumKind.DOCUMENT
    if medium.kind is MediumKind.AUDIO:
        caption = ""  # a sound has none
    return {
        **({"id": medium.id} if medium.id else {"link": medium.link}),
        **({"caption": caption} if caption else {}),
        **({"filename": medium.filename} if named else {}),
    }


def _template_value(value: str) -> str:
    # Newlines, tabs and runs of blanks make WhatsApp refuse the whole message; an empty value too.
    return fitting.shorten(fitting.one_line(value), limits.TEMPLATE_VALUE) or "-"
