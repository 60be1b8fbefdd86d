"""The list of orders as a spreadsheet, page by page, so that a million rows need no more memory than a thousand."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol, TypeAlias

from openbot.database import Session
from openbot.exports import Cell
from openbot.orders import listing
from openbot.orders.criteria import Criteria, Reach
from openbot.orders.listing import Row
from openbot.orders.written import phone_of

TITLES = (
    "Número", "Fecha y hora", "Contacto", "Celular", "Tipo", "Sucursal", "Estado", "Total", "Monto", "Entrega",
    "Forma de pago", "Operador", "Espera desde", "Cerrado",
)  # fmt: skip
_AT_ONCE = 1_000
Line: TypeAlias = Sequence[Cell]


class Reading(Protocol):
    """`Database.reading`."""

    def __call__(self) -> AbstractContextManager[Session]: ...


def lines(reading: Reading, *, criteria: Criteria, reach: Reach, sort: str, now: datetime) -> Iterator[Line]:
    """Return exactly what the list shows, each order once. No transaction stays open between pages."""
    after: str | None = None
    while True:
        with reading() as session:
            page = listing.page(
                session, criteria=criteria, reach=reach, sort=sort, now=now, limit=_AT_ONCE, after=after
            )
        yield from (_line(row) for row in page.rows)
        after = page.next
        if after is None:
            return


def _line(row: Row) -> Line:
    return (
        row.id,
        row.created_at,
        row.name,
        phone_of(row.phone).removeprefix("+"),  # a plus at the beginning would be a formula
        row.kind.value,
        row.branch,
        row.state.value,
        row.total,
        row.amount,
        row.delivery.value if row.delivery else None,
        row.payment_method,
        row.operator,
        row.waiting_since,
        row.closed_at,
    )
