"""Since when an order waits for a person: confirmed, asked for one, or with messages that nobody answered (product §2).

`orders.waiting_since` is what the operators' queue is made of; it is written in here and by `operations` alone.
"""

from collections.abc import Collection
from datetime import datetime
from typing import cast

from sqlalchemy import Table, bindparam, func, select, update

from openbot.database import Session
from openbot.schema import Inbound, Order, Outbound
from openbot.vocabulary import OPEN_STATES, Author, InboxState, State

_ORDERS = cast("Table", Order.__table__)
_INBOX, _OUTBOX = cast("Table", Inbound.__table__), cast("Table", Outbound.__table__)

# Built once: building a statement costs more than running it.
_LAST_WORD = (
    select(func.max(_OUTBOX.c.queued_at))
    .where(_OUTBOX.c.contact_id == _ORDERS.c.contact_id, _OUTBOX.c.author == Author.OPERATOR)
    .scalar_subquery()
)
_OLDEST_UNANSWERED = (
    select(func.min(_INBOX.c.received_at))
    .where(
        _INBOX.c.order_id == _ORDERS.c.id,
        _INBOX.c.state == InboxState.LEFT,
        func.coalesce(_INBOX.c.received_at > _LAST_WORD, True),
    )
    .scalar_subquery()
)
_LEFT = (
    update(_ORDERS)
    .where(
        _ORDERS.c.contact_id.in_(bindparam("contact_ids", expanding=True)),
        _ORDERS.c.state.in_(OPEN_STATES),
        _ORDERS.c.waiting_since.is_(None),
    )
    .values(waiting_since=_OLDEST_UNANSWERED)
)
_ANSWERED = (
    update(_ORDERS)
    .where(
        _ORDERS.c.contact_id == bindparam("of_contact"),
        _ORDERS.c.state.in_((State.INCOMPLETE, State.IN_PROGRESS)),
        _ORDERS.c.needs_person.is_(False),
    )
    .values(waiting_since=None)
)


def since(order: Order, *, now: datetime) -> datetime | None:
    """Return since when an order waits that was just moved or changed; messages are for `messages_left`."""
    match order.state:
        case State.COMPLETE:
            return order.waiting_since or order.completed_at or now
        case State.INCOMPLETE:
            return (order.waiting_since or now) if order.needs_person else None
        case State.IN_PROGRESS:
            return order.waiting_since
        case _:
            return None


def messages_left(session: Session, *, contact_ids: Collection[int]) -> None:
    """Messages of these contacts were left for a person: their open orders wait since the oldest one."""
    if contact_ids:
        session.connection().execute(_LEFT, {"contact_ids": list(contact_ids)})


def answered(session: Session, *, contact_id: int) -> None:
    """A person of the company wrote to this contact: nobody waits, but a confirmed order for being attended."""
    session.connection().execute(_ANSWERED, {"of_contact": contact_id})
