"""The door to SQL: `transaction()` to write, `reading()` to read, the same on SQLite and PostgreSQL.

SQLite: WAL, `synchronous=FULL`. Its one writer at a time is found by queueing, for SQLite's own waiting is a sleep
and a new try, unfair among processes (architecture §1.6): threads queue in their process, processes for a lock on a
file beside the database. `write()` does small writes of several threads in one commit.

Whether any process committed: SQLite counts (`change_counter`), PostgreSQL is told (`openbot/notifying.py`).
"""

import fcntl
import os
import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import Session

from openbot.errors import OpenbotError
from openbot.group_commit import Group
from openbot.notifying import Notifier

__all__ = ["Database", "DatabaseBusy", "Session"]

WRITE_WAIT_SECONDS = 5.0
QUEUE_SECONDS = 0.0004
#: What a connection to SQLite keeps of the file in memory.
_CACHE_KIB, _LITTLE_KIB = 65_536, 2_048
_WROTE = "openbot_wrote"
#: Connections to PostgreSQL that only read, of one process.
_READERS = 10
#: A connection that rested longer is asked whether it is still there: a server that went away took all with it.
_RESTED_SECONDS = 2.0
_USED = "openbot_used"
#: For who only reads. Statements differ with every filter: plan each as it is, and do not compile it.
_FOR_READERS = (
    "SET default_transaction_read_only = on; SET TIME ZONE 'UTC'; "
    "SET jit = off; SET plan_cache_mode = force_custom_plan"
)
T = TypeVar("T")


class DatabaseBusy(OpenbotError):
    """The database could not be locked for writing in time; try again."""

    code = "database_busy"


class Database:
    """One database; safe to share between threads. Make one per process."""

    def __init__(self, url: str, *, pool_size: int = 20) -> None:
        """`url` as in OPENBOT_DATABASE_URL. Connects at the first use."""
        parsed = make_url(url)
        self.url = url
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        self._writing = threading.Lock()
        self._group = Group()
        self._queue: int | None = None
        self._watching: sqlite3.Connection | None = None
        self._notifier: Notifier | None = None
        self._is_closed = threading.Event()
        if self.is_sqlite:
            Path(parsed.database or "").parent.mkdir(parents=True, exist_ok=True)
            self.engine = _sqlite_engine(url, pool_size=pool_size, writes=True)
            self._reader = _sqlite_engine(url, pool_size=pool_size, writes=False)
        else:
            if parsed.drivername == "postgresql":
                parsed = parsed.set(drivername="postgresql+psycopg")
            self.engine = _postgresql_engine(
                parsed, pool_size=pool_size, writes=True, is_closed=self._is_closed
            )
            self._reader = _postgresql_engine(
                parsed, pool_size=min(pool_size, _READERS), writes=False, is_closed=self._is_closed
            )
            self._notifier = Notifier(self.connect)
            event.listen(self.engine, "before_cursor_execute", _note_write)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Commit at the end, roll back on an error. Raises DatabaseBusy when SQLite stays locked for 5 s."""
        wrote = False
        with self._one_writer(), Session(self.engine, expire_on_commit=False) as session, session.begin():
            connection = session.connection()  # takes the write lock now, not at the first statement
            connection.info.pop(_WROTE, None)
            yield session
            session.flush()
            wrote = bool(connection.info.pop(_WROTE, False))
        if wrote and self._notifier is not None:
            self._notifier.changed()

    def write(self, work: Callable[[Session], T]) -> T:
        """Run `work` in a transaction and return what it returned, after the commit.

        On SQLite what several threads want to write at the same time goes into one commit. When one of them
        raises, all are undone and run again one by one: `work` may run twice and must do nothing but SQL.
        """
        if not self.is_sqlite:
            with self.transaction() as session:
                return work(session)
        return self._group.run(work, self.transaction)

    @contextmanager
    def _one_writer(self) -> Iterator[None]:
        if not self.is_sqlite:
            yield
            return
        if not self._writing.acquire(timeout=WRITE_WAIT_SECONDS):
            raise DatabaseBusy
        try:
            if self._queue is None:
                self._queue = os.open(f"{self.engine.url.database}-queue", os.O_CREAT | os.O_RDWR, 0o600)
            _take(self._queue)  # the kernel gives it back when a process dies
            try:
                yield
            finally:
                fcntl.flock(self._queue, fcntl.LOCK_UN)
        finally:
            self._writing.release()

    @contextmanager
    def reading(self, *, passing: bool = False) -> Iterator[Session]:
        """Read; a write inside fails. On SQLite all of it is one state, on PostgreSQL each statement is.

        `passing`: who reads very much, and once, leaves little of it in this process's memory.
        """
        with Session(self._reader, expire_on_commit=False) as session:
            if passing and self.is_sqlite:
                session.connection().exec_driver_sql(f"PRAGMA cache_size=-{_LITTLE_KIB}")
                try:
                    yield session
                finally:
                    session.connection().exec_driver_sql(f"PRAGMA cache_size=-{_CACHE_KIB}")
            else:
                yield session

    def change_counter(self) -> int | None:
        """Return a number that grows when any process committed, for a fraction of a query; None: not known.

        SQLite only. Threads may share it.
        """
        if not self.is_sqlite:
            return None
        if self._watching is None:
            self._watching = sqlite3.connect(
                str(self.engine.url.database), isolation_level=None, check_same_thread=False
            )
        return int(self._watching.execute("PRAGMA data_version").fetchone()[0])

    def connect(self) -> psycopg.Connection:
        """Open a connection of PostgreSQL's own, outside of any pool, that commits each statement by itself."""
        url = self.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        return psycopg.connect(url, autocommit=True)

    def close(self) -> None:
        """Give back all connections; those that a thread still holds are closed when it gives them back."""
        self._is_closed.set()
        if self._notifier is not None:
            self._notifier.close()
        if self._watching is not None:
            self._watching.close()
        if self._queue is not None:
            os.close(self._queue)
            self._queue = None
        self.engine.dispose()
        self._reader.dispose()


