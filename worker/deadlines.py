"""What happens by the clock: orders expire."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from openbot.conversations import handover
from openbot.crash import crash_at
from openbot.database import Database

log = logging.getLogger(__name__)

EVERY_SECONDS = 10.0
BATCH = 100


@dataclass(kw_only=True)
class Deadlines:
    """Looks every few seconds; idempotent, so any number of workers may do it."""

    database: Database
    clock: Callable[[], datetime]
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin."""
        self._thread = threading.Thread(target=self._run, name="deadlines")
        self._thread.start()

    def stop(self) -> None:
        """End after the batch in hand."""
        self._stop.set()
        if self._thread:
            self._thread.join()

    def once(self) -> int:
        """Expire and put off what is due; returns how many orders were settled."""
        settled = 0
        while not self._stop.is_set():
            with self.database.transaction() as session:
                expired, put_off = handover.expire_due(session, now=self.clock(), limit=BATCH)
                crash_at("expired, not committed")
            crash_at("expired")
            if expired or put_off:
                log.info("orders expired: %s, put off: %s", expired, put_off)
            settled += expired + put_off
            if expired + put_off < BATCH:
                break
        return settled

    def _run(self) -> None:
        while not self._stop.wait(EVERY_SECONDS):
            try:
                self.once()
            except Exception:  # tried again at the next look
                log.exception("deadlines failed")
