"""Who of the company has a conversation open now, and who is typing: so that two do not answer one customer.

Every write is a commit that all open pages hear of, so it is only written what somebody would see.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from openbot.database import Session
from openbot.schema import ConversationPresence, Operator

#: Who was not heard of for so long has gone.
GONE_AFTER = timedelta(seconds=45)
#: Who only stays is written down so often.
STAYS = timedelta(seconds=20)
#: A page that types says so again before this is over, and says when it stops.
TYPES = timedelta(seconds=8)
_TYPES_STILL = timedelta(seconds=3)
_FORGOTTEN_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """Somebody who has the conversation open."""

    id: int
    name: str
    typing: bool


def here(
    session: Session, *, contact_ids: Sequence[int], now: datetime, but_not: int
) -> dict[int, list[Here]]:
    """Return who has these conversations open, but for one person; by contact."""
    if not contact_ids:
        return {}
    rows = session.execute(
        select(ConversationPresence.contact_id, Operator.id, Operator.name, ConversationPresence.typing_until)
        .join(Operator, Operator.id == ConversationPresence.operator_id)
        .where(
            ConversationPresence.contact_id.in_(contact_ids),
            ConversationPresence.operator_id != but_not,
            ConversationPresence.seen_at > now - GONE_AFTER,
        )
        .order_by(Operator.name, Operator.id)
    )
    found: dict[int, list[Here]] = {}
    for contact_id, operator_id, name, typing_until in rows:
        shown = Here(id=operator_id, name=name, typing=_types(typing_until, now))
        found.setdefault(contact_id, []).append(shown)
    return found


def is_news(session: Session, *, contact_id: int, operator_id: int, typing: bool, now: datetime) -> bool:
    """Say whether `look` would write anything."""
    row = session.get(ConversationPresence, (contact_id, operator_id))
    if row is None or row.seen_at <= now - STAYS:
        return True
    if typing:
        return row.typing_until is None or row.typing_until < now + _TYPES_STILL
    return _types(row.typing_until, now)


def look(session: Session, *, contact_id: int, operator_id: int, typing: bool, now: datetime) -> bool:
    """Note that somebody looks at a conversation, or types in it; False when that was known already."""
    if not is_news(session, contact_id=contact_id, operator_id=operator_id, typing=typing, now=now):
        return False
    # One statement: the same person's two tabs must not fail each other.
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    values = {"seen_at": now, "typing_until": now + TYPES if typing else None}
    session.execute(
        insert(ConversationPresence)
        .values(contact_id=contact_id, operator_id=operator_id, **values)
        .on_conflict_do_update(index_elements=["contact_id", "operator_id"], set_=values),
        execution_options={"synchronize_session": False},
    )
    return True


def is_here(session: Session, *, contact_id: int, operator_id: int) -> bool:
    """Say whether anything of this person is noted there."""
    return session.get(ConversationPresence, (contact_id, operator_id)) is not None


def leave(session: Session, *, contact_id: int, operator_id: int) -> None:
    """Forget that somebody looked at a conversation."""
    session.execute(
        delete(ConversationPresence).where(
            ConversationPresence.contact_id == contact_id, ConversationPresence.operator_id == operator_id
        )
    )


def forget(session: Session, *, now: datetime) -> None:
    """Remove what is of no use any more."""
    session.execute(delete(ConversationPresence).where(ConversationPresence.seen_at < now - _FORGOTTEN_AFTER))


def _types(until: datetime | None, now: datetime) -> bool:
    return until is not None and until > now
