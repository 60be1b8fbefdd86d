"""Writes about contacts: recognise, lock, re-key."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import delete, select

from openbot.contacts.identity import Identity
from openbot.database import Session
from openbot.errors import OpenbotError
from openbot.schema import Contact, ContactKey

_T = TypeVar("_T")


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
    twin: int | None = None  #: another contact that is the same person, to be joined


def recognise(session: Session, *, identity: Identity, now: datetime) -> Recognised:
    """Find the contact by either key, or make it. Raises NobodyNamed.

    The user id decides: a phone known under another user id changed hands and moves to who writes from it now.
    A contact known by phone only is the same person (contract §3.9). New keys are learnt by `learn`, after the
    caller joined the twin.
    """
    if not identity.keys:
        raise NobodyNamed
    by_user = _holder(session, identity.user_id)
    by_phone = _holder(session, identity.wa_id)
    if by_user is None and by_phone is None:
        return Recognised(contact=_create(session, identity=identity, now=now))
    if by_phone is None or by_phone == by_user:
        return Recognised(contact=lock(session, contact_id=_sure(by_user)))
    if by_user is None:
        contact = lock(session, contact_id=by_phone)
        if identity.user_id is None or contact.user_id is None:
            return Recognised(contact=contact)
        _release_phone(session, contact=contact, wa_id=_sure(identity.wa_id))
        return Recognised(contact=_create(session, identity=identity, now=now))
    first, second = sorted((by_user, by_phone))
    pair = {first: lock(session, contact_id=first), second: lock(session, contact_id=second)}
    if pair[by_phone].user_id is None:
        return Recognised(contact=pair[first], twin=second)
    _release_phone(session, contact=pair[by_phone], wa_id=_sure(identity.wa_id))
    return Recognised(contact=pair[by_user])


def renamed(session: Session, *, old: Identity, new: Identity) -> Recognised | None:
    """Find who changed keys (user_changed_number, user_changed_user_id); None when nobody had the old ones.

    The old keys still find the contact: messages under them may arrive late.
    """
    holder = _holder(session, old.user_id) or _holder(session, old.wa_id)
    if holder is None:
        return None
    after = _holder(session, new.user_id) or _holder(session, new.wa_id)
    if after is None or after == holder:
        return Recognised(contact=lock(session, contact_id=holder))
    first, second = sorted((holder, after))
    contact = lock(session, contact_id=first)
    return Recognised(contact=contact, twin=second)


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


def _holder(session: Session, key: str | None) -> int | None:
    return session.scalar(select(ContactKey.contact_id).where(ContactKey.value == key)) if key else None


def _sure(value: _T | None) -> _T:
    if value is None:
        raise NobodyNamed
    return value


def _release_phone(session: Session, *, contact: Contact, wa_id: str) -> None:
    session.execute(delete(ContactKey).where(ContactKey.value == wa_id))
    if contact.wa_id == wa_id:
        contact.wa_id = contact.deliverable_as = None
    session.flush()


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
