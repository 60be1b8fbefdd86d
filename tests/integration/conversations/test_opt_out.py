"""«BAJA» and «ALTA» (product §4): recorded with date and message; only broadcasts stop, never replies."""

import pytest

from openbot.actor import CUSTOMER
from openbot.conversations import removal
from openbot.conversations.sentences import ASK_OPT_OUT, OPTED_IN, OPTED_OUT
from openbot.orders import operations
from openbot.schema import Broadcast, BroadcastRecipient, Contact, Inbound, MessageTemplate, Order, Outbound
from openbot.vocabulary import Author, BroadcastState, InboxState, OutboxState, RecipientState, State
from tests.support import whatsapp
from tests.support.whatsapp import ANA
from tests.support.world import World


@pytest.fixture
def ordering(world: World) -> World:
    """Ana has an order with an address in it, and the bot attends her."""
    world.converse("hola")
    with world.database.transaction() as session:
        operations.change(
            session,
            order_id=world.order().id,
            actor=CUSTOMER,
            now=world.clock(),
            fields={"address": "Rivadavia 1"},
        )
    return world


def heard(world: World) -> list[str]:
    return [text for texts in world.assistant.heard for text in texts]


def last(world: World) -> Inbound:
    return world.rows(Inbound)[-1]


@pytest.mark.parametrize("said", ["BAJA", "stop.", "No quiero recibir más mensajes"])
def test_without_an_order_it_is_recorded_at_once_and_no_order_opens(world: World, said: str) -> None:
    world.converse(said)
    contact = world.contact()
    assert contact.opted_out_at == last(world).received_at
    assert contact.opted_out_inbound_id == last(world).id
    assert (last(world).state, last(world).reason) == (InboxState.NO_TURN, "opted_out")
    assert world.rows(Order) == []
    assert heard(world) == []
    assert world.said() == [("cliente", said), ("sistema", OPTED_OUT)]
    assert world.whatsapp.texts() == [OPTED_OUT]


def test_replies_go_on_after_it(world: World) -> None:
    world.converse("BAJA")
    world.converse("quiero una coca")
    assert world.whatsapp.texts()[-1] == "oí: quiero una coca"


def test_an_order_without_anything_in_it_is_no_reason_to_ask(world: World) -> None:
    world.converse("hola")
    world.converse("baja")
    assert world.whatsapp.texts()[-1] == OPTED_OUT
    assert heard(world) == ["hola"]


def test_a_coke_that_goes_down_is_an_order(world: World) -> None:
    world.converse("baja una coca")
    assert heard(world) == ["baja una coca"]
    assert world.contact().opted_out_at is None


def test_inside_an_order_it_asks_which_is_meant(ordering: World) -> None:
    ordering.converse("BAJA")
    assert ordering.contact().opted_out_at is None
    assert (last(ordering).state, last(ordering).reason) == (InboxState.NO_TURN, "opt_out_asked")
    body = ordering.whatsapp.delivered[-1].body["interactive"]
    assert body["body"]["text"] == ASK_OPT_OUT
    buttons = [each["reply"] for each in body["action"]["buttons"]]
    assert [each["title"] for each in buttons] == [
        "No recibir novedades", "Cancelar mi pedido", "Seguir con mi pedido",
    ]  # fmt: skip
    ordering.taps(buttons[0]["id"], title=buttons[0]["title"])
    ordering.settle()
    assert ordering.whatsapp.texts()[-1] == OPTED_OUT
    assert ordering.contact().opted_out_inbound_id == last(ordering).id
    assert ordering.order().state is State.INCOMPLETE
    ordering.taps(buttons[1]["id"], title=buttons[1]["title"])
    ordering.settle()
    assert ordering.assistant.questions[-1].messages[0]["payload"] == "/cancel_order"


