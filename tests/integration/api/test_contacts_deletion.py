"""A contact is deleted: nothing personal is left anywhere, no figure changes (product §4)."""

import json
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select, text

from openbot import dashboard
from openbot.actor import BOT, Actor
from openbot.conversations import removal
from openbot.orders import operations
from openbot.schema import (
    AuditEntry,
    BadItem,
    Base,
    Contact,
    ContactMark,
    Draft,
    Inbound,
    Order,
    OrderChange,
    Outbound,
    Receipt,
    SavedView,
    Turn,
)
from openbot.vocabulary import OutboxState, Role, State, TurnState
from tests.support.whatsapp import ANA, BETO, Customer

if TYPE_CHECKING:
    from openbot.database import Database
    from tests.support.panel import Browser, Panel
    from tests.support.world import World

PRIVATE = "Rivadavia 1234, timbre 5"
SECRET_WORDS = "mi hermana Josefina está internada"


@pytest.fixture(autouse=True)
def company(seeded: "Database") -> None:
    """Everybody here works for the demo company."""


@pytest.fixture
def ana(world: "World") -> "World":
    """Ana talked, ordered, and left traces everywhere."""
    world.converse(SECRET_WORDS)
    order = world.order()
    with world.database.transaction() as session:
        fields = {"address": PRIVATE, "name": "Ana Quiroga", "comment": SECRET_WORDS, "branch_id": 1}
        operations.change(session, order_id=order.id, actor=BOT, now=world.clock(), fields=fields)
        session.add(BadItem(received_at=world.clock(), reason="x", raw=json.dumps({"from": ANA.phone})))
    world.status("delivered", wamid=world.rows(Outbound)[0].wamid)
    return world


def actor_of(browser: "Browser") -> Actor:
    return Actor.operator(operator_id=browser.person_id, name="Ana", role=Role.ADMINISTRATOR)


def everything(world: "World") -> str:
    """All rows of all tables, as text."""
    with world.database.reading() as session:
        tables = [name for name in Base.metadata.tables if name not in ("operators", "panel_sessions")]
        rows = (row for name in tables for row in session.execute(text(f"SELECT * FROM {name}")))  # noqa: S608
        return "\n".join(repr(tuple(row)) for row in rows)


def delete(world: "World", browser: "Browser", who: Customer = ANA):
    return browser.delete(f"/api/contacts/{world.contact(who).id}")


def test_nothing_personal_is_left_in_any_table(ana: "World", panel: "Panel"):
    browser, number = panel.administrator(), ana.order().id
    with ana.database.transaction() as session:
        now = ana.clock()
        session.add(
            Draft(operator_id=browser.person_id, key=f"order {number}", body={"c": PRIVATE}, updated_at=now)
        )
        view = {"phone": ANA.phone}
        session.add(SavedView(operator_id=browser.person_id, screen="orders", name="Ana", query=view))
        session.add(
            AuditEntry(at=now, action="order_changed", subject=f"order {number}", detail={"a": PRIVATE})
        )
    wamids = [row.wamid for table in (Inbound, Outbound) for row in ana.rows(table)]
    before = everything(ana)
    personal = [ANA.phone, ANA.user_id, "Quiroga", "Josefina", "Rivadavia", "oí: ", *wamids]
    assert [word for word in personal if word not in before] == []
    assert delete(ana, browser).json() == {"changed": True}
    after = everything(ana)
    assert [word for word in personal if word in after] == []


def test_orders_and_counts_stay(ana: "World", panel: "Panel"):
    browser = panel.administrator()
    before = browser.get("/api/dashboard").json()
    messages = [len(ana.rows(table)) for table in (Inbound, Outbound)]
    delete(ana, browser)
    after = browser.get("/api/dashboard").json()
    assert [len(ana.rows(table)) for table in (Inbound, Outbound)] == messages
    assert (
        (after["contacts"], after["contacts_today"])
        == (before["contacts"], before["contacts_today"])
        == (1, 1)
    )
    assert after["messages"] == before["messages"]
    order = ana.rows(Order)[0]
    # Nobody attended it yet, so it was cancelled; where and when it was is no secret.
    assert (order.state, order.branch_id, order.address, order.name) == (State.CANCELLED, 1, "", "")
    changes = [change.fields for change in ana.rows(OrderChange) if "address" in change.fields]
    assert changes == [
        {"address": [None, None], "name": [None, None], "comment": [None, None], "branch_id": [None, 1]}
    ]


def test_it_is_in_the_log_and_a_second_time_changes_nothing(ana: "World", panel: "Panel"):
    browser, contact_id = panel.administrator(), ana.contact().id
    assert browser.delete(f"/api/contacts/{contact_id}").json() == {"changed": True}
    deleted_at = ana.rows(Contact)[0].deleted_at
    ana.clock.move(minutes=5)
    assert browser.delete(f"/api/contacts/{contact_id}").json() == {"changed": False}
    assert ana.rows(Contact)[0].deleted_at == deleted_at
    log = [entry for entry in ana.rows(AuditEntry) if entry.action == "contact_deleted"]
    assert [(entry.operator_id, entry.subject) for entry in log] == [
        (browser.person_id, f"contact {contact_id}")
    ]


