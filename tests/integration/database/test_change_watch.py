"""Any process hears that another one committed something."""

import threading

import psycopg
import pytest
from sqlalchemy import select

from openbot.change_watch import ChangeWatch
from openbot.database import Database
from openbot.notifying import Listener
from openbot.schema import CompanySetting
from tests.conftest import ON_POSTGRESQL

SOON = 5.0
#: Long enough for a notice to arrive that was already sent; nothing else is waited for.
NEVER = 0.3


@pytest.fixture
def other(database: Database):
    """The same database, as another process has it."""
    other = Database(database.url)
    yield other
    other.close()


@pytest.fixture
def watch(other: Database):
    watch = ChangeWatch(other)
    while watch.wait(seconds=NEVER):
        pass
    yield watch
    watch.close()


def write(database: Database, key: str = "a") -> None:
    with database.transaction() as session:
        session.merge(CompanySetting(key=key, value=1))


def test_a_commit_of_another_process_is_heard(database: Database, watch: ChangeWatch):
    write(database)
    assert watch.wait(seconds=SOON)


def test_a_shared_commit_is_heard(database: Database, watch: ChangeWatch):
    database.write(lambda session: session.merge(CompanySetting(key="a", value=1)))
    assert watch.wait(seconds=SOON)


def test_a_transaction_that_only_looked_is_not_news(database: Database, watch: ChangeWatch):
    with database.transaction() as session:
        session.execute(select(CompanySetting).with_for_update()).all()
    assert not watch.wait(seconds=NEVER)


def test_a_transaction_that_was_rolled_back_is_not_news(database: Database, watch: ChangeWatch):
    def write_and_fail() -> None:
        with database.transaction() as session:
            session.merge(CompanySetting(key="a", value=1))
            session.flush()
            raise LookupError

    with pytest.raises(LookupError):
        write_and_fail()
    assert not watch.wait(seconds=NEVER)
    write(database)
    assert watch.wait(seconds=SOON)


def test_many_commits_are_told_together(database: Database, watch: ChangeWatch):
    for number in range(50):
        write(database, str(number))
    assert watch.wait(seconds=SOON)
    heard = 1
    while watch.wait(seconds=NEVER):
        heard += 1
    assert heard < 25


def test_the_last_commit_before_the_end_is_told(database: Database, watch: ChangeWatch):
    write(database)
    assert watch.wait(seconds=SOON)
    third = Database(database.url)
    write(third, "b")
    write(third, "c")
    third.close()
    assert watch.wait(seconds=SOON)


@ON_POSTGRESQL
def test_who_is_closed_while_connecting_leaves_no_connection_open(database: Database):
    opened: list[psycopg.Connection] = []
    connecting, closed = threading.Event(), threading.Event()

    def connect() -> psycopg.Connection:
        connecting.set()
        assert closed.wait(SOON)
        opened.append(database.connect())
        return opened[-1]

    listener = Listener(connect)
    waiting = threading.Thread(target=listener.wait, kwargs={"seconds": 0})
    waiting.start()
    assert connecting.wait(SOON)
    listener.close()
    closed.set()
    waiting.join()
    assert [connection.closed for connection in opened] == [True]
