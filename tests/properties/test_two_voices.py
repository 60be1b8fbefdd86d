"""Customer, bot and operators in any interleaving: never two voices, nobody forgotten (product §2)."""

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Row, delete, event, select

from openbot.database import Database, Session
from openbot.schema import Base, Contact, Inbound, Order, Outbound, Turn
from openbot.vocabulary import OPEN_STATES, Author, InboxState, OutboxState, TurnState
from tests.support.voices import Voices
from tests.support.world import Clock, World

#: Interleavings of each test below, and steps of each. More by hand: OPENBOT_INTERLEAVINGS=20000.
INTERLEAVINGS = int(os.environ.get("OPENBOT_INTERLEAVINGS", "2000"))
CHUNKS, STEPS = 8, 25
CONTACT, TURNS = select(Contact.unread, Contact.due_at), select(Turn.id, Turn.state)
SENT = select(Outbound.turn_id, Outbound.author, Outbound.queued_at, Outbound.state, Outbound.delivery)
CAME = select(
    *(Inbound.__table__.c[name] for name in ("text", "state", "reason", "order_id", "turn_id", "received_at"))
)
ORDERS = select(Order.id, Order.state, Order.waiting_since)
REASONS = {"afterword", "reaction", "told already", "opted_out", "opted_in", "opt_out_asked"}


@pytest.fixture
def fast(tmp_path: Path, sqlite_template: Path, clock: Clock) -> Iterator[World]:
    """A world that does not wait for the disk: no power fails here."""
    path = tmp_path / "openbot.db"
    shutil.copyfile(sqlite_template, path)
    database = Database(f"sqlite:///{path}")

    @event.listens_for(database.engine, "connect")
    def hurry(connection, _record) -> None:
        connection.execute("PRAGMA synchronous=OFF")

    world = World(database, clock)
    yield world
    world.close()
    database.close()


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_any_interleaving_keeps_one_voice_and_forgets_nobody(fast: World, chunk: int) -> None:
    began = fast.clock.now
    for number in range(chunk, INTERLEAVINGS, CHUNKS):
        fast.clock.now = began
        _interleave(fast, seed=number)
        with fast.database.transaction() as session:
            for table in reversed(Base.metadata.sorted_tables):
                session.execute(delete(table))


def _interleave(world: World, *, seed: int) -> None:
    voices = Voices(world, Random(seed))  # noqa: S311 - the same each time
    voices.customer_writes()
    seen = None
    for _ in range(STEPS):
        voices.step()
        if seen != (seen := world.database.change_counter()):
            _check(voices, seed)
    voices.come_to_rest()
    _check(voices, seed, at_rest=True)


def _check(voices: Voices, seed: int, *, at_rest: bool = False) -> None:
    with voices.world.database.reading() as session:
        voices.broken += _forgotten(session, at_rest=at_rest)
    if voices.broken:
        story = "\n".join([*voices.journal, "", *voices.broken])
        pytest.fail(f"interleaving {seed}:\n{story}", pytrace=False)


def _forgotten(session: Session, *, at_rest: bool) -> Iterator[str]:
    contact, *_ = session.execute(CONTACT)
    turns = {turn.id: turn for turn in session.execute(TURNS)}
    sent, came, orders = (session.execute(statement).all() for statement in (SENT, CAME, ORDERS))
    order = next((each for each in orders if each.state in OPEN_STATES), None)
    last_word = max((row.queued_at for row in sent if row.author is Author.OPERATOR), default=None)
    left = [row for row in came if row.state is InboxState.LEFT]
    unanswered = [row for row in left if last_word is None or row.received_at > last_word]
    if not len(unanswered) <= contact.unread <= len(left):
        yield f"{contact.unread} unread, {len(left)} left, {len(unanswered)} of them unanswered"
    for row in unanswered:
        if order is not None and row.order_id == order.id and order.waiting_since is None:
            yield f"{row.text!r} waits in no queue"
    for row in came:
        if not _is_seen_to(
            row, due_at=contact.due_at, turn=turns.get(row.turn_id), sent=sent, at_rest=at_rest
        ):
            yield f"{row.text!r} is {row.state} {row.reason} and nobody will see it"


def _is_seen_to(row: Row[Any], *, due_at: Any, turn: Any, sent: Sequence[Row[Any]], at_rest: bool) -> bool:
    match row.state:
        case InboxState.DUE:
            return due_at is not None and not at_rest
        case InboxState.IN_TURN:
            return turn is not None and turn.state in (TurnState.DUE, TurnState.CLAIMED) and not at_rest
        case InboxState.ANSWERED | InboxState.HELD:
            return _is_said([each for each in sent if each.turn_id == row.turn_id], at_rest=at_rest)
        case InboxState.NO_TURN:
            return row.reason in REASONS
        case _:
            return True  # LEFT: counted above


def _is_said(replies: Sequence[Row[Any]], *, at_rest: bool) -> bool:
    on_its_way = () if at_rest else (OutboxState.QUEUED, OutboxState.RELEASED, OutboxState.UNCERTAIN)
    fine = (OutboxState.ACCEPTED, *on_its_way)
    return bool(replies) and all(row.state in fine and row.delivery != "failed" for row in replies)
