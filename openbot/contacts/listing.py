"""The list of contacts: filtered, searched, sorted, a page at a time; as fast with 300,000 as with 300.

A page is read in two steps: the ids by walking one index, then those rows. Never OFFSET, and counts end at 10,000.
"""

import base64
import binascii
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, text, tuple_, union_all

from openbot.contacts import reach, searching
from openbot.contacts.searching import Found, Search
from openbot.database import Session
from openbot.errors import OpenbotError
from openbot.schema import Contact, Order

#: No list is counted further.
MOST_COUNTED = 10_000
CANDIDATES = 5_000
#: A file with everybody soon has its first lines.
_FIRST_BATCH = 100
_LIVING = Contact.deleted_at.is_(None)
_BLOCKED = text("contacts.blocked_at IS NOT NULL")  # written out, so that the partial index fits


class Sort(StrEnum):
    """How the list may be sorted."""

    NEWEST = "-created_at"
    OLDEST = "created_at"
    NAME = "name"
    NAME_BACKWARDS = "-name"


class BadCursor(OpenbotError):
    """That is no place in this list."""

    code = "bad_cursor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which contacts; everything that is said must hold."""

    search: Search = field(default_factory=Search)
    created_from: datetime | None = None
    created_before: datetime | None = None
    blocked: bool | None = None
    branch_ids: frozenset[int] | None = None  #: whom somebody of these branches reaches; None: all


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One contact of the list."""

    id: int
    created_at: datetime
    name: str  #: as the customer told us, else as WhatsApp shows it; may be empty
    profile_name: str
    phone: str  #: digits; may be empty
    unread: int
    blocked: bool
    opted_out: bool
    last_message_at: datetime | None  #: of the customer
    orders: int
    version: int  #: another one when the name changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of the list."""

    rows: tuple[Listed, ...]
    next: str | None  #: cursor of the next page
    total: int
    total_is_capped: bool  #: there are more


def version_of(name: str) -> int:
    """Return the version of what can be edited of a contact: its name."""
    return zlib.crc32(name.encode())


def page(session: Session, *, wanted: Wanted, sort: Sort, limit: int, after: str | None = None) -> Page:
    """Return a page of at most `limit` contacts. Raises BadCursor."""
    place = _place_of(after, sort) if after else None
    found = searching.find(session, wanted.search)
    keys = list(session.execute(_keys(wanted, sort, found, place=place, limit=limit + 1)))
    shown = keys[:limit]
    total, is_capped = _total(session, wanted, found)
    return Page(
        rows=tuple(_rows(session, [contact_id for contact_id, _ in shown])),
        next=_cursor(sort, *shown[-1]) if len(keys) > limit else None,
        total=total,
        total_is_capped=is_capped,
    )


def one(session: Session, *, contact_id: int) -> Listed | None:
    """Return one contact as the list shows it; None for a deleted one."""
    return next(_rows(session, [contact_id]), None)


def every(session: Session, *, wanted: Wanted, batch: int = 3_200) -> Iterator[Sequence[Any]]:
    """Yield all contacts, newest first: (created_at, name, phone, last message, blocked since, opted out since, id).

    For a file: at most `batch` are held at a time; counts and searches nothing.
    """
    table = Contact.__table__.c
    query = (
        select(
            table.created_at,
            func.coalesce(func.nullif(table.name, ""), table.profile_name),
            func.coalesce(table.wa_id, ""),
            table.last_inbound_at,
            table.blocked_at,
            table.opted_out_at,
            table.id,
        )
        .where(_LIVING, *_filters(wanted), *_reached(wanted))
        .order_by(table.created_at.desc(), table.id.desc())
    )
    beyond, size = query, min(_FIRST_BATCH, batch)
    while rows := session.connection().execute(beyond.limit(size)).all():
        yield from rows
        created_at, *_, contact_id = rows[-1]
        beyond = query.where(_beyond(Contact.created_at, (created_at, contact_id), descending=True))
        size = min(2 * size, batch)


def _keys(
    wanted: Wanted, sort: Sort, found: Found, *, place: tuple[Any, int] | None, limit: int
) -> Select[Any]:
    column, descending = _column(sort)
    directed = (column.desc(), Contact.id.desc()) if descending else (column, Contact.id)
    query = select(Contact.id, column.label("sorted_by"))
    query = query.where(_LIVING, *found.conditions, *_filters(wanted))
    if place:
        query = query.where(_beyond(column, place, descending=descending))
    query = query.order_by(*directed).limit(limit)
    if wanted.branch_ids is None or found.is_few or column is Contact.sort_name:
        return query.where(*reach.is_reached(wanted.branch_ids))
    # Each branch by its own index: an operator of a small branch would else walk everybody else's contacts.
    parts = [query.where(of) for of in _each_branch(wanted.branch_ids)]
    both = union_all(*(select(part.subquery()) for part in parts)).subquery()
    keys = (both.c.sorted_by, both.c.id)
    return (
        select(both.c.id, both.c.sorted_by)
        .order_by(*(key.desc() if descending else key for key in keys))
        .limit(limit)
    )


