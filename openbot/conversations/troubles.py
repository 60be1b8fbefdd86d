"""What came in and went out, and what got stuck: lists for administrators, newest first, without what was said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, assert_never

from sqlalchemy import ColumnElement, String, cast, func, literal, select, text
from sqlalchemy.orm import aliased

from openbot.conversations.transcript_lines import reason_of
from openbot.database import Session
from openbot.schema import BadItem, Contact, Inbound, Outbound, StoredFile, Turn
from openbot.vocabulary import FileState, InboxState, OutboxState

MOST_COUNTED = 1000
_NO_ANSWER = "El asistente no pudo responder después de varios intentos. Contestá vos, o volvé a procesarlo."
_TOO_SLOW = "El asistente tardó demasiado, varias veces. Contestá vos, o volvé a procesarlo."
_UNREADABLE = (
    "No se entendió esta parte de un aviso de WhatsApp. Se guardó entera; probá procesarla de nuevo."
)
_FILE = "No se pudo guardar el archivo. Pedile al contacto que lo mande de nuevo."
_OPEN = text("outbox.state IN ('queued', 'released', 'uncertain')")
_FAILED = text("(outbox.state = 'failed' OR outbox.delivery = 'failed')")
_GIVEN_UP = text("turns.state = 'failed'")


class Kind(StrEnum):
    """What a list is of."""

    SEND = "send"  #: WhatsApp did not take it, or could not deliver it
    TURN = "turn"  #: the assistant could not answer
    WAITING = "waiting"  #: to be sent still
    FILE = "file"  #: could not be kept
    BAD = "bad"  #: parts of webhooks that could not be read or stored
    IN = "in"  #: everything that came
    OUT = "out"  #: everything that went


#: Kinds that can be tried again (`replay`).
REPLAYED = frozenset({Kind.SEND, Kind.TURN, Kind.FILE, Kind.BAD})


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One line."""

    number: int
    kind: Kind
    at: datetime
    contact_id: int | None
    name: str
    phone: str
    what: str  #: kind of a message, file or part
    author: str  #: of what went out
    state: str  #: the row's
    reason: str  #: what happened and what to do, in Spanish; empty when all is well
    code: int | None  #: WhatsApp's


def listed(session: Session, *, kind: Kind, limit: int, below: int | None = None) -> list[Trouble]:
    """List at most `limit` lines below a number, newest first."""
    match kind:
        case Kind.SEND | Kind.WAITING | Kind.OUT:
            return _outbound(session, kind, limit=limit, below=below)
        case Kind.IN:
            return _inbound(session, limit=limit, below=below)
        case Kind.TURN:
            return _turns(session, limit=limit, below=below)
        case Kind.FILE:
            return _files(session, limit=limit, below=below)
        case Kind.BAD:
            return _bad(session, limit=limit, below=below)
        case _ as unreachable:
            assert_never(unreachable)


def count(session: Session, *, kind: Kind) -> int:
    """Count what is stuck, at most MOST_COUNTED; lists of everything are not counted."""
    match kind:
        case Kind.SEND:
            query = select(Outbound.id).where(_FAILED, _not_retried())
        case Kind.WAITING:
            query = select(Outbound.id).where(_OPEN)
        case Kind.TURN:
            query = select(Turn.id).where(_GIVEN_UP, _still_left())
        case Kind.FILE:
            query = select(StoredFile.id).where(_file_is_lost())
        case Kind.BAD:
            query = select(BadItem.id)
        case Kind.IN | Kind.OUT:
            return 0
        case _ as unreachable:
            assert_never(unreachable)
    return session.scalar(select(func.count()).select_from(query.limit(MOST_COUNTED).subquery())) or 0


def retry_key(outbound_id: Any, tries: Any) -> Any:
    """Name the message that repeats a failed one; once for each failure."""
    return f"retry:{outbound_id}:{tries}"


_PERSON = (
    Contact.id,
    func.coalesce(func.nullif(Contact.name, ""), Contact.profile_name),
    func.coalesce(Contact.wa_id, ""),
)


