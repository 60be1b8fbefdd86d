"""What WhatsApp says of the account's templates is kept here (contract §5.4)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, select, update
from sqlalchemy.dialects import postgresql, sqlite

from openbot.database import Session
from openbot.errors import OpenbotError
from openbot.schema import CompanySetting, MessageTemplate
from openbot.templates.filling import variables_of
from openbot.whatsapp.json_reading import maybe_words, objects

#: Graph no longer lists it.
GONE = "GONE"
#: How old the list may become.
EVERY = timedelta(minutes=15)
#: After a list that did not come.
AGAIN = timedelta(minutes=2)
_LOOKED, _ASKED = "templates_looked", "templates_asked"
_TABLE = cast("Table", MessageTemplate.__table__)
_KEPT = ("category", "status", "body", "variables", "buttons", "components", "fetched_at")
_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class WabaMissing(OpenbotError):
    """Templates belong to a WhatsApp Business Account: set OPENBOT_WHATSAPP_WABA_ID."""

    code = "waba_missing"


class TemplatesUnreachable(OpenbotError):
    """WhatsApp did not give its list of templates."""

    code = "templates_unreachable"

    def __init__(self, *, reason: str) -> None:
        super().__init__(reason)
        self.detail = {"reason": reason}


class TemplateNotFound(OpenbotError):
    """There is no such template."""

    code = "template_not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The latest look at WhatsApp's list."""

    at: datetime | None
    failure: str = ""  #: in Spanish; empty: it came


def store(session: Session, *, found: Iterable[Mapping[str, Any]], now: datetime) -> int:
    """Keep the whole list as Graph gave it; return how many there are. What it no longer has is GONE."""
    rows = {
        (row["name"], row["language"]): row for row in map(_row, found) if row["name"] and row["language"]
    }
    for key in sorted(rows):  # in one order, so that two who do so do not block each other
        insert = _INSERT[session.get_bind().dialect.name](_TABLE).values(**rows[key], fetched_at=now)
        kept = {name: insert.excluded[name] for name in _KEPT}
        session.execute(insert.on_conflict_do_update(index_elements=["name", "language"], set_=kept))
    for row in session.scalars(select(MessageTemplate).execution_options(populate_existing=True)):
        if (row.name, row.language) not in rows and row.status != GONE:
            row.status = GONE
    session.merge(CompanySetting(key=_LOOKED, value={"at": now.isoformat(), "failure": ""}))
    session.flush()
    return len(rows)


def note_failure(session: Session, *, reason: str, now: datetime) -> None:
    """The list did not come."""
    session.merge(CompanySetting(key=_LOOKED, value={"at": now.isoformat(), "failure": reason}))
    session.flush()


def change_status(session: Session, *, name: str, language: str, status: str, now: datetime) -> None:
    """WhatsApp said so by a webhook; the list is fetched again soon, for it may be a new template."""
    session.execute(
        update(_TABLE).where(_TABLE.c.name == name, _TABLE.c.language == language).values(status=status)
    )
    session.merge(CompanySetting(key=_ASKED, value=now.isoformat()))
    session.flush()


def is_due(session: Session, *, now: datetime) -> bool:
    """Say whether WhatsApp's list should be fetched now."""
    looked = last_look(session)
    if looked.at is None:
        return True
    asked = session.scalar(select(CompanySetting.value).where(CompanySetting.key == _ASKED))
    if isinstance(asked, str) and datetime.fromisoformat(asked) > looked.at:
        return True
    return now - looked.at >= (AGAIN if looked.failure else EVERY)


def last_look(session: Session) -> Look:
    """Tell when the list was fetched, and whether it came."""
    value = session.scalar(select(CompanySetting.value).where(CompanySetting.key == _LOOKED))
    if not isinstance(value, dict):
        return Look(at=None)
    return Look(at=datetime.fromisoformat(value["at"]), failure=value["failure"])


def listed(session: Session) -> Sequence[MessageTemplate]:
    """Return all that are not gone, those that can be sent first."""
    rows = session.scalars(select(MessageTemplate).where(MessageTemplate.status != GONE)).all()
    return sorted(rows, key=lambda row: (row.status != "APPROVED", row.name, row.language))


def one(session: Session, *, template_id: int) -> MessageTemplate:
    """Return a template, whatever its status. Raises TemplateNotFound."""
    row = session.get(MessageTemplate, template_id)
    if row is None:
        raise TemplateNotFound
    return row


def _row(raw: Mapping[str, Any]) -> dict[str, Any]:
    components = objects(raw, "components")
    body = next((maybe_words(part, "text") for part in components if _kind(part) == "BODY"), "")
    buttons = [
        button for part in components if _kind(part) == "BUTTONS" for button in objects(part, "buttons")
    ]
    return {
        "name": maybe_words(raw, "name")[:512],
        "language": maybe_words(raw, "language")[:20],
        "category": maybe_words(raw, "category").casefold()[:20],
        "status": maybe_words(raw, "status").upper()[:30],
        "body": body,
        "variables": variables_of(body),
        "buttons": [maybe_words(button, "text") for button in buttons if _kind(button) == "QUICK_REPLY"],
        "components": components,
    }


def _kind(part: Mapping[str, Any]) -> str:
    return maybe_words(part, "type").upper()
