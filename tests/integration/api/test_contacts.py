"""The list of contacts and what can be done with one."""

from typing import TYPE_CHECKING

import pytest

from openbot.actor import BOT, Actor
from openbot.orders import operations
from openbot.schema import AuditEntry, Contact, Inbound, Outbound
from openbot.vocabulary import InboxState, Role, State
from tests.support.whatsapp import ANA, Customer

if TYPE_CHECKING:
    from openbot.database import Database
    from tests.support.panel import Browser, Panel
    from tests.support.world import World

BRUNO = Customer(phone="5493514445566", user_id="AR.BRUNO1", name="Bruno Díaz")
CARLA = Customer(phone="5491136943434", user_id="AR.CARLA1", name="🌸 Carla Pérez")


@pytest.fixture(autouse=True)
def company(seeded: "Database") -> None:
    """Everybody here works for the demo company."""


@pytest.fixture
def three(world: "World") -> "World":
    """Ana, Bruno and Carla wrote, a minute after each other."""
    for who in (ANA, BRUNO, CARLA):
        world.says("hola", who=who)
        world.clock.move(minutes=1)
    return world


def names(answer) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [row["name"] for row in answer.json()["rows"]]


def give_branch(world: "World", who: Customer, branch_id: int | None) -> None:
    with world.database.transaction() as session:
        operations.change(
            session,
            order_id=world.order(who).id,
            actor=BOT,
            now=world.clock(),
            fields={"branch_id": branch_id},
        )


def attended(world: "World", who: Customer, browser: "Browser") -> None:
    """Somebody takes the order and invoices it."""
    actor = Actor.operator(operator_id=browser.person_id, name="Ana", role=Role.ADMINISTRATOR)
    world.move(State.IN_PROGRESS, who=who, actor=actor)
    world.move(State.INVOICED, who=who, actor=actor)


def test_the_newest_contact_comes_first_and_the_list_turns_round(three: "World", panel: "Panel"):
    browser = panel.operator()
    answer = browser.get("/api/contacts")
    assert names(answer) == ["🌸 Carla Pérez", "Bruno Díaz", ANA.name]
    assert names(browser.get("/api/contacts", params={"sort": "created_at"}))[0] == ANA.name
    first = answer.json()["rows"][0]
    assert first["phone"] == CARLA.phone
    assert (first["orders"], first["unread"], first["blocked"]) == (1, 0, False)
    assert (answer.json()["total"], answer.json()["total_is_capped"]) == (3, False)


def test_names_are_sorted_as_a_dictionary_does(three: "World", panel: "Panel"):
    zoe = Customer(phone="5491100000001", user_id="AR.Z1", name="ÁLVARO")
    three.says("hola", who=zoe)
    listed = names(panel.operator().get("/api/contacts", params={"sort": "name"}))
    assert listed[0] == "ÁLVARO"
    assert listed[::-1] == names(panel.operator().get("/api/contacts", params={"sort": "-name"}))


@pytest.mark.parametrize("sort", ["created_at", "-created_at", "name", "-name"])
def test_pages_follow_each_other_without_a_gap(world: "World", panel: "Panel", sort: str):
    for number in range(7):
        name = "" if number % 3 == 0 else f"Nombre {number % 2}"
        world.says("hola", who=Customer(phone=f"549110000000{number}", user_id=f"AR.P{number}", name=name))
    browser, seen, after = panel.operator(), [], None
    for _ in range(4):
        answer = browser.get("/api/contacts", params={"sort": sort, "limit": 2, "after": after or ""}).json()
        seen += [row["id"] for row in answer["rows"]]
        after = answer["next"]
    assert after is None
    assert len(seen) == len(set(seen)) == 7
    assert seen == [row["id"] for row in browser.get("/api/contacts", params={"sort": sort}).json()["rows"]]


@pytest.mark.parametrize("typed", ["3694-3434", "+54 9 11 3694", "011 15 3694", "434", "11 3694 3434"])
def test_any_part_of_a_phone_finds_it(three: "World", panel: "Panel", typed: str):
    assert names(panel.operator().get("/api/contacts", params={"phone": typed})) == ["🌸 Carla Pérez"]


