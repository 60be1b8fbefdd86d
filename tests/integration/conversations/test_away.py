"""Outside attention hours whoever waits for people is told once when somebody will answer (product §2)."""

from typing import Any

import pytest

from openbot import company
from openbot.conversations import queueing
from openbot.conversations.queueing import Message
from openbot.database import Database
from openbot.schema import Contact, Outbound
from openbot.vocabulary import Author, State
from openbot.whatsapp.outbound import Bubble
from tests.support.world import Clock, World

OPENING = "En este momento no estamos atendiendo: abrimos mañana a las "


@pytest.fixture
def night(seeded: Database, world: World, clock: Clock) -> World:
    """The demo company, an order in process, and a Tuesday at 23:00."""
    del seeded
    world.converse("hola")
    world.move(State.IN_PROGRESS)
    clock.move(hours=13)
    return world


def save(world: World, **values: Any) -> None:
    with world.database.transaction() as session:
        version = company.read(session).version
        company.save(session, values=values, version=version, by=None, now=world.clock())


def notices(world: World) -> list[str]:
    return [row.text for row in world.rows(Outbound) if row.author is Author.SYSTEM]


def test_it_is_said_once_in_a_stretch_and_really_sent(night: World) -> None:
    night.converse("¿están?")
    night.converse("¿hola?")
    [said] = notices(night)
    assert OPENING in said
    assert night.whatsapp.texts()[-1] == said
    assert night.contact().unread == 2


def test_in_attention_hours_nothing_is_said(night: World, clock: Clock) -> None:
    clock.move(hours=11)  # Wednesday, 10:00
    night.converse("¿están?")
    assert notices(night) == []


def test_an_operators_word_ends_the_stretch(night: World, clock: Clock) -> None:
    night.converse("¿están?")
    with night.database.transaction() as session:
        contact = session.get_one(Contact, night.contact().id)
        word = Message(author=Author.OPERATOR, bubble=Bubble(text="Acá estoy"), operator_id=1)
        queueing.queue_message(session, contact=contact, message=word, now=clock())
    clock.move(hours=1)
    night.converse("¿y?")
    assert len(notices(night)) == 2


@pytest.mark.parametrize("to", [State.RESOLVED, State.INCOMPLETE])
def test_closing_or_giving_back_ends_it(night: World, to: State) -> None:
    night.converse("¿están?")
    night.move(to)
    assert night.contact().away_notice_at is None


def test_it_can_be_switched_off(night: World) -> None:
    save(night, away_notice=False)
    night.converse("¿están?")
    assert notices(night) == []


def test_the_companys_own_words_outside_hours_follow(night: World) -> None:
    save(night, text_outside_hours="Si es urgente, llamanos.")
    night.converse("¿están?")
    assert notices(night)[0].endswith("\n\nSi es urgente, llamanos.")


def test_who_asked_for_a_person_in_these_very_hours_was_told_already(night: World, clock: Clock) -> None:
    night.move(State.INCOMPLETE)
    with night.database.transaction() as session:
        session.get_one(Contact, night.contact().id).waiting_since = clock()
    clock.move(minutes=5)
    night.converse("¿y?")
    assert notices(night) == []
    clock.move(hours=24)  # a whole day passed, and nobody answered
    night.converse("¿todavía nadie?")
    assert len(notices(night)) == 1


def test_while_the_company_answers_from_its_phone_somebody_is_there(night: World) -> None:
    night.move(State.INCOMPLETE)
    night.echo("Hola, soy Laura")
    night.converse("¡hola Laura!")
    assert notices(night) == []


def test_the_bot_answers_at_any_hour_without_it(night: World) -> None:
    night.move(State.INCOMPLETE)
    night.converse("quiero pan")
    assert notices(night) == []
    assert night.whatsapp.texts()[-1] == "oí: quiero pan"
