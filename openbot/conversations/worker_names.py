"""Names of workers on one database: two live processes never share one, and a dead one's is free at once.

The operating system (SQLite: a lock on a file beside the database) or PostgreSQL (an advisory lock of the session)
lets a name go when its process dies, however it dies. Should a name be lost alive, with its connection, nothing is
doubled: every write about a claim says `WHERE attempt = mine`.
"""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Protocol

from sqlalchemy import Connection, TextClause, text
from sqlalchemy.exc import SQLAlchemyError

from openbot.database import Database
from openbot.errors import OpenbotError

MOST_WORKERS = 64
_NAME = re.compile(r"worker-(\d{1,2})", re.ASCII)
#: The first of the two numbers of our advisory locks; the second is the worker's.
_SPACE = 721_490
_TRY = text("SELECT pg_try_advisory_lock(:space, :number)")
_LET_GO = text("SELECT pg_advisory_unlock(:space, :number)")
_LET_ALL_GO = text("SELECT pg_advisory_unlock_all()")
_IN_USE = text(
    "SELECT objid FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database "
    "WHERE locktype = 'advisory' AND classid = :space AND objsubid = 2 AND datname = current_database()"
)
_ARE_YOU_THERE = text("SELECT 1")


class NoNameFree(OpenbotError):
    """As many workers as may run on one database run already."""

    code = "no_name_free"


class NameLost(OpenbotError):
    """Another worker has this worker's name by now: start again, under another one."""

    code = "name_lost"


class Name:
    """A worker's name, held until `let_go` or the end of the process."""

    def __init__(self, database: Database) -> None:
        """Take the first free name. Raises NoNameFree, and SQLAlchemyError when the database is away."""
        self._locks = _locks(database)
        number = next((each for each in range(1, MOST_WORKERS + 1) if self._locks.take(each)), None)
        if number is None:
            self._locks.close()
            raise NoNameFree
        self._number = number

    def __str__(self) -> str:
        return _name(self._number)

    def keep(self) -> None:
        """Make sure that it is held still; call it every few seconds. Raises NameLost.

        While the database is away nobody can tell, and nobody can take it either.
        """
        with suppress(SQLAlchemyError):
            if not self._locks.holds(self._number) and not self._locks.take(self._number):
                raise NameLost

    def let_go(self) -> None:
        """Another worker may have it."""
        self._locks.close()

    @contextmanager
    def of_a_dead_one(self, worker: str) -> Iterator[bool]:
        """Say whether this name is nobody's but ours, and let nobody begin under it meanwhile.

        False for what is no name of ours: a worker of an earlier version may live.
        """
        found = _NAME.fullmatch(worker)
        number = int(found[1]) if found else 0
        if number in (0, self._number):
            yield number == self._number
            return
        is_dead = self._locks.take(number)
        try:
            yield is_dead
        finally:
            if is_dead:
                self._locks.let_go(number)


def in_use(database: Database) -> list[str]:
    """Return the names of the workers that live. Raises SQLAlchemyError when the database is away."""
    locks = _locks(database)
    try:
        return [_name(number) for number in sorted(locks.in_use())]
    finally:
        locks.close()


def _name(number: int) -> str:
    return f"worker-{number}"


class _Locks(Protocol):
    """Locks by number, held by this process."""

    def take(self, number: int) -> bool: ...
    def holds(self, number: int) -> bool: ...
    def let_go(self, number: int) -> None: ...
    def in_use(self) -> list[int]: ...
    def close(self) -> None: ...


def _locks(database: Database) -> _Locks:
    return _FileLocks(database) if database.is_sqlite else _SessionLocks(database)


class _FileLocks:
    """SQLite: all its workers are on this machine."""

    def __init__(self, database: Database) -> None:
        self._stem = f"{database.engine.url.database}-worker-"
        self._held: dict[int, int] = {}

    def take(self, number: int) -> bool:
        file = os.open(f"{self._stem}{number}", os.O_CREAT | os.O_RDWR, 0o600)
        if not _try_lock(file, fcntl.LOCK_EX):
            os.close(file)
            return False
        self._held[number] = file
        return True

    def holds(self, number: int) -> bool:
        return number in self._held

    def let_go(self, number: int) -> None:
        os.close(self._held.pop(number))

    def in_use(self) -> list[int]:
        return [number for number in range(1, MOST_WORKERS + 1) if self._is_locked(number)]

    def close(self) -> None:
        for number in [*self._held]:
            self.let_go(number)

    def _is_locked(self, number: int) -> bool:
        try:
            file = os.open(f"{self._stem}{number}", os.O_RDONLY)
        except FileNotFoundError:
            return False
        try:
            return not _try_lock(file, fcntl.LOCK_SH)
        finally:
            os.close(file)


def _try_lock(file: int, kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class _SessionLocks:
    """PostgreSQL: the server lets a lock go with the connection that took it, wherever its worker was."""

    def __init__(self, database: Database) -> None:
        self._engine = database.engine
        self._connection: Connection | None = None
        self._held: set[int] = set()

    def take(self, number: int) -> bool:
        is_mine = bool(self._ask(_TRY, space=_SPACE, number=number).scalar())
        if is_mine:
            self._held.add(number)
        return is_mine

    def holds(self, number: int) -> bool:
        self._ask(_ARE_YOU_THERE)
        return number in self._held

    def let_go(self, number: int) -> None:
        self._held.discard(number)
        self._ask(_LET_GO, space=_SPACE, number=number)

    def in_use(self) -> list[int]:
        return list(self._ask(_IN_USE, space=_SPACE).scalars())

    def close(self) -> None:
        connection, self._connection = self._connection, None
        self._held.clear()
        if connection is not None:
            with suppress(SQLAlchemyError):  # the locks go with the connection at the latest
                connection.execute(_LET_ALL_GO)
            connection.invalidate()
            connection.close()

    def _ask(self, statement: TextClause, **bound: int) -> Any:
        try:
            if self._connection is None:
                self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            return self._connection.execute(statement, bound)
        except SQLAlchemyError:
            self.close()  # the locks are gone with it
            raise
