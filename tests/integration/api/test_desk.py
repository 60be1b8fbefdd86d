"""Comunicaciones: who may write to a customer, what goes out, and that it goes out once."""

from typing import TYPE_CHECKING, Any

import pytest

from openbot.actor import BOT
from openbot.orders import operations
from openbot.schema import MessageTemplate, Outbound
from openbot.vocabulary import OrderKind, OutboxState, State
from tests.support.whatsapp import ANA, BETO, Customer, refusal

if TYPE_CHECKING:
    from tests.support.panel import Browser, Panel
    from tests.support.world import World

pytestmark = pytest.mark.usefixtures("seeded")


class Desk:
    """One operator at one conversation."""

    def __init__(self, browser: "Browser", contact_id: int) -> None:
        self.browser, self.contact_id = browser, contact_id
        self._keys = 0

    def call(self, method: str, what: str = "", body: Any = None) -> Any:
        path = f"/api/conversations/{self.contact_id}{what}"
        return self.browser.request(method, path, json=body)

    def key(self) -> str:
        self._keys += 1
        return f"key-{self.browser.person_id}-{self._keys:04}"

    def writes(self, text: str, *, key: str = "", **more: Any) -> Any:
        return self.call("POST", "/messages", {"key": key or self.key(), "text": text, **more})

    def takes(self, **more: Any) -> dict[str, Any]:
        return ok(self.call("POST", "/take", more))

    @property
    def card(self) -> dict[str, Any]:
        return ok(self.call("GET"))

    @property
    def said(self) -> list[tuple[str, str]]:
        found = ok(self.call("GET", "/messages"))["messages"]
        return [(message["author"], message["text"]) for message in found]


def ok(answer: Any) -> Any:
    assert answer.status_code in {200, 201}, answer.text
    return answer.json()


def code(answer: Any) -> str:
    return f"{answer.status_code}:{answer.json()['error']['code']}"


@pytest.fixture
def olga(world: "World", panel: "Panel") -> Desk:
    """An operator before Ana's conversation, whose order is COMPLETO."""
    world.converse("hola")
    world.move(State.COMPLETE, actor=BOT)
    return Desk(panel.operator(name="Olga Ríos"), world.contact().id)


def sent(world: "World") -> list[str]:
    """What really left for WhatsApp, as text."""
    world.settle()
    return [body["text"]["body"] for body in world.whatsapp.asked if body.get("type") == "text"]


# --- who may write --------------------------------------------------------------------------------


def test_while_the_bot_answers_nobody_else_writes(olga: Desk):
    assert olga.card["composer"]["why"] == "bot"
    assert code(olga.writes("Hola, soy Olga")) == "409:bot_answers"


def test_who_takes_it_writes_and_the_customer_hears_them(world: "World", olga: Desk):
    card = olga.takes()
    assert (card["order"]["state"], card["composer"]["may_write"]) == ("EN PROCESO", True)
    ok(olga.writes("Hola Ana, soy Olga"))
    assert sent(world)[-1] == "Hola Ana, soy Olga"
    assert olga.said[-1] == ("operador", "Hola Ana, soy Olga")


def test_a_second_operator_is_told_who_has_it_and_takes_it_over_by_naming_them(
    world: "World", panel: "Panel", olga: Desk
):
    olga.takes()
    pedro = Desk(panel.operator(name="Pedro Sosa"), olga.contact_id)
    refused = pedro.writes("Yo también")
    assert code(refused) == "409:not_yours"
    assert refused.json()["error"]["detail"]["operator"]["name"] == "Olga Ríos"
    assert code(pedro.call("POST", "/take", {})) == "409:not_yours"
    pedro.takes(from_operator=olga.browser.person_id)
    assert code(olga.writes("¿Sigo yo?")) == "409:not_yours"
    ok(pedro.writes("Sigo yo"))
    assert sent(world)[-1] == "Sigo yo"


def test_handing_on_needs_somebody_who_reaches_the_branch(world: "World", panel: "Panel", olga: Desk):
    with world.database.transaction() as session:
        operations.change(
            session, order_id=world.order().id, actor=BOT, now=world.clock(), fields={"branch_id": 1}
        )
    olga.takes()
    near, far = panel.operator(branches=[1], name="Nora"), panel.operator(branches=[2], name="Facu")
    names = {each["name"] for each in ok(olga.call("GET", "/people"))}
    assert "Nora" in names
    assert "Facu" not in names
    assert code(olga.call("POST", "/assign", {"operator_id": far.person_id})) == "422:operator_unfit"
    card = ok(olga.call("POST", "/assign", {"operator_id": near.person_id}))
    assert card["composer"]["operator"]["name"] == "Nora"
    assert code(olga.writes("¿?")) == "409:not_yours"
    history = ok(near.get(f"/api/orders/{card['order']['id']}"))["history"]
    assert history[-1]["fields"][0]["after"] == "Nora"