def test_one_box_finds_names_and_phones(three: "World", panel: "Panel"):
    browser = panel.operator()
    assert names(browser.get("/api/contacts", params={"q": "diaz bru"})) == ["Bruno Díaz"]
    assert names(browser.get("/api/contacts", params={"q": "444"})) == ["Bruno Díaz"]
    assert names(browser.get("/api/contacts", params={"q": "nadie"})) == []


def test_a_search_for_signs_finds_nobody(three: "World", panel: "Panel"):
    browser = panel.operator()
    for params in ({"phone": "%"}, {"phone": "abc"}, {"name": "_'%"}, {"q": "'"}):
        assert names(browser.get("/api/contacts", params=params)) == []


def test_days_are_those_of_the_company(world: "World", panel: "Panel"):
    world.clock.move(hours=13.5)  # 02:30 in Greenwich, still 23:30 of the day before in Buenos Aires
    world.says("hola")
    browser = panel.operator()
    assert names(browser.get("/api/contacts", params={"created_to": "2026-11-24"})) == [ANA.name]
    assert names(browser.get("/api/contacts", params={"created_from": "2026-11-25"})) == []


@pytest.mark.parametrize(
    "params",
    [
        {"sort": "phone"},
        {"limit": 0},
        {"limit": 10_000},
        {"after": "%%%"},
        {"after": "W10"},
        {"after": "WyItY3JlYXRlZF9hdCIsIDUsIDVd"},
        {"created_from": "ayer"},
        {"phone": "1" * 1000},
    ],
)
def test_what_makes_no_sense_is_refused(panel: "Panel", params: dict):
    answer = panel.operator().get("/api/contacts", params=params)
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] in ("invalid", "bad_cursor")


@pytest.mark.parametrize("number", ["0", "-1", "999", "x", str(2**63), "1.5"])
def test_a_number_that_is_no_contact_is_not_found(panel: "Panel", number: str):
    assert panel.operator().get(f"/api/contacts/{number}").status_code in (404, 422)


def test_an_operator_sees_the_contacts_of_their_branches_and_those_without(three: "World", panel: "Panel"):
    give_branch(three, ANA, 1)
    give_branch(three, BRUNO, 2)
    browser = panel.operator(branches=[2])
    answer = browser.get("/api/contacts")
    assert names(answer) == ["🌸 Carla Pérez", "Bruno Díaz"]
    assert answer.json()["total"] == 2
    assert names(browser.get("/api/contacts", params={"sort": "name"})) == ["Bruno Díaz", "🌸 Carla Pérez"]
    assert names(browser.get("/api/contacts", params={"q": ANA.phone})) == []
    hidden = three.contact(ANA).id
    assert browser.get(f"/api/contacts/{hidden}").json()["error"]["code"] == "contact_not_found"
    assert browser.post(f"/api/contacts/{hidden}/block").status_code == 404
    assert browser.patch(f"/api/contacts/{hidden}", json={"name": "x", "version": 1}).status_code == 404


def test_the_open_order_decides_who_reaches_a_contact(three: "World", panel: "Panel"):
    give_branch(three, BRUNO, 2)
    attended(three, BRUNO, panel.administrator())
    three.clock.move(hours=13)
    browser = panel.operator(branches=[1])
    contact_id = three.contact(BRUNO).id
    assert browser.get(f"/api/contacts/{contact_id}").status_code == 404
    three.says("quiero pedir de nuevo", who=BRUNO)
    detail = browser.get(f"/api/contacts/{contact_id}").json()
    assert detail["open_order"]["is_reached"]
    # Of the earlier order, of another branch, there is only number, time and state.
    earlier = detail["earlier_orders"][0]
    assert (earlier["state"], earlier["is_reached"]) == ("FACTURADO", False)
    assert (earlier["total"], earlier["branch"], earlier["kind"], earlier["operator"]) == (None, "", None, "")


