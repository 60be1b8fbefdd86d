"""Reads about conversations, as frozen data."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from sqlalchemy import func, select, text, union

from openbot.database import Session
from openbot.schema import Contact, ContactKey, Inbound, Outbound, Turn
from openbot.vocabulary import Author, OutboxState

_SECOND = timedelta(seconds=1)
_Place: TypeAlias = tuple[datetime, int, datetime, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One message of a transcript."""

    at: datetime  #: the customer's clock for what came in, the release (or queueing) for what went out
    author: str  #: cliente, bot, operador, sistema
    kind: str
    text: str
    state: str  #: of the inbox or outbox
    delivery: str  #: sent, delivered, read … of what went out
    reason: str
    order_id: int | None
    wamid: str | None


def find_contact(session: Session, *, key: str) -> int | None:
    """Find a contact by phone in any spelling of its digits, WhatsApp user id, or `#id`."""
    if key.startswith("#") and key[1:].isdigit():
        return session.scalar(select(Contact.id).where(Contact.id == int(key[1:])))
    digits = "".join(character for character in key if character.isdigit())
    found = session.scalar(select(ContactKey.contact_id).where(ContactKey.value.in_((key.strip(), digits))))
    if found is not None or len(digits) < 8:  # noqa: PLR2004 - shorter is no phone
        return found
    # 54 9 11 … is also written 54 11 …, 011 15 … or 11 …: the last eight digits are the same.
    ends = select(Contact.id).where(Contact.wa_id.endswith(digits[-8:])).limit(2)
    ids = list(session.scalars(ends))
    return ids[0] if len(ids) == 1 else None


def transcript(session: Session, *, contact_id: int) -> list[Line]:
    """Return everything said with a contact, oldest first; discarded and failed messages too.

    What came in stands where the customer wrote it, whenever it reached us.
    """
    came = session.scalars(select(Inbound).where(Inbound.contact_id == contact_id).order_by(Inbound.id))
    went = session.scalars(select(Outbound).where(Outbound.contact_id == contact_id).order_by(Outbound.id))
    lines = [*(_came(row) for row in came), *(_went(row) for row in went)]
    return [line for _, line in sorted(lines, key=lambda pair: pair[0])]


def _came(row: Inbound) -> tuple[_Place, Line]:
    line = Line(
        at=row.sent_at,
        author="cliente",
        kind=row.kind,
        text=row.text,
        state=str(row.state),
        delivery="",
        reason=row.reason,
        order_id=row.order_id,
        wamid=row.wamid,
    )
    # The customer's clock has whole seconds: within one the order is that of arrival.
    return (min(row.received_at, row.sent_at + _SECOND), 0, row.sent_at, row.id), line


def _went(row: Outbound) -> tuple[_Place, Line]:
    line = Line(
        at=row.released_at or row.queued_at,
        author=str(Author(row.author)),
        kind=str(row.bubble.get("kind", "text")),
        text=row.text,
        state=str(OutboxState(row.state)),
        delivery=row.delivery,
        reason=row.reason,
        order_id=row.order_id,
        wamid=row.wamid,
    )
    return (row.queued_at, 1, row.queued_at, row.id), line


def waiting_for_the_bot(session: Session, *, now: datetime, longer_than: timedelta) -> int:
    """Count the contacts for whom a worker should have done something so long ago."""
    since = now - longer_than
    waiting = union(
        select(Contact.id).where(Contact.due_at <= since),
        select(Turn.contact_id).where(
            text("turns.state IN ('due', 'claimed')"), Turn.created_at <= since, Turn.next_try_at <= now
        ),
        select(Outbound.contact_id).where(
            text("outbox.state IN ('queued', 'released', 'uncertain')"), Outbound.not_before <= since
        ),
    ).subquery()
    return session.scalar(select(func.count()).select_from(waiting)) or 0
