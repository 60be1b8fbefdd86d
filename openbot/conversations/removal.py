"""A contact is deleted or blocked: what that does to its conversation and its open order (product §4)."""

from datetime import datetime

from sqlalchemy import update

from openbot.actor import Actor
from openbot.contacts import deletion
from openbot.contacts import operations as contacts
from openbot.conversations import handover
from openbot.database import Session
from openbot.errors import OpenbotError
from openbot.orders import queries as orders
from openbot.schema import Contact, Inbound
from openbot.vocabulary import InboxState, State


class ContactAttended(OpenbotError):
    """Somebody is attending the contact: its order is EN PROCESO."""

    code = "contact_attended"

    def __init__(self, *, order_id: int) -> None:
        self.order_id = order_id
        super().__init__(f"Order {order_id} of this contact is EN PROCESO.")


def delete(session: Session, *, contact_id: int, actor: Actor, mark_key: bytes, now: datetime) -> bool:
    """Delete a contact for good; an order that nobody attends yet is cancelled first. False: it was deleted before.

    Raises ContactGone, and ContactAttended while an order is EN PROCESO.
    """
    contact = contacts.lock(session, contact_id=contact_id)
    if contact.deleted_at is not None:
        return False
    order = orders.open_order(session, contact_id=contact_id)
    if order is not None and order.state is State.IN_PROGRESS:
        raise ContactAttended(order_id=order.id)
    if order is not None:
        handover.move_order(
            session,
            order_id=order.id,
            to=State.CANCELLED,
            actor=actor,
            now=now,
            reason=deletion.REASON,
            is_told=False,
        )
    deletion.erase(session, contact_id=contact_id, mark_key=mark_key, now=now)
    return True


def block(session: Session, *, contact_id: int, now: datetime) -> bool:
    """From here on messages are stored and nothing else; what waits for the bot is not answered any more.

    False: it was blocked before. Raises ContactGone.
    """
    contact = _living(session, contact_id=contact_id)
    if contact.blocked_at is not None:
        return False
    contact.blocked_at = now
    contact.due_at = contact.due_since = None
    contact.waiting_since = contact.waiting_turn_id = None
    contact.unread = 0
    contact.dialogue_number += 1  # a reply that is being computed never goes out
    session.execute(
        update(Inbound)
        .where(Inbound.contact_id == contact_id, Inbound.state == InboxState.DUE)
        .values(state=InboxState.LEFT)
    )
    session.flush()
    return True


def unblock(session: Session, *, contact_id: int) -> bool:
    """Answer the contact again, from its next message on. False: it was not blocked. Raises ContactGone."""
    contact = _living(session, contact_id=contact_id)
    if contact.blocked_at is None:
        return False
    contact.blocked_at = None
    session.flush()
    return True


def _living(session: Session, *, contact_id: int) -> Contact:
    contact = contacts.lock(session, contact_id=contact_id)
    if contact.deleted_at is not None:
        raise contacts.ContactGone
    return contact
