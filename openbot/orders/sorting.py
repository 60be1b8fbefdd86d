"""The orders of a list: by which keys few rows are sorted, and which indexes many rows are walked along.

Behind the last row of a page is whatever follows the row that its cursor describes; nothing is ever counted off.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias, cast

from sqlalchemy import ColumnElement, Table, and_, case, literal, not_, tuple_

from openbot.orders.part import ORDERS
from openbot.schema import Contact

CONTACTS = cast("Table", Contact.__table__)
#: What a cursor says of the last row: its `id` and the sort's `columns`.
Place: TypeAlias = Mapping[str, Any]

number = ORDERS.c.id


@dataclass(frozen=True, slots=True)
class Key:
    """One key of the order of few rows."""

    expression: ColumnElement[Any]
    descending: bool
    value: Any = None  #: of the last row


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the list that one index gives in its order."""

    where: tuple[ColumnElement[bool], ...]
    order: tuple[ColumnElement[Any], ...]


class Sort(Protocol):
    """One way to sort, in one direction."""

    @property
    def columns(self) -> Mapping[str, ColumnElement[Any]]:
        """What a place needs besides the id."""

    @property
    def with_contacts(self) -> bool:
        """Whether the contacts are joined."""

    def keys(self, row: Any, *, after: Place | None) -> list[Key]:
        """Return the keys in terms of `row`, which has `id` and `columns`."""

    def stretches(self, *, after: Place | None) -> Iterator[Sequence[Stretch]]:
        """Return what follows, in order; stretches that come together are read in one statement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ByColumn:
    """By a column with many values; rows without one come last. The number breaks ties."""

    name: str
    column: ColumnElement[Any]
    descending: bool
    nullable: bool = False
    with_contacts: bool = False
    also: Mapping[str, ColumnElement[Any]] = field(default_factory=dict)

    @property
    def columns(self) -> Mapping[str, ColumnElement[Any]]:
        return {self.name: self.column, **self.also}

    def keys(self, row: Any, *, after: Place | None) -> list[Key]:
        place = after or {}
        column, last = row[self.name], place.get(self.name)
        keys = [Key(column, self.descending, last), Key(row.id, self.descending, place.get("id"))]
        if self.nullable:
            keys.insert(
                0, Key(case((column.is_(None), 1), else_=0), descending=False, value=int(last is None))
            )
        return keys

    def stretches(self, *, after: Place | None) -> Iterator[Sequence[Stretch]]:
        if after is None or after[self.name] is not None:
            where: list[ColumnElement[bool]] = [self.column.is_not(None)] if self.nullable else []
            if after is not None:
                where.append(_beyond((self.column, number), (after[self.name], after["id"]), self.descending))
            yield [Stretch(tuple(where), (_to(self.column, self.descending), _to(number, self.descending)))]
        if self.nullable:
            where = [self.column.is_(None)]
            if after is not None and after[self.name] is None:
                where.append(number < after["id"] if self.descending else number > after["id"])
            yield [Stretch(tuple(where), (_to(number, self.descending),))]


@dataclass(frozen=True, slots=True, kw_only=True)
class ByNumber:
    """By the number itself."""

    descending: bool
    with_contacts: bool = False

    @property
    def columns(self) -> Mapping[str, ColumnElement[Any]]:
        return {"created_at": ORDERS.c.created_at}  # a list of some days goes on along the time

    def keys(self, row: Any, *, after: Place | None) -> list[Key]:
        return [Key(row.id, self.descending, after["id"] if after else None)]

    def stretches(self, *, after: Place | None) -> Iterator[Sequence[Stretch]]:
        where = [] if after is None else [number < after["id"] if self.descending else number > after["id"]]
        yield [Stretch(tuple(where), (_to(number, self.descending),))]


@dataclass(frozen=True, slots=True, kw_only=True)
class ByRank:
    """By a column with few values, which have an order of their own; of the same value the newest first."""

    name: str
    column: ColumnElement[Any]
    values: tuple[Any, ...]  #: all of them, in the order of this direction; None is one
    with_contacts: bool = False

    @property
    def columns(self) -> Mapping[str, ColumnElement[Any]]:
        return {self.name: self.column}

    def keys(self, row: Any, *, after: Place | None) -> list[Key]:
        is_value = ((_equals(row[self.name], value), rank) for rank, value in enumerate(self.values))
        rank = case(*is_value, else_=len(self.values))
        last = None if after is None else self._rank(after[self.name])
        return [
            Key(rank, descending=False, value=last),
            Key(row.id, descending=True, value=after and after["id"]),
        ]

    def stretches(self, *, after: Place | None) -> Iterator[Sequence[Stretch]]:
        start = 0 if after is None else self._rank(after[self.name])
        rest = self.values[start:]
        first, size = (
            0,
            1,
        )  # the next page is mostly of the same value; empty ones are skipped a handful at a time
        while first < len(rest):
            yield [
                Stretch(
                    (
                        _equals(self.column, value),
                        *([number < after["id"]] if after is not None and first + place == 0 else []),
                    ),
                    (number.desc(),),
                )
                for place, value in enumerate(rest[first : first + size])
            ]
            first, size = first + size, 10

    def _rank(self, value: Any) -> int:
        return self.values.index(value) if value in self.values else len(self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class ByContact:
    """By what the contact is called or its phone; contacts without one come last, newest orders of one first."""

    name: str
    column: ColumnElement[Any]
    nothing: Any  #: what the column holds without one
    descending: bool
    with_contacts: bool = True

    @property
    def columns(self) -> Mapping[str, ColumnElement[Any]]:
        return {self.name: self.column, "contact_id": CONTACTS.c.id}

    def keys(self, row: Any, *, after: Place | None) -> list[Key]:
        place = after or {}
        last = place.get(self.name)
        is_nothing = _equals(row[self.name], self.nothing)
        return [
            Key(case((is_nothing, 1), else_=0), descending=False, value=int(last == self.nothing)),
            Key(row[self.name], self.descending, last),
            Key(row.contact_id, self.descending, place.get("contact_id")),
            Key(row.id, descending=True, value=place.get("id")),
        ]

    def stretches(self, *, after: Place | None) -> Iterator[Sequence[Stretch]]:
        contact_id = CONTACTS.c.id
        is_nothing = _equals(self.column, self.nothing)
        if after is None or after[self.name] != self.nothing:
            columns = (self.column, contact_id)
            yield [self._stretch(not_(is_nothing), columns, after)]
            after = None
        yield [self._stretch(is_nothing, (contact_id,), after)]

    def _stretch(
        self, which: ColumnElement[bool], columns: tuple[ColumnElement[Any], ...], after: Place | None
    ) -> Stretch:
        where = [which]
        if after is not None:
            last = tuple(after[name] for name in (self.name, "contact_id"))[-len(columns) :]
            where.append(_beyond(columns, last, self.descending, or_same=True))
            where.append(not_(and_(CONTACTS.c.id == after["contact_id"], number >= after["id"])))
        return Stretch(tuple(where), (*(_to(column, self.descending) for column in columns), number.desc()))


def _to(column: ColumnElement[Any], descending: bool) -> ColumnElement[Any]:  # noqa: FBT001 - a direction
    return column.desc() if descending else column.asc()


def _equals(column: ColumnElement[Any], value: Any) -> ColumnElement[bool]:
    return column.is_(None) if value is None else column == value


def _beyond(
    columns: Sequence[ColumnElement[Any]],
    last: Sequence[Any],
    descending: bool,  # noqa: FBT001 - a direction
    *,
    or_same: bool = False,
) -> ColumnElement[bool]:
    left = tuple_(*columns)
    right = tuple_(*(literal(value, column.type) for column, value in zip(columns, last, strict=True)))
    if or_same:
        return left <= right if descending else left >= right
    return left < right if descending else left > right
