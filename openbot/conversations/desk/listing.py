"""The list of conversations: what needs somebody first, longest waiting first; then the rest, newest first.

A page costs the same at any depth: the first part is short and found by its own indexes, the rest is walked along
the customers' last messages.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, text, tuple_, union_all
from sqlalchemy.orm import aliased

from openbot.contacts import reach, searching
from openbot.contacts.searching import Search
from openbot.conversations.desk import rows
from openbot.conversations.desk.rows import Row
from openbot.conversations.outbox import WINDOW_MARGIN
from openbot.database import Session
from openbot.errors import OpenbotError
from openbot.schema import Contact, Order
from openbot.vocabulary import OPEN_STATES, State

#: More than so many conversations that need somebody are shown as «más de».
MOST_COUNTED = 999
#: «Ventana por cerrar»: it closes within this time.
CLOSING = timedelta(hours=4)
_WINDOW = timedelta(hours=24)


class Filter(StrEnum):
    """Which conversations."""

    ALL = "all"
    UNREAD = "unread"
    MINE = "mine"  #: EN PROCESO, attended by who asks
    WAITING = "waiting"  #: for a person
    CLOSING = "closing"  #: the window closes soon, and a person has it or is waited for


class BadCursor(OpenbotError):
    """That is no place in this list."""

    code = "bad_cursor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which conversations, and who asks."""

    operator_id: int
    branch_ids: frozenset[int] | None  #: None: all
    only_own: bool = False  #: after the shift: what is theirs already
    filter: Filter = Filter.ALL
    search: Search = field(default_factory=Search)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of the list."""

    rows: tuple[Row, ...]
    next: str | None  #: cursor of the next page


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many conversations each filter has; at most MOST_COUNTED + 1."""

    unread: int
    mine: int
    waiting: int
    closing: int


@dataclass(frozen=True, slots=True)
class _Place:
    needs: bool  #: in the first part of the list
    at: datetime | None
    contact_id: int


#: Since when somebody waits for a person: the order's, else the customer's last message that nobody read.
_SINCE = func.coalesce(Order.waiting_since, Contact.last_inbound_at)
# Few contacts of very many, each found by an index of its own; the condition is written out, for only then do both
# databases see that the partial index fits.
_OTHER = aliased(Contact, name="other")
_UNREAD = select(_OTHER.id).where(text("other.unread > 0"))
_WAITING = select(Order.contact_id).where(Order.waiting_since.is_not(None))
_NEEDING = union_all(_WAITING, _UNREAD)
_LIVING = and_(Contact.deleted_at.is_(None), Contact.last_inbound_at.is_not(None))
_OPEN = and_(Order.contact_id == Contact.id, Order.state.in_(OPEN_STATES))


def page(session: Session, *, wanted: Wanted, now: datetime, limit: int, after: str | None = None) -> Page:
    """Return at most `limit` conversations. Raises BadCursor."""
    place = _read(after) if after else _Place(needs=True, at=None, contact_id=0)
    conditions = _conditions(session, wanted, now=now)
    found: list[_Place] = []
    if place.needs:
        found = _needing(session, conditions, place, limit=limit + 1)
    if len(found) <= limit:
        start = place if not place.needs else _Place(needs=False, at=None, contact_id=0)
        found += _rest(session, conditions, start, limit=limit + 1 - len(found))
    shown = found[:limit]
    return Page(
        rows=rows.of(session, contact_ids=[each.contact_id for each in shown], now=now),
        next=_write(shown[-1]) if len(found) > limit else None,
    )


def one(session: Session, *, contact_id: int, now: datetime) -> Row | None:
    """Return one conversation as the list shows it."""
    return next(iter(rows.of(session, contact_ids=[contact_id], now=now)), None)


