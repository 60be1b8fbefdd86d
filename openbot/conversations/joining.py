"""Two contacts turn out to be one person: a message carried the keys of both."""

from datetime import datetime

from sqlalchemy import delete, select, update

from openbot.contacts import operations as contacts
from openbot.database import Session
from openbot.orders import operations as orders
from openbot.schema import Contact, ContactKey, Inbound, Order, Outbound, Turn
from openbot.vocabulary import OPEN_STATES, InboxState, TurnState


def join(session: Session, *, into: Contact, other_id: int, now: datetime) -> None:
    """Move everything of `other_id` to `into`, whose open order stays open; the other's open order expires."""
    other = contacts.lock(session, contact_id=other_id)
    _keep_one_order_open(session, into=into, other=other, now=now)
    # The other's open turn is given up; its messages become due again, in the one conversation.
    session.execute(
        update(Turn)
        .where(Turn.contact_id == other.id, Turn.state.in_((TurnState.DUE, TurnState.CLAIMED)))
        .values(
            state=TurnState.OVERTAKEN, failure="contact joined", finished_at=now, attempt=Turn.attempt + 1
        )
    )
    session.execute(
        update(Inbound)
        .where(Inbound.contact_id == other.id, Inbound.state == InboxState.IN_TURN)
        .values(state=InboxState.DUE, turn_id=None)
    )
    for table in (Inbound, Turn, Outbound, Order, ContactKey):
        session.execute(update(table).where(table.contact_id == other.id).values(contact_id=into.id))
    _take_over(into=into, other=other, now=now)
    session.execute(delete(Contact).where(Contact.id == other.id))
    session.expunge(other)
    session.flush()


def _keep_one_order_open(session: Session, *, into: Contact, other: Contact, now: datetime) -> None:
    ours = select(Order.id).where(Order.contact_id == into.id, Order.state.in_(OPEN_STATES))
    if session.scalar(ours) is None:
        return
    theirs = session.scalar(select(Order).where(Order.contact_id == other.id, Order.state.in_(OPEN_STATES)))
    if theirs is not None:
        orders.expire(session, order=theirs, now=now, reason="dos contactos eran la misma persona")


def _take_over(*, into: Contact, other: Contact, now: datetime) -> None:
    dues = [due for due in (into.due_at, other.due_at) if due]
    into.due_at = min(dues, default=now)
    into.due_since = into.due_since or other.due_since
    into.unread += other.unread
    into.name = into.name or other.name
    ends = [end for end in (into.window_ends_at, other.window_ends_at) if end]
    into.window_ends_at = max(ends, default=None)
    into.blocked_at = into.blocked_at or other.blocked_at
    into.opted_out_at = into.opted_out_at or other.opted_out_at
