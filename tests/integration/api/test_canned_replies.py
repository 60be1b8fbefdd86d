"""Canned replies: written by administrators, said by everybody, filled in for the conversation."""

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from openbot.actor import BOT
from openbot.catalogue.business_file import BusinessFileWrong
from openbot.conversations.canned_replies import fill, seed
from openbot.orders import operations
from openbot.schema import AuditEntry, CannedReply, Contact, Order
from openbot.vocabulary import State

if TYPE_CHECKING:
    from openbot.database import Database
    from tests.support.panel import Browser, Panel
    from tests.support.world import World

URL = "/api/canned-replies"
BUSINESS = Path(__file__).resolve().parents[3] / "data" / "business.yml"
HELLO = {"shortcut": "hola", "text": "Hola {{nombre}}, soy {{operador}}."}


@pytest.fixture(autouse=True)
def company(seeded: "Database") -> None:
    """Everybody here works for the demo company."""


@pytest.fixture
def administrator(panel: "Panel") -> "Browser":
    return panel.administrator(name="Adela")


def add(browser: "Browser", **values: Any) -> dict[str, Any]:
    answer = browser.post(URL, json={**HELLO, **values})
    assert answer.status_code == 201, answer.text
    row: dict[str, Any] = answer.json()
    return row


def refused(answer: Any) -> tuple[int, str, dict[str, str]]:
    error = answer.json()["error"]
    return answer.status_code, error["code"], error["fields"]


def ordered(world: "World") -> int:
    """Ana Pérez ordered for $ 22.800 at branch 1."""
    world.says("hola")
    order = world.order()
    with world.database.transaction() as session:
        session.get_one(Contact, order.contact_id).name = "Ana Pérez"
        row = session.get_one(Order, order.id)
        row.total, row.branch_id = Decimal(22800), 1
    return order.id


def filled(browser: "Browser", contact_id: int) -> list[str]:
    answer = browser.get(URL, params={"contact_id": contact_id})
    assert answer.status_code == 200, answer.text
    return [row["filled"] for row in answer.json()]


def test_administrators_write_them_and_everybody_reads_them(panel: "Panel", administrator: "Browser"):
    assert administrator.get(URL).json() == []
    row = add(administrator, shortcut="precio", text="Sale {{total}}.")
    add(administrator, shortcut="/Año_2", text="  Feliz   año\n\nnuevo  ")
    operator = panel.operator()
    assert operator.get(URL).json() == [
        {
            "id": row["id"] + 1,
            "shortcut": "año_2",
            "text": "Feliz año\n\nnuevo",
            "version": 1,
            "filled": None,
        },
        {"id": row["id"], "shortcut": "precio", "text": "Sale {{total}}.", "version": 1, "filled": None},
    ]
    assert refused(operator.post(URL, json=HELLO))[:2] == (403, "administrators_only")


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"shortcut": ""}, {"shortcut": "missing"}),
        ({"shortcut": "/"}, {"shortcut": "not_a_shortcut"}),
        ({"shortcut": "dos palabras"}, {"shortcut": "not_a_shortcut"}),
        ({"shortcut": "mañána"}, {"shortcut": "not_a_shortcut"}),
        ({"shortcut": "a" * 31}, {"shortcut": "not_a_shortcut"}),
        ({"shortcut": "a" * 32}, {"shortcut": "too_long"}),
        ({"shortcut": 3}, {"shortcut": "not_a_text"}),
        ({"text": " \u200b "}, {"text": "missing"}),
        ({"text": "x" * 4097}, {"text": "too_long"}),
        ({"text": "Tu {{saldo}}"}, {"text": "unknown_reply_variable"}),
        ({"text": "Tu {{}}"}, {"text": "unknown_reply_variable"}),
        ({"color": "rojo"}, {"color": "unknown_field"}),
    ],
)
def test_what_does_not_fit_is_refused_beside_its_field(
    administrator: "Browser", values: dict[str, Any], fields: dict[str, str]
):
    answer = administrator.post(URL, json={**HELLO, **values})
    assert refused(answer) == (422, "invalid", fields)
    assert administrator.get(URL).json() == []


def test_a_shortcut_is_of_one_reply(administrator: "Browser"):
    add(administrator)
    other = add(administrator, shortcut="chau")
    taken = (422, "invalid", {"shortcut": "taken"})
    assert refused(administrator.post(URL, json={**HELLO, "shortcut": "/HOLA"})) == taken
    change = {"shortcut": "hola", "version": 1}
    assert refused(administrator.patch(f"{URL}/{other['id']}", json=change)) == taken
    same = administrator.patch(f"{URL}/{other['id']}", json={"shortcut": "chau", "version": 1})
    assert (same.status_code, same.json()["version"]) == (200, 1)


