"""Time as the simulated world sees it, and the buckets that limit how fast the business may send."""

import asyncio
import time
from collections.abc import Callable


class Clock:
    """Wall time plus an offset that a test or the page may change."""

    def __init__(self, wall: Callable[[], float] = time.time) -> None:
        self._wall = wall
        self.offset_seconds = 0.0

    def now(self) -> float:
        """Unix seconds, in the simulated world."""
        return self._wall() + self.offset_seconds


class Bucket:
    """Holds `size` sends and refills at `per_second`; time is an argument, in unix seconds."""

    def __init__(self, *, size: float, per_second: float, now: float) -> None:
        self._size = size
        self._per_second = per_second
        self._level = size
        self._at = now

    def take(self, now: float) -> bool:
        """Take one; false when empty (nothing is taken then). A clock set back refills nothing."""
        self._level = min(self._size, self._level + max(0.0, now - self._at) * self._per_second)
        self._at = now
        if self._level < 1 - 1e-9:
            return False
        self._level -= 1
        return True


class Bell:
    """Wakes everyone who waits for something to change. For one event loop."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Event] = set()
        self.stopped = False

    def ring(self) -> None:
        for event in self._waiting:
            event.set()

    def stop(self) -> None:
        """From now on nobody waits: every present and later wait ends at once."""
        self.stopped = True
        self.ring()

    async def until(self, condition: Callable[[], bool], *, seconds: float) -> bool:
        """Wait until the condition holds; false when time ran out or the simulator stops."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        event = asyncio.Event()
        self._waiting.add(event)
        try:
            while not condition():
                left = deadline - loop.time()
                if left <= 0 or self.stopped:
                    return False
                event.clear()
                try:
                    await asyncio.wait_for(event.wait(), left)
                except TimeoutError:
                    continue
            return True
        finally:
            self._waiting.discard(event)
