"""A progress bar: redrawn on a terminal, a line now and then elsewhere."""

import sys
import time
from typing import Self

_WIDTH = 30
_TERMINAL_SECONDS, _LOG_SECONDS = 0.2, 10.0


class Bar:
    """`with Bar("orders", 100_000) as bar: bar.step()`."""

    def __init__(self, what: str, total: int) -> None:
        self._what, self._total, self._done = what, max(total, 1), 0
        self._started = self._drawn = time.monotonic()
        self._is_terminal = sys.stderr.isatty()
        self._apart = _TERMINAL_SECONDS if self._is_terminal else _LOG_SECONDS

    def __enter__(self) -> Self:
        return self

    def __exit__(self, failed: object, *_: object) -> None:
        if not failed:
            self._draw(end="\n")

    def step(self, count: int = 1) -> None:
        """So many more are done."""
        self._done += count
        if time.monotonic() - self._drawn >= self._apart:
            self._draw(end="" if self._is_terminal else "\n")

    def _draw(self, *, end: str) -> None:
        self._drawn = time.monotonic()
        share = min(self._done / self._total, 1)
        filled = "#" * int(share * _WIDTH)
        seconds = self._drawn - self._started
        left = f", {seconds / share - seconds:.0f} s left" if 0.02 < share < 1 else ""  # noqa: PLR2004 - a guess
        start = "\r\x1b[K" if self._is_terminal else ""
        line = f"{start}  {self._what:<28} [{filled:<{_WIDTH}}] {share:>4.0%}  {seconds:.0f} s{left}"
        print(line, end=end, file=sys.stderr, flush=True)  # noqa: T201 - a command line
