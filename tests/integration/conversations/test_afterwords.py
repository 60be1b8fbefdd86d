"""What a customer writes after a close (product §2)."""

from datetime import timedelta

import pytest

from openbot.schema import CompanySetting, Inbound, Order
from openbot.vocabulary import InboxState, State
from tests.support.whatsapp import ANA
from tests.support.world import World

COURTESIES = ["gracias", "muchas gracias", "dale", "ok", "buenisimo", "genial"]


@pytest.fixture
def closed(world: World) -> int:
    """An order that was taken and invoiced a minute ago."""
    with world.database.transaction() as session:
        session.add(CompanySetting(key="courtesies", value=COURTESIES))
    world.converse("hola")
    number = world.move(State.IN_PROGRESS)
    world.clock.move(minutes=1)
    world.move(State.INVOICED)
    world.clock.move(minutes=1)
    return number


def asked(world: World) -> list[list[tuple[str, str]]]:
    return [
        [(message["kind"], message.get("payload") or message["text"]) for message in question.messages]
        for question in world.assistant.questions[1:]
    ]


@pytest.mark.parametrize("body", ["gracias!", "Dale, ¡GENIAL! 🙌", "muchas gracias", "🙏🙏", "👍"])
def test_pure_courtesy_belongs_to_the_closed_order(world: World, closed: int, body: str) -> None:
    world.converse(body)
    row = world.rows(Inbound)[-1]
    assert (row.state, row.reason, row.order_id) == (InboxState.NO_TURN, "afterword", closed)
    assert asked(world) == []
    assert len(world.rows(Order)) == 1


def test_a_sticker_belongs_to_the_closed_order_also_while_a_text_is_held(world: World, closed: int) -> None:
    world.converse("me faltó una coca")
    world.shows("sticker", id="S1", mime_type="image/webp", animated=False)
    world.settle()
    assert world.rows(Inbound)[-1].state is InboxState.NO_TURN
    assert len(world.rows(Order)) == 1


def test_another_text_is_asked_about_and_held(world: World, closed: int) -> None:
    world.says("me faltó una coca")
    world.says("y el pan")
    world.wait(seconds=5)
    assert asked(world) == [[("tap", f'/after_close{{"order": "{closed}"}}')]]
    assert [row.state for row in world.rows(Inbound)[-2:]] == [InboxState.HELD] * 2
    assert len(world.rows(Order)) == 1


def test_the_tap_new_order_brings_the_held_text_with_it(world: World, closed: int) -> None:
    world.converse("quiero 2 cocas")
    world.taps("/new_order", title="Pedido nuevo")
    world.settle()
    assert asked(world)[-1] == [("tap", "/new_order"), ("text", "quiero 2 cocas")]
    order = world.order()
    assert (order.id != closed, order.state) == (True, State.INCOMPLETE)
    assert world.assistant.questions[-1].order_id == order.id
    assert {row.state for row in world.rows(Inbound)} == {InboxState.ANSWERED}


def test_the_tap_about_the_closed_order_leaves_the_text_for_a_person(world: World, closed: int) -> None:
    world.converse("me faltó una coca")
    world.taps(f'/about_closed{{"order": "{closed}"}}', title="Sí")
    world.settle()
    assert asked(world)[-1] == [("tap", f'/about_closed{{"order": "{closed}"}}')]


def test_the_tap_recover_is_about_the_closed_order_too(world: World, closed: int) -> None:
    world.converse("uy no, me equivoqué")
    world.taps(f'/recover_order{{"order": {closed}}}', title="Recuperarlo")
    world.settle()
    assert asked(world)[-1] == [("tap", f'/recover_order{{"order": {closed}}}')]


def test_a_held_text_is_forgotten_by_the_bot_after_half_a_day(world: World, closed: int) -> None:
    world.converse("me faltó una coca")
    world.clock.move(hours=13)
    world.converse("hola, quiero pan")
    assert asked(world)[-1] == [("text", "hola, quiero pan")]


def test_twelve_hours_after_the_close_a_text_opens_a_new_order(world: World, closed: int) -> None:
    world.clock.move(hours=12)
    world.converse("gracias")
    assert asked(world) == [[("text", "gracias")]]
    assert len(world.rows(Order)) == 2


def test_a_tap_after_the_close_opens_a_new_order_at_once(world: World, closed: int) -> None:
    world.taps("/menu", title="Menú")
    world.settle()
    assert asked(world) == [[("tap", "/menu")]]
    assert len(world.rows(Order)) == 2


def test_a_text_beside_a_tap_is_no_afterword_any_more(world: World, closed: int) -> None:
    world.says("hola de nuevo")
    world.taps("/order", title="Hacer un pedido")
    world.settle()
    assert asked(world) == [[("text", "hola de nuevo"), ("tap", "/order")]]


def test_an_expired_order_has_afterwords_too(world: World, closed: int) -> None:
    world.clock.move(hours=13)
    world.converse("hola")
    expired = world.order().id
    world.clock.move(hours=49)
    world.deadlines.once()
    assert world.order().state is State.EXPIRED
    world.clock.move(minutes=5)
    world.converse("sigo queriendo")
    assert asked(world)[-1] == [("tap", f'/after_close{{"order": "{expired}"}}')]
    assert world.contact(ANA).window_ends_at == world.clock() - timedelta(seconds=3) + timedelta(hours=24)
