"""Who has a conversation open and who types in it; and that somebody has read it."""

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event

from openbot.actor import BOT
from openbot.conversations.desk import presence
from openbot.orders import operations
from openbot.schema import Contact, ConversationPresence, PanelSession
from openbot.vocabulary import State
from worker.marks import AGAIN_SECONDS, MOST_TRIES, Marks

if TYPE_CHECKING:
    from openbot.database import Database
    from tests.support.panel import Browser, Panel
    from tests.support.world import World


@pytest.fixture(autouse=True)
def company(seeded: "Database") -> None:
    """Everybody here works for the demo company."""


@pytest.fixture
def writes(database: "Database") -> list[str]:
    """Everything that somebody wanted to write; to be cleared."""
    said: list[str] = []

    @event.listens_for(database.engine, "begin")
    def note(_connection: Any) -> None:
        said.append("begin")

    return said


def look(browser: "Browser", contact_id: int, **said: Any) -> None:
    answer = browser.post(f"/api/conversations/{contact_id}/presence", json={"typing": False, **said})
    assert (answer.status_code, answer.content) == (204, b""), answer.text


def leave(browser: "Browser", contact_id: int) -> None:
    assert browser.delete(f"/api/conversations/{contact_id}/presence").status_code == 204


def read(browser: "Browser", contact_id: int) -> None:
    answer = browser.post(f"/api/conversations/{contact_id}/read")
    assert (answer.status_code, answer.content) == (204, b""), answer.text


def here(browser: "Browser", contact_id: int) -> list[tuple[str, bool]]:
    """What the card tells this person; the list must tell the same."""
    beside = browser.get(f"/api/conversations/{contact_id}").json()["here"]
    (row,) = browser.get("/api/conversations").json()["rows"]
    assert row["here"] == beside
    return [(each["name"], each["typing"]) for each in beside]


def test_the_others_see_who_is_here_and_who_types(world: "World", panel: "Panel"):
    ana, beto, carla = (panel.operator(name=name) for name in ("Ana", "Beto", "Carla"))
    world.says("hola")
    contact_id = world.contact().id
    look(ana, contact_id)
    look(beto, contact_id, typing=True)
    assert here(ana, contact_id) == [("Beto", True)]
    assert here(beto, contact_id) == [("Ana", False)]
    assert here(carla, contact_id) == [("Ana", False), ("Beto", True)]


def test_who_leaves_or_is_not_heard_of_is_not_here(world: "World", panel: "Panel"):
    ana, beto, carla = (panel.operator(name=name) for name in ("Ana", "Beto", "Carla"))
    world.says("hola")
    contact_id = world.contact().id
    look(ana, contact_id)
    look(beto, contact_id)
    leave(ana, contact_id)
    leave(carla, contact_id)  # was not here
    assert here(carla, contact_id) == [("Beto", False)]
    world.clock.move(seconds=46)
    assert here(carla, contact_id) == []
    look(beto, contact_id)
    assert here(carla, contact_id) == [("Beto", False)]


def test_typing_ends_when_it_is_said_or_by_itself(world: "World", panel: "Panel"):
    ana, beto = panel.operator(name="Ana"), panel.operator(name="Beto")
    world.says("hola")
    contact_id = world.contact().id
    look(ana, contact_id, typing=True)
    world.clock.move(seconds=6)
    look(ana, contact_id, typing=True)
    world.clock.move(seconds=6)
    assert here(beto, contact_id) == [("Ana", True)]
    look(ana, contact_id)
    assert here(beto, contact_id) == [("Ana", False)]
    look(ana, contact_id, typing=True)
    world.clock.move(seconds=9)
    assert here(beto, contact_id) == [("Ana", False)]


def test_what_is_no_news_writes_nothing(world: "World", panel: "Panel", writes: list[str]):
    ana = panel.operator()
    world.says("hola")
    contact_id = world.contact().id
    look(ana, contact_id)
    read(ana, contact_id)
    writes.clear()
    for _ in range(3):
        look(ana, contact_id)
        read(ana, contact_id)
        world.clock.move(seconds=6)
    assert writes == []
    look(ana, contact_id, typing=True)
    look(ana, contact_id, typing=True)
    look(ana, contact_id, typing=False)
    leave(ana, contact_id)
    leave(ana, contact_id)
    assert len(writes) == 3
    look(ana, contact_id)
    world.clock.move(seconds=21)
    look(ana, contact_id)
    assert len(writes) == 5


def test_a_page_that_is_only_open_does_not_keep_its_person_signed_in(world: "World", panel: "Panel"):
    browser = panel.operator()
    world.says("hola")
    for _ in range(7):
        world.clock.move(hours=1)
        look(browser, world.contact().id)
    (row,) = world.rows(PanelSession)
    assert row.seen_at == row.created_at
    world.clock.move(hours=1, seconds=1)
    assert browser.get("/api/me").status_code == 401


def test_old_rows_are_removed(world: "World", panel: "Panel"):
    ana, beto = panel.operator(), panel.operator()
    world.says("hola")
    look(ana, world.contact().id)
    world.clock.move(minutes=61)
    look(beto, world.contact().id)
    world.deadlines.once()
    assert [row.operator_id for row in world.rows(ConversationPresence)] == [beto.person_id]


