"""A person takes an order: the bot falls silent at once, and comes back clean when the order is closed."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from openbot.actor import Actor
from openbot.conversations.handover import move_order
from openbot.schema import Contact, Operator
from openbot.vocabulary import OPEN_STATES, State
from tests.e2e.company import Company
from tests.e2e.phone import Phone

pytestmark = pytest.mark.e2e


def operator(company: Company) -> Actor:
    """The administrator whom the demo made."""
    with company.database.reading() as session:
        person = session.scalars(select(Operator)).first()
        assert person is not None
        return Actor.operator(operator_id=person.id, name=person.name, role=person.role)


def move(company: Company, phone: Phone, to: State) -> None:
    actor, order = operator(company), phone.orders[-1]
    with company.database.transaction() as session:
        move_order(
            session,
            order_id=order["number"],
            to=to,
            actor=actor,
            now=datetime.now(UTC),
            seen_version=order["version"],
            reason="prueba",
            expires_after=timedelta(hours=48) if to in OPEN_STATES else None,
        )


def unread(company: Company, phone: Phone) -> int:
    with company.database.reading() as session:
        return session.get_one(Contact, phone.contact_id).unread


def complete_order(company: Company) -> Phone:
    ana = company.phone()
    ana.says("2 cocas de 2,25, retiro en Belgrano, pago con transferencia")
    ana.taps("Sin aclaraciones", "Sí, Ana", "Confirmar")
    assert ana.order["state"] == "COMPLETO", str(ana)
    return ana


def test_the_bot_is_silent_while_an_operator_has_the_order(company: Company):
    ana = complete_order(company)
    move(company, ana, State.IN_PROGRESS)
    assert ana.says("¿me lo podés mandar a la tarde?") == []
    assert ana.says("cancelá el pedido") == []
    assert ana.taps("Confirmar") == []
    left = [line for line in ana.transcript if line["state"] == "left"]
    assert [line["author"] for line in left] == ["cliente"] * 3
    assert unread(company, ana) == 3
    assert (ana.order["state"], ana.order["operator_id"]) == ("EN PROCESO", operator(company).operator_id)


def test_what_was_in_hand_at_the_take_is_left_to_the_operator(company: Company):
    ana = complete_order(company)
    ana.post("text", text="agregale un kilo de pan")
    company.sim("GET", "idle?wait=20")  # stored, and its quiet is not over
    move(company, ana, State.IN_PROGRESS)
    assert ana.answer() == []
    assert unread(company, ana) == 1
    assert [item["name"] for item in ana.order["items"]] == ["Coca-Cola 2,25 L"]


def test_after_the_close_courtesy_is_no_order_and_a_question_is_asked_about(company: Company):
    ana = complete_order(company)
    move(company, ana, State.IN_PROGRESS)
    move(company, ana, State.INVOICED)
    thanks = ana.says("gracias!!")
    assert len(thanks) <= 1
    assert [order["state"] for order in ana.orders] == ["FACTURADO"]
    (question,) = ana.says("me faltó una coca")
    assert f"pedido {ana.orders[0]['number']}" in question.text, str(ana)
    ana.taps(question.options[0])
    help_order = ana.orders[-1]
    assert (help_order["kind"], help_order["state"]) == ("AYUDA", "COMPLETO"), str(ana)
    assert ana.says("¿hola?") == []


def test_after_the_close_a_new_order_can_be_placed(company: Company):
    ana = complete_order(company)
    move(company, ana, State.IN_PROGRESS)
    assert ana.says("¿está?") == []
    move(company, ana, State.INVOICED)
    (question,) = ana.says("quiero hacer otro pedido")
    ana.taps(question.options[1])
    ana.says("3 fantas de 2,25, retiro en Belgrano, pago con transferencia")
    ana.taps_through("Confirmar", "Sí, Ana", "Sin aclaraciones", "Eso es todo")
    first, second = ana.orders
    assert (first["state"], second["state"]) == ("FACTURADO", "COMPLETO"), str(ana)
    assert [(item["name"], item["quantity"]) for item in second["items"]] == [
        ("Fanta naranja 2,25 L", "3.000")
    ]


def test_given_back_the_bot_answers_what_came_meanwhile(company: Company):
    ana = complete_order(company)
    move(company, ana, State.IN_PROGRESS)
    assert ana.says("¿a qué hora abre Belgrano?") == []
    move(company, ana, State.COMPLETE)
    (answer,) = ana.answer()
    assert "Belgrano" in answer.text
    assert (ana.order["state"], unread(company, ana)) == ("COMPLETO", 0)
