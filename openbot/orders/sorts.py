"""By what a list of orders can be sorted."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from sqlalchemy import func, select

from openbot.column_types import Scaled, UtcTime
from openbot.database import Session
from openbot.errors import OpenbotError
from openbot.orders.part import ORDERS
from openbot.orders.sorting import CONTACTS, ByColumn, ByContact, ByNumber, ByRank, Sort
from openbot.schema import Branch, Operator, PaymentMethod
from openbot.vocabulary import Delivery, OrderKind, State


class UnknownSort(OpenbotError):
    """A list cannot be sorted by that."""

    code = "unknown_sort"


class _Make(Protocol):
    def __call__(self, session: Session, /, *, descending: bool) -> Sort: ...


def sort_of(session: Session, sort: str) -> Sort:
    """Return the order with this name, "-" before it for downwards. Raises UnknownSort."""
    make = SORTS.get(sort.removeprefix("-"))
    if make is None:
        raise UnknownSort
    return make(session, descending=sort.startswith("-"))


def kinds_of(sort: Sort) -> Mapping[str, type]:
    """Return what a place in a list of this order consists of."""
    return {"id": int} | {name: _kind(column.type) for name, column in sort.columns.items()}


def _kind(sql_type: Any) -> type:
    match sql_type:
        case UtcTime():
            return datetime
        case Scaled():
            return Decimal
        case _:
            return sql_type.python_type if sql_type.python_type is int else str


def _number(_session: Session, *, descending: bool) -> Sort:
    return ByNumber(descending=descending)


def _by_column(name: str, *, nullable: bool = False) -> _Make:
    def make(_session: Session, *, descending: bool) -> Sort:
        return ByColumn(name=name, column=ORDERS.c[name], descending=descending, nullable=nullable)

    return make


def _by_contact(name: str, column: Any, *, nothing: Any) -> _Make:
    def make(_session: Session, *, descending: bool) -> Sort:
        return ByContact(name=name, column=column, nothing=nothing, descending=descending)

    return make


def _by_word(name: str, words: Sequence[Any], *, nullable: bool = False) -> _Make:
    def make(_session: Session, *, descending: bool) -> Sort:
        return ByRank(
            name=name, column=ORDERS.c[name], values=_ranks(words, descending=descending, nullable=nullable)
        )

    return make


def _by_name_of(name: str, table: Any) -> _Make:
    """By the name of what the column points to."""

    def make(session: Session, *, descending: bool) -> Sort:
        ids = (
            session.connection()
            .execute(select(table.id).order_by(func.lower(table.name), table.id))
            .scalars()
        )
        return ByRank(
            name=name, column=ORDERS.c[name], values=_ranks(list(ids), descending=descending, nullable=True)
        )

    return make


def _ranks(values: Sequence[Any], *, descending: bool, nullable: bool) -> tuple[Any, ...]:
    return (*(reversed(values) if descending else values), *([None] if nullable else []))


SORTS: Mapping[str, _Make] = {
    "number": _number,
    "created_at": _by_column("created_at"),
    "name": _by_contact("name", CONTACTS.c.sort_name, nothing=""),
    "phone": _by_contact("phone", CONTACTS.c.wa_id, nothing=None),
    "kind": _by_word("kind", tuple(OrderKind)),
    "branch": _by_name_of("branch_id", Branch),
    "state": _by_word("state", tuple(State)),
    "total": _by_column("total"),
    "amount": _by_column("amount", nullable=True),
    "delivery": _by_word("delivery", tuple(Delivery), nullable=True),
    "payment_method": _by_name_of("payment_method_id", PaymentMethod),
    "operator": _by_name_of("operator_id", Operator),
    "waiting_since": _by_column("waiting_since", nullable=True),
    "expires_at": _by_column("expires_at"),
}
