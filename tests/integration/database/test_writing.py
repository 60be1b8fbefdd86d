"""Writes of several threads share a commit, and none of them spoils another's."""

import threading
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import event, func, select

from openbot.database import Database, Session
from openbot.schema import Count
from tests.conftest import ON_SQLITE


def add(session: Session, name: str) -> str:
    session.add(Count(name=name, value=1))
    session.flush()
    return name


def names(database: Database) -> set[str]:
    with database.reading() as session:
        return set(session.scalars(select(Count.name)))


def held_back(database: Database, writes: list) -> list:
    """Run these writes while another transaction holds the lock, so that all of them wait together."""
    with ThreadPoolExecutor(len(writes)) as pool:
        with database.transaction():
            futures = [pool.submit(database.write, write) for write in writes]
            threading.Event().wait(0.4)  # long enough on a busy machine
        return [future.exception() or future.result() for future in futures]


def test_what_several_threads_write_is_all_there(database: Database) -> None:
    wanted = [f"w{number}" for number in range(12)]
    writes = [lambda session, name=name: add(session, name) for name in wanted]
    assert held_back(database, writes) == wanted
    assert names(database) == set(wanted)


def test_a_write_that_fails_takes_no_other_with_it(database: Database) -> None:
    def broken(session: Session) -> None:
        add(session, "never")
        raise ValueError("broken")

    writes = [lambda session: add(session, "a"), broken, lambda session: add(session, "b")]
    first, second, third = held_back(database, writes)
    assert (first, third) == ("a", "b")
    assert isinstance(second, ValueError)
    assert names(database) == {"a", "b"}


@ON_SQLITE
def test_waiting_writes_share_one_commit(database: Database) -> None:
    commits: list[int] = []
    event.listen(database.engine, "commit", lambda _connection: commits.append(1))
    held_back(database, [lambda session, n=n: add(session, f"w{n}") for n in range(8)])
    assert len(commits) <= 3  # the one that held them back, who came first, the rest


@ON_SQLITE
def test_a_write_sees_what_the_write_before_it_in_the_same_commit_did(database: Database) -> None:
    def count(session: Session) -> int:
        session.add(Count(name=f"n{threading.get_ident()}{id(session)}{seen(session)}", value=1))
        session.flush()
        return seen(session)

    def seen(session: Session) -> int:
        return session.scalar(select(func.count()).select_from(Count)) or 0

    assert sorted(held_back(database, [count] * 6)) == [1, 2, 3, 4, 5, 6]
