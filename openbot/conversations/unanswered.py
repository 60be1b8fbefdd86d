"""Messages whose answer never reached the customer: unread, for a person (product §2)."""

from sqlalchemy import update

from openbot.database import Session
from openbot.schema import Contact, Inbound, Outbound
from openbot.vocabulary import InboxState


def leave(session: Session, *, reply: Outbound, contact: Contact) -> None:
    """What this reply should have answered is for a person. The contact is locked by the caller."""
    if reply.turn_id is None:
        return
    left = session.execute(
        update(Inbound)
        .where(Inbound.turn_id == reply.turn_id, Inbound.state == InboxState.ANSWERED)
        .values(state=InboxState.LEFT)
        .returning(Inbound.id)
    ).all()
    contact.unread += len(left)
    session.flush()


def strike(session: Session, *, reply: Outbound, contact: Contact) -> None:
    """The same for a reply that is not to be said any more: the dialogue, which believes it was, starts clean."""
    leave(session, reply=reply, contact=contact)
    if reply.turn_id is not None and reply.dialogue_number == contact.dialogue_number:
        contact.dialogue_number += 1
