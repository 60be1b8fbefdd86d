"""The panel's JavaScript in Debian's Chromium."""

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from openbot.catalogue.goods import Catalogue
from openbot.catalogue.operations import seed
from openbot.database import Database
from tests.panel_browser.house import House
from tests.panel_browser.inbox import Customers, Seat

ROOT = Path(__file__).resolve().parent.parent.parent
BUENOS_AIRES = {"locale": "es-AR", "timezone_id": "America/Argentina/Buenos_Aires"}

Call = Callable[..., Any]


class _Quiet(SimpleHTTPRequestHandler):
    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".js": "text/javascript"}  # noqa: RUF012

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def files() -> Iterator[str]:
    """The components' files over HTTP: each module is an ordinary one, which a browser loads by itself."""
    folder = str(ROOT / "panel" / "components")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=folder))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def blank(browser: Browser, files: str) -> Iterator[Page]:
    """A page without anything, in Argentina, on a computer with another clock zone."""
    context = browser.new_context(locale="en-US", timezone_id="Asia/Tokyo")
    page = context.new_page()
    page.goto(f"{files}/grid/css/base.css")
    yield page
    context.close()


@pytest.fixture
def call(blank: Page, files: str) -> Call:
    """`call("grid/js/format.js", "money", "12.5")` runs an exported function."""

    def run(module: str, function: str, *args: Any) -> Any:
        return blank.evaluate(
            "async ([url, name, args]) => (await import(url))[name](...args)",
            [f"{files}/{module}", function, list(args)],
        )

    return run


@pytest.fixture(scope="module")
def house(
    sqlite_template: Path, business: Catalogue, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """The panel of one company, running; its orders are of this file's tests."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copyfile(sqlite_template, folder / "openbot.db")
    url = f"sqlite:///{folder / 'openbot.db'}"
    database = Database(url)
    with database.transaction() as session:
        seed(session, business=business)
    database.close()
    house = House(folder, database_url=url)
    house.start()
    yield house
    house.stop()


class Visit:
    """Somebody in front of the list of orders."""

    def __init__(self, house: House, page: Page, person_id: int) -> None:
        self.house, self.page, self.person_id = house, page, person_id
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def go(self, address: str = "/pedidos?vista=all") -> None:
        self.page.goto(self.house.url + address)
        self.page.locator(".grid-host").wait_for()
        expect(self.page.locator(".skeleton")).to_have_count(0)

    def row(self, order_id: int) -> Locator:
        return self.page.locator(f".row[data-id='{order_id}']")

    def cell(self, order_id: int, key: str) -> Locator:
        return self.row(order_id).locator(f"[data-key={key}]")

    @property
    def ids(self) -> list[int]:
        read = "rows => rows.map(row => Number(row.dataset.id))"
        return list(self.page.locator(".body .row").evaluate_all(read))

    def expand(self, order_id: int) -> Locator:
        self.row(order_id).locator(".expander").click()
        detail = self.page.locator(f".detail[data-detail='{order_id}']")
        detail.locator(".order-facts").wait_for()
        return detail

    def aside(self) -> None:
        """Take the pointer off the rows."""
        self.page.mouse.move(3, 3)


@pytest.fixture
def visit(browser: Browser, house: House) -> Iterator[Visit]:
    person = house.person(name="Ana López")
    context = browser.new_context(viewport={"width": 1440, "height": 800}, **BUENOS_AIRES)
    context.add_cookies([house.cookie(person)])
    visit = Visit(house, context.new_page(), person)
    yield visit
    context.close()
    assert visit.errors == []


@pytest.fixture
def customers(house: House) -> Customers:
    """Who writes to the company."""
    return Customers(house)


@pytest.fixture
def seats(browser: Browser, house: House) -> Iterator[Callable[..., Seat]]:
    """`seats("Ana López")`: another operator, in front of a browser of their own."""
    taken: list[Seat] = []

    def take(name: str = "Ana López", **more: Any) -> Seat:
        taken.append(Seat(house, browser, name=name, **more))
        return taken[-1]

    yield take
    for seat in taken:
        seat.close()


@pytest.fixture
def ana(seats: Callable[..., Seat]) -> Seat:
    """One operator."""
    return seats()