def test_given_back_the_bot_answers_again(world: "World", olga: Desk):
    olga.takes()
    world.says("¿a qué hora abren?")
    world.settle()
    card = ok(olga.call("POST", "/give-back"))
    assert (card["order"]["state"], card["composer"]["why"]) == ("COMPLETO", "bot")
    world.settle()
    assert olga.said[-1][0] == "bot"


def test_without_an_open_order_taking_opens_one_for_help(world: "World", panel: "Panel", olga: Desk):
    olga.takes()
    world.move(State.INVOICED, actor=panel.actor(olga.browser))
    card = olga.takes()
    assert (card["order"]["kind"], card["order"]["state"]) == (str(OrderKind.HELP), "EN PROCESO")
    assert [order["state"] for order in card["contact"]["earlier_orders"]] == ["FACTURADO"]


def test_out_of_reach_there_is_no_conversation(world: "World", panel: "Panel", olga: Desk):
    with world.database.transaction() as session:
        operations.change(
            session, order_id=world.order().id, actor=BOT, now=world.clock(), fields={"branch_id": 1}
        )
    elsa = Desk(panel.operator(branches=[2]), olga.contact_id)
    assert code(elsa.call("GET")) == "404:contact_not_found"
    assert code(elsa.call("POST", "/take", {})) == "404:contact_not_found"
    assert ok(elsa.browser.get("/api/conversations"))["rows"] == []


# --- once -----------------------------------------------------------------------------------------


def test_the_same_key_twice_is_one_message(world: "World", olga: Desk):
    olga.takes()
    first = ok(olga.writes("Ya sale", key="borrador-1"))
    again = ok(olga.writes("Ya sale", key="borrador-1"))
    assert first == again
    assert sent(world).count("Ya sale") == 1
    assert ok(olga.writes("Ya sale", key="borrador-1")) == first


def test_a_long_text_is_sent_in_order_in_as_many_messages_as_it_takes(world: "World", olga: Desk):
    olga.takes()
    text = "\n\n".join(f"Párrafo {number}: " + "palabra " * 60 for number in range(10))
    found = ok(olga.writes(text, key="largo-001"))
    assert len(found["messages"]) == 2
    parts = sent(world)[-2:]
    assert all(len(part) <= 4096 for part in parts)
    assert " ".join(" ".join(parts).split()) == " ".join(text.split())
    assert ok(olga.writes(text, key="largo-001")) == found


def test_nothing_is_accepted_without_words(olga: Desk):
    olga.takes()
    answer = olga.writes("   ")
    assert (answer.status_code, answer.json()["error"]["fields"]) == (422, {"text": "missing"})
    assert code(olga.call("POST", "/messages", {"key": "x", "text": "Hola"})) == "422:invalid"


def test_an_answer_quotes_the_message_it_answers(world: "World", olga: Desk):
    olga.takes()
    world.says("¿tienen hielo?")
    world.settle()
    message = ok(olga.call("GET", "/messages"))["messages"][-1]
    ok(olga.writes("Sí, en bolsa", reply_to=message["id"]))
    world.settle()
    assert "message_id" in world.whatsapp.asked[-1]["context"]
    assert olga.writes("¿?", reply_to="in-999999").json()["error"]["fields"] == {
        "reply_to": "message_not_found"
    }


# --- the window -----------------------------------------------------------------------------------


def template(world: "World", **more: Any) -> int:
    row = {
        "name": "aviso", "language": "es_AR", "category": "utility", "status": "APPROVED",
        "body": "Hola {{1}}, tu pedido {{2}} está listo.", "variables": ["1", "2"], "buttons": [],
        "components": [], "fetched_at": world.clock(), **more,
    }  # fmt: skip
    with world.database.transaction() as session:
        made = MessageTemplate(**row)
        session.add(made)
        session.flush()
        return made.id


def test_after_a_day_only_a_template_goes_out_and_an_answer_opens_the_window(
    world: "World", panel: "Panel", olga: Desk
):
    olga.takes()
    world.clock.move(hours=25)
    olga.browser = panel.signed_in(olga.browser.person_id)
    assert olga.card["composer"]["why"] == "window_closed"
    assert code(olga.writes("¿Seguimos?")) == "409:window_closed"
    wish = {"key": olga.key(), "template_id": template(world), "values": {"1": "Ana", "2": "7"}}
    ok(olga.call("POST", "/template", wish))
    ok(olga.call("POST", "/template", wish))
    world.settle()
    last = world.whatsapp.asked[-1]
    assert (last["type"], last["template"]["name"]) == ("template", "aviso")
    assert [body["type"] for body in world.whatsapp.asked].count("template") == 1
    assert olga.said[-1] == ("operador", "Hola Ana, tu pedido 7 está listo.")
    world.says("dale")
    world.settle()
    assert olga.card["composer"]["may_write"]
    ok(olga.writes("¡Listo!"))


