"""Numbers of rows drawn before these are written: rows that name each other are then written without asking back.

Plain INSERTs of many rows are several times cheaper than those that return what the database made of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import text

from openbot.database import Session

_TABLES = ("contacts", "orders", "inbox")
#: SQLite numbers from the highest on, and whoever writes is alone.
_HIGHEST = text("SELECT " + ", ".join(f"(SELECT max(id) FROM {table})" for table in _TABLES))  # noqa: S608 - our own names
_DRAW = text(
    " UNION ALL ".join(
        f"SELECT '{table}', nextval(pg_get_serial_sequence('{table}', 'id')) FROM generate_series(1, :{table})"  # noqa: S608 - as above
        for table in _TABLES
    )
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """Fresh ids, ascending."""

    contacts: Iterator[int]
    orders: Iterator[int]
    inbox: Iterator[int]


NONE = Drawn(iter(()), iter(()), iter(()))


def draw(session: Session, *, contacts: int, orders: int, inbox: int) -> Drawn:
    """Draw so many ids of each table."""
    connection = session.connection()
    wanted = (contacts, orders, inbox)
    if connection.dialect.name == "sqlite":
        highest = connection.execute(_HIGHEST).one()
        starts = [(last or 0) + 1 for last in highest]
        return Drawn(
            *(iter(range(start, start + count)) for start, count in zip(starts, wanted, strict=True))
        )
    drawn: dict[str, list[int]] = {table: [] for table in _TABLES}
    for table, number in connection.execute(_DRAW, dict(zip(_TABLES, wanted, strict=True))):
        drawn[table].append(number)
    return Drawn(*(iter(sorted(drawn[table])) for table in _TABLES))
