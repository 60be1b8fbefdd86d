"""From what somebody types to conditions on orders: a number, a phone in any spelling, the beginnings of names."""

import re
from collections.abc import Sequence

from sqlalchemy import and_, false, intersect, or_, select, union_all

from openbot.contacts import terms
from openbot.orders.criteria import numbers_in
from openbot.orders.part import ORDERS, Part, just, one_of

_ALSO = ORDERS.alias("also")
#: So many ways in which contacts are found belong to more contacts than are ever counted.
_MANY_CONTACTS = 15_000
_MOST_WORDS = 6
_JUST_A_NUMBER = re.compile(r"#?[\d.]+", re.ASCII)


def number(typed: str) -> Part | None:
    if not typed.strip():
        return None
    return one_of(ORDERS.c.id, numbers_in(typed)) or just(false())


def phone(typed: str) -> Part | None:
    if not typed.strip():
        return None
    parts = terms.phone_parts(typed)
    return _phone(parts) if parts else just(false())


def _phone(parts: Sequence[str]) -> Part:
    contact_id = ORDERS.c.contact_id
    return Part(
        finds=contact_id.in_(terms.with_phone(parts)),
        holds=terms.has_phone(contact_id, parts),
        counts=contact_id.in_(terms.with_phone(parts, limit=_MANY_CONTACTS)),
    )


def name(typed: str) -> list[Part]:
    if not typed.strip():
        return []
    contact_id, words = ORDERS.c.contact_id, terms.words(typed)[:_MOST_WORDS]
    if not words:
        return [just(false())]
    holds = and_(*(terms.has_word(contact_id, word) for word in words))
    if len(words) > 1:
        # Their contacts first: each of two common names by itself brings a tenth of all orders.
        return [Part(finds=contact_id.in_(intersect(*map(terms.with_word, words))), holds=holds)]
    counts = contact_id.in_(terms.with_word(words[0], limit=_MANY_CONTACTS))
    return [Part(finds=contact_id.in_(terms.with_word(words[0])), holds=holds, counts=counts)]


def anything(typed: str) -> list[Part]:
    """More letters than digits are a name; else an order's number or a part of a phone."""
    if not typed.strip():
        return []
    if sum(character.isalpha() for character in typed) > len(terms.digits(typed)):
        return name(typed)
    parts = terms.phone_parts(typed)
    if not parts:
        return [just(false())]
    numbers = numbers_in(typed) if _JUST_A_NUMBER.fullmatch(typed.strip()) else ()

    contact_id, phones = ORDERS.c.contact_id, terms.with_phone(parts)
    # Not just an OR: the databases would read all orders. Both come by their contacts, then the other orders go.
    candidates = (
        union_all(phones, select(_ALSO.c.contact_id).where(_ALSO.c.id.in_(numbers))) if numbers else phones
    )
    return [
        Part(
            finds=and_(contact_id.in_(candidates), or_(contact_id.in_(phones), ORDERS.c.id.in_(numbers)))
            if numbers
            else contact_id.in_(phones),
            holds=or_(ORDERS.c.id.in_(numbers), terms.has_phone(contact_id, parts)),
            # Without the numbers, and without gathering orders first: it is only to see that there are very many.
            counts=contact_id.in_(terms.with_phone(parts, limit=_MANY_CONTACTS)),
        )
    ]
