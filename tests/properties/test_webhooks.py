"""Any order, batching and repetition of a set of webhooks gives the same transcript."""

import shutil
from dataclasses import astuple
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbot.database import Database
from openbot.schema import Contact, Order, Outbound, Receipt
from openbot.vocabulary import OPEN_STATES, OutboxState
from tests.support import whatsapp
from tests.support.whatsapp import ANA, BETO, Customer
from tests.support.world import Clock, World

SHY = Customer(user_id=ANA.user_id, name="Ana")
PEOPLE = (ANA, BETO, SHY)


def items(world: World) -> list[dict[str, Any]]:
    """What happened, as updates of one item each: three people of whom two are one, and receipts of two sends."""
    at = world.clock() - timedelta(minutes=5)
    after = [at + timedelta(seconds=second) for second in range(20)]
    messages = [
        whatsapp.text(ANA, "hola", wamid="w1", at=after[1]),
        whatsapp.text(BETO, "buenas", wamid="w2", at=after[2]),
        whatsapp.text(SHY, "quiero 2 cocas", wamid="w3", at=after[3]),
        whatsapp.tap(ANA, "/menu", title="Menú", wamid="w4", at=after[4]),
        whatsapp.message(BETO, wamid="w5", at=after[5], kind="location", latitude=-34.6, longitude=-58.3),
        whatsapp.message(ANA, wamid="w6", at=after[6], kind="reaction", message_id="w0", emoji="👍"),
        whatsapp.message(BETO, wamid="w7", at=after[7], kind="hologram", beam=1),
    ]
    statuses = [
        whatsapp.status(name, wamid=wamid, at=after[8], mark=mark)
        for wamid, mark in (("out-1", "openbot:1"), ("out-2", ""))
        for name in ("sent", "delivered", "read")
    ]
    failed = whatsapp.status("failed", wamid="out-3", at=after[9], errors=[{"code": 131026, "title": "No"}])
    changes = [whatsapp.change(item, who=PEOPLE[:2]) for item in messages]
    changes += [whatsapp.change(statuses=(item,)) for item in (*statuses, failed)]
    return changes


def sent_before(world: World) -> None:
    """Three messages to Ana: released, accepted, accepted."""
    with world.database.transaction() as session:
        contact = Contact(created_at=world.clock(), user_id=ANA.user_id, profile_name="", username="")
        session.add(contact)
        session.flush()
        from openbot.schema import ContactKey

        session.add(ContactKey(value=ANA.user_id, contact_id=contact.id))
        for number in (1, 2, 3):
            session.add(
                Outbound(
                    id=number,
                    contact_id=contact.id,
                    author="bot",
                    text=f"respuesta {number}",
                    bubble={"text": f"respuesta {number}"},
                    state=OutboxState.RELEASED if number == 1 else OutboxState.ACCEPTED,
                    wamid=None if number == 1 else f"out-{number}",
                    queued_at=world.clock() - timedelta(hours=1, minutes=-number),
                    not_before=world.clock() + timedelta(minutes=1),
                )
            )


def outcome(world: World) -> Any:
    transcripts = {who.user_id: [astuple(line) for line in world.transcript(who)] for who in (ANA, BETO)}
    keys = sorted((row.user_id, row.wa_id or "") for row in world.rows(Contact))
    open_orders = [order.contact_id for order in world.rows(Order) if order.state in OPEN_STATES]
    receipts = sorted((row.wamid, row.status) for row in world.rows(Receipt))
    # Numbers of orders follow the order of arrival; whose they are does not.
    plain = {who: [[str(part) for part in line[:7]] for line in lines] for who, lines in transcripts.items()}
    return plain, keys, len(open_orders), receipts


@pytest.fixture
def fresh(tmp_path: Path, sqlite_template: Path, clock: Clock):
    """Make one new world after another."""
    made: list[World] = []

    def make() -> World:
        for world in made:
            world.close()
            world.database.close()
        made.clear()
        path = tmp_path / "openbot.db"
        for old in tmp_path.glob("openbot.db*"):
            old.unlink()
        shutil.copyfile(sqlite_template, path)
        made.append(World(Database(f"sqlite:///{path}"), clock))
        sent_before(made[0])
        return made[0]

    yield make
    make().close()


def test_any_order_batching_and_repetition_gives_the_same_transcript(fresh) -> None:
    straight = fresh()
    count = len(items(straight))
    for change in items(straight):
        assert straight.post(whatsapp.envelope([change])).status_code == 200
    expected = outcome(straight)
    assert [line[3] for line in expected[0][ANA.user_id] if line[1] == "cliente"] == [
        "hola", "quiero 2 cocas", "Menú", "👍",
    ]  # fmt: skip

    @given(
        order=st.permutations(range(count)),
        repeated=st.lists(st.integers(0, count - 1), max_size=8),
        cuts=st.sets(st.integers(1, count + 8), max_size=6),
        entries=st.booleans(),
    )
    def any_way(order: list[int], repeated: list[int], cuts: set[int], entries: bool) -> None:  # noqa: FBT001
        world = fresh()
        changes = items(world)
        sequence = [changes[number] for number in (*order, *repeated)]
        borders = [0, *sorted(cut for cut in cuts if cut < len(sequence)), len(sequence)]
        for start, end in pairwise(borders):
            batch = sequence[start:end]
            webhook = (
                whatsapp.envelope(*([change] for change in batch)) if entries else whatsapp.envelope(batch)
            )
            assert world.post(webhook).status_code == 200
        assert outcome(world) == expected

    any_way()