def _outbound(session: Session, kind: Kind, *, limit: int, below: int | None) -> list[Trouble]:
    conditions: Sequence[Any] = ()
    if kind is Kind.SEND:
        conditions = (_FAILED, _not_retried())
    elif kind is Kind.WAITING:
        conditions = (_OPEN,)
    rows = session.execute(
        select(Outbound, *_PERSON)
        .join(Contact, Contact.id == Outbound.contact_id)
        .where(*conditions, Outbound.state != OutboxState.NOTE, *_below(Outbound.id, below))
        .order_by(Outbound.id.desc())
        .limit(limit)
    )
    return [
        _line(
            kind,
            row.id,
            row.queued_at,
            person,
            what=str(row.bubble.get("kind") or ("template" if "template" in row.bubble else "text")),
            author=row.author.value,
            state=row.delivery or row.state.value,
            reason=reason.text if (reason := reason_of(row)) else "",
            code=row.error_code,
        )
        for row, *person in rows
    ]


def _inbound(session: Session, *, limit: int, below: int | None) -> list[Trouble]:
    columns = (Inbound.id, Inbound.received_at, Inbound.kind, Inbound.state)
    rows = session.execute(
        select(*columns, *_PERSON)
        .join(Contact, Contact.id == Inbound.contact_id)
        .where(*_below(Inbound.id, below))
        .order_by(Inbound.id.desc())
        .limit(limit)
    )
    return [
        _line(Kind.IN, number, at, person, what=what, state=state.value)
        for number, at, what, state, *person in rows
    ]


def _turns(session: Session, *, limit: int, below: int | None) -> list[Trouble]:
    rows = session.execute(
        select(Turn, *_PERSON)
        .join(Contact, Contact.id == Turn.contact_id)
        .where(_GIVEN_UP, _still_left(), *_below(Turn.id, below))
        .order_by(Turn.id.desc())
        .limit(limit)
    )
    return [
        _line(
            Kind.TURN,
            row.id,
            row.finished_at or row.created_at,
            person,
            state=row.state.value,
            reason=_TOO_SLOW if row.failure.startswith("no answer in time") else _NO_ANSWER,
        )
        for row, *person in rows
    ]


def _files(session: Session, *, limit: int, below: int | None) -> list[Trouble]:
    rows = session.execute(
        select(StoredFile, *_PERSON)
        .join(Contact, Contact.id == StoredFile.contact_id)
        .where(_file_is_lost(), *_below(StoredFile.id, below))
        .order_by(StoredFile.id.desc())
        .limit(limit)
    )
    return [
        _line(
            Kind.FILE, row.id, row.created_at, person, what=row.kind, state=row.state.value,
            reason=row.reason or _FILE,
        )
        for row, *person in rows
    ]  # fmt: skip


def _bad(session: Session, *, limit: int, below: int | None) -> list[Trouble]:
    rows = session.scalars(
        select(BadItem).where(*_below(BadItem.id, below)).order_by(BadItem.id.desc()).limit(limit)
    )
    nobody = (None, "", "")
    return [
        _line(Kind.BAD, row.id, row.received_at, nobody, what=row.reason, state="kept", reason=_UNREADABLE)
        for row in rows
    ]


def _line(kind: Kind, number: int, at: datetime, person: Sequence[Any], **more: Any) -> Trouble:
    contact_id, name, phone = person
    given = {"what": "", "author": "", "state": "", "reason": "", "code": None, **more}
    return Trouble(number=number, kind=kind, at=at, contact_id=contact_id, name=name, phone=phone, **given)


def _below(column: Any, number: int | None) -> tuple[Any, ...]:
    return () if number is None else (column < number,)


def _not_retried() -> ColumnElement[bool]:
    again = aliased(Outbound, name="again")
    key = (
        literal("retry:") + cast(Outbound.id, String) + literal(":") + cast(Outbound.tries, String)
    )  # as `retry_key`
    return ~select(again.id).where(again.key == key).exists()


def _still_left() -> ColumnElement[bool]:
    return select(Inbound.id).where(Inbound.turn_id == Turn.id, Inbound.state == InboxState.LEFT).exists()


def _file_is_lost() -> ColumnElement[bool]:
    return StoredFile.state.in_((FileState.FAILED, FileState.REFUSED))
