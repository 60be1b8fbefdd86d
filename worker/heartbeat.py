"""A sign of life for who watches this process, as long as all its parts get on with their work."""

import logging
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, Self, TypeVar

from openbot.program import HEARTBEAT_FILE

log = logging.getLogger(__name__)

EVERY_SECONDS = 1.0
#: A part that has not looked for work for so long hangs: longer than any wait for an answer.
LONGEST_SECONDS = 120.0

P = ParamSpec("P")
T = TypeVar("T")


class Heartbeat:
    """Beats every second, unless a part hangs."""

    def __init__(self, *, file: Path | None, now: Callable[[], float] = time.monotonic) -> None:
        self._file, self._now = file, now
        self._each_time: list[Callable[[], None]] = []
        self._looked: dict[str, float] = {}
        self._hanging: set[str] = set()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    @classmethod
    def of_this_process(cls) -> Self:
        """Make the one that whoever started this process asked for, in its environment."""
        asked = os.environ.get(HEARTBEAT_FILE, "")
        return cls(file=Path(asked) if asked else None)

    def of(self, part: str, look: Callable[P, T]) -> Callable[P, T]:
        """Wrap what a part calls again and again, so that its heart is heard."""
        self._looked[part] = self._now()

        def heard(*args: P.args, **kwargs: P.kwargs) -> T:
            self._looked[part] = self._now()
            return look(*args, **kwargs)

        return heard

    def each_time(self, call: Callable[[], None]) -> None:
        """Call this at every beat too; it must not raise."""
        self._each_time.append(call)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._stop.set()
        self._thread.join(timeout=EVERY_SECONDS)

    def beat(self) -> bool:
        """Touch the file; False when a part hangs, which is said once."""
        late = {part for part, at in self._looked.items() if self._now() - at > LONGEST_SECONDS}
        for part in sorted(late - self._hanging):
            log.error("%s has not looked for work for %.0f s", part, LONGEST_SECONDS)
        self._hanging = late
        if not late and self._file is not None:
            self._file.touch()
        return not late

    def _run(self) -> None:
        while True:
            try:
                for call in self._each_time:
                    call()
                self.beat()
            except OSError:  # a full disk, or a folder that is gone: the next beat tries again
                log.exception("no sign of life could be given")
            if self._stop.wait(EVERY_SECONDS):
                return