@pytest.mark.parametrize("call", ["POST presence", "DELETE presence", "POST read"])
def test_a_conversation_of_another_branch_is_nobodys_to_look_at(world: "World", panel: "Panel", call: str):
    world.says("hola")
    with world.database.transaction() as session:
        fields = {"branch_id": 1}
        operations.change(session, order_id=world.order().id, actor=BOT, now=world.clock(), fields=fields)
    method, path = call.split()
    answer = panel.operator(branches=[2]).request(
        method, f"/api/conversations/{world.contact().id}/{path}", json={"typing": True}
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "contact_not_found")
    assert world.rows(ConversationPresence) == []


# --- read -----------------------------------------------------------------------------------------


def attended(world: "World", browser: "Browser", *texts: str) -> int:
    """The customer's order is this operator's, and then the customer wrote."""
    world.says("hola")
    world.move(State.IN_PROGRESS, actor=operator_of(world, browser))
    for text in texts:
        world.says(text)
    return world.contact().id


def operator_of(world: "World", browser: "Browser") -> Any:
    from tests.support.panel import Panel

    return Panel(world).actor(browser)


def marks_of(world: "World") -> Marks:
    return Marks(database=world.database, client=world.graph, seconds=lambda: world.clock().timestamp())


def tell(world: "World", marks: Marks) -> int:
    found = marks.due(50)
    for contact_id in found:
        marks.work(contact_id)
    return len(found)


def told(world: "World") -> list[tuple[str, bool]]:
    """Messages that WhatsApp was told to be read, and whether somebody seemed to be typing."""
    return [(mark["message_id"], "typing_indicator" in mark) for mark in world.whatsapp.marks]


def test_reading_leaves_nothing_unread_and_the_customer_sees_so(world: "World", panel: "Panel"):
    browser = panel.operator()
    contact_id = attended(world, browser, "¿hay alguien?")
    last = world.says("¿hola?")
    assert world.contact().unread == 3
    read(browser, contact_id)
    assert world.contact().unread == 0
    marks = marks_of(world)
    assert (tell(world, marks), tell(world, marks)) == (1, 0)
    assert told(world) == [(last, False)]
    assert world.contact().unmarked_wamid is None


def test_what_another_operator_attends_is_theirs_to_read(world: "World", panel: "Panel"):
    browser, other = panel.operator(), panel.administrator()
    contact_id = attended(world, browser, "¿hay alguien?")
    read(other, contact_id)
    assert world.contact().unread == 2
    assert tell(world, marks_of(world)) == 0


def test_what_waits_for_a_person_is_marked_when_one_has_read_it(world: "World", panel: "Panel"):
    world.says("quiero hablar con alguien")
    with world.database.transaction() as session:
        session.get_one(Contact, world.contact().id).waiting_since = world.clock()
    wamid = world.says("¿hola?")
    read(panel.operator(), world.contact().id)
    tell(world, marks_of(world))
    assert told(world) == [(wamid, False)]


def test_what_the_bot_answers_is_the_bots_to_mark(world: "World", panel: "Panel"):
    world.says("hola")
    with world.database.transaction() as session:
        session.get_one(Contact, world.contact().id).unread = 1
    read(panel.operator(), world.contact().id)
    assert (world.contact().unread, world.contact().unmarked_wamid) == (0, None)


def test_a_mark_that_whatsapp_does_not_take_is_let_go(world: "World", panel: "Panel", monkeypatch: Any):
    browser = panel.operator()
    read(browser, attended(world, browser, "¿hola?"))
    tried = []
    monkeypatch.setattr(
        world.graph, "mark_read", lambda wamid, *, typing: bool(tried.append((wamid, typing)))
    )
    marks = marks_of(world)
    for _ in range(MOST_TRIES):
        assert (tell(world, marks), tell(world, marks)) == (1, 0)  # not at once again
        world.clock.move(seconds=AGAIN_SECONDS)
    assert tell(world, marks) == 0
    assert len(tried) == MOST_TRIES
    assert world.contact().unmarked_wamid is None


def test_what_is_read_while_a_mark_is_on_its_way_is_marked_next(
    world: "World", panel: "Panel", monkeypatch: Any
):
    browser = panel.operator()
    contact_id = attended(world, browser, "¿hola?")
    read(browser, contact_id)
    newer: list[str] = []

    def mark(_wamid: str, *, typing: bool) -> bool:
        if not newer:
            newer.append(world.says("¿y?"))
            read(browser, contact_id)
        return not typing

    monkeypatch.setattr(world.graph, "mark_read", mark)
    marks = marks_of(world)
    tell(world, marks)
    assert world.contact().unmarked_wamid == newer[0]
    tell(world, marks)
    assert world.contact().unmarked_wamid is None


def test_what_a_deleted_contact_wrote_is_not_marked(world: "World", panel: "Panel"):
    browser = panel.administrator()
    contact_id = attended(world, browser, "¿hola?")
    read(browser, contact_id)
    world.move(State.RESOLVED, actor=operator_of(world, browser))
    assert browser.delete(f"/api/contacts/{contact_id}").status_code == 200
    assert tell(world, marks_of(world)) == 0


def test_two_tabs_of_one_person_are_one(world: "World", panel: "Panel"):
    browser = panel.operator()
    world.says("hola")
    for _ in range(2):  # as if neither had seen the other's row
        with world.database.transaction() as session:
            presence.look(
                session,
                contact_id=world.contact().id,
                operator_id=browser.person_id,
                typing=True,
                now=world.clock.move(seconds=30),
            )
    assert len(world.rows(ConversationPresence)) == 1
