"""A loop that finds work and hands it to a pool of threads, each piece to one thread at a time."""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

log = logging.getLogger(__name__)

#: How often to ask whether anything changed at all, which costs next to nothing on SQLite.
GLANCE_SECONDS = 0.01
#: Under load something always changed: look no more often than this, for each look costs a query.
LOOK_PAUSE_SECONDS = 0.03
#: How often to look for work all the same: for what falls due by the clock …
LOOK_SECONDS = 0.2
#: … and where the database cannot say whether anything changed.
BLIND_LOOK_SECONDS = 0.05
BROKEN_SECONDS = 1.0


class Loop:
    """Calls `find(limit)` for ids and `work(id)` in the pool; an id in hand is not handed out again.

    `changes()` gives a number that grows with every commit, or None where the database cannot say.
    """

    def __init__(
        self,
        *,
        name: str,
        threads: int,
        find: Callable[[int], list[int]],
        work: Callable[[int], None],
        changes: Callable[[], int | None] = lambda: None,
        pause: float = 0,
    ) -> None:
        """`pause`: what is not urgent is looked for no more often than once in so many seconds."""
        self.name, self._threads = name, threads
        self._find, self._work, self._changes, self._pause = find, work, changes, pause
        self._pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix=name)
        self._in_hand: set[int] = set()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name)
        self._seen: int | None = None
        self._looked = 0.0
        self._full = False

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """Look for work now: somebody in this process made some."""
        self._wake.set()

    def run(self, work: Callable[[], None], *, what: str) -> None:
        """Have this done by the pool as well; `what` names it in the log. Raises RuntimeError after `stop`."""
        self._pool.submit(self._guarded, work, what=what)

    def stop(self, *, timeout: float) -> bool:
        """Take no new work and finish what is in hand; False when it took longer than `timeout` seconds."""
        self._stop.set()
        self._wake.set()
        self._thread.join(timeout=timeout)
        finished = threading.Event()

        def wait() -> None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            finished.set()

        threading.Thread(target=wait, daemon=True).start()
        return finished.wait(timeout)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                handed = self._hand_out()
            except Exception:  # the database may be away for a while; the loop must outlive it
                log.exception("%s: looking for work failed", self.name)
                self._stop.wait(BROKEN_SECONDS)
                continue
            if not handed:
                self._wait()

    def _wait(self) -> None:
        """Wait until something may have changed: a commit, a piece of work done here, or the clock."""
        while not self._stop.is_set():
            if self._wake.wait(GLANCE_SECONDS):
                self._wake.clear()
                return
            changes = self._changes()
            pause = LOOK_PAUSE_SECONDS if changes != self._seen else LOOK_SECONDS
            if changes is None:
                pause = BLIND_LOOK_SECONDS
            if time.monotonic() - self._looked > max(pause, self._pause):
                return

    def _hand_out(self) -> int:
        with self._lock:
            busy = len(self._in_hand)
        free = self._threads - busy
        self._full = free <= 0
        if self._full:
            return 0
        handed = 0
        self._seen, self._looked = self._changes(), time.monotonic()
        for item in self._find(busy + 2 * free):
            with self._lock:
                if item in self._in_hand or len(self._in_hand) >= self._threads:
                    continue
                self._in_hand.add(item)
            self._pool.submit(self._do, item)
            handed += 1
        return handed

    def _do(self, item: int) -> None:
        try:
            self._guarded(lambda: self._work(item), what=str(item))
        finally:
            with self._lock:
                self._in_hand.discard(item)
            if self._full:
                self._wake.set()

    def _guarded(self, work: Callable[[], None], *, what: str) -> None:
        try:
            work()
        except Exception:  # one broken piece of work must not end the thread; its lease brings it back
            log.exception("%s: work on %s failed", self.name, what)
