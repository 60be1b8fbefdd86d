"""Waits until any process committed something: asks SQLite's counter, or listens to PostgreSQL."""

import time

import psycopg

from openbot.database import Database
from openbot.notifying import Listener

#: How often SQLite is asked; a fraction of a query each time.
GLANCE_SECONDS = 0.2
#: After the server went away.
BROKEN_SECONDS = 1.0


class ChangeWatch:
    """For one thread."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._seen = database.change_counter()
        self._listener = None if database.is_sqlite else Listener(database.connect)

    def wait(self, *, seconds: float) -> bool:
        """Return True once something may have been committed since the last call, False after that time."""
        if self._listener is None:
            return self._glance(seconds)
        try:
            return self._listener.wait(seconds=seconds)
        except psycopg.Error:
            time.sleep(min(seconds, BROKEN_SECONDS))
            return False

    def close(self) -> None:
        """Give back what was opened."""
        if self._listener is not None:
            self._listener.close()

    def _glance(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while (counter := self._database.change_counter()) == self._seen:
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            time.sleep(min(GLANCE_SECONDS, left))
        self._seen = counter
        return True
