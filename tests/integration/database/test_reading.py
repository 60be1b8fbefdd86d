"""What a reader keeps of the database in memory."""

from pathlib import Path

import pytest
from sqlalchemy import text

from openbot.database import Database
from tests.conftest import ON_POSTGRESQL


@pytest.fixture
def sqlite(tmp_path: Path):
    database = Database(f"sqlite:///{tmp_path / 'some.db'}", pool_size=1)
    with database.transaction():
        pass
    yield database
    database.close()


def kept(database: Database, *, passing: bool) -> int:
    with database.reading(passing=passing) as session:
        return -session.scalar(text("PRAGMA cache_size"))


def test_who_reads_everything_once_keeps_little_and_the_next_reader_keeps_more_again(sqlite: Database):
    usual = kept(sqlite, passing=False)
    assert kept(sqlite, passing=True) < usual / 10
    assert kept(sqlite, passing=False) == usual


def test_also_when_the_reader_gives_up(sqlite: Database):
    usual = kept(sqlite, passing=False)
    with pytest.raises(ZeroDivisionError), sqlite.reading(passing=True):
        raise ZeroDivisionError
    assert kept(sqlite, passing=False) == usual


@ON_POSTGRESQL
def test_a_connection_in_somebodys_hands_at_the_end_is_closed_when_it_comes_back(database: Database):
    with database.reading() as session:
        session.scalar(text("SELECT 1"))
        held = session.connection().connection.dbapi_connection
        database.close()
        assert not held.closed
    assert held.closed
