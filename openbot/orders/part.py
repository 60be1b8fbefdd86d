"""One condition on orders, said in the ways that are cheap."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, UnaryExpression, or_
from sqlalchemy.sql.elements import Grouping
from sqlalchemy.sql.operators import custom_op

from openbot.orders.criteria import NOBODY
from openbot.schema import Order

ORDERS = cast("Table", Order.__table__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One condition on orders."""

    finds: ColumnElement[bool]  #: by walking an index, when few orders fulfil it
    holds: ColumnElement[bool]  #: asked of each order that is walked past, when many do
    #: The same in parts that exclude each other, each with an index that is ordered by number.
    streams: tuple[ColumnElement[bool], ...] = ()
    #: Cheaper than `finds`; may miss orders when there are very many.
    counts: ColumnElement[bool] | None = None


def just(condition: ColumnElement[bool]) -> Part:
    return Part(finds=condition, holds=condition)


def one_of(column: ColumnElement[Any], values: Sequence[Any]) -> Part | None:
    if not values:
        return None
    known = [value for value in dict.fromkeys(values) if value != NOBODY]
    streams = [column == value for value in known]
    if len(known) < len(set(values)):
        streams.append(column.is_(None))
    any_of = [column.in_(known)] if known else []
    condition = or_(*any_of, *streams[len(known) :])
    return Part(finds=condition, holds=condition, streams=tuple(streams))


def aside(condition: ColumnElement[bool], *, is_sqlite: bool) -> ColumnElement[bool]:
    """Keep SQLite from choosing an index for a condition; PostgreSQL has statistics and chooses well."""
    if not is_sqlite:
        return condition
    return UnaryExpression(Grouping(condition), operator=custom_op("+"), type_=condition.type)
