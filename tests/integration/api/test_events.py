"""The websocket of an open page, over a real port: news within a second, and the way out."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from api import live
from openbot.database import Database
from openbot.operators import sessions
from openbot.operators.sessions import Because
from openbot.schema import CompanySetting, Operator, PanelSession
from openbot.vocabulary import Enabled
from tests.support.panel import Browser, Panel
from tests.support.served import served

#: What the product promises, for being pushed out.
PUSHED_OUT = 2.0
TUESDAY = [{"weekday": 1, "from": "09:00", "to": "10:30"}]  # it is Tuesday 10:00

EVERY = 0.2
#: Commits of a sign-in, each told by itself at worst; news without an end would be more.
MOST_OF_SIGNING_IN = 4

Opens = Callable[..., AbstractContextManager[ClientConnection]]


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same rhythm, five times as fast."""
    for name, seconds in {"NEWS_EVERY": EVERY, "LOOK_EVERY": 1.0, "GOODBYE": 0.4}.items():
        monkeypatch.setattr(live, name, seconds)


@pytest.fixture
def opens(panel: Panel) -> Iterator[Opens]:
    with served(panel.world.app) as address:

        @contextmanager
        def page(browser: Browser, *, origin: str | None = "", path: str = "/api/events") -> Iterator[Any]:
            headers = {"Cookie": f"openbot_session={browser.cookies.get('openbot_session', '')}"}
            if origin is not None:
                headers["Origin"] = origin or f"http://{address}"
            with connect(f"ws://{address}{path}", additional_headers=headers) as socket:
                yield socket

        yield page


@pytest.fixture
def other(database: Database) -> Iterator[Database]:
    """Another process on the same database."""
    other = Database(database.url)
    yield other
    other.close()


def hears(socket: ClientConnection, kind: str, *, within: float = 3.0) -> dict[str, Any]:
    deadline = time.monotonic() + within
    while True:
        news = json.loads(socket.recv(timeout=max(0.01, deadline - time.monotonic())))
        if news["type"] == kind:
            return news


def calm(socket: ClientConnection) -> None:
    """Read away what the signing in itself caused."""
    while True:
        try:
            socket.recv(timeout=3 * EVERY)
        except TimeoutError:
            return


def until_closed(socket: ClientConnection) -> None:
    while True:
        socket.recv(timeout=6)


def test_a_commit_of_another_process_is_news(panel: Panel, opens: Opens, other: Database):
    with opens(panel.operator()) as socket:
        calm(socket)
        with other.transaction() as session:
            session.merge(CompanySetting(key="x", value=1))
        assert hears(socket, "changed")["n"] > 0


def test_without_a_change_there_is_no_news(panel: Panel, opens: Opens):
    with opens(panel.operator()) as socket:
        told = 0
        with suppress(TimeoutError):
            while told <= MOST_OF_SIGNING_IN and socket.recv(timeout=5 * EVERY):
                told += 1
        assert told <= MOST_OF_SIGNING_IN


def test_many_changes_are_told_together(panel: Panel, opens: Opens, other: Database):
    with opens(panel.operator()) as socket:
        calm(socket)
        began = time.monotonic()
        for number in range(40):
            with other.transaction() as session:
                session.merge(CompanySetting(key=f"x{number}", value=1))
        heard = 0
        with suppress(TimeoutError):
            while socket.recv(timeout=3 * EVERY):
                heard += 1
        assert 1 <= heard <= (time.monotonic() - began) / EVERY + 1


@pytest.mark.parametrize("because", ["elsewhere", "disabled", "role", "signed_out"])
def test_who_has_to_leave_is_told_within_two_seconds(
    panel: Panel, opens: Opens, other: Database, because: str
):
    browser = panel.operator()
    with opens(browser) as socket:
        calm(socket)
        with other.transaction() as session:  # another process ends it
            sessions.end(
                session, operator_id=browser.person_id, because=Because(because), now=panel.world.clock()
            )
        assert hears(socket, "kick", within=PUSHED_OUT) == {"type": "kick", "reason": because}


