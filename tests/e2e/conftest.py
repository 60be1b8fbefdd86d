"""One installation for all tests of a session, on SQLite; those marked `both_databases` on PostgreSQL too."""

from collections.abc import Iterator

import pytest

from tests.e2e.company import PROCESSES, Company, is_alive
from tests.e2e.people import chief, desk  # noqa: F401 - fixtures

POSTGRES = pytest.param("postgresql", marks=pytest.mark.postgres)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "both_databases: runs on SQLite and on PostgreSQL")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "company" in metafunc.fixturenames:
        both = any(metafunc.definition.iter_markers("both_databases"))
        databases = ["sqlite", POSTGRES] if both else ["sqlite"]
        metafunc.parametrize("company", databases, indirect=True, scope="session")


@pytest.fixture(scope="session")
def company(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    folder = tmp_path_factory.mktemp(f"company-{request.param}")
    if request.param == "sqlite":
        url = f"sqlite:///{folder / 'openbot.db'}"
    else:
        server = request.getfixturevalue("postgres_server")
        url = server.url(server.create())
    running = Company(folder, database_url=url)
    try:
        running.start()
        yield running
    finally:
        pids = [running.pid(name) for name in PROCESSES]
        code = running.stop()
    assert code == 0, running.output.read_text()[-3000:]
    assert [pid for pid in pids if pid and is_alive(pid)] == [], "something was left behind"


@pytest.fixture(autouse=True)
def no_faults(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test switched on is off for the next one."""
    yield
    if "company" in request.fixturenames:
        running: Company = request.getfixturevalue("company")
        running.sim("DELETE", "faults")
