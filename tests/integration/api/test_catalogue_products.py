"""Products in the panel: the list, edits, «agotado hoy»."""

from typing import TYPE_CHECKING, Any

import pytest

from openbot.schema import AuditEntry, Product

if TYPE_CHECKING:
    from openbot.database import Database
    from tests.support.panel import Browser, Panel
    from tests.support.world import World

PRODUCTS = "/api/catalogue/products"


@pytest.fixture(autouse=True)
def company(seeded: "Database") -> None:
    """Everybody here works for the demo company."""


@pytest.fixture
def ana(panel: "Panel") -> "Browser":
    return panel.administrator(name="Ana")


def rows(browser: "Browser", **query: Any) -> list[dict[str, Any]]:
    answer = browser.get(PRODUCTS, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()["rows"]


def coca(browser: "Browser") -> dict[str, Any]:
    return rows(browser, code="GAS-COCA-225")[0]


def refusal(answer: Any) -> tuple[int, str, dict[str, str]]:
    error = answer.json()["error"]
    return answer.status_code, error["code"], error["fields"]


def test_everybody_sees_the_list_page_by_page(panel: "Panel"):
    browser = panel.operator(branches=[1])
    first = browser.get(PRODUCTS, params={"limit": 40}).json()
    second = browser.get(PRODUCTS, params={"limit": 40, "after": first["next"]}).json()
    third = browser.get(PRODUCTS, params={"limit": 40, "after": second["next"]}).json()
    codes = [row["code"] for page in (first, second, third) for row in page["rows"]]
    assert len(codes) == len(set(codes)) == first["total"]
    assert third["next"] is None


@pytest.mark.parametrize("sort", ["name", "-name", "price", "-price", "code", "-code", "-shelf"])
def test_every_sort_goes_through_all_pages_without_gap_or_repetition(panel: "Panel", sort: str):
    browser = panel.operator()
    whole = [row["id"] for row in rows(browser, sort=sort, limit=200)]
    after, walked = "", []
    while after is not None:
        page = browser.get(PRODUCTS, params={"sort": sort, "limit": 17, "after": after}).json()
        walked += [row["id"] for row in page["rows"]]
        after = page["next"]
    assert walked == whole


def test_a_search_forgives_accents_and_looks_into_other_names_and_shelves(panel: "Panel"):
    browser = panel.operator()
    assert "Azúcar 1 kg" in [row["name"] for row in rows(browser, q="azucar")]
    assert {row["code"] for row in rows(browser, q="coquita")} >= {"GAS-COCA-500"}
    assert rows(browser, q="coca zapatilla") == []
    shelf = coca(browser)["category_id"]
    assert {row["category_id"] for row in rows(browser, category=shelf, limit=100)} == {shelf}


@pytest.mark.parametrize("query", [{"after": "x"}, {"after": "WzFd"}, {"after": "e30"}, {"after": "W1sxXV0"}])
def test_a_place_that_is_none_of_the_list_is_refused(panel: "Panel", query: dict[str, str]):
    answer = panel.operator().get(PRODUCTS, params={"sort": "name", **query})
    assert refusal(answer)[:2] == (422, "bad_cursor")


def test_an_administrator_adds_a_product_and_it_gets_a_code(ana: "Browser", world: "World"):
    shelf = coca(ana)["category_id"]
    wish = {"name": "Tónica  1,5 L", "category_id": shelf, "unit": "unidad", "price": "1.850,50"}
    answer = ana.post(
        PRODUCTS, json={**wish, "size": "Botella", "aliases": ["tonica", " tonica", "agua tónica"]}
    )
    assert answer.status_code == 201, answer.text
    row = ana.get(f"{PRODUCTS}/{answer.json()['id']}").json()
    assert (row["code"], row["name"], row["price"]) == ("TONICA-1-5-L", "Tónica 1,5 L", "1850.50")
    assert (row["status"], row["aliases"], row["version"]) == ("available", ["tonica", "agua tónica"], 1)
    assert [entry.action for entry in world.rows(AuditEntry)][-1] == "product_created"


def test_a_change_says_what_it_changed_and_is_noted(ana: "Browser", world: "World"):
    before = coca(ana)
    answer = ana.patch(f"{PRODUCTS}/{before['id']}", json={"version": before["version"], "price": 5400})
    assert answer.json()["changed"] == {"price": ["5200.00", "5400.00"]}
    assert coca(ana)["version"] == before["version"] + 1
    entry = world.rows(AuditEntry)[-1]
    assert (entry.action, entry.subject, entry.detail) == (
        "product_changed",
        f"product {before['id']}",
        {"changed": {"price": ["5200.00", "5400.00"]}},
    )
    again = ana.patch(f"{PRODUCTS}/{before['id']}", json={"version": before["version"] + 1, "price": "5.400"})
    assert again.json()["changed"] == {}
    assert coca(ana)["version"] == before["version"] + 1


def test_the_second_of_two_sees_who_was_faster_and_what_is_there_now(ana: "Browser", panel: "Panel"):
    before = coca(ana)
    ana.patch(f"{PRODUCTS}/{before['id']}", json={"version": before["version"], "price": 5400})
    late = panel.administrator(name="Bea").patch(
        f"{PRODUCTS}/{before['id']}",
        json={"version": before["version"], "price": 5300, "size": before["size"]},
    )
    assert refusal(late)[:2] == (409, "changed_meanwhile")
    detail = late.json()["error"]["detail"]
    assert (detail["by"], detail["version"]) == ("Ana", before["version"] + 1)
    assert detail["changed"] == {"price": ["5300.00", "5400.00"]}
    assert coca(ana)["price"] == "5400.00"


@pytest.mark.parametrize(
    ("wish", "fields"),
    [
        ({"price": "abc"}, {"price": "not_an_amount"}),
        ({"price": 0}, {"price": "not_positive"}),
        ({"price": -3}, {"price": "negative"}),
        ({"price": "1000000000001"}, {"price": "too_much"}),
        ({"name": "x" * 81, "unit": "vaso"}, {"name": "too_long", "unit": "not_a_choice"}),
        ({"name": " \u200b "}, {"name": "missing"}),
        ({"size": "d" * 60}, {"size": "too_long"}),
        ({"category_id": 999}, {"category_id": "not_a_choice"}),
        ({"code": "GAS-COCA-354"}, {"code": "taken"}),
        ({"code": "con espacio"}, {"code": "not_a_code"}),
        ({"aliases": "coca"}, {"aliases": "not_a_list"}),
        ({"aliases": ["a" * 61]}, {"aliases": "too_long"}),
        ({"available": "sí"}, {"available": "not_a_choice"}),
        ({"prize": 3}, {"prize": "unknown_field"}),
    ],
)
def test_a_mistake_is_named_beside_its_field(ana: "Browser", wish: dict, fields: dict[str, str]):
    before = coca(ana)
    answer = ana.patch(f"{PRODUCTS}/{before['id']}", json={"version": before["version"], **wish})
    assert refusal(answer) == (422, "invalid", fields)
    assert coca(ana) == before


def test_a_new_product_needs_its_name_shelf_unit_and_price(ana: "Browser"):
    missing = dict.fromkeys(("name", "category_id", "unit", "price"), "missing")
    assert refusal(ana.post(PRODUCTS, json={})) == (422, "invalid", missing)


def test_a_product_that_would_be_taken_for_another_is_saved_with_a_warning(ana: "Browser"):
    twin = {"name": "Coca Cola 2.25 litros", "category_id": 1, "unit": "unidad", "price": 5000}
    answer = ana.post(PRODUCTS, json=twin).json()
    assert [rival["code"] for rival in answer["taken_for"]] == ["GAS-COCA-225"]
    fixed = {"version": 1, "name": "Coca-Cola retornable 2 L"}
    assert ana.patch(f"{PRODUCTS}/{answer['id']}", json=fixed).json()["taken_for"] is None


def test_a_product_is_taken_out_and_comes_back_but_is_never_deleted(ana: "Browser"):
    before = coca(ana)
    gone = ana.patch(f"{PRODUCTS}/{before['id']}", json={"version": before["version"], "active": False})
    assert gone.status_code == 200
    assert rows(ana, code="GAS-COCA-225") == []
    assert [row["code"] for row in rows(ana, status="inactive")] == ["GAS-COCA-225"]
    back = {"version": before["version"] + 1, "active": True}
    assert ana.patch(f"{PRODUCTS}/{before['id']}", json=back).status_code == 200
    assert coca(ana)["status"] == "available"
    assert ana.delete(f"{PRODUCTS}/{before['id']}").status_code == 405


def test_an_operator_marks_a_product_sold_out_until_tomorrow(panel: "Panel", world: "World"):
    browser = panel.operator(branches=[1])
    before = coca(browser)
    answer = browser.post(f"{PRODUCTS}/{before['id']}/sold-out")
    assert answer.json() == {"id": before["id"], "back_on": "2026-11-25"}
    now = coca(browser)
    assert (now["status"], now["is_sold_out"], now["version"]) == ("sold_out", True, before["version"])
    world.clock.move(hours=13, minutes=59)
    late = panel.operator()
    assert coca(late)["status"] == "sold_out"  # 23:59 in Buenos Aires, tomorrow already in UTC
    world.clock.move(minutes=1)
    assert coca(late)["status"] == "available"
    assert [entry.action for entry in world.rows(AuditEntry)].count("product_sold_out") == 1


def test_sold_out_twice_is_noted_once_and_taken_back(panel: "Panel", world: "World"):
    browser = panel.operator()
    product = coca(browser)["id"]
    for _ in range(2):
        assert browser.post(f"{PRODUCTS}/{product}/sold-out").status_code == 200
    assert browser.delete(f"{PRODUCTS}/{product}/sold-out").json() == {"id": product, "back_on": None}
    assert coca(browser)["status"] == "available"
    actions = [entry.action for entry in world.rows(AuditEntry)]
    assert actions[-2:] == ["product_sold_out", "product_restocked"]


def test_an_operator_changes_nothing_else(panel: "Panel", world: "World"):
    browser = panel.operator()
    before = coca(browser)
    tries = [
        browser.post(PRODUCTS, json={}),
        browser.patch(f"{PRODUCTS}/{before['id']}", json={"version": 1, "price": 1}),
        browser.get("/api/catalogue/products.csv"),
        browser.post(f"{PRODUCTS}/import/preview", content=b"x"),
        browser.post(f"{PRODUCTS}/import", params={"digest": "x"}, content=b"x"),
    ]
    assert [refusal(answer)[:2] for answer in tries] == [(403, "administrators_only")] * len(tries)
    assert coca(browser) == before


@pytest.mark.parametrize("product", ["0", "-1", "99999999", "9" * 30, "abc"])
def test_a_product_that_is_not_there_is_not_found(ana: "Browser", product: str):
    for answer in (ana.get(f"{PRODUCTS}/{product}"), ana.post(f"{PRODUCTS}/{product}/sold-out")):
        assert answer.status_code in {404, 422}, answer.text


def test_the_database_holds_what_the_panel_shows(ana: "Browser", world: "World"):
    before = coca(ana)
    ana.patch(f"{PRODUCTS}/{before['id']}", json={"version": before["version"], "price": "5.400,50"})
    row = world.rows(Product, Product.code == "GAS-COCA-225")[0]
    assert (row.price, row.edited_by_id) == (row.price.__class__("5400.50"), ana.person_id)
