"""The plan is used up: what a company that stops still does (product §6)."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from openbot import company
from openbot.actor import BOT
from openbot.conversations.sentences import PLAN_USED_UP
from openbot.orders import operations
from openbot.schema import Contact, Inbound, Order, OrderChange, OrderItem, Outbound, Product
from openbot.vocabulary import Author, InboxState, OrderKind, State
from tests.support.whatsapp import ANA, BETO, Customer

if TYPE_CHECKING:
    from openbot.database import Database
    from tests.support.world import World

CARLA = Customer(phone="5491136943434", user_id="AR.CARLA1", name="Carla")


@pytest.fixture(autouse=True)
def demo(seeded: "Database") -> None:
    """Everybody here works for the demo company."""


def choose(world: "World", **values: Any) -> None:
    with world.database.transaction() as session:
        version = company.read(session).version
        company.save(session, values=values, version=version, by=None, now=world.clock())


def use_up(world: "World", *, allowance: int = 2) -> None:
    """Ana speaks with the bot, and the plan is over."""
    choose(world, plan_allowance=allowance, plan_at_zero="stop")
    world.converse("hola")
    world.deadlines.once()
    world.whatsapp.delivered.clear()


def add_item(world: "World", who: Customer = ANA) -> None:
    with world.database.transaction() as session:
        product = session.query(Product).first()
        order_id = world.order(who).id
        session.add(
            OrderItem(
                order_id=order_id, product_id=product.id, name=product.name, unit=product.unit,
                quantity=Decimal(1), unit_price=product.price,
            )
        )  # fmt: skip


def notices(world: "World", who: Customer = ANA) -> int:
    return world.whatsapp.texts(who.phone).count(PLAN_USED_UP)


# --- nothing new is begun --------------------------------------------------------------------------------


def test_who_begins_now_waits_for_a_person_and_is_told(world: "World"):
    use_up(world)
    world.converse("quiero dos cocas", who=BETO)
    world.converse("¿hola?", who=BETO)
    order = world.order(BETO)
    assert (order.kind, order.state, order.needs_person) == (OrderKind.HELP, State.COMPLETE, True)
    assert (order.person_reason, order.waiting_since is not None) == ("plan agotado", True)
    assert world.whatsapp.texts(BETO.phone) == [PLAN_USED_UP]
    (sent,) = world.rows(Outbound, Outbound.contact_id == world.contact(BETO).id)
    assert (sent.author, sent.order_id) == (Author.SYSTEM, order.id)
    kept = world.rows(Inbound, Inbound.contact_id == world.contact(BETO).id)
    assert [(row.state, row.reason) for row in kept] == [
        (InboxState.LEFT, "plan agotado"),
        (InboxState.LEFT, ""),
    ]
    assert world.contact(BETO).unread == 2
    assert world.assistant.heard == [["hola"]]


def test_several_messages_of_several_people_in_one_webhook(world: "World"):
    use_up(world)
    from tests.support import whatsapp

    at = world.clock()
    items = [
        whatsapp.text(who, body, wamid=f"wamid.MANY{number}", at=at)
        for number, (who, body) in enumerate([(BETO, "uno"), (CARLA, "dos"), (BETO, "tres"), (ANA, "cuatro")])
    ]
    webhook = whatsapp.envelope([whatsapp.change(*items, who=(ANA, BETO, CARLA))])
    for _ in range(2):  # the second time a repetition
        assert world.post(webhook).status_code == 200
        world.wait(seconds=5)
    assert [notices(world, who) for who in (ANA, BETO, CARLA)] == [1, 1, 1]
    assert len(world.rows(Order)) == 3
    assert world.assistant.heard == [["hola"]]


def test_the_sentence_is_said_once_a_day_of_the_company(world: "World"):
    use_up(world)
    world.clock.now = datetime(2026, 11, 26, 2, 50, tzinfo=UTC)  # 25 November, 23:50 there
    for body in ("uno", "dos"):
        world.converse(body, who=BETO)
    assert notices(world, BETO) == 1
    world.clock.now = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)  # midnight
    for body in ("tres", "cuatro"):
        world.converse(body, who=BETO)
    assert notices(world, BETO) == 2


def test_an_order_with_items_is_finished(world: "World"):
    choose(world, plan_allowance=2, plan_at_zero="stop")
    world.converse("hola")
    add_item(world)
    world.deadlines.once()
    world.converse("y una fanta")
    assert world.whatsapp.texts() == ["oí: hola", "oí: y una fanta"]
    with world.database.transaction() as session:
        operations.move(session, order_id=world.order().id, to=State.COMPLETE, actor=BOT, now=world.clock())
    world.converse("¿cuánto tarda?")
    assert world.whatsapp.texts()[-1] == "oí: ¿cuánto tarda?"


def test_an_empty_order_is_not_begun(world: "World"):
    use_up(world)
    world.converse("dos cocas")
    order = world.order()
    assert (order.kind, order.person_reason, notices(world)) == (OrderKind.HELP, "plan agotado", 1)


def test_a_tap_on_an_old_menu_does_not_wake_the_bot(world: "World"):
    use_up(world)
    world.converse("hola", who=BETO)
    world.taps("/menu", who=BETO)
    world.wait(seconds=5)
    assert world.contact(BETO).waiting_since is not None
    assert (notices(world, BETO), world.assistant.heard) == (1, [["hola"]])


def test_what_cannot_be_read_is_in_the_queue_too(world: "World"):
    use_up(world)
    world.shows("unsupported", who=BETO)
    world.wait(seconds=5)
    assert (world.order(BETO).kind, notices(world, BETO)) == (OrderKind.HELP, 1)


def test_after_a_close_thanks_are_kept_and_a_question_waits_for_a_person(world: "World"):
    choose(world, plan_allowance=2, plan_at_zero="stop")
    world.converse("hola")
    world.move(State.IN_PROGRESS)
    world.move(State.RESOLVED)
    world.deadlines.once()
    world.whatsapp.delivered.clear()
    world.converse("gracias")
    assert (len(world.rows(Order)), notices(world)) == (1, 0)
    world.converse("¿y mi pedido?")
    assert [order.kind for order in world.rows(Order)] == [OrderKind.ORDER, OrderKind.HELP]
    assert notices(world) == 1


def test_an_operator_answers_all_the_same(world: "World"):
    use_up(world)
    world.converse("hola", who=BETO)
    world.move(State.IN_PROGRESS, who=BETO)
    world.converse("¿hay alguien?", who=BETO)
    from openbot.conversations import queueing
    from openbot.whatsapp.outbound import Bubble

    with world.database.transaction() as session:
        contact = session.get_one(Contact, world.contact(BETO).id)
        message = queueing.Message(author=Author.OPERATOR, operator_id=1, bubble=Bubble(text="Hola, soy Ana"))
        queueing.queue_message(session, contact=contact, message=message, now=world.clock())
    world.wait(seconds=10)
    assert world.whatsapp.texts(BETO.phone) == [PLAN_USED_UP, "Hola, soy Ana"]


def test_blocked_people_and_reactions_get_nothing(world: "World"):
    use_up(world)
    world.shows("reaction", message_id="wamid.OUT1", emoji="👍", who=BETO)
    world.wait(seconds=5)
    assert (len(world.rows(Order)), notices(world, BETO)) == (1, 0)


@pytest.mark.parametrize("values", [{"plan_at_zero": "continue"}, {"plan_allowance": None}])
def test_who_goes_on_or_has_no_limit_notices_nothing(world: "World", values: dict):
    use_up(world)
    choose(world, **values)
    world.deadlines.once()
    world.converse("hola", who=BETO)
    assert world.whatsapp.texts(BETO.phone) == ["oí: hola"]


def test_a_larger_allowance_and_the_next_month_begin_again(world: "World"):
    world.clock.now = datetime(2026, 12, 1, 2, 50, tzinfo=UTC)  # 30 November, 23:50 there
    use_up(world)
    world.clock.now = datetime(2026, 12, 1, 2, 59, 59, tzinfo=UTC)
    world.says("de noviembre", who=BETO)
    assert world.order(BETO).person_reason == "plan agotado"
    world.clock.now = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
    world.converse("de diciembre", who=CARLA)  # no worker looked at the plan since
    assert world.whatsapp.texts(CARLA.phone) == ["oí: de diciembre"]
    world.deadlines.once()
    dani = Customer(phone="5493514560000", name="Dani")
    world.converse("hola", who=dani)
    assert notices(world, dani) == 1
    choose(world, plan_allowance=100)
    world.deadlines.once()
    eva = Customer(phone="5493514560001", name="Eva")
    world.converse("hola", who=eva)
    assert world.whatsapp.texts(eva.phone) == ["oí: hola"]


def test_an_allowance_of_nothing_is_used_up_from_the_start(world: "World"):
    choose(world, plan_allowance=0, plan_at_zero="stop")
    world.deadlines.once()
    world.converse("hola")
    assert (notices(world), world.assistant.heard) == (1, [])


def test_the_history_says_why(world: "World"):
    use_up(world)
    world.says("hola", who=BETO)
    lines = world.rows(OrderChange, OrderChange.order_id == world.order(BETO).id)
    assert [(line.to_state, line.reason) for line in lines][1][1] == "plan agotado"
