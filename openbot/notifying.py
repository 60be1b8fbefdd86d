"""Tells other processes that something was committed, where the database cannot be asked: PostgreSQL.

NOTIFY inside a transaction would queue all commits of the server behind one lock. So a thread sends it after the
commit, at most five times a second, and no writer waits. A process killed in between leaves one change untold until
the next one.
"""

import logging
import threading
from collections.abc import Callable
from contextlib import suppress

import psycopg

log = logging.getLogger(__name__)

CHANNEL = "openbot_changed"
#: News of changes in between are one.
PAUSE_SECONDS = 0.2

Connect = Callable[[], psycopg.Connection]


class Notifier:
    """Safe to share between threads; connects at the first change."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._changed, self._closed = threading.Event(), threading.Event()
        self._guard = threading.Lock()
        self._thread: threading.Thread | None = None

    def changed(self) -> None:
        """Something was committed."""
        self._changed.set()
        if self._thread is None:
            with self._guard:
                if self._thread is None and not self._closed.is_set():
                    self._thread = threading.Thread(target=self._run, name="notifier", daemon=True)
                    self._thread.start()

    def close(self) -> None:
        """Tell what is untold, and end."""
        self._closed.set()
        self._changed.set()
        with self._guard:
            if self._thread is not None:
                self._thread.join(timeout=5)

    def _run(self) -> None:
        connection: psycopg.Connection | None = None
        while True:
            self._changed.wait()
            last = self._closed.is_set()
            self._changed.clear()
            try:
                connection = connection or self._connect()
                connection.execute(f"NOTIFY {CHANNEL}")
            except psycopg.Error as error:
                log.warning("a change was not told to other processes: %s", type(error).__name__)
                if connection is not None:
                    with suppress(psycopg.Error):
                        connection.close()
                connection = None
            if last:
                break
            self._closed.wait(PAUSE_SECONDS)
        if connection is not None:
            connection.close()


class Listener:
    """Waits for what the notifiers of all processes tell. For one thread; another one may close it meanwhile."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._connection: psycopg.Connection | None = None
        self._is_closed = False

    def wait(self, *, seconds: float) -> bool:
        """Return True once something was committed, False after that time. Raises psycopg.Error, then connects anew.

        The first wait, and the first one after an error, is True at once: nobody knows what came before.
        """
        connection = self._connection
        try:
            if connection is None:
                connection = self._connection = self._connect()
                connection.execute(f"LISTEN {CHANNEL}")
                return True
            return any(True for _ in connection.notifies(timeout=seconds, stop_after=1))
        except psycopg.Error:
            self._drop()
            raise
        finally:
            if self._is_closed:  # while this one waited, or connected
                self._drop()

    def close(self) -> None:
        """Give back the connection, for good."""
        self._is_closed = True
        self._drop()

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(psycopg.Error):
                connection.close()
