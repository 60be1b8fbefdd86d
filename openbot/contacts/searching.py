"""From what somebody types to conditions on contacts, by the cheaper of two ways for each.

Few are found: their ids, from `contact_terms`. Many: each contact that is walked past is asked, for a page of them
is soon full.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, intersect, select

from openbot.contacts import terms
from openbot.database import Session

#: Found more often, a term is asked of each contact instead of giving their ids.
MANY = 5_000
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


@dataclass(frozen=True, slots=True)
class _Term:
    ids: Select[Any]
    asked_of: Callable[[ColumnElement[int]], ColumnElement[bool]]
    is_kept: bool = True  #: in `contact_terms`


def conditions(session: Session, search: Search, *, id_column: Any) -> list[ColumnElement[bool]]:
    """Return conditions on `id_column`; empty when nothing was typed. Without a digit or a word nothing is found."""
    parts, words = terms.phone_parts(search.phone), terms.words(search.name)[:_MOST_WORDS]
    if (search.phone.strip() and not parts) or (search.name.strip() and not words):
        return [false()]
    found = [*([_phone(parts)] if parts else []), *(_word(word) for word in words)]
    rare = next((term for term in found if term.is_kept and _is_rare(session, term)), None)
    if rare is not None:
        others = [term.asked_of(id_column) for term in found if term is not rare]
        return [id_column.in_(rare.ids), *others]
    kept = [term.ids for term in found if term.is_kept]
    if len(kept) > 1:
        rest = [term.asked_of(id_column) for term in found if not term.is_kept]
        return [id_column.in_(intersect(*kept)), *rest]
    return [term.asked_of(id_column) for term in found]


def _phone(parts: tuple[str, ...]) -> _Term:
    long_enough = all(len(part) >= terms.SHORTEST_ENDING for part in parts)
    return _Term(terms.with_phone(parts), lambda column: terms.has_phone(column, parts), is_kept=long_enough)


def _word(word: str) -> _Term:
    return _Term(terms.with_word(word), lambda column: terms.has_word(column, word))


def _is_rare(session: Session, term: _Term) -> bool:
    probe = term.ids.limit(MANY + 1).subquery()
    return (session.scalar(select(func.count()).select_from(probe)) or 0) <= MANY
