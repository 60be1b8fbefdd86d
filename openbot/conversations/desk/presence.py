"""Who has a conversation open now, and who is typing in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from openbot.database import Session
from openbot.schema import ConversationPresence, Operator

#: Who was not seen for so long has gone.
GONE = timedelta(seconds=45)


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
            ConversationPresence.seen_at > now - GONE,
        )
        .order_by(Operator.name, Operator.id)
    )
    found: dict[int, list[Here]] = {}
    for contact_id, operator_id, name, typing_until in rows:
        typing = typing_until is not None and typing_until > now
        found.setdefault(contact_id, []).append(Here(id=operator_id, name=name, typing=typing))
    return found
