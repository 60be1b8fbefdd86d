"""Writes millions of rows: COPY on PostgreSQL, large batches on SQLite; secondary indexes are made afterwards.

Rows are plain values that both databases read alike: text, numbers, JSON as text, times as text in UTC.
"""

import sqlite3
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

import psycopg
from sqlalchemy import Index, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.schema import CreateIndex

from bench.panel.progress import Bar
from openbot.schema import Base

Row = tuple[Any, ...]
_BATCH = 20_000


class Missing(Exception):
    """The tables have a column that the generator does not know and that may not be empty."""


class Bulk(Protocol):
    """One database that is being filled."""

    def add(self, table: str, row: Row) -> None:
        """Take a row; its values are those of the columns that were named at the start."""

    def finish(self) -> None:
        """Write what is left, make the indexes, let the database look at what it has."""


def open_bulk(url: str, columns: Mapping[str, Sequence[str]]) -> Bulk:
    """Prepare a migrated database; of every table in `columns` these columns are given. Raises Missing."""
    for name, given in columns.items():
        for column in Base.metadata.tables[name].columns:
            needed = not column.nullable and column.server_default is None and column.name not in given
            if needed and not (column.primary_key and column.autoincrement is True):
                raise Missing(f"{name}.{column.name}")
    return _Sqlite(url, columns) if url.startswith("sqlite") else _Postgres(url, columns)


class _Batches(ABC):
    """Rows by table, handed on when there are many."""

    def __init__(self, columns: Mapping[str, Sequence[str]]) -> None:
        self._columns = columns
        self._rows: dict[str, list[Row]] = defaultdict(list)

    def add(self, table: str, row: Row) -> None:
        rows = self._rows[table]
        rows.append(row)
        if len(rows) >= _BATCH:
            self._write(table, rows)
            rows.clear()

    def _flush(self) -> None:
        for table, rows in self._rows.items():
            self._write(table, rows)
        self._rows.clear()

    @abstractmethod
    def _write(self, table: str, rows: list[Row]) -> None:
        """Bring these rows into a table."""


class _Sqlite(_Batches):
    def __init__(self, url: str, columns: Mapping[str, Sequence[str]]) -> None:
        super().__init__(columns)
        self._connection = sqlite3.connect(str(make_url(url).database), isolation_level=None)
        for pragma in ("synchronous=OFF", "journal_mode=OFF", "cache_size=-600000", "temp_store=MEMORY"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._indexes = _indexes(columns)
        for index in self._indexes:
            self._connection.execute(f"DROP INDEX {index.name}")
        self._connection.execute("BEGIN")

    def _write(self, table: str, rows: list[Row]) -> None:
        names = self._columns[table]
        marks = ",".join("?" * len(names))
        self._connection.executemany(f"INSERT INTO {table} ({','.join(names)}) VALUES ({marks})", rows)  # noqa: S608

    def finish(self) -> None:
        self._flush()
        self._connection.execute("COMMIT")
        _make(self._indexes, self._connection.execute, dialect=sqlite.dialect())
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.close()


class _Postgres(_Batches):
    def __init__(self, url: str, columns: Mapping[str, Sequence[str]]) -> None:
        super().__init__(columns)
        self._connection = psycopg.connect(url, autocommit=True)
        # Foreign keys hold by construction; checking ten million of them takes longer than writing them.
        for setting in ("session_replication_role=replica", "synchronous_commit=off", "TimeZone='UTC'",
                        "maintenance_work_mem='1GB'", "max_parallel_maintenance_workers=2"):  # fmt: skip
            self._execute(f"SET {setting}")
        self._indexes = _indexes(columns)
        for index in self._indexes:
            self._execute(f"DROP INDEX {index.name}")

    def _execute(self, statement: str) -> None:
        self._connection.execute(statement.encode())

    def _write(self, table: str, rows: list[Row]) -> None:
        into = f"COPY {table} ({','.join(self._columns[table])}) FROM STDIN"
        with self._connection.cursor() as cursor, cursor.copy(into.encode()) as copy:
            for row in rows:
                copy.write_row(row)

    def finish(self) -> None:
        self._flush()
        _make(self._indexes, self._execute, dialect=postgresql.dialect())  # type: ignore[no-untyped-call]
        for name in self._columns:
            if "id" in Base.metadata.tables[name].columns:
                last = f"GREATEST((SELECT max(id) FROM {name}), 1)"  # noqa: S608 - our own names
                self._execute(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {last})")
        with Bar("VACUUM ANALYZE", 1) as bar:
            self._execute("VACUUM ANALYZE")
            bar.step()
        self._connection.close()


def _indexes(columns: Iterable[str]) -> list[Index]:
    tables: list[Table] = [Base.metadata.tables[name] for name in columns]
    return [index for table in tables for index in sorted(table.indexes, key=lambda one: str(one.name))]


def _make(indexes: Sequence[Index], execute: Callable[[str], Any], *, dialect: Any) -> None:
    with Bar("indexes", len(indexes)) as bar:
        for index in indexes:
            execute(str(CreateIndex(index).compile(dialect=dialect)))
            bar.step()
