"""The people of a whole webhook: found and locked in one statement, changed in memory, written back at the end."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self, cast

from sqlalchemy import Table, bindparam, insert, select, update

from openbot.contacts import marks, terms
from openbot.contacts.identity import Identity
from openbot.contacts.marks import Marked
from openbot.database import Session
from openbot.schema import Contact, ContactKey

_CONTACTS = cast("Table", Contact.__table__)
_KEYS = cast("Table", ContactKey.__table__)
_NAMES = ("user_id", "wa_id", "parent_user_id", "profile_name", "username")
_TALK = (
    "last_inbound_at",
    "window_ends_at",
    "phone_reply_until",
    "waiting_since",
    "waiting_turn_id",
    "due_at",
    "due_since",
)
_READ = ("id", "blocked_at", "opted_out_at", "open_options", *_NAMES, *_TALK)

# Built once: building a statement costs more than running it.
_HOLDERS = (
    select(_KEYS.c.value, *(_CONTACTS.c[name] for name in _READ))
    .join(_CONTACTS, _CONTACTS.c.id == _KEYS.c.contact_id)
    .where(_KEYS.c.value.in_(bindparam("keys", expanding=True)))
    .order_by(_CONTACTS.c.id)
    .with_for_update(of=_CONTACTS)
)
_NEW = insert(_CONTACTS)
_NEW_KEYS = insert(_KEYS)
_OF = _CONTACTS.c.id == bindparam("of_contact")
_TALKED = update(_CONTACTS).where(_OF).values(unread=_CONTACTS.c.unread + bindparam("more_unread"))
_RENAMED = update(_CONTACTS).where(_OF)
_OTHER_PHONE = update(_CONTACTS).where(_OF).values(deliverable_as=None)


@dataclass(slots=True, kw_only=True, eq=False)
class Person:
    """A contact as reception sees and changes it: the columns of the same names, and what is new of them."""

    id: int = 0  #: 0 for somebody new, until written
    user_id: str | None = None
    wa_id: str | None = None
    parent_user_id: str | None = None
    profile_name: str = ""
    username: str = ""
    blocked_at: datetime | None = None
    opted_out_at: datetime | None = None  #: written back by `conversations.opting`, but of somebody new
    open_options: list[Any] | None = None
    last_inbound_at: datetime | None = None
    window_ends_at: datetime | None = None
    phone_reply_until: datetime | None = None
    waiting_since: datetime | None = None
    waiting_turn_id: int | None = None
    due_at: datetime | None = None
    due_since: datetime | None = None
    more_unread: int = 0
    has_talked: bool = False  #: one of the columns of `_TALK` changed, or `more_unread`
    is_renamed: bool = False
    has_other_phone: bool = False
    new_keys: list[str] = field(default_factory=list)

    @property
    def named(self) -> terms.Named:
        """What somebody new is found by; of others there may be a name that is not read here."""
        return terms.Named(
            contact_id=self.id, phone=self.wa_id, profile_name=self.profile_name, username=self.username
        )

    def learn(self, identity: Identity, *, fresh: Collection[str] = ()) -> None:
        """Take over names and keys. A key of before, not `fresh`, does not replace one that came after it."""
        before = (self.user_id, self.wa_id, self.parent_user_id, self.profile_name, self.username)
        if identity.user_id and (self.user_id is None or identity.user_id in fresh):
            self.user_id = identity.user_id
        if identity.wa_id and (self.wa_id is None or identity.wa_id in fresh):
            self.has_other_phone = self.has_other_phone or self.wa_id != identity.wa_id
            self.wa_id = identity.wa_id
        self.parent_user_id = identity.parent_user_id or self.parent_user_id
        self.profile_name = identity.profile_name or self.profile_name
        self.username = identity.username or self.username
        after = (self.user_id, self.wa_id, self.parent_user_id, self.profile_name, self.username)
        self.is_renamed = self.is_renamed or before != after


class People:
    """Whom these keys name, each once however many messages they sent."""

    def __init__(self, by_key: dict[str, Person], *, marked: Mapping[str, Marked], mark_key: bytes) -> None:
        self._by_key = by_key
        self._marked, self._mark_key = marked, mark_key
        self._new: list[Person] = []

    @classmethod
    def lock(cls, session: Session, *, keys: Collection[str], mark_key: bytes) -> Self:
        """Find and lock who has one of the keys, oldest contact first (architecture §1.4).

        `mark_key` (`Settings.mark_key`) tells whether somebody unknown had been blocked, and was deleted then.
        """
        by_id: dict[int, Person] = {}
        by_key: dict[str, Person] = {}
        for value, *columns in session.connection().execute(_HOLDERS, {"keys": tuple(keys)}):
            contact_id = columns[0]
            if contact_id not in by_id:
                by_id[contact_id] = Person(**dict(zip(_READ, columns, strict=True)))
            by_key[value] = by_id[contact_id]
        unknown = [key for key in keys if key not in by_key]
        marked = marks.find(session, key=mark_key, identifiers=unknown) if unknown else {}
        return cls(by_key, marked=marked, mark_key=mark_key)

    @property
    def contact_ids(self) -> list[int]:
        """Of those who were known before."""
        return list({person.id for person in self._by_key.values() if person.id})

    def meet(self, identity: Identity) -> Person | None:
        """Recognise somebody, with all keys and names learnt, or make them; the same rules as `recognise`.

        None when the keys belong to two contacts: they are one person, or a phone changed hands. That is not
        for here; nothing is changed.
        """
        by_user = self._by_key.get(identity.user_id or "")
        by_phone = self._by_key.get(identity.wa_id or "")
        if by_phone is not None and by_phone is not by_user:
            is_same = by_user is None and (identity.user_id is None or by_phone.user_id is None)
            if not is_same:
                return None
        person = by_user or by_phone
        if person is None:
            marked = marks.joined(self._marked[key] for key in identity.keys if key in self._marked)
            person = Person(blocked_at=marked.blocked_at, opted_out_at=marked.opted_out_at)
            self._new.append(person)
        fresh = [key for key in identity.keys if key not in self._by_key]
        person.learn(identity, fresh=fresh)
        person.new_keys += fresh
        self._by_key.update(dict.fromkeys(fresh, person))
        return person

    @property
    def new(self) -> Sequence[Person]:
        """Who was met for the first time."""
        return self._new

    def write_new(self, session: Session, *, ids: Iterator[int], now: datetime) -> None:
        """Store who is new, under these ids, and all new keys.

        IntegrityError when another process just now met the same person: begin again.
        """
        connection = session.connection()
        # In one order everywhere, so that two webhooks with the same new people wait for, not block, each other.
        for person in sorted(self._new, key=lambda person: person.new_keys):
            person.id = next(ids)
        if self._new:
            rows = [
                _columns(person, ("id", "blocked_at", "opted_out_at", *_NAMES, *_TALK))
                | {"created_at": now, "unread": person.more_unread, "sort_name": person.named.sort_name}
                for person in sorted(self._new, key=lambda person: person.id)
            ]
            connection.execute(_NEW, rows)
            terms.add(session, people=[person.named for person in self._new])
        if self._new and self._marked:
            carried = [key for person in self._new for key in person.new_keys if key in self._marked]
            marks.forget(session, key=self._mark_key, identifiers=carried)
        keys = {key: person.id for key, person in self._by_key.items() if key in person.new_keys}
        if keys:
            connection.execute(_NEW_KEYS, [{"value": key, "contact_id": keys[key]} for key in sorted(keys)])

    def write_changes(self, session: Session) -> None:
        """Store what changed of those who were known before."""
        connection = session.connection()
        new = set(self._new)
        known = [person for person in dict.fromkeys(self._by_key.values()) if person not in new]
        for statement, changed, names in (
            (_TALKED, [person for person in known if person.has_talked], (*_TALK, "more_unread")),
            (_RENAMED, [person for person in known if person.is_renamed], _NAMES),
            (_OTHER_PHONE, [person for person in known if person.has_other_phone], ()),
        ):
            if changed:
                rows = [_columns(person, names) | {"of_contact": person.id} for person in changed]
                connection.execute(statement, rows)
        terms.relearn(session, contact_ids=[person.id for person in known if person.is_renamed])


def _columns(person: Person, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(person, name) for name in names}