def test_who_is_disabled_is_pushed_out_even_if_nobody_ended_the_session(
    panel: Panel, opens: Opens, other: Database
):
    browser = panel.operator()
    with opens(browser) as socket:
        calm(socket)
        with other.transaction() as session:
            session.get_one(Operator, browser.person_id).enabled = Enabled.NO
        assert hears(socket, "kick", within=PUSHED_OUT)["reason"] == "disabled"


def test_a_second_sign_in_pushes_the_first_page_out(panel: Panel, opens: Opens):
    browser = panel.operator()
    with opens(browser) as socket:
        calm(socket)
        again = panel.signed_in(browser.person_id)
        assert hears(socket, "kick", within=PUSHED_OUT)["reason"] == "elsewhere"
        assert again.get("/api/me").status_code == 200
        assert browser.get("/api/me").json()["error"]["code"] == "signed_in_elsewhere"


def test_sockets_of_an_ended_session_are_cut_off(panel: Panel, opens: Opens):
    browser = panel.operator()
    with opens(browser) as socket:
        calm(socket)
        browser.post("/api/sign-out")
        hears(socket, "kick")
        with pytest.raises(ConnectionClosed) as closed:
            until_closed(socket)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4401


def test_nobody_else_is_pushed_out(panel: Panel, opens: Opens):
    leaving, staying = panel.operator(), panel.operator()
    with opens(leaving) as first, opens(staying) as second:
        calm(first)
        leaving.post("/api/sign-out")
        hears(first, "kick")
        with suppress(TimeoutError):
            while json.loads(second.recv(timeout=3 * EVERY))["type"] != "kick":
                pass
            pytest.fail("somebody else was pushed out")


def test_the_end_of_the_shift_is_announced_ten_minutes_before_and_when_it_comes(panel: Panel, opens: Opens):
    browser = panel.operator(shift=TUESDAY)
    with opens(browser) as socket:
        calm(socket)
        panel.world.clock.move(minutes=20)
        assert hears(socket, "shift_ends", within=7) == {"type": "shift_ends", "minutes": 10, "overtime": 60}
        panel.world.clock.move(minutes=11)
        assert hears(socket, "shift_ends", within=7)["minutes"] == 0
        assert browser.get("/api/me").json()["overtime"] is True
        panel.world.clock.move(minutes=60)
        assert hears(socket, "kick", within=7)["reason"] == "shift"
        assert browser.get("/api/me").json()["error"] == {
            "code": "session_ended", "detail": {"because": "shift"}, "fields": {},
        }  # fmt: skip


@pytest.mark.parametrize("origin", ["https://evil.example", "http://127.0.0.1:1", "null", None])
def test_a_page_of_another_site_gets_no_socket(panel: Panel, opens: Opens, origin: str | None):
    with pytest.raises(InvalidStatus) as refused, opens(panel.operator(), origin=origin):
        pass
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize("path", ["/api/events", "/_stcore/stream", "/anything"])
def test_a_stranger_gets_no_socket(panel: Panel, opens: Opens, path: str):
    with pytest.raises(InvalidStatus) as refused, opens(panel.anonymous(), path=path):
        pass
    assert refused.value.response.status_code == 403


def test_what_a_page_says_in_vain_changes_nothing(panel: Panel, opens: Opens):
    with opens(panel.operator()) as socket:
        for nonsense in ("", "{", "[]", '"active"', "x" * 5000, '{"type": "kick"}'):
            socket.send(nonsense)
        calm(socket)
        socket.ping().wait(2)


def test_a_person_who_only_types_is_not_idle(panel: Panel, opens: Opens):
    browser = panel.operator()
    with opens(browser) as socket:
        calm(socket)
        panel.world.clock.move(hours=7)
        socket.send('{"type": "active"}')
        hears(socket, "changed")
    panel.world.clock.move(hours=7)
    assert browser.get("/api/me").status_code == 200
    (row,) = panel.world.rows(PanelSession)
    assert panel.world.clock() - row.seen_at < panel.world.clock() - row.created_at
