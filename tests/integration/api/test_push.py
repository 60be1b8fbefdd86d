"""What anybody commits is told to every open page within a second, whichever process it was."""

import asyncio
import json
import statistics
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.sync.client import ClientConnection, connect

from api import live
from api.live import NEWS_EVERY, Connection, Live
from openbot import change_watch
from openbot.change_watch import ChangeWatch
from openbot.database import Database
from openbot.schema import CompanySetting
from tests.support.panel import Panel
from tests.support.served import served

#: What the product promises.
PROMISED = 1.0
#: On a machine that does much else.
AT_WORST = 5.0
#: Commits this long after the last news: at once, within the pause, just before and just after its end.
GAPS = (0.0, 0.1, NEWS_EVERY / 2, NEWS_EVERY - 0.05, NEWS_EVERY + 0.05, 0.0, 1.0)


@pytest.fixture
def other(database: Database) -> Iterator[Database]:
    """Another process on the same database."""
    other = Database(database.url)
    yield other
    other.close()


@pytest.fixture
def page(panel: Panel) -> Iterator[ClientConnection]:
    """The websocket of somebody's open page."""
    browser = panel.operator()
    with served(panel.world.app) as address:
        headers = {
            "Cookie": f"openbot_session={browser.cookies.get('openbot_session', '')}",
            "Origin": f"http://{address}",
        }
        with connect(f"ws://{address}/api/events", additional_headers=headers) as socket:
            yield socket


def drain(socket: ClientConnection, *, quiet: float) -> None:
    """Read away what came, until nothing does for so long."""
    while True:
        try:
            socket.recv(timeout=quiet)
        except TimeoutError:
            return


def test_a_commit_of_another_process_is_told_within_a_second(page: ClientConnection, other: Database):
    drain(page, quiet=2 * NEWS_EVERY)
    took = []
    for number, gap in enumerate(GAPS):
        time.sleep(gap)
        drain(page, quiet=0)
        with other.transaction() as session:
            session.merge(CompanySetting(key=f"x{number}", value=1))
        began = time.monotonic()
        while json.loads(page.recv(timeout=AT_WORST))["type"] != "changed":
            pass
        took.append(time.monotonic() - began)
    assert statistics.median(took) < PROMISED, took


class Rhythm:
    """The follower with a clock of its own, which only moves when it waits; commits happen at given times."""

    def __init__(self, commits: list[float]) -> None:
        self.now, self.commits, self.told = 1000.0, [1000.0 + each for each in commits], list[float]()
        self.panel = cast("Any", SimpleNamespace(database=self))
        self.is_sqlite = True

    def change_counter(self) -> int:
        """As a database of SQLite has it."""
        return sum(at <= self.now for at in self.commits)

    def monotonic(self) -> float:
        """Return its time."""
        return self.now

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds

    async def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds

    async def to_thread(self, work: Callable[..., Any], *args: Any, **named: Any) -> Any:
        """Do it right here."""
        return work(*args, **named)

    async def follow(self, *, until: float) -> None:
        """Run the loop of `api.live` to that time."""
        rhythm = self

        class Followed(Live):
            async def _look(self) -> None:
                if rhythm.now > until:
                    self._open.clear()

            def _tell(self, news: live.News, *, session_id: int | None = None) -> None:
                assert (news["type"], session_id) == ("changed", None)
                rhythm.told.append(rhythm.now)

        followed = Followed(self.panel)
        followed._open.add(cast("Connection", "somebody's"))
        await followed._follow(ChangeWatch(cast("Database", self)))


@given(commits=st.lists(st.floats(min_value=0.01, max_value=20), max_size=30))
def test_no_commit_waits_for_longer_and_news_keep_their_distance(commits: list[float]):
    rhythm = Rhythm(commits)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(live, "asyncio", SimpleNamespace(sleep=rhythm.sleep, to_thread=rhythm.to_thread))
        patch.setattr(live, "time", SimpleNamespace(monotonic=rhythm.monotonic))
        patch.setattr(change_watch, "time", SimpleNamespace(monotonic=rhythm.monotonic, sleep=rhythm.wait))
        asyncio.run(rhythm.follow(until=1030.0))
    for at in rhythm.commits:
        assert min(told - at for told in rhythm.told if told >= at) < PROMISED - 0.2  # left for the way
    apart = [later - earlier for earlier, later in zip(rhythm.told, rhythm.told[1:], strict=False)]
    assert min(apart, default=NEWS_EVERY) >= NEWS_EVERY - 1e-6
    assert len(rhythm.told) <= len(commits)
