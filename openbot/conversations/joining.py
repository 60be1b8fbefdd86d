"""Two contacts turn out to be one person: a message carried the keys of both."""

from datetime import datetime

from sqlalchemy import delete, select, update

from openbot.contacts import operations as contacts
from openbot.contacts import reach, terms
from openbot.contacts.identity import Identity
from openbot.database import Session
from openbot.orders import operations as orders
from openbot.schema import BroadcastRecipient, Contact, ContactKey, Inbound, Order, Outbound, StoredFile, Turn
from openbot.vocabulary import OPEN_STATES, InboxState, State, TurnState

#: Of two open orders of one person the further one stays.
_STAYS = (State.INCOMPLETE, State.COMPLETE, State.IN_PROGRESS)


def contact_of(session: Session, *, identity: Identity, mark_key: bytes, now: datetime) -> Contact:
    """Recognise who a webhook is about, joined and with all keys learnt; locked. Raises NobodyNamed."""
    found = contacts.recognise(session, identity=identity, now=now, mark_key=mark_key)
    contact, replaces = found.contact, None
    if found.twin is not None:
        join(session, into=contact, other_id=found.twin, now=now)
        replaces = Identity(user_id=contact.user_id, wa_id=contact.wa_id)
    contacts.learn(session, contact=contact, identity=identity, replaces=replaces)
    return contact


def join(session: Session, *, into: Contact, other_id: int, now: datetime) -> None:
    """Move everything of `other_id` to `into`. Of two open orders the one that is less far expires."""
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
    both = select(BroadcastRecipient.broadcast_id).where(BroadcastRecipient.contact_id == into.id)
    twice = BroadcastRecipient.broadcast_id.in_(both)
    session.execute(delete(BroadcastRecipient).where(BroadcastRecipient.contact_id == other.id, twice))
    for table in (Inbound, Turn, Outbound, Order, ContactKey, StoredFile, BroadcastRecipient):
        session.execute(update(table).where(table.contact_id == other.id).values(contact_id=into.id))
    _take_over(into=into, other=other, now=now)
    session.execute(delete(Contact).where(Contact.id == other.id))
    session.expunge(other)
    session.flush()
    terms.learn(session, people=[terms.Named.of(into)])
    reach.follow_order(session, contact_id=into.id)


def _keep_one_order_open(session: Session, *, into: Contact, other: Contact, now: datetime) -> None:
    both = session.scalars(
        select(Order).where(Order.contact_id.in_((into.id, other.id)), Order.state.in_(OPEN_STATES))
    ).all()
    for order in sorted(both, key=lambda one: (_STAYS.index(one.state), one.contact_id == into.id))[:-1]:
        orders.expire(session, order=order, now=now, reason="dos contactos eran la misma persona")


def _take_over(*, into: Contact, other: Contact, now: datetime) -> None:
    dues = [due for due in (into.due_at, other.due_at) if due]
    into.due_at = min(dues, default=now)
    into.due_since = into.due_since or other.due_since
    into.unread += other.unread
    if into.waiting_since is None:
        into.waiting_since, into.waiting_turn_id = other.waiting_since, other.waiting_turn_id
    into.phone_reply_until = _later(into.phone_reply_until, other.phone_reply_until)
    into.last_inbound_at = _later(into.last_inbound_at, other.last_inbound_at)
    into.window_ends_at = _later(into.window_ends_at, other.window_ends_at)
    into.name = into.name or other.name
    into.blocked_at = into.blocked_at or other.blocked_at
    if into.opted_out_at is None:
        into.opted_out_at, into.opted_out_inbound_id = other.opted_out_at, other.opted_out_inbound_id


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((time for time in (one, other) if time), default=None)
