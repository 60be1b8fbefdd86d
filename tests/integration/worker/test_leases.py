"""A worker that starts again gives back what its former self had in hand; two live ones never share a name."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from openbot.conversations import leases, outbox, turns, worker_names
from openbot.conversations.leases import GivenBack
from openbot.conversations.worker_names import Name, NameLost, NoNameFree
from openbot.database import Database
from openbot.files import operations
from openbot.schema import Outbound, StoredFile, Turn
from openbot.vocabulary import FileState, OutboxState, TurnState
from tests.conftest import ON_POSTGRESQL
from tests.support.files import JPEG
from tests.support.sends import queue, rows
from tests.support.whatsapp import ANA, BETO
from tests.support.world import World

ROOT = Path(__file__).resolve().parents[3]
HOLDER = """
import sys, time
from openbot.conversations.worker_names import Name
from openbot.database import Database
print(Name(Database(sys.argv[1])), flush=True)
time.sleep(60)
"""


@pytest.fixture
def name(database: Database) -> Iterator[Name]:
    name = Name(database)
    yield name
    name.let_go()


def claim(world: World, *, worker: str, who=ANA) -> None:
    """Take the customer's turn and die."""
    world.says("hola", who=who)
    world.clock.move(seconds=3)
    contact_id = world.contact(who).id
    with world.database.transaction() as session:
        assert turns.claim(session, contact_id=contact_id, worker=worker, now=world.clock()) is not None


def release(world: World, *, worker: str) -> int:
    """Begin to send the next message and die."""
    outbound_id = next(row.id for row in rows(world) if row.state is OutboxState.QUEUED)
    with world.database.transaction() as session:
        found = outbox.release(
            session, outbound_id=outbound_id, worker=worker, now=world.clock(), grace=world.sender._grace
        )
        assert found is not None
    return outbound_id


def give_back(world: World, name: Name) -> GivenBack:
    return leases.give_back_of_the_dead(world.database, name=name, now=world.clock())


def test_a_turn_in_hand_is_answered_at_once_by_the_next_worker_of_that_name(world: World, name: Name) -> None:
    claim(world, worker="worker-1")
    world.settle()
    assert world.whatsapp.texts() == []
    assert give_back(world, name) == GivenBack(turns=1)
    world.settle()
    assert world.whatsapp.texts() == ["oí: hola"]
    [turn] = world.rows(Turn)
    assert (turn.state, turn.attempt) == (TurnState.ANSWERED, 2)


def test_what_the_former_one_still_writes_is_refused(world: World, name: Name) -> None:
    world.says("hola")
    world.clock.move(seconds=3)
    with world.database.transaction() as session:
        turn = turns.claim(session, contact_id=world.contact().id, worker="worker-1", now=world.clock())
    assert turn is not None
    give_back(world, name)
    with world.database.transaction() as session:
        answer = turns.Answer(bubbles=(), dialogue="[]")
        assert not turns.answered(session, turn=turn, answer=answer, now=world.clock())


def test_a_send_in_hand_is_uncertain_at_once_and_goes_out_once_after_the_grace(
    ana: World, name: Name
) -> None:
    queue(ana, "uno", "dos")
    ana.clock.move(seconds=1)
    release(ana, worker="worker-1")
    assert give_back(ana, name) == GivenBack(sends=1)
    ana.settle()
    assert [row.state for row in rows(ana)[1:]] == [OutboxState.UNCERTAIN, OutboxState.QUEUED]
    ana.wait(seconds=ana.settings.uncertain_grace_seconds - 2)
    assert ana.whatsapp.texts() == []
    ana.wait(seconds=3)
    assert ana.whatsapp.texts() == ["uno", "dos"]


def test_a_send_in_hand_that_went_out_is_not_doubled(ana: World, name: Name) -> None:
    queue(ana, "uno")
    outbound_id = release(ana, worker="worker-1")
    give_back(ana, name)
    ana.settle()
    ana.status("delivered", wamid="wamid.of-the-dead", mark=f"openbot:{outbound_id}")
    ana.wait(minutes=10)
    assert ana.whatsapp.texts() == []
    assert (rows(ana)[-1].state, rows(ana)[-1].wamid) == (OutboxState.ACCEPTED, "wamid.of-the-dead")


