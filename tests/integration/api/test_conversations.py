"""A conversation in the panel: everything that was said, in order, from either end."""

from typing import TYPE_CHECKING, Any

import pytest

from openbot.actor import BOT, Actor
from openbot.orders import operations
from openbot.schema import AuditEntry
from openbot.vocabulary import Role, State
from tests.support import whatsapp
from tests.support.whatsapp import ANA, BETO, refusal

if TYPE_CHECKING:
    from openbot.database import Database
    from tests.support.panel import Browser, Panel
    from tests.support.world import World


@pytest.fixture(autouse=True)
def company(seeded: "Database") -> None:
    """Everybody here works for the demo company."""


def page(browser: "Browser", contact_id: int, **params: Any) -> dict[str, Any]:
    answer = browser.get(f"/api/conversations/{contact_id}/messages", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def read(world: "World", browser: "Browser", **params: Any) -> list[dict[str, Any]]:
    return page(browser, world.contact().id, **params)["messages"]


def talk(world: "World", turns: int) -> None:
    for number in range(turns):
        world.converse(f"mensaje {number}")
        world.clock.move(seconds=2)


def test_what_came_and_what_went_stand_in_one_order(world: "World", panel: "Panel"):
    talk(world, 3)
    said = [(message["author"], message["text"]) for message in read(world, panel.operator())]
    assert said == [(line.author, line.text) for line in world.transcript()]
    assert said[0] == ("cliente", "mensaje 0")


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 50])
def test_pages_backwards_show_every_message_once(world: "World", panel: "Panel", limit: int):
    talk(world, 5)
    browser, contact_id = panel.operator(), world.contact().id
    found = page(browser, contact_id, limit=limit)
    seen = [message["id"] for message in found["messages"]]
    while found["has_more"]:
        found = page(browser, contact_id, limit=limit, before=found["before"])
        seen = [message["id"] for message in found["messages"]] + seen
    everything = [message["id"] for message in read(world, browser, limit=200)]
    assert len(everything) == 10
    assert seen == everything


@pytest.mark.parametrize("limit", [1, 2, 50])
def test_pages_forwards_show_what_came_meanwhile(world: "World", panel: "Panel", limit: int):
    talk(world, 2)
    browser, contact_id = panel.operator(), world.contact().id
    opened = page(browser, contact_id)
    assert page(browser, contact_id, after=opened["after"])["messages"] == []
    talk(world, 3)
    seen, found = [], opened
    while True:
        found = page(browser, contact_id, after=found["after"], limit=limit)
        seen += [message["id"] for message in found["messages"]]
        if not found["has_more"]:
            break
    assert seen == [message["id"] for message in read(world, browser, limit=6)]


def test_a_page_begins_where_only_one_side_spoke(world: "World", panel: "Panel"):
    for number in range(4):
        world.says(f"solo {number}")
        world.clock.move(seconds=1)
    browser, contact_id = panel.operator(), world.contact().id
    first = page(browser, contact_id, limit=2)
    assert [message["text"] for message in first["messages"]] == ["solo 2", "solo 3"]
    earlier = page(browser, contact_id, limit=2, before=first["before"])
    assert [message["text"] for message in earlier["messages"]] == ["solo 0", "solo 1"]
    world.wait(seconds=3)
    answers = page(browser, contact_id, after=first["after"])
    assert [message["author"] for message in answers["messages"]] == ["bot"]


def test_what_arrives_late_stands_where_it_was_written(world: "World", panel: "Panel"):
    written = world.clock()
    world.clock.move(minutes=1)
    world.says("segundo")
    world.clock.move(minutes=10)
    world.says("primero", at=written)
    messages = read(world, panel.operator())
    assert [message["text"] for message in messages] == ["primero", "segundo"]
    assert [message["received_at"] is not None for message in messages] == [True, False]


def test_ticks_tell_how_far_a_message_came(world: "World", panel: "Panel"):
    browser = panel.operator()
    world.says("hola")
    world.clock.move(seconds=3)
    world.answer()
    ticks = [read(world, browser)[-1]["ticks"]]
    world.send()
    wamid = world.whatsapp.delivered[0].wamid
    ticks.append(read(world, browser)[-1]["ticks"])
    for status in ("sent", "delivered", "read"):
        world.status(status, wamid=wamid)
        ticks.append(read(world, browser)[-1]["ticks"])
    assert ticks == ["queued", "sent", "sent", "delivered", "read"]
    assert read(world, browser)[0]["ticks"] is None


