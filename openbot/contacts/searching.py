"""From what somebody types to conditions on contacts, by the cheaper of two ways for each.

Few are found: their ids, from `contact_terms`. Many: each contact that is walked past is asked, for a page of them
is soon full.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, intersect, or_, select

from openbot.contacts import terms
from openbot.database import Session
from openbot.schema import Contact

#: Found more often, a term is asked of each contact instead of giving their ids.
MANY = 2_000
_MOST_WORDS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What was typed, as it was typed; both must hold."""

    phone: str = ""  #: any part of it
    name: str = ""  #: the beginnings of words

    @classmethod
    def of(cls, typed: str, *, phone: str = "", name: str = "") -> "Search":
        """Read what was typed into a box for both: at least as many digits as letters are a phone."""
        is_phone = 2 * len(terms.digits(typed)) >= sum(character.isalnum() for character in typed) > 0
        if is_phone:
            return cls(phone=phone or typed, name=name)
        return cls(phone=phone, name=f"{name} {typed}".strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """How to find it."""

    conditions: tuple[ColumnElement[bool], ...] = ()  #: on the contact's row; empty when nothing was typed
    is_few: bool = False  #: the conditions begin with the ids of a few contacts
    many: Select[Any] | None = None  #: ids, some perhaps twice, of the one thing typed that very many have
    is_vague: bool = False  #: nearly everybody has it, and it can only be asked of one contact at a time


@dataclass(frozen=True, slots=True)
class _Term:
    ids: Select[Any]
    condition: ColumnElement[bool]
    is_kept: bool = True  #: in `contact_terms`


def find(session: Session, search: Search) -> Found:
    """Look up how often what was typed occurs, and choose the way. Without a digit or a word nothing is found."""
    parts, words = terms.phone_parts(search.phone), terms.words(search.name)[:_MOST_WORDS]
    if (search.phone.strip() and not parts) or (search.name.strip() and not words):
        return Found(conditions=(false(),))
    typed = [*([_phone(parts)] if parts else []), *(_word(word) for word in words)]
    rare = next((term for term in typed if term.is_kept and _is_rare(session, term)), None)
    if rare is not None:
        others = (term.condition for term in typed if term is not rare)
        return Found(conditions=(Contact.id.in_(rare.ids), *others), is_few=True)
    kept = [term.ids for term in typed if term.is_kept]
    if len(kept) > 1:
        rest = (term.condition for term in typed if not term.is_kept)
        both = intersect(*kept)
        ids = session.scalars(both.limit(MANY + 1)).all()  # once, for the page and for the count
        few = Contact.id.in_(ids if len(ids) <= MANY else both)
        return Found(conditions=(few, *rest), is_few=True)
    return Found(
        conditions=tuple(term.condition for term in typed),
        many=kept[0] if kept and len(typed) == 1 else None,
        is_vague=bool(typed) and not kept,
    )


def _phone(parts: tuple[str, ...]) -> _Term:
    contains = or_(*(Contact.wa_id.contains(part, autoescape=True) for part in parts))
    long_enough = all(len(part) >= terms.SHORTEST_ENDING for part in parts)
    return _Term(terms.with_phone(parts), contains, is_kept=long_enough)


def _word(word: str) -> _Term:
    return _Term(terms.with_word(word), terms.has_word(Contact.__table__.c.id, word))


def _is_rare(session: Session, term: _Term) -> bool:
    probe = term.ids.limit(MANY + 1).subquery()
    return (session.scalar(select(func.count()).select_from(probe)) or 0) <= MANY
