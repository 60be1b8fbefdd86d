"""What finds a contact by what people type: any part of the phone, the beginning of any word of the names.

Kept in `contact_terms`, and `contacts.sort_name` with it, by `learn`; whoever changes a name or a phone calls it.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Self, cast

from sqlalchemy import ColumnElement, Select, Table, and_, bindparam, delete, insert, or_, select, update

from openbot.database import Session
from openbot.schema import Contact, ContactTerm

#: An ending of a phone that is kept has at least so many digits.
SHORTEST_ENDING = 1
_LONGEST_WORD, _MOST_WORDS, _LONGEST_SORT_NAME = 40, 12, 60
_LAST = chr(0x10FFFF)
_WORD = re.compile(r"[^\W_]+")
_LONG_DISTANCE = re.compile(r"^0?(11|[23]\d{2}|[23]\d{3})15(?=\d)", re.ASCII)
# Of fewer digits than those of half a number, «15» may as well be the phone's own; «67» alone very many have.
_LOCAL = re.compile(r"^15(?=\d{4})", re.ASCII)

_CONTACTS, _TERMS = cast("Table", Contact.__table__), cast("Table", ContactTerm.__table__)

# Built once: building a statement costs more than running it.
_OLD = delete(_TERMS).where(_TERMS.c.contact_id.in_(bindparam("contact_ids", expanding=True)))
_NEW = insert(_TERMS)
_NAMED = select(
    _CONTACTS.c.id.label("contact_id"),
    _CONTACTS.c.wa_id.label("phone"),
    *(_CONTACTS.c[name] for name in ("name", "profile_name", "username")),
).where(_CONTACTS.c.id.in_(bindparam("contact_ids", expanding=True)))
_SORTED = update(_CONTACTS).where(_CONTACTS.c.id == bindparam("of_contact"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Everything a contact is found by."""

    contact_id: int
    phone: str | None  #: digits
    name: str = ""  #: as the customer told us
    profile_name: str = ""
    username: str = ""

    @classmethod
    def of(cls, contact: Contact) -> Self:
        """Take it from the row."""
        return cls(
            contact_id=contact.id,
            phone=contact.wa_id,
            name=contact.name,
            profile_name=contact.profile_name,
            username=contact.username,
        )

    @property
    def sort_name(self) -> str:
        """What the contact is sorted by; empty without a name."""
        return " ".join(words(self.name or self.profile_name))[:_LONGEST_SORT_NAME].strip()

    @property
    def terms(self) -> set[str]:
        """What is kept in `contact_terms`."""
        phone = self.phone or ""
        endings = {f"#{phone[start:]}" for start in range(len(phone))}
        spoken = words(f"{self.name} {self.profile_name} {self.username}")
        return endings | {word[:_LONGEST_WORD] for word in list(dict.fromkeys(spoken))[:_MOST_WORDS]}


def learn(session: Session, *, people: Iterable[Named]) -> None:
    """Make these contacts be found by what they are called now."""
    named = {each.contact_id: each for each in people}
    if named:
        session.connection().execute(_OLD, {"contact_ids": list(named)})
        add(session, people=named.values())
        rows = [{"of_contact": each.contact_id, "sort_name": each.sort_name} for each in named.values()]
        session.connection().execute(_SORTED, rows)


def add(session: Session, *, people: Iterable[Named]) -> None:
    """Make new contacts be found, of whom nothing is kept yet; the caller stores their `sort_name`."""
    rows = [{"term": term, "contact_id": each.contact_id} for each in people for term in each.terms]
    if rows:
        rows.sort(key=itemgetter("term", "contact_id"))  # one order everywhere: nobody blocks each other
        session.connection().execute(_NEW, rows)


def relearn(session: Session, *, contact_ids: Collection[int]) -> None:
    """Do what `learn` does for contacts whose names or phone were changed in the database."""
    if contact_ids:
        found = session.connection().execute(_NAMED, {"contact_ids": list(contact_ids)})
        learn(session, people=[Named(**row) for row in found.mappings()])


def forget(session: Session, *, contact_id: int) -> None:
    """Let nothing find this contact any more."""
    learn(session, people=[Named(contact_id=contact_id, phone=None)])


def words(text: str) -> list[str]:
    """Return the words of a text in lower case without accents: «🌸 José PÉREZ» → jose, perez."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return _WORD.findall("".join(c for c in plain if unicodedata.category(c) not in {"Mn", "Cf"}))


def digits(text: str) -> str:
    """Return the digits of a text."""
    return "".join(c for c in text if c in "0123456789")


def phone_parts(typed: str) -> tuple[str, ...]:
    """Return the parts of a phone, as WhatsApp writes it, that somebody may mean by what they typed.

    «011 15-3694» → 113694; «+54 11 3694» → 549113694. Empty without a digit.
    """
    as_typed = digits(typed)
    full = as_typed.removeprefix("00")
    also: tuple[str, ...] = ()
    if full.startswith("54"):
        national = full.removeprefix("54").removeprefix("9")
        mobile = _LONG_DISTANCE.sub(r"\1", national).removeprefix("0")
        if mobile:
            also = (f"549{mobile}", f"54{mobile}")
    else:
        mobile = _LONG_DISTANCE.sub(r"\1", full)
        also = (mobile if mobile != full else _LOCAL.sub("", full.removeprefix("0")),)
    return tuple(dict.fromkeys(part for part in (as_typed, *also) if part))


def with_phone(parts: Sequence[str], *, limit: int | None = None) -> Select[Any]:
    """Select the ids of the contacts whose phone has one of these parts; of `limit` ways in which it has, at most."""
    return _with([f"#{part}" for part in parts]).limit(limit)


def with_word(beginning: str, *, limit: int | None = None) -> Select[Any]:
    """Select the ids of the contacts one of whose names has a word (as `words` gives it) that begins so."""
    return _with([beginning]).limit(limit)


def has_phone(contact_id: ColumnElement[int], parts: Sequence[str]) -> ColumnElement[bool]:
    """Say of one contact what `with_phone` finds of all."""
    # No EXISTS: PostgreSQL would read all phones first.
    asked = _CONTACTS.alias("asked")  # the list may be one of contacts itself
    phone = select(asked.c.wa_id).where(asked.c.id == contact_id).scalar_subquery()
    return or_(*(phone.contains(part, autoescape=True) for part in parts))


def has_word(contact_id: ColumnElement[int], beginning: str) -> ColumnElement[bool]:
    """Say of one contact what `with_word` finds of all."""
    is_word = _begins(beginning)
    return select(_TERMS.c.contact_id).where(_TERMS.c.contact_id == contact_id, is_word).exists()


def _with(beginnings: Iterable[str]) -> Select[Any]:
    return select(_TERMS.c.contact_id).where(or_(*(_begins(each) for each in beginnings)))


def _begins(beginning: str) -> ColumnElement[bool]:
    kept = beginning[:_LONGEST_WORD]
    return and_(_TERMS.c.term >= kept, _TERMS.c.term < kept + _LAST)