def test_a_failed_message_says_why(world: "World", panel: "Panel"):
    world.whatsapp.faults = [refusal(131026)]
    world.converse("hola")
    failed = read(world, panel.operator())[-1]
    assert (failed["ticks"], failed["reason"]["code"]) == ("failed", "undeliverable")
    assert "WhatsApp" in failed["reason"]["text"]


def test_a_message_that_failed_later_says_why(world: "World", panel: "Panel"):
    world.converse("hola")
    errors = [{"code": 130403, "title": "Blocked by the user"}]
    world.status("failed", wamid=world.whatsapp.delivered[0].wamid, errors=errors)
    failed = read(world, panel.operator())[-1]
    assert (failed["ticks"], failed["reason"]["code"]) == ("failed", "blocked_by_customer")


def test_a_discarded_reply_is_there_with_its_reason(world: "World", panel: "Panel"):
    browser = panel.operator()
    world.says("hola")
    world.clock.move(seconds=3)
    world.answer()
    world.move(State.IN_PROGRESS, actor=operator_of(browser))
    world.send()
    discarded = read(world, browser)[-1]
    assert (discarded["ticks"], discarded["reason"]["code"]) == ("discarded", "person_took_over")


def operator_of(browser: "Browser") -> Actor:
    return Actor.operator(operator_id=browser.person_id, name="Ana", role=Role.OPERATOR)


def test_buttons_and_lists_are_shown_as_they_were(world: "World", panel: "Panel"):
    row = {"id": "/choose", "title": "Centro", "description": "Abierta hasta las 20"}
    world.assistant.act = lambda _question: [
        {
            "text": "¿Qué sucursal?",
            "custom": {"list": {"button": "Ver", "sections": [{"title": "Cerca", "rows": [row]}]}},
        }
    ]
    world.converse("hola")
    world.assistant.act = lambda _question: [
        {
            "text": "¿Confirmás?",
            "buttons": [{"title": "Sí", "payload": "/affirm"}, {"title": "No", "payload": "/deny"}],
        }
    ]
    world.converse("dale")
    messages = [message for message in read(world, panel.operator()) if message["author"] == "bot"]
    assert messages[0]["text"] == "¿Qué sucursal?"
    assert messages[0]["menu"] == {
        "button": "Ver",
        "sections": [
            {"title": "Cerca", "rows": [{"title": "Centro", "description": "Abierta hasta las 20"}]}
        ],
    }
    assert (messages[1]["text"], messages[1]["buttons"]) == ("¿Confirmás?", ["Sí", "No"])
    assert "payload" not in str(messages)


def test_files_places_carts_and_cards_are_shown(world: "World", panel: "Panel"):
    world.shows("image", id="123", mime_type="image/jpeg", sha256="x", caption="el comprobante")
    world.shows("document", id="124", mime_type="application/pdf", sha256="x", filename="lista.pdf")
    world.shows("audio", id="125", mime_type="audio/ogg; codecs=opus", sha256="x", voice=True)
    world.shows("location", latitude=-34.6, longitude=-58.4, name="Obelisco", address="9 de Julio")
    lines = [{"product_retailer_id": "GAS-COCA-225", "quantity": 2, "item_price": 3200, "currency": "ARS"}]
    world.shows("order", catalog_id="1", product_items=lines)
    image, document, audio, place, cart = read(world, panel.operator())
    assert (image["kind"], image["text"], image["media"]["mime_type"]) == (
        "image",
        "el comprobante",
        "image/jpeg",
    )
    assert document["media"]["name"] == "lista.pdf"
    assert audio["media"]["is_voice"]
    assert (place["location"]["latitude"], place["location"]["name"]) == (-34.6, "Obelisco")
    assert (cart["cart"][0]["quantity"], cart["cart"][0]["price"]) == ("2", "3200")
    assert cart["cart"][0]["name"].startswith("Coca")


def test_a_quote_and_a_reaction_name_their_message(world: "World", panel: "Panel"):
    talk(world, 1)
    sent = world.whatsapp.delivered[0].wamid
    quoting = whatsapp.message(ANA, wamid=world.wamid(), at=world.clock(), body="¿esto?")
    world.deliver({**quoting, "context": {"id": sent}})
    world.shows("reaction", message_id=sent, emoji="👍")
    _, answer, quote, reaction = read(world, panel.operator())
    assert quote["reply_to"] == {"id": answer["id"], "author": "bot", "kind": "text", "text": "oí: mensaje 0"}
    assert (reaction["kind"], reaction["text"], reaction["target"]["id"]) == ("reaction", "👍", answer["id"])


