"""The customer is told of each state the company wrote a text for, once per change (product §2)."""

from typing import Any

import pytest

from openbot import company
from openbot.conversations import counts, removal
from openbot.conversations.telling import NO_TEMPLATE, NO_WINDOW
from openbot.database import Database
from openbot.schema import Contact, MessageTemplate, Outbound
from openbot.vocabulary import Author, State
from tests.support.world import Clock, World

TEXT = "¡Hola {{nombre}}! Tu pedido {{pedido}} por {{total}} está listo."


@pytest.fixture
def shop(seeded: Database, world: World) -> World:
    """The demo company, which tells of FACTURADO, and an order of Ana."""
    del seeded
    save(world, state_messages={"FACTURADO": {"text": TEXT, "template_id": 1}})
    world.converse("hola")
    return world


def save(world: World, **values: Any) -> None:
    with world.database.transaction() as session:
        version = company.read(session).version
        company.save(session, values=values, version=version, by=None, now=world.clock())


def template(world: World, *, status: str = "APPROVED", variables: tuple[str, ...] = ("1", "2")) -> None:
    holes = " ".join(f"{{{{{name}}}}}" for name in variables)
    with world.database.transaction() as session:
        session.add(
            MessageTemplate(
                id=1, name="pedido_listo", language="es_AR", category="utility", status=status,
                body=f"Listo: {holes}", variables=list(variables), buttons=[],
                components=[{"type": "BODY", "text": f"Listo: {holes}"}], fetched_at=world.clock(),
            )
        )  # fmt: skip


def notices(world: World) -> list[Outbound]:
    return [row for row in world.rows(Outbound) if row.author is Author.SYSTEM]


def counted(world: World) -> dict[str, int]:
    with world.database.reading() as session:
        return counts.all_counts(session)


def test_the_text_goes_out_filled_and_only_for_its_state(shop: World) -> None:
    shop.move(State.IN_PROGRESS)
    assert notices(shop) == []
    number = shop.move(State.INVOICED)
    shop.settle()
    assert shop.whatsapp.texts()[-1] == f"¡Hola Ana! Tu pedido {number} por $\u00a00,00 está listo.".replace(
        "\u00a0", " "
    )
    [row] = notices(shop)
    assert row.key == f"state:{number}:{shop.order().version}"


def test_each_change_is_told_once(shop: World, clock: Clock) -> None:
    shop.move(State.IN_PROGRESS)
    shop.move(State.INVOICED)
    clock.move(minutes=5)
    shop.move(State.IN_PROGRESS, reason="faltaba algo")
    shop.move(State.INVOICED)
    assert len(notices(shop)) == 2


def test_an_empty_text_switches_it_off(shop: World) -> None:
    save(shop, state_messages={"FACTURADO": {"text": "", "template_id": 1}})
    shop.move(State.IN_PROGRESS)
    shop.move(State.INVOICED)
    assert notices(shop) == []


@pytest.mark.parametrize(
    ("variables", "values"), [(("1", "2"), ["Ana", "1"]), (("pedido", "nombre"), ["1", "Ana"])]
)
def test_outside_the_window_the_template_goes_out(
    shop: World, clock: Clock, variables: tuple[str, ...], values: list[str]
) -> None:
    template(shop, variables=variables)
    shop.move(State.IN_PROGRESS)
    clock.move(hours=25)
    shop.move(State.INVOICED)
    shop.settle()
    body = shop.whatsapp.delivered[-1].body
    assert (body["type"], body["template"]["name"]) == ("template", "pedido_listo")
    assert [each["text"] for each in body["template"]["components"][0]["parameters"]] == values
    assert notices(shop)[0].text == f"Listo: {' '.join(values)}"


@pytest.mark.parametrize(
    ("kept", "status", "name"),
    [
        ({"text": TEXT}, "APPROVED", NO_WINDOW),
        ({"text": TEXT, "template_id": 1}, "PAUSED", NO_TEMPLATE),
        ({"text": TEXT, "template_id": 77}, "APPROVED", NO_TEMPLATE),
    ],
)
def test_without_a_template_that_may_go_nothing_is_said_and_it_is_counted(
    shop: World, clock: Clock, kept: dict[str, Any], status: str, name: str
) -> None:
    template(shop, status=status)
    save(shop, state_messages={"FACTURADO": kept})
    shop.move(State.IN_PROGRESS)
    clock.move(hours=25)
    shop.move(State.INVOICED)
    assert notices(shop) == []
    assert counted(shop)[name] == 1


def test_a_blocked_contact_is_told_nothing(shop: World) -> None:
    shop.move(State.IN_PROGRESS)
    with shop.database.transaction() as session:
        session.get_one(Contact, shop.contact().id).blocked_at = shop.clock()
    shop.move(State.INVOICED)
    assert notices(shop) == []


def test_who_is_deleted_is_not_told_of_the_cancelled_order(shop: World) -> None:
    save(shop, state_messages={"CANCELADO": {"text": "Se canceló tu pedido {{pedido}}."}})
    contact_id, actor = shop.contact().id, shop.operator()
    with shop.database.transaction() as session:
        removal.delete(
            session, contact_id=contact_id, actor=actor, mark_key=shop.settings.mark_key, now=shop.clock()
        )
    assert notices(shop) == []
