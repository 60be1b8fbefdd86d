"""One process of Openbot: how it is started, and what tells that it is well, or at least alive."""

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

#: A program that `beats` touches the file that this variable names, every second or so.
HEARTBEAT_FILE = "OPENBOT_HEARTBEAT_FILE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One process of Openbot."""

    name: str
    command: tuple[str, ...]
    host: str = "127.0.0.1"
    port: int | None = None  #: where it listens
    setting: str = ""  #: the variable that moves it to another port
    health: str = ""  #: path that answers 2xx when it is ready; empty: a connection is enough
    beats: bool = False  #: instead of listening it touches a file, see HEARTBEAT_FILE
    look_seconds: float = 5.0  #: from one look for a sign of life to the next
    answer_seconds: float = 5.0  #: longest wait for an answer
    misses: int = 6  #: looks without a sign of life, one after the other, after which it is ended
    start_seconds: float = 300.0  #: longest time until it is ready
    environment: Mapping[str, str] = field(default_factory=dict)  #: on top of ours
    stop_last: bool = False  #: others still need it while they finish
    stop_seconds: float = 8.0  #: from SIGTERM to SIGKILL

    @property
    def reachable_host(self) -> str:
        """Where a client of this machine finds it."""
        return "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104 - compared, not bound

    async def is_ready(self, *, beat: Path) -> bool:
        """Whether it is up and well; `beat` is the file of one that `beats`."""
        if self.beats:
            return beat.exists()  # noqa: ASYNC240 - one look at a file of this machine
        answer = await self._answer()
        return answer is not None and (not self.health or b" 2" in answer[:12])

    async def sign_of_life(self, *, beat: Path) -> int | None:
        """Return a number that is another one each time while it lives, None when there is no sign of life.

        Any answer is one, also that something is wrong.
        """
        if self.beats:
            with suppress(OSError):
                return beat.stat().st_mtime_ns  # noqa: ASYNC240 - as above
            return None
        is_there = self.port is None or await self._answer() is not None
        return time.monotonic_ns() if is_there else None

    async def _answer(self) -> bytes | None:
        """Return the first line of its answer to a look at its health; None when there is none in time."""
        try:
            async with asyncio.timeout(self.answer_seconds):
                reader, writer = await asyncio.open_connection(self.reachable_host, self.port)
                try:
                    if not self.health:
                        return b""
                    request = f"GET {self.health} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                    writer.write(request.encode())
                    return await reader.readline() or None
                finally:
                    writer.close()
        except (OSError, TimeoutError, ValueError):
            return None
