"""Writes about contacts: recognise, lock, re-key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, or_, select

from openbot.contacts import marks, terms
from openbot.contacts.identity import Identity, clean
from openbot.database import Session
from openbot.errors import OpenbotError
from openbot.schema import Contact, ContactKey

#: WhatsApp's clock and ours may differ by so much.
SKEW = timedelta(minutes=2)

# Built once: building a statement costs more than running it.
_LOCK = (
    select(Contact)
    .where(Contact.id == bindparam("contact_id"))
    .with_for_update()
    .execution_options(populate_existing=True)
)
_LOCK_HOLDERS = (
    select(ContactKey.value, Contact)
    .join(Contact, Contact.id == ContactKey.contact_id)
    .where(ContactKey.value.in_(bindparam("keys", expanding=True)))
    .order_by(Contact.id)
    .with_for_update(of=Contact)
    .execution_options(populate_existing=True)
)
_LOCK_ALL = (
    select(Contact.id)
    .where(
        or_(
            Contact.id.in_(bindparam("contact_ids", expanding=True)),
            Contact.id.in_(
                select(ContactKey.contact_id).where(ContactKey.value.in_(bindparam("keys", expanding=True)))
            ),
        )
    )
    .order_by(Contact.id)
    .with_for_update()
)


class NobodyNamed(OpenbotError):
    """The message names no sender: neither a user id nor a phone."""

    code = "nobody_named"


class ContactGone(OpenbotError):
    """There is no such contact any more; perhaps it was joined to another."""

    code = "contact_gone"


def lock(session: Session, *, contact_id: int) -> Contact:
    """Lock the contact's row until the transaction ends: always the first lock (architecture §1.4).

    Raises ContactGone.
    """
    contact = session.scalar(_LOCK, {"contact_id": contact_id})
    if contact is None:
        raise ContactGone
    return contact


def lock_all(session: Session, *, keys: Sequence[str], contact_ids: Sequence[int]) -> None:
    """Lock the contacts with these keys and ids, oldest first, so that two who do so cannot block each other."""
    session.connection().execute(_LOCK_ALL, {"keys": keys, "contact_ids": contact_ids})


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """The contact of a message, locked."""

    contact: Contact
    twin: int | None = None  #: another contact that is the same person, to be joined


def recognise(
    session: Session, *, identity: Identity, now: datetime, mark_key: bytes | None = None
) -> Recognised:
    """Find the contact by either key, or make it. Raises NobodyNamed.

    The user id decides: a phone known under another user id changed hands and moves to who writes from it now.
    A contact known by phone only is the same person (contract §3.9). New keys are learnt by `learn`, after the
    caller joined the twin. When another process re-keys the same contacts just now, the next flush meets an
    IntegrityError: begin again. With `mark_key` (`Settings.mark_key`) somebody new who was deleted while blocked
    is blocked again.
    """
    if not identity.keys:
        raise NobodyNamed
    held = _lock_holders(session, identity.keys)
    by_user, by_phone = held.get(identity.user_id or ""), held.get(identity.wa_id or "")
    if by_phone is not None and by_phone is not by_user:
        if identity.user_id is None or by_phone.user_id is None:
            return _pair(by_phone, by_user)
        _release_phone(session, contact=by_phone, wa_id=identity.wa_id)
    return Recognised(contact=by_user or _create(session, identity=identity, now=now, mark_key=mark_key))


def renamed(session: Session, *, old: Identity, new: Identity, at: datetime) -> Recognised | None:
    """Find who changed keys (user_changed_number, user_changed_user_id); None when nobody had the old ones.

    The old keys still find the contact: messages under them may arrive late. Who had the new phone before `at`
    is somebody else and loses it.
    """
    held = _lock_holders(session, (*old.keys, *new.keys))
    holder = held.get(old.user_id or "") or held.get(old.wa_id or "")
    if holder is None:
        return None
    after = held.get(new.user_id or "") or held.get(new.wa_id or "")
    if after is None or after is holder:
        return Recognised(contact=holder)
    if after.user_id not in (None, new.user_id) and after.created_at < at - SKEW:
        _release_phone(session, contact=after, wa_id=new.wa_id)
        return Recognised(contact=holder)
    return _pair(holder, after)


def learn_phone(session: Session, *, contact: Contact, wa_id: str) -> bool:
    """Take over the phone that a customer without one gave us; False when it is no phone, or another contact's."""
    told = clean(Identity(wa_id=wa_id))
    known = session.get(ContactKey, wa_id)
    if told.wa_id is None or (known is not None and known.contact_id != contact.id):
        return False
    learn(session, contact=contact, identity=told)
    return True