def _each_branch(branch_ids: frozenset[int]) -> list[ColumnElement[bool]]:
    return [
        Contact.branch_id.is_(None),
        *(Contact.branch_id == branch_id for branch_id in sorted(branch_ids)),
    ]


def _reached(wanted: Wanted) -> list[ColumnElement[bool]]:
    return [] if wanted.branch_ids is None else [or_(*_each_branch(wanted.branch_ids))]


def _filters(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[Any] = []
    if wanted.created_from:
        found.append(Contact.created_at >= wanted.created_from)
    if wanted.created_before:
        found.append(Contact.created_at < wanted.created_before)
    if wanted.blocked is not None:
        found.append(_BLOCKED if wanted.blocked else Contact.blocked_at.is_(None))
    return found


def _total(session: Session, wanted: Wanted, found: Found) -> tuple[int, bool]:
    """Count up to MOST_COUNTED; where looking at so many would take long, among the first CANDIDATES only."""
    filters = [*_filters(wanted), *reach.is_reached(wanted.branch_ids)]
    if found.is_vague:
        newest = select(Contact.id).where(_LIVING).order_by(Contact.created_at.desc())
        return _count_among(session, newest, (*found.conditions, *filters))
    if found.many is not None and filters:
        return _count_among(session, found.many.distinct(), (_LIVING, *filters))
    if found.many is not None:
        matching = found.many.distinct()
    elif found.is_few:
        matching = select(Contact.id).where(_LIVING, *found.conditions, *filters)
    else:
        matching = select(Contact.id).where(_LIVING, *_filters(wanted), *_reached(wanted))
    counted = _count(session, matching.limit(MOST_COUNTED + 1))
    return min(counted, MOST_COUNTED), counted > MOST_COUNTED


def _count_among(
    session: Session, ids: Select[Any], conditions: Sequence[ColumnElement[bool]]
) -> tuple[int, bool]:
    some = ids.limit(CANDIDATES)
    counted = _count(session, select(Contact.id).where(Contact.id.in_(some), *conditions))
    return counted, _count(session, some) == CANDIDATES


def _count(session: Session, ids: Select[Any]) -> int:
    return session.scalar(select(func.count()).select_from(ids.subquery())) or 0


def _rows(session: Session, ids: Sequence[int]) -> Iterator[Listed]:
    if not ids:
        return
    orders = (
        select(Order.contact_id, func.count()).where(Order.contact_id.in_(ids)).group_by(Order.contact_id)
    )
    counts: dict[int, int] = dict(session.execute(orders).all())
    found = session.scalars(select(Contact).where(Contact.id.in_(ids), _LIVING))
    by_id = {contact.id: contact for contact in found}
    for contact in (by_id[contact_id] for contact_id in ids if contact_id in by_id):
        name = contact.name or contact.profile_name
        yield Listed(
            id=contact.id,
            created_at=contact.created_at,
            name=name,
            profile_name=contact.profile_name,
            phone=contact.wa_id or "",
            unread=contact.unread,
            blocked=contact.blocked_at is not None,
            opted_out=contact.opted_out_at is not None,
            last_message_at=contact.last_inbound_at,
            orders=counts.get(contact.id, 0),
            version=version_of(name),
        )


def _column(sort: Sort) -> tuple[Any, bool]:
    match sort:
        case Sort.NEWEST:
            return Contact.created_at, True
        case Sort.OLDEST:
            return Contact.created_at, False
        case Sort.NAME:
            return Contact.sort_name, False
        case Sort.NAME_BACKWARDS:
            return Contact.sort_name, True


def _beyond(column: Any, place: tuple[Any, int], *, descending: bool) -> ColumnElement[bool]:
    # The first part is implied by the second, but an index can begin at it.
    value, contact_id = place
    bound = column <= value if descending else column >= value
    here, there = tuple_(column, Contact.id), tuple_(value, contact_id)
    return and_(bound, here < there if descending else here > there)


def _cursor(sort: Sort, contact_id: int, value: Any) -> str:
    plain = value.isoformat() if isinstance(value, datetime) else value
    return base64.urlsafe_b64encode(json.dumps([sort, plain, contact_id]).encode()).decode().rstrip("=")


def _place_of(cursor: str, sort: Sort) -> tuple[Any, int]:
    try:
        written, value, contact_id = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if written != sort or not isinstance(contact_id, int) or not isinstance(value, str):
            raise BadCursor
        is_time = sort in (Sort.NEWEST, Sort.OLDEST)
        return (datetime.fromisoformat(value) if is_time else value), contact_id
    except (ValueError, TypeError, binascii.Error) as wrong:
        raise BadCursor from wrong