@pytest.mark.parametrize("state", [State.IN_PROGRESS, None])
def test_under_a_person_it_is_recorded_and_left_to_them(ordering: World, state: State | None) -> None:
    if state is not None:
        ordering.move(state)
    else:
        with ordering.database.transaction() as session:
            session.get_one(Contact, ordering.contact().id).waiting_since = ordering.clock()
    ordering.converse("baja")
    assert ordering.contact().opted_out_at is not None
    assert (last(ordering).state, ordering.contact().unread) == (InboxState.LEFT, 1)
    assert ordering.whatsapp.texts() == ["oí: hola"]


def test_given_back_the_bot_does_not_hear_it(ordering: World) -> None:
    ordering.move(State.IN_PROGRESS)
    ordering.clock.move(minutes=1)
    ordering.converse("BAJA")
    ordering.clock.move(minutes=1)
    ordering.move(State.INCOMPLETE)
    ordering.settle()
    assert heard(ordering) == ["hola"]
    assert ordering.contact().unread == 0
    assert ordering.order().waiting_since is None


def test_alta_returns(world: World) -> None:
    world.converse("BAJA")
    world.converse("Alta.")
    assert (world.contact().opted_out_at, world.contact().opted_out_inbound_id) == (None, None)
    assert world.whatsapp.texts()[-1] == OPTED_IN
    assert world.rows(Order) == []
    world.converse("alta")  # somebody who gets the news says something else with it
    assert heard(world) == ["alta"]


def test_baja_and_alta_in_one_webhook_are_taken_in_their_order(world: World) -> None:
    bodies = ("BAJA", "ALTA", "BAJA")
    world.deliver(*(whatsapp.text(ANA, body, wamid=world.wamid(), at=world.clock()) for body in bodies))
    world.settle()
    assert world.contact().opted_out_inbound_id == last(world).id
    assert world.whatsapp.texts() == [OPTED_OUT, OPTED_IN, OPTED_OUT]


def test_it_outlives_the_deletion_of_the_contact(world: World) -> None:
    world.converse("BAJA")
    contact_id, operator = world.contact().id, world.operator()
    with world.database.transaction() as session:
        removal.delete(
            session,
            contact_id=contact_id,
            actor=operator,
            mark_key=world.settings.mark_key,
            now=world.clock(),
        )
    world.converse("hola de nuevo")
    assert world.contact().opted_out_at is not None


def test_what_broadcasts_hold_for_the_contact_is_dropped(world: World) -> None:
    world.converse("hola")
    contact_id = world.contact().id
    world.operator()
    with world.database.transaction() as session:
        session.add(
            MessageTemplate(
                id=1, name="promo", language="es", category="marketing", status="APPROVED", body="¡Promo!",
                variables=[], buttons=[], components=[], fetched_at=world.clock(),
            )
        )  # fmt: skip
        session.flush()
        session.add_all(
            Broadcast(
                id=number, created_at=world.clock(), name=f"Difusión {number}", segment={}, values=[],
                template_id=1, state=BroadcastState.RUNNING, created_by_id=1,
            )
            for number in (1, 2, 3)
        )  # fmt: skip
        session.flush()
        row = Outbound(
            contact_id=contact_id, author=Author.BROADCAST, text="¡Promo!", bubble={"text": "¡Promo!"},
            state=OutboxState.QUEUED, queued_at=world.clock(), not_before=world.clock(), broadcast_id=3,
        )  # fmt: skip
        session.add(row)
        session.flush()
        for number, state in enumerate(
            (RecipientState.PENDING, RecipientState.HELD, RecipientState.QUEUED), 1
        ):
            session.add(
                BroadcastRecipient(
                    broadcast_id=number, contact_id=contact_id, state=state, changed_at=world.clock(),
                    outbound_id=row.id if state is RecipientState.QUEUED else None,
                )
            )  # fmt: skip
    world.says("BAJA")
    world.settle()
    assert [(row.state, row.reason) for row in world.rows(BroadcastRecipient)] == [
        (RecipientState.SKIPPED, "opted_out")
    ] * 3
    assert "¡Promo!" not in world.whatsapp.texts()