def test_who_saves_an_old_version_sees_what_changed(panel: "Panel", administrator: "Browser"):
    row = add(administrator)
    url, other = f"{URL}/{row['id']}", panel.administrator(name="Bruno")
    changed = other.patch(url, json={"text": "¡Buenas!", "version": 1}).json()
    assert (changed["text"], changed["shortcut"], changed["version"]) == ("¡Buenas!", "hola", 2)
    answer = administrator.patch(url, json={"text": "Hola.", "version": 1})
    assert answer.status_code == 409
    error = answer.json()["error"]
    assert (error["code"], error["detail"]["version"], error["detail"]["by"]) == (
        "changed_meanwhile", 2, "Bruno",
    )  # fmt: skip
    assert error["detail"]["changed"] == {"text": ["Hola.", "¡Buenas!"]}


def test_a_removed_one_is_gone(world: "World", administrator: "Browser"):
    row = add(administrator)
    url = f"{URL}/{row['id']}"
    assert administrator.delete(url).status_code == 204
    assert world.rows(CannedReply) == []
    gone = (404, "canned_reply_not_found")
    assert refused(administrator.delete(url))[:2] == gone
    assert refused(administrator.patch(url, json={"text": "x", "version": 1}))[:2] == gone
    add(administrator)  # its shortcut is free again


def test_who_changed_what_is_in_the_log(world: "World", administrator: "Browser"):
    row = add(administrator)
    administrator.patch(f"{URL}/{row['id']}", json={"text": "¡Buenas!", "version": 1})
    administrator.patch(f"{URL}/{row['id']}", json={"text": "¡Buenas!", "version": 2})  # changes nothing
    administrator.delete(f"{URL}/{row['id']}")
    log = [(entry.action, entry.subject, entry.detail) for entry in world.rows(AuditEntry)]
    subject, detail = f"canned_reply {row['id']}", {"shortcut": "hola"}
    assert log == [(f"canned_reply_{what}", subject, detail) for what in ("created", "changed", "deleted")]


def test_it_is_filled_for_the_conversation(world: "World", panel: "Panel", administrator: "Browser"):
    add(administrator, text="{{nombre}}: pedido {{pedido}}, {{total}}, {{sucursal}}, {{ operador }}")
    number = ordered(world)
    operator = panel.operator(name="Olga")
    (text,) = filled(operator, world.contact().id)
    assert text == f"Ana Pérez: pedido {number}, $ 22.800,00, Almagro, Olga"


def test_of_closed_orders_the_latest_counts(world: "World", panel: "Panel", administrator: "Browser"):
    add(administrator, text="Pedido {{pedido}}")
    number = ordered(world)
    world.move(State.CANCELLED, reason="prueba")
    assert filled(panel.operator(), world.contact().id) == [f"Pedido {number}"]


def test_a_conversation_of_another_branch_fills_nothing(
    world: "World", panel: "Panel", administrator: "Browser"
):
    add(administrator)
    world.says("hola")
    with world.database.transaction() as session:
        fields = {"branch_id": 1}
        operations.change(session, order_id=world.order().id, actor=BOT, now=world.clock(), fields=fields)
    answer = panel.operator(branches=[2]).get(URL, params={"contact_id": world.contact().id})
    assert refused(answer)[:2] == (404, "contact_not_found")


def test_the_companys_file_brings_some_to_begin_with(world: "World", administrator: "Browser"):
    for kept in (6, 0):  # what was edited since is not written over
        with world.database.transaction() as session:
            assert seed(session, file=BUSINESS) == kept
    rows = {row["shortcut"]: row for row in administrator.get(URL).json()}
    assert "{{operador}}" in rows["hola"]["text"]
    changed = administrator.patch(f"{URL}/{rows['hola']['id']}", json={"text": "¡Buenas!", "version": 1})
    assert changed.json()["version"] == 2


def test_a_mistake_in_the_companys_file_is_named(world: "World", tmp_path: Path):
    file = tmp_path / "business.yml"
    file.write_text("canned_replies: {hola: '{{saldo}}'}")
    with (
        world.database.transaction() as session,
        pytest.raises(BusinessFileWrong, match=r"canned_replies\.hola"),
    ):
        seed(session, file=file)


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("Hola {{nombre}}, ¿cómo va?", "Hola, ¿cómo va?"),
        ("{{nombre}}, ya sale.", "Ya sale."),
        ("¡Gracias {{ nombre }}!", "¡Gracias!"),
        ("{{nombre}}", ""),
        ("Son {{total}}.", "Son {{total}}."),
    ],
)
def test_a_name_nobody_knows_is_left_out_and_another_hole_stays_to_be_seen(text: str, reads: str):
    assert fill(text, {"nombre": "", "total": "", "operador": "Olga"}) == reads


def test_what_stands_in_a_name_is_not_filled_again():
    assert fill("Hola {{nombre}}", {"nombre": "{{total}}", "total": "$ 5"}) == "Hola {{total}}"