def test_a_template_that_does_not_fit_is_refused_before_anything_is_sent(world: "World", olga: Desk):
    olga.takes()
    wish = {"key": olga.key(), "template_id": template(world), "values": {"1": "Ana"}}
    refused = olga.call("POST", "/template", wish)
    assert code(refused) == "422:template_values_wrong"
    assert set(refused.json()["error"]["fields"]) == {"2"}
    paused = template(world, name="pausada", status="PAUSED")
    wish = {"key": olga.key(), "template_id": paused, "values": {"1": "Ana", "2": "7"}}
    assert code(olga.call("POST", "/template", wish)) == "409:template_not_approved"
    assert code(olga.call("POST", "/template", wish | {"template_id": 999})) == "404:template_not_found"
    assert [body["type"] for body in world.whatsapp.asked] == ["text"]


# --- notes, failures ------------------------------------------------------------------------------


def test_a_note_stands_in_the_transcript_and_never_goes_out(world: "World", olga: Desk):
    ok(olga.call("POST", "/notes", {"key": "nota-0001", "text": "Ojo: reclamó ayer"}))
    ok(olga.call("POST", "/notes", {"key": "nota-0001", "text": "Ojo: reclamó ayer"}))
    world.settle()
    assert olga.said[-1] == ("nota", "Ojo: reclamó ayer")
    assert [author for author, _ in olga.said].count("nota") == 1
    assert not any("reclamó" in str(body) for body in world.whatsapp.asked)
    (row,) = world.rows(Outbound, Outbound.state == OutboxState.NOTE)
    assert row.attempt == 0


def test_what_failed_says_why_and_is_sent_again_once(world: "World", olga: Desk):
    olga.takes()
    world.whatsapp.faults.append(refusal(131026))
    ok(olga.writes("¿Me leés?"))
    world.settle()
    (failed,) = world.rows(Outbound, Outbound.state == OutboxState.FAILED)
    again = ok(olga.call("POST", f"/messages/{failed.id}/retry"))
    assert ok(olga.call("POST", f"/messages/{failed.id}/retry")) == again
    assert sent(world).count("¿Me leés?") == 2
    (first, *_) = world.rows(Outbound)
    assert code(olga.call("POST", f"/messages/{first.id}/retry")) == "422:not_retried"


# --- the list -------------------------------------------------------------------------------------


def rows(desk: Desk, **params: Any) -> list[dict[str, Any]]:
    return ok(desk.browser.get("/api/conversations", params=params))["rows"]


def test_who_waits_stands_first_and_the_filters_know_whose_it_is(world: "World", panel: "Panel", olga: Desk):
    world.clock.move(minutes=5)
    world.converse("buenas", who=BETO)
    first, second = rows(olga)
    assert (first["name"], first["order"]["state"]) == (ANA.name, "COMPLETO")
    assert (second["name"], second["last"]["author"]) == (BETO.name, "bot")
    assert [row["name"] for row in rows(olga, filter="waiting")] == [ANA.name]
    olga.takes()
    assert [row["name"] for row in rows(olga, filter="mine")] == [ANA.name]
    assert rows(Desk(panel.operator(), olga.contact_id), filter="mine") == []
    world.says("¿hola?")
    assert [row["unread"] for row in rows(olga, filter="unread")] == [1]
    counts = ok(olga.browser.get("/api/conversations"))["counts"]
    assert counts == {"unread": 1, "mine": 1, "waiting": 1, "closing": 0}
    ok(olga.writes("Acá estoy"))
    last = rows(olga, search="ana")[0]["last"]
    assert (last["author"], last["operator"], last["text"]) == ("operador", "Olga Ríos", "Acá estoy")
    assert rows(olga, filter="unread") == []
    assert [row["name"] for row in rows(olga, search="beto")] == [BETO.name]


def test_pages_of_the_list_show_each_conversation_once(world: "World", olga: Desk):
    everybody = [ANA.name]
    for number in range(7):
        who = Customer(name=f"Cliente {number}", phone=f"54911400000{number:02}")
        world.clock.move(minutes=1)
        world.converse("hola", who=who)
        everybody.append(who.name)
    seen: list[str] = []
    after = ""
    while True:
        page = ok(olga.browser.get("/api/conversations", params={"limit": 3, "after": after}))
        seen += [row["name"] for row in page["rows"]]
        if not page["next"]:
            break
        after = page["next"]
    assert sorted(seen) == sorted(everybody)
    assert seen[0] == ANA.name
    assert seen[1:] == sorted(everybody[1:], reverse=True)
    answer = olga.browser.get("/api/conversations", params={"after": "x"})
    assert code(answer) == "422:bad_cursor"


def test_who_waits_ten_minutes_for_who_attends_is_marked(world: "World", olga: Desk):
    olga.takes()
    world.says("¿hola?")
    assert rows(olga)[0]["alert"] == ""
    world.clock.move(minutes=11)
    assert rows(olga)[0]["alert"] == "operator"
    world.clock.move(minutes=11)
    assert rows(olga)[0]["alert"] == "branch"
