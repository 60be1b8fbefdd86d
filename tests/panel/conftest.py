"""The panel's screens as scripts, over the API of a company without a server: no browser, so no components."""

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from streamlit.runtime.scriptrunner import exec_code
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from openbot.catalogue.goods import Catalogue
from openbot.catalogue.operations import seed
from openbot.database import Database
from openbot.vocabulary import Role
from panel import client, troubles
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


Visit = Callable[..., AppTest]


@pytest.fixture
def visit(sit: Sit, monkeypatch: pytest.MonkeyPatch) -> Visit:
    """`visit(browser, "contactos", Role.OPERATOR, contacto="1")`: a whole page by its address; errors as served."""
    as_streamlit = exec_code.handle_user_script_exception
    monkeypatch.setattr(
        exec_code, "handle_user_script_exception", lambda error, _: as_streamlit(error, troubles.show)
    )

    def go_to(browser: Browser, path: str, role: Role, **query: str) -> AppTest:
        page = sit(browser, "../streamlit_app", role)  # type: ignore[call-arg]
        page._page_hash = calc_hash(path)
        page.query_params.update(query)
        return page.run()

    return go_to


def given(page: AppTest) -> dict[str, dict[str, Any]]:
    """What each component of a page was given, by its name."""
    found = (part.proto for part in page.main if part.type == "bidi_component")
    return {part.component_name.removeprefix("openbot_"): json.loads(part.json or "{}") for part in found}


def read(page: AppTest) -> str:
    """Everything a page says in words of its own."""
    kinds = ("title", "info", "error", "warning", "markdown", "page_link", "exception")
    return "\n".join(str(part.proto) for kind in kinds for part in page.get(kind))


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
