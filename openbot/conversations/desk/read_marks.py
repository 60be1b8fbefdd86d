"""A person has read a conversation: nothing is unread any more, and the customer sees the two blue ticks."""

from datetime import datetime

from sqlalchemy import select, update

from openbot.contacts import operations as contacts
from openbot.conversations.desk import standing
from openbot.database import Session
from openbot.schema import Contact, Inbound
from openbot.vocabulary import InboxState, Owner

#: The newest message that waits for a person is among so many.
_LOOKED_AT = 50
_FOR_A_PERSON = frozenset({InboxState.LEFT, InboxState.HELD})


def is_unread(session: Session, *, contact_id: int) -> bool:
    """Say whether anything is unread."""
    unread = session.scalar(select(Contact.unread).where(Contact.id == contact_id))
    return bool(unread)


def read(session: Session, *, contact_id: int, operator_id: int, now: datetime) -> bool:
    """Note that somebody has read it all. False: nothing was unread, or it is another operator's to read.

    WhatsApp is told by a worker, and only while a person has the conversation: the bot marks what it answers.
    """
    contact = contacts.lock(session, contact_id=contact_id)
    there = standing.standing(session, contact=contact, operator_id=operator_id, now=now)
    if not contact.unread or there.operator_id not in (None, operator_id):
        return False
    contact.unread = 0
    if there.owner is not Owner.BOT:
        contact.unmarked_wamid = _latest(session, contact_id=contact_id) or contact.unmarked_wamid
    session.flush()
    return True


def unmarked(session: Session, *, limit: int) -> list[int]:
    """Return contacts that have read messages WhatsApp does not know to be read."""
    found = select(Contact.id).where(Contact.unmarked_wamid.is_not(None))
    return list(session.scalars(found.order_by(Contact.id).limit(limit)))


def wamid_of(session: Session, *, contact_id: int) -> str | None:
    """Return the message up to which WhatsApp is to be told."""
    return session.scalar(select(Contact.unmarked_wamid).where(Contact.id == contact_id))


def marked(session: Session, *, contact_id: int, wamid: str) -> None:
    """WhatsApp was told, or will not be; what was read since stays to be told."""
    session.execute(
        update(Contact)
        .where(Contact.id == contact_id, Contact.unmarked_wamid == wamid)
        .values(unmarked_wamid=None)
    )


def _latest(session: Session, *, contact_id: int) -> str | None:
    newest = select(Inbound.wamid, Inbound.state).where(Inbound.contact_id == contact_id)
    rows = session.execute(newest.order_by(Inbound.id.desc()).limit(_LOOKED_AT))
    return next((row.wamid for row in rows if row.state in _FOR_A_PERSON), None)