def _note_write(connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
    """Remember that a transaction does more than look; FOR UPDATE and the like only look."""
    if not statement.startswith("SELECT"):
        connection.info[_WROTE] = True


def _postgresql_engine(url: URL, *, pool_size: int, writes: bool, is_closed: threading.Event) -> Engine:
    # Readers need no transaction, which would cost two more round trips each time.
    isolation = {} if writes else {"isolation_level": "AUTOCOMMIT"}
    engine = create_engine(url, pool_size=pool_size, max_overflow=10, hide_parameters=True, **isolation)

    @event.listens_for(engine, "connect")
    def prepare(connection: psycopg.Connection, _record: Any) -> None:
        if not writes:
            connection.execute(_FOR_READERS)
            connection.commit()

    @event.listens_for(engine, "checkin")
    def used(connection: psycopg.Connection | None, record: Any) -> None:
        record.info[_USED] = time.monotonic()
        if is_closed.is_set() and connection is not None:
            connection.close()

    @event.listens_for(engine, "checkout")
    def look(connection: psycopg.Connection, record: Any, _proxy: Any) -> None:
        if time.monotonic() - record.info.get(_USED, time.monotonic()) < _RESTED_SECONDS:
            return
        try:
            connection.execute("SELECT 1")
            connection.rollback()
        except psycopg.Error as error:
            raise DisconnectionError from error

    return engine


def _sqlite_engine(url: str, *, pool_size: int, writes: bool) -> Engine:
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=10,
        hide_parameters=True,  # an error in the log must not show phones and messages
        connect_args={"check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy's BEGIN below is the only one
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout=5000")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")
        if writes:
            cursor.execute("PRAGMA busy_timeout=0")
        else:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        if writes:
            _begin_immediate(connection)
        else:
            connection.exec_driver_sql("BEGIN")

    return engine


def _begin_immediate(connection: Any) -> None:
    raw: sqlite3.Connection = connection.connection.dbapi_connection
    deadline = time.monotonic() + WRITE_WAIT_SECONDS
    while True:
        try:
            raw.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) and "busy" not in str(error):
                raise
            if time.monotonic() > deadline:
                raise DatabaseBusy from error
            time.sleep(random.uniform(0.001, 0.003))  # noqa: S311 - jitter, not a secret
        else:
            return


def _take(queue: int) -> None:
    """Wait for this process's turn. `flock` itself waits for ever, and a process that hangs would hold up all."""
    deadline = time.monotonic() + WRITE_WAIT_SECONDS
    while True:
        try:
            fcntl.flock(queue, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise DatabaseBusy from None
            time.sleep(QUEUE_SECONDS)
        else:
            return