def test_a_name_is_corrected_and_found_by_it(three: "World", panel: "Panel"):
    browser, contact_id = panel.operator(), three.contact(ANA).id
    before = browser.get(f"/api/contacts/{contact_id}").json()
    answer = browser.patch(
        f"/api/contacts/{contact_id}",
        json={"name": "  Anita  \u200bde la Plaza ", "version": before["version"]},
    )
    assert answer.json()["name"] == "Anita de la Plaza"
    assert names(browser.get("/api/contacts", params={"name": "plaz"})) == ["Anita de la Plaza"]
    assert names(browser.get("/api/contacts", params={"sort": "name"}))[0] == "Anita de la Plaza"


def test_a_second_correction_sees_the_first(three: "World", panel: "Panel"):
    contact_id = three.contact(ANA).id
    one, other = panel.operator(), panel.operator()
    seen = one.get(f"/api/contacts/{contact_id}").json()["version"]
    assert (
        one.patch(f"/api/contacts/{contact_id}", json={"name": "Ana Uno", "version": seen}).status_code == 200
    )
    late = other.patch(f"/api/contacts/{contact_id}", json={"name": "Ana Dos", "version": seen})
    assert late.status_code == 409
    error = late.json()["error"]
    assert (error["code"], error["detail"]["changed"]) == (
        "contact_changed",
        {"name": ["Ana Dos", "Ana Uno"]},
    )
    again = {"name": "Ana Dos", "version": error["detail"]["version"]}
    assert other.patch(f"/api/contacts/{contact_id}", json=again).status_code == 200


def test_a_name_too_long_is_refused_beside_its_field(three: "World", panel: "Panel"):
    browser, contact_id = panel.operator(), three.contact(ANA).id
    seen = browser.get(f"/api/contacts/{contact_id}").json()["version"]
    answer = browser.patch(f"/api/contacts/{contact_id}", json={"name": "x" * 101, "version": seen})
    assert answer.status_code == 422
    assert answer.json()["error"]["fields"] == {"name": "too_long"}


def test_a_blocked_contact_is_stored_and_not_answered(three: "World", panel: "Panel"):
    browser, contact_id = panel.operator(), three.contact(ANA).id
    assert browser.post(f"/api/contacts/{contact_id}/block").json() == {"changed": True}
    assert browser.post(f"/api/contacts/{contact_id}/block").json() == {"changed": False}
    three.converse("hola?")
    assert three.rows(Outbound, Outbound.contact_id == contact_id) == []
    rows = three.rows(Inbound, Inbound.contact_id == contact_id)
    assert [(row.state, row.reason) for row in rows] == [
        (InboxState.LEFT, ""),
        (InboxState.NO_TURN, "blocked"),
    ]
    assert names(browser.get("/api/contacts", params={"blocked": True})) == [ANA.name]
    assert ANA.name not in names(browser.get("/api/contacts", params={"blocked": False}))
    assert browser.post(f"/api/contacts/{contact_id}/unblock").json() == {"changed": True}
    three.converse("¿y ahora?")
    assert len(three.rows(Outbound, Outbound.contact_id == contact_id)) > 0


def test_what_is_done_to_a_contact_is_in_the_log(three: "World", panel: "Panel"):
    browser, contact_id = panel.operator(), three.contact(ANA).id
    seen = browser.get(f"/api/contacts/{contact_id}").json()["version"]
    browser.patch(f"/api/contacts/{contact_id}", json={"name": "Otra", "version": seen})
    browser.post(f"/api/contacts/{contact_id}/block")
    browser.post(f"/api/contacts/{contact_id}/unblock")
    log = [
        (entry.action, entry.operator_id, entry.detail)
        for entry in three.rows(AuditEntry, AuditEntry.subject == f"contact {contact_id}")
    ]
    actions = ("contact_renamed", "contact_blocked", "contact_unblocked")
    assert log == [(action, browser.person_id, None) for action in actions]


def test_writes_from_elsewhere_and_strangers_are_refused(three: "World", panel: "Panel"):
    contact_id = three.contact(ANA).id
    browser = panel.administrator()
    foreign = browser.delete(f"/api/contacts/{contact_id}", headers={"Origin": "http://evil.example"})
    assert foreign.json()["error"]["code"] == "foreign_origin"
    assert panel.anonymous().get("/api/contacts").status_code == 401
    assert three.rows(Contact, Contact.deleted_at.is_not(None)) == []