def test_a_quote_of_somebody_elses_message_shows_nothing_of_it(world: "World", panel: "Panel"):
    world.converse("secreto de Beto", who=BETO)
    sent = world.whatsapp.delivered[0].wamid
    quoting = whatsapp.message(ANA, wamid=world.wamid(), at=world.clock(), body="¿esto?")
    world.deliver({**quoting, "context": {"id": sent}})
    assert read(world, panel.operator())[0]["reply_to"] == {
        "id": "",
        "author": "",
        "kind": "text",
        "text": "",
    }


def test_messages_name_their_orders(world: "World", panel: "Panel"):
    browser = panel.administrator()
    world.converse("hola")
    number = world.move(State.IN_PROGRESS, actor=operator_of(browser))
    answer = page(browser, world.contact().id)
    assert {message["order_id"] for message in answer["messages"]} == {number}
    mark = answer["orders"][0]
    assert (mark["id"], mark["state"], mark["is_reached"]) == (number, "EN PROCESO", True)


def test_an_answer_from_the_companys_phone_says_so(world: "World", panel: "Panel"):
    world.says("hola")
    world.echo("ya te atiendo")
    echo = read(world, panel.operator())[-1]
    assert (echo["author"], echo["is_from_phone"], echo["text"]) == ("operador", True, "ya te atiendo")


def test_strange_texts_come_as_they_are(world: "World", panel: "Panel"):
    strange = ["<script>alert(1)</script>", "=1+1", "\u202eالعربية", "a\u200b\u200db", "x" * 4096]
    for body in strange:
        world.says(body)
        world.clock.move(seconds=1)
    assert [message["text"] for message in read(world, panel.operator())] == strange


def test_opening_a_conversation_is_noted_once_an_hour(world: "World", panel: "Panel"):
    world.converse("hola")
    contact_id, browser, other = world.contact().id, panel.operator(), panel.operator()
    for _ in range(3):
        opened = page(browser, contact_id)
    page(browser, contact_id, before=opened["before"])
    page(other, contact_id)
    world.clock.move(minutes=61)
    page(browser, contact_id)
    log = [(entry.operator_id, entry.subject) for entry in world.rows(AuditEntry)]
    subject = f"contact {contact_id}"
    assert log == [(browser.person_id, subject), (other.person_id, subject), (browser.person_id, subject)]


def test_a_conversation_of_another_branch_is_not_found(world: "World", panel: "Panel"):
    world.converse("hola")
    with world.database.transaction() as session:
        fields = {"branch_id": 1}
        operations.change(session, order_id=world.order().id, actor=BOT, now=world.clock(), fields=fields)
    contact_id = world.contact().id
    path = f"/api/conversations/{contact_id}/messages"
    assert panel.operator(branches=[2]).get(path).json()["error"]["code"] == "contact_not_found"
    assert panel.operator(branches=[1]).get(path).status_code == 200
    assert panel.anonymous().get(path).status_code == 401
    assert world.rows(AuditEntry)[0].subject == f"contact {contact_id}"
    assert len(world.rows(AuditEntry)) == 1


@pytest.mark.parametrize(
    "params",
    [
        {"before": "x"},
        {"after": "i1"},
        {"before": "i1o1", "after": "i1o1"},
        {"limit": 0},
        {"before": "i" + "9" * 40},
    ],
)
def test_a_place_that_is_none_is_refused(world: "World", panel: "Panel", params: dict):
    world.says("hola")
    answer = panel.operator().get(f"/api/conversations/{world.contact().id}/messages", params=params)
    assert answer.status_code == 422


def test_any_mixture_of_sides_is_paged_without_a_gap(world: "World", panel: "Panel"):
    """Many bursts of different lengths: no page size loses or doubles a message."""
    for burst in (1, 3, 2, 5):
        for number in range(burst):
            world.says(f"{burst}/{number}")
        world.wait(seconds=9)
    browser, contact_id = panel.operator(), world.contact().id
    everything = [message["id"] for message in read(world, browser, limit=200)]
    for limit in (1, 2, 3, 4, 5):
        seen: list[str] = []
        found = {"after": "i0o0", "has_more": True}
        while found["has_more"]:
            found = page(browser, contact_id, after=found["after"], limit=limit)
            seen += [message["id"] for message in found["messages"]]
        assert sorted(seen) == sorted(everything)
        assert len(seen) == len(everything)