def learn_name(session: Session, *, contact: Contact, name: str) -> None:
    """Take over how the customer wants to be called."""
    if contact.name != name:
        contact.name = name
        session.flush()
        terms.learn(session, people=[terms.Named.of(contact)])


def learn(
    session: Session, *, contact: Contact, identity: Identity, replaces: Identity | None = None
) -> None:
    """Take over new keys and names.

    A key the contact had before does not come back by a message that arrives late; only by `replaces`, the keys
    that are said to be out of use now.
    """
    named = terms.Named.of(contact)
    new = [key for key in identity.keys if key not in (contact.user_id, contact.wa_id)]
    fresh: set[str] = set()
    if new:
        fresh = set(new) - set(session.scalars(select(ContactKey.value).where(ContactKey.value.in_(new))))
        session.add_all(ContactKey(value=key, contact_id=contact.id) for key in new if key in fresh)
    old = replaces or Identity()
    if _takes_over(identity.user_id, current=contact.user_id, fresh=fresh, replaced=old.user_id):
        contact.user_id = identity.user_id
    if _takes_over(identity.wa_id, current=contact.wa_id, fresh=fresh, replaced=old.wa_id):
        contact.wa_id = identity.wa_id
        contact.deliverable_as = None
    contact.parent_user_id = identity.parent_user_id or contact.parent_user_id
    contact.profile_name = identity.profile_name or contact.profile_name
    contact.username = identity.username or contact.username
    session.flush()
    if terms.Named.of(contact) != named:
        terms.learn(session, people=[terms.Named.of(contact)])


def _takes_over(key: str | None, *, current: str | None, fresh: set[str], replaced: str | None) -> bool:
    if key is None or key == current:
        return False
    return current is None or key in fresh or current == replaced


def _lock_holders(session: Session, keys: tuple[str, ...]) -> dict[str, Contact]:
    """Lock the contacts that have these keys, oldest first."""
    rows = session.execute(_LOCK_HOLDERS, {"keys": keys})
    return {row.value: row.Contact for row in rows}


def _pair(one: Contact, other: Contact | None) -> Recognised:
    if other is None:
        return Recognised(contact=one)
    first, second = sorted((one, other), key=lambda contact: contact.id)
    return Recognised(contact=first, twin=second.id)


def _release_phone(session: Session, *, contact: Contact, wa_id: str | None) -> None:
    session.execute(delete(ContactKey).where(ContactKey.value == wa_id))
    if contact.wa_id == wa_id:
        contact.wa_id = contact.deliverable_as = None
    session.flush()
    terms.learn(session, people=[terms.Named.of(contact)])


def _create(session: Session, *, identity: Identity, now: datetime, mark_key: bytes | None) -> Contact:
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
    terms.learn(session, people=[terms.Named.of(contact)])
    if mark_key is not None:
        found = marks.find(session, key=mark_key, identifiers=identity.keys)
        marked = marks.joined(found.values())
        contact.blocked_at, contact.opted_out_at = marked.blocked_at, marked.opted_out_at
        marks.forget(session, key=mark_key, identifiers=list(found))
    return contact
