"""How long a text waits for the next one (product §3)."""

import pytest

from openbot.schema import Contact
from tests.support.world import World


def test_texts_within_the_quiet_time_are_one_turn(world: World) -> None:
    for body in ("hola", "quiero", "2 cocas"):
        world.says(body)
        world.wait(seconds=2)
    assert world.assistant.questions == []
    world.wait(seconds=1)
    assert world.assistant.heard == [["hola\nquiero\n2 cocas"]]


def test_eight_seconds_after_the_first_text_nobody_waits_any_longer(world: World) -> None:
    world.says("0")
    for second in (2, 4, 6):
        world.wait(seconds=2)
        world.says(str(second))
    world.wait(seconds=1.9)
    assert world.assistant.questions == []
    world.wait(seconds=0.1)
    assert world.assistant.heard == [["0\n2\n4\n6"]]


def test_a_tap_is_never_delayed(world: World) -> None:
    world.taps("/menu")
    world.says("hola")
    world.settle()
    assert len(world.assistant.questions) == 1


def test_a_tap_takes_the_waiting_texts_with_it(world: World) -> None:
    world.says("hola")
    world.taps("/menu", title="Menú")
    world.settle()
    assert world.assistant.heard == [["hola", "Menú"]]


@pytest.mark.parametrize(("body", "after"), [("centro", 1.0), ("CENTRO ", 1.0), ("al centro", 2.5)])
def test_a_text_that_answers_the_open_question_waits_one_second(
    world: World, body: str, after: float
) -> None:
    world.converse("hola")
    with world.database.transaction() as session:
        session.get_one(Contact, world.contact().id).open_options = ["Centro", "Norte"]
    world.says(body)
    world.wait(seconds=after - 0.1)
    assert len(world.assistant.questions) == 1
    world.wait(seconds=0.1)
    assert len(world.assistant.questions) == 2


def test_the_options_of_the_last_reply_are_what_answers(world: World) -> None:
    world.assistant.act = lambda _question: [
        {
            "text": "¿Cuál?",
            "buttons": [{"title": "Centro", "payload": "/c"}, {"title": "Norte", "payload": "/n"}],
        }
    ]
    world.converse("hola")
    assert world.contact().open_options == ["Centro", "Norte"]


def test_what_is_said_while_a_turn_is_answered_is_the_next_turn(world: World) -> None:
    world.says("uno")
    world.clock.move(seconds=3)
    world.assistant.during = lambda _question: (world.says("dos"), world.taps("/menu", title="tres"))
    world.answer()
    world.settle()
    assert world.assistant.heard == [["uno"], ["dos", "tres"]]
    assert world.whatsapp.texts() == ["oí: uno", "oí: dos | tres"]