def test_all_names_that_nobody_has_are_given_back_and_nothing_of_the_living(
    world: World, name: Name, holder: Callable[[], tuple[str, int]]
) -> None:
    alive, _ = holder()
    assert (str(name), alive) == ("worker-1", "worker-2")
    claim(world, worker="worker-2")
    claim(world, worker="worker-3", who=BETO)
    assert give_back(world, name) == GivenBack(turns=1)
    world.settle()
    assert world.whatsapp.texts() == ["oí: hola"]
    assert [turn.state for turn in world.rows(Turn)] == [TurnState.CLAIMED, TurnState.ANSWERED]


def test_a_worker_of_an_earlier_version_keeps_its_leases(world: World, name: Name) -> None:
    claim(world, worker="some-host:4711")
    assert give_back(world, name) == GivenBack()
    world.wait(seconds=61)
    assert world.whatsapp.texts() == ["oí: hola"]


def test_a_queued_message_and_a_turn_to_try_again_are_left_as_they_are(ana: World, name: Name) -> None:
    ana.assistant.errors = []
    queue(ana, "uno")
    before = [(row.state, row.not_before) for row in ana.rows(Outbound)]
    assert give_back(ana, name) == GivenBack()
    assert [(row.state, row.not_before) for row in ana.rows(Outbound)] == before


# --- names ----------------------------------------------------------------------------------------


@pytest.fixture
def holder(database: Database) -> Iterator[Callable[[], tuple[str, int]]]:
    """Start a process that holds a name; returns the name and the process's id."""
    started: list[subprocess.Popen[str]] = []

    def start() -> tuple[str, int]:
        process = subprocess.Popen(  # noqa: S603 - our own arguments
            [sys.executable, "-c", HOLDER, database.url],
            cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        started.append(process)
        assert process.stdout is not None
        return process.stdout.readline().strip(), process.pid

    yield start
    for process in started:
        process.kill()
        process.communicate()


def killed(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)


def test_live_workers_have_different_names_and_a_killed_ones_is_free(
    database: Database, holder: Callable[[], tuple[str, int]]
) -> None:
    first, pid = holder()
    assert (first, holder()[0]) == ("worker-1", "worker-2")
    assert worker_names.in_use(database) == ["worker-1", "worker-2"]
    killed(pid)
    again = first
    for _ in range(100):  # PostgreSQL notices a moment later
        if worker_names.in_use(database) == ["worker-2"]:
            break
    again = Name(database)
    assert str(again) == "worker-1"
    again.let_go()
    assert worker_names.in_use(database) == ["worker-2"]


def test_when_all_names_are_in_use_one_sentence_says_so(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_names, "MOST_WORKERS", 1)
    one = Name(database)
    with pytest.raises(NoNameFree, match="As many workers as may run"):
        Name(database)
    one.let_go()
    Name(database).let_go()


@ON_POSTGRESQL  # a file's lock is lost with its process only
def test_a_name_whose_connection_broke_is_taken_again(database: Database) -> None:
    name = Name(database)
    break_connections(database)
    name.keep()  # the server is asked, and is away
    name.keep()
    assert worker_names.in_use(database) == ["worker-1"]
    name.let_go()


@ON_POSTGRESQL
def test_a_name_that_somebody_else_took_meanwhile_is_lost(database: Database) -> None:
    name = Name(database)
    break_connections(database)
    other = Name(database)
    assert str(other) == "worker-1"
    name.keep()
    with pytest.raises(NameLost):
        name.keep()
    name.let_go()
    other.let_go()


def test_a_name_is_kept_while_it_is_held(database: Database) -> None:
    name = Name(database)
    for _ in range(3):
        name.keep()
    assert worker_names.in_use(database) == ["worker-1"]
    name.let_go()


def test_no_name_is_to_be_had_while_the_database_is_away() -> None:
    with pytest.raises(SQLAlchemyError):
        Name(Database("postgresql://openbot@/none?host=/nowhere-at-all"))


def break_connections(database: Database) -> None:
    """As a restart of the server does."""
    with database.engine.connect() as connection:
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                 " AND datname = current_database()")
        )  # fmt: skip


def test_a_file_in_hand_is_fetched_at_once_by_the_next_worker(world: World, name: Name) -> None:
    world.sends(JPEG)
    [file] = world.rows(StoredFile)
    with world.database.transaction() as session:
        assert operations.claim(session, file_id=file.id, worker="worker-1", now=world.clock()) is not None
    assert world.fetch() == 0
    assert give_back(world, name) == GivenBack(files=1)
    assert world.fetch() == 1
    assert world.rows(StoredFile)[0].state is FileState.STORED
    assert give_back(world, name) == GivenBack()
