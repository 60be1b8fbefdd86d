"""Branches, zones, categories, payment methods and holidays in the panel."""

from typing import TYPE_CHECKING, Any

import pytest

from openbot.catalogue import queries
from openbot.schema import AuditEntry

if TYPE_CHECKING:
    from openbot.catalogue.goods import Catalogue
    from openbot.database import Database
    from tests.support.panel import Browser, Panel
    from tests.support.world import World

ROOT = "/api/catalogue"
BRANCH = {
    "name": "Quilmes",
    "address": "Rivadavia 200",
    "place": "Quilmes",
    "phone": "11 4253-0000",
    "latitude": -34.72,
    "longitude": "-58,25",
    "aliases": ["la rivadavia"],
    "hours": ["8 a 13 y 16 a 20"] * 5 + ["9-13", ""],
}


@pytest.fixture(autouse=True)
def company(seeded: "Database") -> None:
    """Everybody here works for the demo company."""


@pytest.fixture
def ana(panel: "Panel") -> "Browser":
    return panel.administrator(name="Ana")


def rows(browser: "Browser", part: str, **query: Any) -> list[dict[str, Any]]:
    answer = browser.get(f"{ROOT}/{part}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()["rows"]


def edit(browser: "Browser", part: str, row: dict[str, Any], **wish: Any) -> Any:
    return browser.patch(f"{ROOT}/{part}/{row['id']}", json={"version": row["version"], **wish})


def refusal(answer: Any) -> tuple[int, str, dict[str, str]]:
    error = answer.json()["error"]
    return answer.status_code, error["code"], error["fields"]


def now_loaded(world: "World") -> "Catalogue":
    with world.database.reading() as session:
        return queries.load(session, now=world.clock())


def test_a_branch_with_its_hours_is_there_for_the_assistant(ana: "Browser", world: "World"):
    answer = ana.post(f"{ROOT}/branches", json={**BRANCH, "position": 2})
    assert answer.status_code == 201, answer.text
    branches = now_loaded(world).branches
    assert [branch.name for branch in branches][:3] == ["Almagro", "Quilmes", "Belgrano"]
    assert (branches[1].longitude, len(branches[1].hours.days[0])) == (-58.25, 2)
    shown = rows(ana, "branches")[1]
    assert shown["hours_described"] == "lunes a viernes de 8 a 13 y de 16 a 20 · sábados de 9 a 13"
    assert shown["hours"][5] == "09:00-13:00"


def test_hours_are_changed_and_the_change_is_told_in_the_same_spelling(ana: "Browser"):
    branch = rows(ana, "branches")[0]
    answer = edit(ana, "branches", branch, hours=[*branch["hours"][:6], "10-13"])
    assert answer.json()["changed"] == {"hours": [branch["hours"], [*branch["hours"][:6], "10:00-13:00"]]}
    assert rows(ana, "branches")[0]["version"] == branch["version"] + 1
    stale = edit(ana, "branches", branch, address="Otra 1")
    assert refusal(stale)[:2] == (409, "changed_meanwhile")


@pytest.mark.parametrize(
    ("wish", "fields"),
    [
        ({"name": "n" * 25}, {"name": "too_long"}),
        ({"name": "BELGRANO"}, {"name": "taken"}),
        ({"aliases": ["Cabildo"]}, {"aliases": "taken"}),
        ({"latitude": 91}, {"latitude": "too_much"}),
        ({"longitude": "oeste"}, {"longitude": "not_a_number"}),
        (
            {"hours": ["8-13, 12-20", "", "mañana", "", "", "", ""]},
            {"hours.0": "hours_overlap", "hours.2": "not_hours"},
        ),
        ({"hours": ["8-13"]}, {"hours": "not_a_list"}),
        ({"hours": [1, 2, 3, 4, 5, 6, 7]}, {"hours": "not_a_list"}),
        ({"position": 0}, {"position": "too_little"}),
        ({"active": None}, {"active": "not_a_choice"}),
    ],
)
def test_a_mistake_in_a_branch_is_named_beside_its_field(ana: "Browser", wish: dict, fields: dict[str, str]):
    before = rows(ana, "branches")
    assert refusal(edit(ana, "branches", before[0], **wish)) == (422, "invalid", fields)
    assert rows(ana, "branches") == before


def test_branches_are_switched_off_but_not_the_last_one(ana: "Browser", world: "World"):
    first, *others = rows(ana, "branches")
    for branch in others:
        assert edit(ana, "branches", branch, active=False).status_code == 200
    assert refusal(edit(ana, "branches", first, active=False)) == (422, "invalid", {"active": "last_one"})
    loaded = now_loaded(world)
    assert [branch.name for branch in loaded.branches] == ["Almagro"]
    assert {zone.branch_id for zone in loaded.zones} == {first["id"]}
    assert [row["name"] for row in rows(ana, "branches", active=True)] == ["Almagro"]


def test_a_branch_comes_back_only_with_barrios_nobody_took_meanwhile(ana: "Browser"):
    almagro, belgrano, *_ = rows(ana, "branches")
    edit(ana, "branches", belgrano, active=False)
    zone = {"branch_id": almagro["id"], "name": "Norte", "places": ["núñez"], "fee": 10, "minimum": 0}
    assert ana.post(f"{ROOT}/zones", json=zone).status_code == 201
    back = edit(ana, "branches", rows(ana, "branches")[1], active=True)
    assert refusal(back) == (422, "invalid", {"active": "place_taken"})
    assert back.json()["error"]["detail"]["places"] == {"Núñez": "Norte (Almagro)"}


def test_a_zone_is_added_and_changed(ana: "Browser", world: "World"):
    wish = {
        "branch_id": 1,
        "name": "Lejos",
        "places": ["Ezeiza", "Canning"],
        "fee": "4.500",
        "minimum": "40.000,50",
    }
    zone_id = ana.post(f"{ROOT}/zones", json=wish).json()["id"]
    row = next(row for row in rows(ana, "zones", branch=1) if row["id"] == zone_id)
    assert (row["branch"], row["fee"], row["minimum"]) == ("Almagro", "4500.00", "40000.50")
    assert edit(ana, "zones", row, fee=0, active=False).json()["changed"] == {
        "fee": ["4500.00", "0.00"],
        "active": [True, False],
    }
    assert zone_id not in {zone.id for zone in now_loaded(world).zones}


@pytest.mark.parametrize(
    ("wish", "fields"),
    [
        ({"places": []}, {"places": "missing"}),
        ({"places": ["  "]}, {"places": "missing"}),
        ({"places": ["BOEDO", "Otro"]}, {"places": "place_taken"}),
        ({"fee": "-1", "minimum": "x"}, {"fee": "negative", "minimum": "not_an_amount"}),
        ({"branch_id": 77}, {"branch_id": "not_a_choice"}),
        ({"branch_id": "1"}, {"branch_id": "not_a_choice"}),
    ],
)
def test_a_mistake_in_a_zone_is_named_beside_its_field(ana: "Browser", wish: dict, fields: dict[str, str]):
    zone = rows(ana, "zones", branch=2)[0]
    assert refusal(edit(ana, "zones", zone, **wish)) == (422, "invalid", fields)


def test_a_category_keeps_its_products_and_only_an_empty_one_is_deleted(ana: "Browser", world: "World"):
    new = ana.post(f"{ROOT}/categories", json={"name": "Congelados", "position": 1}).json()["id"]
    first, second, *_ = rows(ana, "categories")
    assert (first["id"], first["position"], first["is_empty"], second["position"]) == (new, 1, True, 2)
    assert refusal(ana.delete(f"{ROOT}/categories/{second['id']}"))[:2] == (409, "category_in_use")
    assert edit(ana, "categories", second, name="Gaseosas!").status_code == 200
    assert refusal(edit(ana, "categories", first, name="gaseosas"))[2] == {"name": "taken"}
    assert refusal(edit(ana, "categories", first, name="n" * 25))[2] == {"name": "too_long"}
    assert ana.delete(f"{ROOT}/categories/{new}").status_code == 204
    assert ana.delete(f"{ROOT}/categories/{new}").status_code == 404
    assert now_loaded(world).categories[0].name == "Gaseosas!"


def test_a_payment_method_carries_its_text_and_the_last_one_stays(ana: "Browser", world: "World"):
    wish = {"name": "Cripto", "text": "Billetera:\n\n abc ", "aliases": ["usdt"]}
    assert ana.post(f"{ROOT}/payment-methods", json=wish).status_code == 201
    assert now_loaded(world).payment_methods[-1].text == "Billetera:\n\nabc"
    assert refusal(ana.post(f"{ROOT}/payment-methods", json={"name": "n" * 21}))[2] == {"name": "too_long"}
    assert refusal(ana.post(f"{ROOT}/payment-methods", json={"name": "CRIPTO"}))[2] == {"name": "taken"}
    methods = rows(ana, "payment-methods")
    for row in methods[1:]:
        assert edit(ana, "payment-methods", row, active=False).status_code == 200
    assert refusal(edit(ana, "payment-methods", methods[0], active=False))[2] == {"active": "last_one"}


def test_holidays_come_and_go(ana: "Browser", world: "World"):
    day = {"day": "2026-12-24", "name": "Nochebuena"}
    assert ana.post(f"{ROOT}/holidays", json=day).json() == {"id": 20261224, **day}
    assert refusal(ana.post(f"{ROOT}/holidays", json=day))[2] == {"day": "taken"}
    assert refusal(ana.post(f"{ROOT}/holidays", json={"day": "24/12"}))[2] == {
        "day": "not_a_day",
        "name": "missing",
    }
    assert refusal(ana.post(f"{ROOT}/holidays", json={"day": "0001-01-01", "name": "x"}))[2] == {
        "day": "not_a_day"
    }
    assert ana.get(f"{ROOT}/holidays/20261224").json()["name"] == "Nochebuena"
    coming = [row["day"] for row in rows(ana, "holidays", coming=True)]
    assert "2026-12-24" in coming
    assert "2026-01-01" not in coming
    assert ana.delete(f"{ROOT}/holidays/20261224").status_code == 204
    assert ana.delete(f"{ROOT}/holidays/20261224").status_code == 404
    assert ana.delete(f"{ROOT}/holidays/nochebuena").status_code == 422
    actions = [entry.action for entry in world.rows(AuditEntry)]
    assert actions == ["holiday_created", "holiday_deleted"]


def test_an_operator_reads_all_of_it_and_writes_nothing(panel: "Panel"):
    browser = panel.operator(branches=[2])
    choices = browser.get(ROOT).json()
    assert (len(choices["branches"]), choices["today"]) == (4, "2026-11-24")
    assert "kg" in choices["units"]
    for part in ("branches", "zones", "categories", "payment-methods", "holidays"):
        assert rows(browser, part)
        answers = [browser.post(f"{ROOT}/{part}", json={})]
        if part != "holidays":
            answers.append(browser.patch(f"{ROOT}/{part}/1", json={"version": 1}))
        assert [refusal(answer)[:2] for answer in answers] == [(403, "administrators_only")] * len(answers)
    assert browser.delete(f"{ROOT}/holidays/20261225").status_code == 403
    assert browser.delete(f"{ROOT}/categories/1").status_code == 403
    assert panel.anonymous().get(ROOT).status_code == 401


@pytest.mark.parametrize("part", ["branches", "zones", "categories", "payment-methods"])
def test_what_is_not_there_is_not_found_and_a_body_that_is_no_object_is_refused(ana: "Browser", part: str):
    assert ana.get(f"{ROOT}/{part}/4711").status_code == 404
    assert ana.get(f"{ROOT}/{part}/1").json() == next(row for row in rows(ana, part) if row["id"] == 1)
    assert ana.patch(f"{ROOT}/{part}/4711", json={"version": 1}).status_code == 404
    assert ana.patch(f"{ROOT}/{part}/1", json=[1]).status_code == 422
    assert ana.patch(f"{ROOT}/{part}/1", content=b"{").status_code in {400, 422}
    row = rows(ana, part)[0]
    assert ana.patch(f"{ROOT}/{part}/{row['id']}", json={"version": "1", "name": "X"}).status_code == 409
