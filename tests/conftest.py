"""Fixtures of all tests. The assistant's environment loads this file too, so imports of ours stay inside."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from openbot.catalogue.goods import Catalogue
    from openbot.database import Database
    from tests.postgres_server import PostgresServer

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


#: For what only one of the databases does: `@ON_SQLITE`.
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("database_url", DATABASES[1:], indirect=True)


class Clock:
    """A time that only moves when a test moves it: `clock.now`, `clock.move(hours=3)`."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)  # a Tuesday, 10:00 in Buenos Aires

    def __call__(self) -> datetime:
        return self.now

    def move(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> datetime:
        """Go forward (or back) and return the new time."""
        self.now += timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def postgres_server() -> "Iterator[PostgresServer]":
    """One server per test process. Skips where PostgreSQL is missing; in CI that is a failure."""
    from tests.postgres_server import NoPostgres, PostgresServer

    try:
        server = PostgresServer()
    except NoPostgres as missing:
        if os.environ.get("CI", "").lower() in {"true", "1"}:
            pytest.fail(str(missing))
        pytest.skip(str(missing))
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: "PostgresServer") -> str:
    from openbot.migrations import migrate

    name = postgres_server.create()
    migrate(postgres_server.url(name))
    return name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from openbot.migrations import migrate

    path = tmp_path_factory.mktemp("template") / "migrated.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """Debian's Chromium, one per test process. Skips where there is none; in CI that is a failure."""
    from playwright.sync_api import sync_playwright

    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        missing = "no Chromium on the PATH (Debian: apt-get install chromium)"
        if os.environ.get("CI", "").lower() in {"true", "1"}:
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@pytest.fixture(params=DATABASES)
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table, on both databases."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'bare.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = server.create()
    yield server.url(name)
    server.drop(name)


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated database without rows, of this test alone; on both databases."""
    if request.param == "sqlite":
        path = tmp_path / "openbot.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = server.lend(template=request.getfixturevalue("postgres_template"))
    yield server.url(name)
    server.take_back(name)


@pytest.fixture
def database(database_url: str) -> "Iterator[Database]":
    """A migrated database without rows."""
    from openbot.database import Database

    database = Database(database_url)
    try:
        yield database
    finally:
        database.close()


@pytest.fixture(scope="session")
def business() -> "Catalogue":
    """The demo company of data/business.yml, ids as in the file."""
    from openbot.catalogue.operations import read_business

    return read_business(ROOT / "data" / "business.yml")


@pytest.fixture
def seeded(database: "Database", business: "Catalogue") -> "Database":
    """A database with the demo company."""
    from openbot.catalogue.operations import seed

    with database.transaction() as session:
        seed(session, business=business)
    return database


@pytest.fixture
def catalogue(seeded: "Database", clock: Clock) -> "Catalogue":
    """What `seeded` offers."""
    from openbot.catalogue.queries import load

    with seeded.reading() as session:
        return load(session, now=clock.now)
