"""The panel's screens as scripts, over the API of a company without a server: no browser, so no components."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from openbot.catalogue.goods import Catalogue
from openbot.catalogue.operations import seed
from openbot.database import Database
from openbot.vocabulary import Role
from panel import client
from panel.components.grid import Event
from tests.conftest import Clock
from tests.support.panel import Browser, Panel
from tests.support.world import World

SCREENS = Path(__file__).resolve().parents[2] / "panel" / "screens"


@pytest.fixture
def world(sqlite_template: Path, tmp_path: Path, business: Catalogue, clock: Clock) -> Iterator[World]:
    """The demo company."""
    path = tmp_path / "openbot.db"
    shutil.copyfile(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    with database.transaction() as session:
        seed(session, business=business)
    world = World(database, clock, web_role="all")
    yield world
    world.close()
    database.close()


@pytest.fixture
def panel(world: World) -> Panel:
    return Panel(world)


class _Door:
    """Carries the screens' calls to the app itself, with the cookie of whoever sits before it."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    def request(self, method: str, url: str, **how: Any) -> Any:
        if "data" in how:
            how["content"] = how.pop("data")
        return self.browser.request(method, url, **how)


Sit = Callable[[Browser, str], AppTest]


@pytest.fixture
def sit(monkeypatch: pytest.MonkeyPatch) -> Sit:
    """`sit(browser, "catalogo")` opens a screen as the browser's person; `.run()` draws it."""

    def open_screen(browser: Browser, screen: str, role: Role = Role.ADMINISTRATOR) -> AppTest:
        monkeypatch.setattr(client, "door", _Door(browser))
        test = AppTest.from_file(str(SCREENS / f"{screen}.py"), default_timeout=30)
        test.user = {"role": role.value, "name": "Ana"}
        return test

    return open_screen


class Grids:
    """What the lists of a screen were given; `press` makes the next run see a button pressed."""

    def __init__(self) -> None:
        self.drawn: dict[str, Mapping[str, Any]] = {}
        self.pressed: Event | None = None

    def __call__(self, key: str, **how: Any) -> Event | None:
        self.drawn[key] = how
        pressed, self.pressed = self.pressed, None
        return pressed

    def actions(self, key: str) -> set[str]:
        return {action.key for action in self.drawn[key]["actions"]}

    def press(self, action: str, *ids: int) -> None:
        self.pressed = Event(action=action, ids=ids)
