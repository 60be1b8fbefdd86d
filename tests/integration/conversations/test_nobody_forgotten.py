"""Customers whom an interleaving of steps had made invisible (found by tests/properties/test_two_voices.py)."""

from datetime import timedelta

import pytest

from openbot.conversations import handover
from openbot.schema import Inbound
from openbot.vocabulary import InboxState, State
from tests.support.world import World


def states(world: World) -> list[InboxState]:
    return [row.state for row in world.rows(Inbound)]


def test_a_text_after_a_close_is_unread_when_the_question_about_it_never_went_out(world: World) -> None:
    world.converse("hola")
    world.move(State.IN_PROGRESS)
    world.move(State.INVOICED)
    world.clock.move(minutes=1)
    world.says("me faltó una coca")
    world.clock.move(seconds=3)
    world.answer()  # «¿Es por tu pedido 123?»
    world.echo("Hola Ana, soy Laura")
    world.send()
    assert world.whatsapp.texts() == ["oí: hola"]
    assert (states(world)[-1], world.contact().unread) == (InboxState.LEFT, 1)


def test_a_refusal_that_overtakes_the_answer_to_our_send_leaves_the_message(world: World) -> None:
    def refuse(_bubble: object) -> None:
        world.status("failed", wamid="wamid.OUT1", errors=[{"code": 131026, "title": "Undeliverable"}])

    world.says("hola")
    world.clock.move(seconds=3)
    world.answer()
    world.whatsapp.during_send = refuse
    world.send()
    assert (states(world), world.contact().unread) == ([InboxState.LEFT], 1)
    assert world.order().waiting_since is not None


# --- the company answers from its own phone ---------------------------------------------------------


def give_back(world: World) -> bool:
    with world.database.transaction() as session:
        return handover.end_phone_reply(session, contact_id=world.contact().id, now=world.clock())


def test_given_back_from_the_phone_what_came_after_its_last_word_is_a_turn(world: World) -> None:
    world.converse("hola")
    number = world.contact().dialogue_number
    world.converse("¿hay alguien?")
    world.echo("Hola Ana, soy Laura")
    world.clock.move(minutes=1)
    world.converse("una coca")
    world.converse("y pan")
    assert world.order().waiting_since is not None
    assert give_back(world)
    world.settle()
    assert world.assistant.heard[-1] == ["una coca\ny pan"]
    assert world.assistant.questions[-1].dialogue == "[]"
    contact = world.contact()
    assert (contact.unread, contact.phone_reply_until) == (0, None)
    assert contact.dialogue_number > number
    assert world.order().waiting_since is None
    assert not give_back(world)


def test_given_back_from_the_phone_an_order_in_process_stays_its_operators(world: World) -> None:
    world.converse("hola")
    world.move(State.IN_PROGRESS)
    world.echo("Hola Ana, soy Laura")
    world.clock.move(minutes=1)
    world.converse("¿y?")
    assert give_back(world)
    world.settle()
    assert world.assistant.heard == [["hola"]]
    assert world.contact().unread == 1


@pytest.mark.parametrize(("hours_late", "silent"), [(0, True), (3, True), (5, False)])
def test_an_echo_counts_from_when_it_was_written(world: World, hours_late: int, silent: bool) -> None:  # noqa: FBT001
    world.converse("hola")
    world.echo("Hola Ana", at=world.clock() - timedelta(hours=hours_late))
    world.converse("¿hola?")
    assert (len(world.whatsapp.delivered) == 1) is silent
