"""Writes about contacts: recognise, lock, re-key."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from openbot.contacts.identity import Identity
from openbot.database import Session
from openbot.errors import OpenbotError
from openbot.schema import Contact, ContactKey


class NobodyNamed(OpenbotError):
    """The message names no sender: neither a user id nor a phone."""

    code = "nobody_named"


def lock(session: Session, *, contact_id: int) -> Contact:
    """Lock the contact's row until the transaction ends. Always the first lock (architecture §1.4)."""
    return session.execute(
        select(Contact)
        .where(Contact.id == contact_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """The contact of a message, locked."""

    contact: Contact
    twins: tuple[int, ...] = ()  #: other contacts with one of the same keys: the same person, to be joined


def recognise(session: Session, *, identity: Identity, now: datetime) -> Recognised:
    """Find the contact by either key, or make it; locked. Learns names. Raises NobodyNamed.

    New keys are learnt by `learn`, after the caller joined the twins.
    """
    if not identity.keys:
        raise NobodyNamed
    ids = _ids(session, identity.keys)
    if not ids:
        return Recognised(contact=_create(session, identity=identity, now=now))
    contact = lock(session, contact_id=ids[0])
    return Recognised(contact=contact, twins=tuple(ids[1:]))


def renamed(session: Session, *, old: Identity, new: Identity) -> Recognised | None:
    """Find who changed keys (user_changed_number, user_changed_user_id); None when nobody had the old ones.

    The old keys still find the contact: messages under them may arrive late.
    """
    ids = _ids(session, old.keys)
    if not ids:
        return None
    others = tuple(other for other in _ids(session, new.keys) if other != ids[0])
    return Recognised(contact=lock(session, contact_id=ids[0]), twins=others)


def learn(session: Session, *, contact: Contact, identity: Identity) -> None:
    """Take over new keys and names."""
    new = [key for key in identity.keys if key not in (contact.user_id, contact.wa_id)]
    if new:
        known = set(session.scalars(select(ContactKey.value).where(ContactKey.value.in_(new))))
        session.add_all(ContactKey(value=key, contact_id=contact.id) for key in new if key not in known)
    if identity.user_id and identity.user_id != contact.user_id:
        contact.user_id = identity.user_id
    if identity.wa_id and identity.wa_id != contact.wa_id:
        contact.wa_id = identity.wa_id
        contact.deliverable_as = None
    contact.parent_user_id = identity.parent_user_id or contact.parent_user_id
    contact.profile_name = identity.profile_name or contact.profile_name
    contact.username = identity.username or contact.username
    session.flush()


def _ids(session: Session, keys: tuple[str, ...]) -> list[int]:
    if not keys:
        return []
    found = session.scalars(
        select(ContactKey.contact_id)
        .where(ContactKey.value.in_(keys))
        .distinct()
        .order_by(ContactKey.contact_id)
    )
    return list(found)


def _create(session: Session, *, identity: Identity, now: datetime) -> Contact:
    contact = Contact(
        created_at=now,
        user_id=identity.user_id,
        wa_id=identity.wa_id,
        parent_user_id=identity.parent_user_id,
        profile_name=identity.profile_name or "",
        username=identity.username or "",
    )
    session.add(contact)
    session.flush()
    session.add_all(ContactKey(value=key, contact_id=contact.id) for key in identity.keys)
    session.flush()
    return contact
