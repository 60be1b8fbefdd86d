"""One page of a list of orders, fast at any depth: few rows are found and sorted, many are walked along an index.

Whether few or many fulfil the conditions says the count, which never goes beyond `MOST`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, func, or_, select, text, true, union_all

from openbot.database import Session
from openbot.orders.part import ORDERS, Part, aside
from openbot.orders.sorting import CONTACTS, ByColumn, ByNumber, Key, Place, Sort, Stretch

#: Orders are counted up to here; then there are «more than».
MOST = 10_000

_BY_TIME = {
    descending: ByColumn(name="created_at", column=ORDERS.c.created_at, descending=descending)
    for descending in (False, True)
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How many orders fulfil the conditions."""

    total: int  #: at most MOST
    is_capped: bool  #: there are more
    parts: tuple[Part, ...]  #: the one to look up first comes first


def count(session: Session, *, parts: Sequence[Part]) -> Counted:
    """Count the orders that fulfil all `parts`, in bounded time."""
    is_sqlite = _is_sqlite(session)
    parts = _rarest_first(session, parts) if is_sqlite and len(parts) > 1 else parts
    total = _capped(session, _all(parts, counting=True, is_sqlite=is_sqlite))
    if total <= MOST and any(part.counts is not None for part in parts):
        total = _capped(session, _all(parts, is_sqlite=is_sqlite))
    return Counted(total=min(total, MOST), is_capped=total > MOST, parts=tuple(parts))


def places(
    session: Session, *, counted: Counted, sort: Sort, after: Place | None, limit: int, by_time: bool = False
) -> list[Place]:
    """Return the next rows, as many as `limit`: the `id` and what the sort says of the place of each.

    `by_time`: some days are asked for, so that numbers, which grow with time, are walked along it.
    """
    if not counted.is_capped:
        return _few(session, counted.parts, sort, after, limit)
    if isinstance(sort, ByNumber):
        if by_time:
            return _walk(session, counted.parts, _BY_TIME[sort.descending], after, limit)
        return _streams(session, counted.parts, sort, after, limit)
    return _walk(session, counted.parts, sort, after, limit)


def _few(session: Session, parts: Sequence[Part], sort: Sort, after: Place | None, limit: int) -> list[Place]:
    """Find all, sort them, take a page; what the page needs beyond the keys is read of its rows alone."""
    found = (
        select(ORDERS.c.id, *([] if isinstance(sort, ByNumber) else _labelled(sort.columns)))
        .select_from(_tables(sort))
        .where(_all(parts, is_sqlite=_is_sqlite(session)))
        .cte("found")
        .prefix_with("MATERIALIZED")
    )
    keys = sort.keys(found.c, after=after)
    query = select(found).order_by(
        *(key.expression.desc() if key.descending else key.expression.asc() for key in keys)
    )
    if after is not None:
        query = query.where(_behind(keys))
    if not isinstance(sort, ByNumber):
        return _read(session, query.limit(limit))
    here = query.limit(limit).subquery()
    whole = select(ORDERS.c.id, *_labelled(sort.columns)).join(here, here.c.id == ORDERS.c.id)
    return _read(session, whole.order_by(ORDERS.c.id.desc() if sort.descending else ORDERS.c.id))


def _walk(
    session: Session, parts: Sequence[Part], sort: Sort, after: Place | None, limit: int
) -> list[Place]:
    """Go along the sort's index and ask each row, until the page is full."""
    holds = aside(and_(*(part.holds for part in parts), true()), is_sqlite=_is_sqlite(session))
    found: list[Place] = []
    for together in sort.stretches(after=after):
        missing = limit - len(found)
        queries = [_along(sort, stretch).where(holds).limit(missing) for stretch in together]
        found += islice(_in_turn(session, queries), missing)
        if len(found) >= limit:
            break
    return found


def _streams(
    session: Session, parts: Sequence[Part], sort: ByNumber, after: Place | None, limit: int
) -> list[Place]:
    """By number, with an index for each value of one condition: as fast when all of them are long ago."""
    leading = next((part for part in parts if part.streams), None)
    if leading is None:
        return _walk(session, parts, sort, after, limit)
    others = [part.holds for part in parts if part is not leading]
    holds = aside(and_(*others, true()), is_sqlite=_is_sqlite(session))
    ((stretch,),) = sort.stretches(after=after)
    queries = [_along(sort, stretch).where(stream, holds).limit(limit) for stream in leading.streams]
    if len(queries) == 1:
        return _read(session, queries[0])
    merged = union_all(*(select(query.subquery()) for query in queries)).subquery()
    number = merged.c.id.desc() if sort.descending else merged.c.id.asc()
    return _read(session, select(merged).order_by(number).limit(limit))


def _along(sort: Sort, stretch: Stretch) -> Select[Any]:
    return (
        select(ORDERS.c.id, *_labelled(sort.columns))
        .select_from(_tables(sort))
        .where(*stretch.where)
        .order_by(*stretch.order)
    )


def _in_turn(session: Session, queries: Sequence[Select[Any]]) -> Iterator[Place]:
    """Read several queries in one statement, one after the other."""
    if len(queries) == 1:
        yield from _read(session, queries[0])
        return
    numbered = (select(query.subquery(), text(f"{turn} AS turn")) for turn, query in enumerate(queries))
    rows = _read(session, union_all(*numbered))
    for row in sorted(rows, key=itemgetter("turn")):  # within one they come in its order
        yield {name: value for name, value in row.items() if name != "turn"}


def _read(session: Session, query: Select[Any] | CompoundSelect[Any]) -> list[Place]:
    return [dict(row) for row in session.connection().execute(query).mappings().all()]


def _tables(sort: Sort) -> Any:
    if not sort.with_contacts:
        return ORDERS
    return CONTACTS.join(ORDERS, ORDERS.c.contact_id == CONTACTS.c.id)


def _labelled(columns: Mapping[str, ColumnElement[Any]]) -> list[ColumnElement[Any]]:
    return [column.label(name) for name, column in columns.items()]


def _behind(keys: Sequence[Key]) -> ColumnElement[bool]:
    """Say which rows come after the one with these values."""
    cases: list[ColumnElement[bool]] = []
    same: list[ColumnElement[bool]] = []
    for key in keys:
        if key.value is None:
            same.append(key.expression.is_(None))
            continue
        further = key.expression < key.value if key.descending else key.expression > key.value
        cases.append(and_(*same, further))
        same.append(key.expression == key.value)
    return or_(*cases)


def _all(parts: Sequence[Part], *, is_sqlite: bool, counting: bool = False) -> ColumnElement[bool]:
    """Look one part up and ask the others of what it finds; PostgreSQL chooses by itself."""
    if not parts:
        return true()
    finds = [part.counts if counting and part.counts is not None else part.finds for part in parts]
    if not is_sqlite:
        return and_(*finds)
    others = [part.holds for part in parts[1:]]
    return and_(finds[0], aside(and_(*others), is_sqlite=True)) if others else finds[0]


def _rarest_first(session: Session, parts: Sequence[Part]) -> list[Part]:
    sizes = {id(part): _capped(session, part.finds if part.counts is None else part.counts) for part in parts}
    return sorted(parts, key=lambda part: sizes[id(part)])


def _capped(session: Session, condition: ColumnElement[bool]) -> int:
    found = select(text("1")).select_from(ORDERS).where(condition).limit(MOST + 1).subquery()
    return session.connection().scalar(select(func.count()).select_from(found)) or 0


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
