"""VENCIDO: a test for each clause of product §1."""

import threading

import pytest

from openbot.assistant import AssistantAway
from openbot.conversations import queueing
from openbot.orders import operations
from openbot.schema import Contact, Inbound, OrderChange
from openbot.vocabulary import Author, InboxState, State
from openbot.whatsapp.outbound import Bubble
from tests.support.whatsapp import ANA, Customer
from tests.support.world import EXPIRES, World


def expiries(world: World) -> int:
    return len(world.rows(OrderChange, OrderChange.to_state == State.EXPIRED))


@pytest.fixture
def told(world: World) -> World:
    """A world in which Ana's order was opened and answered."""
    world.says("hola")
    world.wait(seconds=3)
    return world


def test_an_order_expires_48_hours_after_we_received_its_message(told: World) -> None:
    told.clock.move(hours=48, seconds=-4)
    assert told.deadlines.once() == 0
    told.clock.move(seconds=1)
    assert told.deadlines.once() == 1
    order = told.order()
    assert (order.state, order.closed_at) == (State.EXPIRED, told.clock())
    assert told.rows(OrderChange)[-1].actor == "sistema"


def test_our_reception_counts_and_not_the_customers_clock(world: World) -> None:
    old = world.clock()
    world.clock.move(hours=40)
    world.says("hola", at=old)
    world.wait(seconds=3)
    world.clock.move(hours=47)
    assert world.deadlines.once() == 0


@pytest.mark.parametrize("state", [State.INCOMPLETE, State.COMPLETE, State.IN_PROGRESS])
def test_each_open_state_expires(told: World, state: State) -> None:
    if state is State.COMPLETE:
        complete(told)
    if state is State.IN_PROGRESS:
        told.move(state)
    told.clock.move(hours=49)
    assert told.deadlines.once() == 1
    assert told.order().state is State.EXPIRED


def complete(world: World) -> None:
    from openbot.actor import CUSTOMER

    with world.database.transaction() as session:
        operations.move(
            session,
            order_id=world.order().id,
            to=State.COMPLETE,
            actor=CUSTOMER,
            now=world.clock(),
            expires_after=EXPIRES,
        )


def test_the_time_is_set_anew_when_it_becomes_complete(told: World) -> None:
    told.clock.move(hours=40)
    complete(told)
    told.clock.move(hours=47)
    assert told.deadlines.once() == 0
    told.clock.move(hours=1)
    assert told.deadlines.once() == 1


def test_the_time_is_set_anew_when_it_is_reopened(told: World) -> None:
    told.clock.move(hours=49)
    told.deadlines.once()
    told.move(State.IN_PROGRESS, reason="volvió")
    told.clock.move(hours=47)
    assert told.deadlines.once() == 0
    told.clock.move(hours=1)
    assert told.deadlines.once() == 1


def test_a_customer_who_wrote_in_the_last_two_hours_puts_it_off_two_hours(told: World) -> None:
    told.move(State.IN_PROGRESS)
    told.clock.move(hours=47)
    told.says("¿y mi pedido?")
    told.clock.move(hours=1.5)
    assert told.deadlines.once() == 1
    assert told.order().expires_at == told.clock.now.replace() + (EXPIRES / 24)
    told.clock.move(hours=1.9)
    assert told.deadlines.once() == 0
    told.clock.move(hours=0.1)
    told.deadlines.once()
    assert told.order().state is State.EXPIRED


def test_an_operator_who_wrote_in_the_last_two_hours_puts_it_off_too(told: World) -> None:
    told.move(State.IN_PROGRESS)
    told.clock.move(hours=47)
    with told.database.transaction() as session:
        contact = session.get_one(Contact, told.contact().id)
        row = queueing.queue_notice(session, contact=contact, bubble=Bubble(text="ya va"), now=told.clock())
        row.author = Author.OPERATOR
    told.clock.move(hours=1.5)
    told.deadlines.once()
    assert told.order().state is State.IN_PROGRESS


def test_what_the_bot_or_the_system_says_puts_nothing_off(told: World) -> None:
    told.clock.move(hours=47)
    with told.database.transaction() as session:
        contact = session.get_one(Contact, told.contact().id)
        queueing.queue_notice(session, contact=contact, bubble=Bubble(text="¿seguís ahí?"), now=told.clock())
    told.clock.move(hours=1.5)
    told.deadlines.once()
    assert told.order().state is State.EXPIRED


def test_an_unanswered_message_is_answered_first(told: World) -> None:
    told.clock.move(hours=45)
    told.assistant.errors = [AssistantAway("nobody there")] * 500
    told.says("quiero una coca")
    told.wait(seconds=3)
    told.clock.move(hours=10)
    told.answer()
    assert told.deadlines.once() == 0
    told.assistant.errors = []
    told.wait(minutes=1)
    assert told.order().state is State.INCOMPLETE
    assert told.whatsapp.texts()[-1] == "oí: quiero una coca"
    told.deadlines.once()
    assert told.order().state is State.EXPIRED


def test_an_order_that_expires_during_a_turn_is_left_to_the_turn(told: World) -> None:
    told.clock.move(hours=45)
    told.says("una coca")
    told.clock.move(hours=4)
    settled: list[int] = []
    told.assistant.during = lambda _question: settled.append(told.deadlines.once())
    told.answer()
    assert settled == [0]
    assert {row.state for row in told.rows(Inbound)} == {InboxState.ANSWERED}


def test_expiry_is_done_once_however_often_and_by_however_many_it_is_looked_for(told: World) -> None:
    told.clock.move(hours=49)
    threads = [threading.Thread(target=told.deadlines.once) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told.deadlines.once()
    assert expiries(told) == 1


def test_many_expire_in_batches(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("worker.deadlines.BATCH", 2)
    for number in range(5):
        world.says("hola", who=Customer(phone=f"54911{number:08}", user_id=f"AR.{number}"))
    world.wait(seconds=3)
    world.clock.move(hours=49)
    assert world.deadlines.once() == 5
    assert expiries(world) == 5


def test_a_clock_that_went_back_expires_nothing_early(told: World) -> None:
    told.clock.move(days=-3)
    assert told.deadlines.once() == 0
    told.clock.move(days=3, hours=49)
    assert told.deadlines.once() == 1


def test_after_expiry_the_dialogue_starts_clean_and_the_wait_ends(told: World) -> None:
    with told.database.transaction() as session:
        contact = session.get_one(Contact, told.contact().id)
        contact.waiting_since = told.clock()
        number = contact.dialogue_number
    told.clock.move(hours=49)
    told.deadlines.once()
    assert told.contact(ANA).waiting_since is None
    assert told.contact(ANA).dialogue_number == number + 1


def test_a_closed_order_never_expires(told: World) -> None:
    told.move(State.CANCELLED)
    told.clock.move(days=30)
    assert told.deadlines.once() == 0
    assert told.order().state is State.CANCELLED