def test_the_deleted_one_is_nowhere_to_be_seen(ana: "World", panel: "Panel"):
    browser, contact_id = panel.administrator(), ana.contact().id
    delete(ana, browser)
    assert browser.get("/api/contacts").json()["rows"] == []
    assert browser.get("/api/contacts", params={"q": "ana"}).json()["rows"] == []
    for path in ("", "/data.json"):
        assert browser.get(f"/api/contacts/{contact_id}{path}").status_code == 404
    assert browser.get(f"/api/conversations/{contact_id}/messages").status_code == 404
    assert browser.post(f"/api/contacts/{contact_id}/block").status_code == 404
    assert len(browser.get("/api/contacts/export.csv?period=all").text.splitlines()) == 1


def test_who_is_being_attended_is_not_deleted(ana: "World", panel: "Panel"):
    browser = panel.administrator()
    number = ana.move(State.IN_PROGRESS, actor=actor_of(browser))
    answer = delete(ana, browser)
    assert answer.status_code == 409
    error = answer.json()["error"]
    assert (error["code"], error["detail"]) == ("contact_attended", {"order_id": number})
    assert ana.contact().name or ana.contact().profile_name


def test_operators_do_not_delete(ana: "World", panel: "Panel"):
    answer = delete(ana, panel.operator())
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "administrators_only")
    assert panel.administrator().delete("/api/contacts/4711").status_code == 404


def test_other_people_keep_everything(ana: "World", panel: "Panel"):
    ana.converse("soy Beto", who=BETO)
    said = ana.said(BETO)
    delete(ana, panel.administrator())
    assert ana.said(BETO) == said
    assert ana.contact(BETO).profile_name == "Beto"


def test_a_block_outlives_the_deletion(ana: "World", panel: "Panel"):
    browser, first = panel.administrator(), ana.contact().id
    browser.post(f"/api/contacts/{first}/block")
    delete(ana, browser)
    assert {len(mark.hashed) for mark in ana.rows(ContactMark)} == {64}
    ana.converse("volví")
    again = ana.contact()
    assert again.id != first
    assert again.blocked_at is not None
    assert ana.rows(Order, Order.contact_id == again.id) == []
    assert ana.rows(Outbound, Outbound.contact_id == again.id) == []
    # From here on the new contact carries it: unblocked is unblocked.
    assert ana.rows(ContactMark) == []
    browser.post(f"/api/contacts/{again.id}/unblock")
    ana.converse("¿ahora sí?")
    assert len(ana.rows(Order, Order.contact_id == again.id)) == 1


def test_a_block_is_recognised_by_the_phone_alone(ana: "World", panel: "Panel"):
    browser = panel.administrator()
    browser.post(f"/api/contacts/{ana.contact().id}/block")
    delete(ana, browser)
    ana.converse("otra cuenta, el mismo teléfono", who=Customer(phone=ANA.phone, user_id="AR.9999"))
    assert ana.rows(Contact, Contact.deleted_at.is_(None))[0].blocked_at is not None


def test_an_opt_out_outlives_the_deletion(ana: "World", panel: "Panel"):
    with ana.database.transaction() as session:
        session.get_one(Contact, ana.contact().id).opted_out_at = ana.clock()
    delete(ana, panel.administrator())
    ana.converse("hola de nuevo")
    again = ana.contact()
    assert (again.opted_out_at is not None, again.blocked_at) == (True, None)
    assert len(ana.rows(Order, Order.contact_id == again.id)) == 1


def test_who_was_neither_blocked_nor_opted_out_leaves_no_mark(ana: "World", panel: "Panel"):
    delete(ana, panel.administrator())
    assert ana.rows(ContactMark) == []


def test_what_is_on_its_way_never_comes_back(world: "World", panel: "Panel"):
    """A turn in the assistant's hands, a message in WhatsApp's: their late answers find nothing to write to."""
    browser = panel.administrator()
    world.says("hola")
    world.clock.move(seconds=3)
    world.assistant.during = lambda _question: delete(world, browser)
    world.settle()
    assert [turn.state for turn in world.rows(Turn)] == [TurnState.OVERTAKEN]
    assert world.rows(Outbound) == []
    assert "hola" not in everything(world)


def test_a_late_status_brings_no_phone_back(ana: "World", panel: "Panel"):
    sent = ana.rows(Outbound)[0]
    delete(ana, panel.administrator())
    ana.status("read", wamid=sent.wamid, mark=f"openbot:{sent.id}")
    assert sent.wamid not in everything(ana)
    assert [row.delivery for row in ana.rows(Outbound)] == ["delivered"]
    assert ana.rows(Receipt) == []


def test_queued_words_are_not_said(world: "World", panel: "Panel"):
    world.says("hola")
    world.clock.move(seconds=3)
    world.answer()
    delete(world, panel.administrator())
    world.send()
    assert [row.state for row in world.rows(Outbound)] == [OutboxState.DISCARDED]
    assert world.whatsapp.delivered == []


def test_a_hundred_thousand_others_do_not_matter_to_the_count(ana: "World", panel: "Panel"):
    """Deleted ones are counted: they wrote."""
    delete(ana, panel.administrator())
    with ana.database.reading() as session:
        assert dashboard._contacts(session) == session.scalar(select(func.count()).select_from(Contact)) == 1


def test_blocking_stops_a_reply_that_is_being_made(world: "World", panel: "Panel"):
    browser = panel.administrator()
    world.says("hola")
    contact_id = world.contact().id
    world.clock.move(seconds=3)

    def block(_question: object) -> None:
        with world.database.transaction() as session:
            removal.block(session, contact_id=contact_id, now=world.clock())

    world.assistant.during = block
    world.settle()
    assert {row.state for row in world.rows(Outbound)} <= {OutboxState.DISCARDED}
    assert browser.get(f"/api/contacts/{contact_id}").json()["unread"] == 0
