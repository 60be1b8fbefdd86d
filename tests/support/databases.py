"""A database that the tests of one file share; what a test changes in it, it makes for itself."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from openbot.database import Database

if TYPE_CHECKING:
    from tests.postgres_server import PostgresServer


@contextmanager
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Make one of the kind that `request.param` names: migrated, without rows."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("shared") / "openbot.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        url = f"sqlite:///{path}"
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        url = server.url(server.create(template=request.getfixturevalue("postgres_template")))
    database = Database(url)
    try:
        yield database
    finally:
        database.close()
