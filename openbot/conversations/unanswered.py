"""Messages whose answer never reached the customer: unread, for a person (product §2)."""

from collections import Counter
from collections.abc import Collection
from typing import cast

from sqlalchemy import Table, bindparam, update

from openbot.database import Session
from openbot.orders import waiting
from openbot.schema import Contact, Inbound, Outbound
from openbot.vocabulary import InboxState

_INBOX, _CONTACTS = cast("Table", Inbound.__table__), cast("Table", Contact.__table__)

# Built once: building a statement costs more than running it.
_LEAVE = (
    update(_INBOX)
    .where(
        _INBOX.c.turn_id.in_(bindparam("turn_ids", expanding=True)),
        # HELD: the question what it is about did not reach anybody, either.
        _INBOX.c.state.in_((InboxState.ANSWERED, InboxState.HELD)),
    )
    .values(state=InboxState.LEFT)
    .returning(_INBOX.c.contact_id)
)
_COUNT = (
    update(_CONTACTS)
    .where(_CONTACTS.c.id == bindparam("of_contact"))
    .values(unread=_CONTACTS.c.unread + bindparam("more"))
)


def leave(session: Session, *, reply: Outbound, contact: Contact) -> None:
    """What this reply should have answered is for a person. The contact is locked by the caller."""
    if reply.turn_id is None:
        return
    left = session.execute(_LEAVE, {"turn_ids": [reply.turn_id]}).all()
    contact.unread += len(left)
    session.flush()
    if left:
        waiting.messages_left(session, contact_ids=(contact.id,))


def leave_all(session: Session, *, turn_ids: Collection[int]) -> None:
    """The same for the replies of these turns. Their contacts are locked by the caller."""
    left = Counter(session.connection().execute(_LEAVE, {"turn_ids": sorted(turn_ids)}).scalars())
    if left:
        rows = [{"of_contact": contact_id, "more": more} for contact_id, more in sorted(left.items())]
        session.connection().execute(_COUNT, rows)
        waiting.messages_left(session, contact_ids=left)


def strike(session: Session, *, reply: Outbound, contact: Contact) -> None:
    """The same for a reply that is not to be said any more: the dialogue, which believes it was, starts clean."""
    leave(session, reply=reply, contact=contact)
    if reply.turn_id is not None and reply.dialogue_number == contact.dialogue_number:
        contact.dialogue_number += 1
