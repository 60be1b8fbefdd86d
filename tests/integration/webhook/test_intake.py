"""Webhooks that wait together are stored together, and none of them spoils another (contract §2.3-2.4)."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from openbot.conversations import inbox, receipts
from openbot.schema import BadItem, Contact, Inbound, Order, Receipt
from tests.conftest import ON_SQLITE
from tests.support import whatsapp
from tests.support.whatsapp import ANA, Customer, Json
from tests.support.world import World

PEOPLE = [Customer(phone=f"54911{n:08}", user_id=f"AR.{n}", name=f"P{n}") for n in range(300)]


def hello(world: World, who: Customer, *, body: str = "hola", wamid: str = "") -> Json:
    item = whatsapp.text(who, body, wamid=wamid or f"in.{who.user_id}.{body}", at=world.clock())
    return whatsapp.change(item, who=(who,))


def delivered(world: World, count: int) -> list[Json]:
    return [
        whatsapp.change(statuses=(whatsapp.status("read", wamid=f"out.{n}", at=world.clock()),))
        for n in range(count)
    ]


@contextmanager
def counted(world: World) -> Iterator[list[str]]:
    """The statements that are executed meanwhile; many rows in one go are one."""
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_more) -> None:
        statements.append(statement.split(None, 1)[0])

    event.listen(world.database.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(world.database.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("known", [False, True])
def test_three_hundred_messages_cost_the_statements_of_three(world: World, known: bool) -> None:  # noqa: FBT001
    if known:
        assert world.post(whatsapp.envelope([hello(world, who) for who in PEOPLE])).status_code == 200
    cost = {}
    for first, last in ((0, 3), (3, 300)):
        webhook = whatsapp.envelope([hello(world, who, body="che") for who in PEOPLE[first:last]])
        with counted(world) as statements:
            assert world.post(webhook).status_code == 200
        cost[last] = len(statements)
    assert cost[300] == cost[3]
    assert len(world.rows(Inbound)) == (600 if known else 300)
    assert len(world.rows(Order)) == len(world.rows(Contact)) == 300


def test_three_hundred_statuses_cost_the_statements_of_three(world: World) -> None:
    cost = {}
    for count in (3, 300):
        with counted(world) as statements:
            assert world.post(whatsapp.envelope(delivered(world, count))).status_code == 200
        cost[count] = len(statements)
    assert cost[300] == cost[3]
    assert len(world.rows(Receipt)) == 300


def test_faults_of_ours_in_some_items_keep_these_raw_and_all_others_in_order(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle = inbox.settle

    def breaks(message, **more):
        if "mal" in message.text:
            raise ZeroDivisionError
        return settle(message, **more)

    monkeypatch.setattr(inbox, "settle", breaks)
    bodies = ["mal" if n in {0, 17, 18, 59} else "" for n in range(60)]
    messages = [
        hello(world, PEOPLE[n % 7], body=f"{n} {body}", wamid=f"in.{n}") for n, body in enumerate(bodies)
    ]
    assert world.post(whatsapp.envelope(messages + delivered(world, 20))).status_code == 200
    stored = [(row.contact_id, row.wamid) for row in world.rows(Inbound)]
    for n in range(7):
        contact = world.contact(PEOPLE[n])
        mine = [f"in.{place}" for place, body in enumerate(bodies) if place % 7 == n and not body]
        assert [wamid for contact_id, wamid in stored if contact_id == contact.id] == mine
    assert [row.reason for row in world.rows(BadItem)] == ["ZeroDivisionError"] * 4
    assert len(world.rows(Receipt)) == 20


def test_a_status_that_cannot_be_applied_takes_no_message_with_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_args, **_more):
        raise ZeroDivisionError

    monkeypatch.setattr(receipts, "receive_all", breaks)
    webhook = whatsapp.envelope([hello(world, ANA), *delivered(world, 1), hello(world, ANA, body="che")])
    assert world.post(webhook).status_code == 200
    assert world.said() == [("cliente", "hola"), ("cliente", "che")]
    assert [row.reason for row in world.rows(BadItem)] == ["ZeroDivisionError"]


def held_back(world: World, webhooks: list[Json]) -> list[int]:
    """Post these while another transaction holds the database, so that they wait together."""
    with ThreadPoolExecutor(len(webhooks)) as pool:
        with world.database.transaction():
            posts = [pool.submit(world.post, webhook) for webhook in webhooks]
            threading.Event().wait(0.4)  # long enough on a busy machine
        return [post.result().status_code for post in posts]


@ON_SQLITE
def test_webhooks_that_wait_together_share_a_commit(world: World) -> None:
    webhooks = [whatsapp.envelope([hello(world, who)]) for who in PEOPLE[:8]]
    commits: list[int] = []
    event.listen(world.database.engine, "commit", lambda _connection: commits.append(1))
    assert held_back(world, webhooks) == [200] * 8
    assert len(commits) <= 3  # the one that held them back, who came first, the rest
    assert len(world.rows(Inbound)) == 8


def test_a_fault_in_one_of_several_webhooks_that_wait_together_stays_with_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle = inbox.settle

    def breaks(message, **more):
        if message.text == "mal":
            raise ZeroDivisionError
        return settle(message, **more)

    monkeypatch.setattr(inbox, "settle", breaks)
    webhooks = [
        whatsapp.envelope([hello(world, who, body="mal" if n == 3 else "hola")])
        for n, who in enumerate(PEOPLE[:8])
    ]
    assert held_back(world, webhooks) == [200] * 8
    assert len(world.rows(Inbound)) == 7
    assert [row.reason for row in world.rows(BadItem)] == ["ZeroDivisionError"]
