"""What the panel shows of a message beside its words: its file, what it answers, its template, whether to retry."""

from typing import TYPE_CHECKING, Any

import pytest

from openbot.contacts import operations as contacts
from openbot.conversations.queueing import Message, queue_message
from openbot.conversations.transcript_context import retry_key
from openbot.schema import StoredFile
from openbot.vocabulary import Author, FileState
from openbot.whatsapp.outbound import Bubble
from openbot.whatsapp.replies import Template
from tests.support import attached, whatsapp
from tests.support.files import PAGE, PNG
from tests.support.whatsapp import BETO, refusal

if TYPE_CHECKING:
    from openbot.database import Database
    from tests.support.panel import Browser, Panel
    from tests.support.world import World


@pytest.fixture(autouse=True)
def company(seeded: "Database") -> None:
    """Everybody here works for the demo company."""


def read(world: "World", browser: "Browser", **params: Any) -> list[dict[str, Any]]:
    answer = browser.get(f"/api/conversations/{world.contact().id}/messages", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()["messages"]


def say(world: "World", *, who: whatsapp.Customer = whatsapp.ANA, **message: Any) -> int:
    given = {"author": Author.OPERATOR, "bubble": Bubble(text="ya va"), **message}
    with world.database.transaction() as session:
        contact = contacts.lock(session, contact_id=world.contact(who).id)
        return queue_message(session, contact=contact, message=Message(**given), now=world.clock()).id


def test_a_customers_file_is_there_once_it_is_fetched(world: "World", panel: "Panel"):
    browser = panel.operator()
    world.sends(PNG, caption="el comprobante")
    (row,) = world.rows(StoredFile)
    waits = read(world, browser)[0]["file"]
    assert (waits["id"], waits["state"], waits["kind"]) == (row.id, "pending", "image")
    world.fetch()
    file = read(world, browser)[0]["file"]
    assert file == {
        "id": row.id, "state": "stored", "kind": "image", "filename": "",
        "mime_type": "image/png", "size": len(PNG), "reason": "",
    }  # fmt: skip
    assert browser.get(f"/api/files/{file['id']}").content == PNG


def test_a_file_that_was_refused_says_why(world: "World", panel: "Panel"):
    world.sends(PAGE)
    world.fetch()
    file = read(world, panel.operator())[0]["file"]
    assert (file["state"], file["reason"]) == ("refused", "not_what_it_says")


def test_a_file_of_an_operator_stands_with_its_message(world: "World", panel: "Panel"):
    browser = panel.operator()
    world.says("hola")
    file_id = attached.attach(world)
    assert [message["file"] for message in read(world, browser)] == [None]
    attached.queue(world, file_id, caption="el mate")
    sent = read(world, browser)[-1]
    assert (sent["author"], sent["operator"], sent["kind"], sent["text"]) == (
        "operador", "Operador 1", "image", "el mate",
    )  # fmt: skip
    assert (sent["file"]["id"], sent["file"]["state"], sent["file"]["filename"]) == (
        file_id, "stored", "mate.png",
    )  # fmt: skip


def test_a_file_that_is_being_removed_is_not_shown(world: "World", panel: "Panel"):
    world.sends(PNG)
    world.fetch()
    with world.database.transaction() as session:
        session.get_one(StoredFile, world.rows(StoredFile)[0].id).state = FileState.GONE
    assert read(world, panel.operator())[0]["file"] is None


def test_an_answer_to_a_message_quotes_it(world: "World", panel: "Panel"):
    quoted = world.says("¿tienen yerba?")
    say(world, reply_to=quoted)
    came, went = read(world, panel.operator())
    assert went["reply_to"] == {
        "id": came["id"], "author": "cliente", "kind": "text", "text": "¿tienen yerba?",
    }  # fmt: skip


def test_a_quote_is_found_also_where_only_the_company_speaks(world: "World", panel: "Panel"):
    quoted = world.says("¿tienen yerba?")
    world.clock.move(seconds=5)
    say(world, reply_to=quoted)
    (went,) = read(world, panel.operator(), limit=1)
    assert went["reply_to"]["text"] == "¿tienen yerba?"


def test_a_quote_of_another_conversation_shows_nothing_of_it(world: "World", panel: "Panel"):
    foreign = world.says("secreto de Beto", who=BETO)
    world.says("hola")
    say(world, reply_to=foreign)
    assert read(world, panel.operator())[-1]["reply_to"]["text"] == ""


def test_a_template_is_named_and_reads_as_it_was_sent(world: "World", panel: "Panel"):
    world.says("hola")
    template = Template(name="pedido_listo", language="es_AR", values=(("1", "Ana"),))
    say(world, bubble=Bubble(text="Hola Ana, tu pedido está listo.", template=template))
    came, went = read(world, panel.operator())
    assert (came["template"], went["template"]) == ("", "pedido_listo")
    assert went["text"] == "Hola Ana, tu pedido está listo."


def test_a_private_note_stands_among_the_messages_and_goes_nowhere(world: "World", panel: "Panel"):
    browser = panel.operator(name="Olga")
    world.says("hola")
    say(world, author=Author.NOTE, bubble=Bubble(text="es la dueña"), operator_id=browser.person_id)
    world.send()
    note = read(world, browser)[-1]
    assert (note["author"], note["operator"], note["text"], note["ticks"]) == (
        "nota", "Olga", "es la dueña", "none",
    )  # fmt: skip
    assert (note["reason"], note["may_retry"]) == (None, False)
    assert world.whatsapp.texts() == []


@pytest.mark.parametrize(
    ("author", "may"),
    [(Author.OPERATOR, True), (Author.SYSTEM, True), (Author.BROADCAST, False)],
)
def test_what_failed_may_be_sent_again_by_who_wrote_it(
    world: "World", panel: "Panel", *, author: Author, may: bool
):
    browser = panel.operator()
    world.says("hola")
    world.whatsapp.faults = [refusal(131026)]
    say(world, author=author, bubble=Bubble(text="ya va"))
    assert not read(world, browser)[-1]["may_retry"]
    world.send()
    failed = read(world, browser)[-1]
    assert (failed["ticks"], failed["may_retry"]) == ("failed", may)


def test_what_the_bot_said_is_not_sent_again_by_hand(world: "World", panel: "Panel"):
    world.whatsapp.faults = [refusal(131026)]
    world.converse("hola")
    failed = read(world, panel.operator())[-1]
    assert (failed["author"], failed["ticks"], failed["may_retry"]) == ("bot", "failed", False)


def test_what_failed_on_its_way_may_be_sent_again(world: "World", panel: "Panel"):
    browser = panel.operator()
    world.says("hola")
    say(world)
    world.send()
    assert not read(world, browser)[-1]["may_retry"]
    errors = [{"code": 130403, "title": "Blocked by the user"}]
    world.status("failed", wamid=world.whatsapp.delivered[0].wamid, errors=errors)
    assert read(world, browser)[-1]["may_retry"]


def test_what_was_sent_again_is_not_offered_twice(world: "World", panel: "Panel"):
    world.says("hola")
    world.whatsapp.faults = [refusal(131026)]
    failed = say(world)
    world.send()
    say(world, key=retry_key(failed))
    _, first, again = read(world, panel.operator())
    assert (first["may_retry"], again["may_retry"]) == (False, False)
    assert again["ticks"] == "queued"