def counts(session: Session, *, wanted: Wanted, now: datetime) -> Counts:
    """Count what each filter has for who asks; the search does not matter."""
    counted = {
        each: _count(session, _conditions(session, replace(wanted, filter=each, search=Search()), now=now))
        for each in Filter
        if each is not Filter.ALL
    }
    return Counts(**{str(name): value for name, value in counted.items()})


def _count(session: Session, conditions: Sequence[ColumnElement[bool]]) -> int:
    some = _keys(Contact.id).where(*conditions).limit(MOST_COUNTED + 1).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def _conditions(session: Session, wanted: Wanted, *, now: datetime) -> list[ColumnElement[bool]]:
    return [
        _LIVING,
        *([_of_operator(wanted.operator_id)] if wanted.only_own else []),
        *_of_filter(wanted, now=now),
        *searching.find(session, wanted.search).conditions,
        *reach.is_reached(wanted.branch_ids),
    ]


def _of_filter(wanted: Wanted, *, now: datetime) -> list[ColumnElement[bool]]:
    match wanted.filter:
        case Filter.ALL:
            return []
        case Filter.UNREAD:
            return [Contact.id.in_(_UNREAD)]
        case Filter.MINE:
            return [_of_operator(wanted.operator_id)]
        case Filter.WAITING:
            return [Contact.id.in_(_WAITING)]
        case Filter.CLOSING:
            soon = now - _WINDOW + CLOSING
            closed = now - _WINDOW + WINDOW_MARGIN
            is_persons = or_(Order.state == State.IN_PROGRESS, Order.waiting_since.is_not(None))
            return [Contact.last_inbound_at <= soon, Contact.last_inbound_at > closed, is_persons]


def _of_operator(operator_id: int) -> ColumnElement[bool]:
    mine = select(Order.contact_id).where(Order.state == State.IN_PROGRESS, Order.operator_id == operator_id)
    return Contact.id.in_(mine)


def _needing(
    session: Session, conditions: Sequence[ColumnElement[bool]], place: _Place, *, limit: int
) -> list[_Place]:
    query = _keys(Contact.id, _SINCE.label("at")).where(*conditions, Contact.id.in_(_NEEDING))
    if place.at is not None:
        query = query.where(tuple_(_SINCE, Contact.id) > tuple_(place.at, place.contact_id))
    found = session.execute(query.order_by(_SINCE, Contact.id).limit(limit))
    return [_Place(needs=True, at=row.at, contact_id=row.id) for row in found]


def _rest(
    session: Session, conditions: Sequence[ColumnElement[bool]], place: _Place, *, limit: int
) -> list[_Place]:
    if limit <= 0:
        return []
    needs_nobody = and_(Order.waiting_since.is_(None), Contact.unread == 0)
    query = _keys(Contact.id, Contact.last_inbound_at.label("at")).where(*conditions, needs_nobody)
    if place.at is not None:
        # The first part is implied by the second, but an index can begin at it.
        query = query.where(
            Contact.last_inbound_at <= place.at,
            tuple_(Contact.last_inbound_at, Contact.id) < tuple_(place.at, place.contact_id),
        )
    newest = (Contact.last_inbound_at.desc(), Contact.id.desc())
    found = session.execute(query.order_by(*newest).limit(limit))
    return [_Place(needs=False, at=row.at, contact_id=row.id) for row in found]


def _keys(*columns: Any) -> Select[Any]:
    return select(*columns).select_from(Contact).outerjoin(Order, _OPEN)


def _write(place: _Place) -> str:
    plain = [place.needs, place.at.isoformat() if place.at else None, place.contact_id]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def _read(cursor: str) -> _Place:
    try:
        needs, at, contact_id = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        instant = datetime.fromisoformat(at)
    except (ValueError, TypeError, binascii.Error) as wrong:
        raise BadCursor from wrong
    if not isinstance(needs, bool) or type(contact_id) is not int or instant.tzinfo is None:
        raise BadCursor
    if not 0 < contact_id < 2**63:
        raise BadCursor
    return _Place(needs=needs, at=instant, contact_id=contact_id)
