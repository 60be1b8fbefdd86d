"""Every open websocket of this process, and one task that tells them what is new and who has to leave.

News: something was committed, by whatever process. To leave: whoever's session has ended, also by another process, by
time or with the shift. A page is told first, so that it can go to the sign-in page; then its sockets are closed.
"""

import asyncio
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from api.panel_api import PanelApi
from api.recognise import limits, working_time
from api.signed_in import Person
from openbot.change_watch import ChangeWatch
from openbot.operators import sessions
from openbot.operators.sessions import Because, Standings

log = logging.getLogger(__name__)

#: «changed» is said at most so often: with the time it takes to notice a commit, it is told within a second.
NEWS_EVERY = 0.7
#: Sessions end by time, too: so often they are looked at where nothing was committed.
LOOK_EVERY = 5.0
#: From being told to leave to being cut off.
GOODBYE = 3.0
#: Minutes before the end of a shift at which its person is warned.
WARN_MINUTES = 10
_WAIT = 0.5
_MOST_UNREAD = 50

News = dict[str, Any]


@dataclass(eq=False, slots=True)
class Connection:
    """One open websocket."""

    session_id: int
    closing: asyncio.Event = field(default_factory=asyncio.Event)  #: it has to be cut off
    news: asyncio.Queue[News] = field(default_factory=lambda: asyncio.Queue(_MOST_UNREAD))
    listens: bool = False  #: somebody reads `news`
    warned: int | None = None  #: minutes of the last warning about the shift


class Live:
    """The websockets of one process. Belongs to one event loop; its task lives as long as there is a socket."""

    def __init__(self, panel: PanelApi) -> None:
        self._panel = panel
        self._open: set[Connection] = set()
        self._leaving: set[int] = set()
        self._task: asyncio.Task[None] | None = None
        self._number = 0

    @contextmanager
    def connection(self, person: Person) -> Iterator[Connection]:
        """Keep a websocket among those that are told and cut off."""
        mine = Connection(person.session_id)
        self._open.add(mine)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._watch())
        try:
            yield mine
        finally:
            self._open.discard(mine)

    def number_open(self) -> int:
        """Count the open websockets."""
        return len(self._open)

    async def close(self) -> None:
        """Cut off everybody: the process ends."""
        for each in self._open:
            each.closing.set()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _watch(self) -> None:
        watch = await asyncio.to_thread(ChangeWatch, self._panel.database)
        try:
            await self._follow(watch)
        finally:
            watch.close()  # at once: who is cancelled twice would never come to it

    async def _follow(self, watch: ChangeWatch) -> None:
        looked = told = -LOOK_EVERY
        while self._open:
            changed = await asyncio.to_thread(watch.wait, seconds=_WAIT)
            if changed:
                await asyncio.sleep(max(0.0, told + NEWS_EVERY - time.monotonic()))
                await asyncio.to_thread(watch.wait, seconds=0)  # what came meanwhile is told with it
                told = time.monotonic()
                self._number += 1
                self._tell({"type": "changed", "n": self._number})
            if changed or time.monotonic() - looked >= LOOK_EVERY:
                looked = time.monotonic()
                await self._look()

    async def _look(self) -> None:
        """Find who has to leave and whose shift ends."""
        here = {each.session_id for each in self._open} - self._leaving
        try:
            found = await asyncio.to_thread(self._standings, sorted(here))
        except Exception as error:  # noqa: BLE001 - the database may be away; the next look tries again
            log.warning("sessions could not be looked at: %s", type(error).__name__)
            return
        for session_id, because in found.ended.items():
            self._send_away(session_id, because)
        for session_id, minutes in found.minutes_left.items():
            self._warn(session_id, minutes, overtime=found.overtime_minutes)

    def _standings(self, session_ids: list[int]) -> Standings:
        panel = self._panel
        with panel.database.reading() as session:
            zone, overtime = working_time(session, panel.settings)
            return sessions.standings(
                session,
                session_ids=session_ids,
                now=panel.now,
                limits=limits(panel.settings),
                zone=zone,
                overtime=overtime,
            )

    def _send_away(self, session_id: int, because: Because) -> None:
        self._leaving.add(session_id)
        self._tell({"type": "kick", "reason": because.value}, session_id=session_id)
        asyncio.get_running_loop().call_later(GOODBYE, self._cut_off, session_id)

    def _cut_off(self, session_id: int) -> None:
        self._leaving.discard(session_id)
        for each in self._of(session_id):
            each.closing.set()

    def _warn(self, session_id: int, minutes: int, *, overtime: int) -> None:
        """Once when ten minutes are left, and once when it is over."""
        step = WARN_MINUTES if 0 < minutes <= WARN_MINUTES else 0 if minutes <= 0 else None
        for each in self._of(session_id):
            if step is not None and each.warned != step:
                each.warned = step
                _put(each, {"type": "shift_ends", "minutes": max(0, minutes), "overtime": overtime})

    def _tell(self, news: News, *, session_id: int | None = None) -> None:
        for each in self._open if session_id is None else self._of(session_id):
            _put(each, news)

    def _of(self, session_id: int) -> list[Connection]:
        return [each for each in self._open if each.session_id == session_id]


def _put(connection: Connection, news: News) -> None:
    if connection.listens and not connection.news.full():  # who reads nothing for so long is gone
        connection.news.put_nowait(news)
