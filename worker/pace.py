"""The number's throughput: at most so many sends a second, whatever the number of threads (contract §6.3)."""

import threading
import time
from collections.abc import Callable


class Pace:
    """Hands out moments to send. `pause` holds everybody back: a rate limit or a refused token."""

    def __init__(self, *, per_second: float, now: Callable[[], float] = time.monotonic) -> None:
        self._interval = 1 / per_second
        self._now = now
        self._next = 0.0
        self._paused_until = 0.0
        self._lock = threading.Lock()

    def reserve(self) -> float:
        """Book the next moment; returns the seconds until then (0 = at once)."""
        with self._lock:
            now = self._now()
            moment = max(now, self._next)
            self._next = moment + self._interval
            return moment - now

    def take(self) -> bool:
        """Book this very moment, if it is free and nobody is held back."""
        with self._lock:
            now = self._now()
            if now < max(self._next, self._paused_until):
                return False
            self._next = now + self._interval
            return True

    def pause(self, seconds: float) -> None:
        """Let nobody send for so many seconds."""
        with self._lock:
            self._paused_until = max(self._paused_until, self._now() + seconds)

    @property
    def paused(self) -> bool:
        """Whether sends are held back."""
        with self._lock:
            return self._now() < self._paused_until
