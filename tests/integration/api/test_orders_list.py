"""The list of orders by the public door: every filter, every order, page after page, and nobody else's branches."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from api.orders_query import Filters
from openbot.contacts.terms import words
from openbot.orders.sorts import SORTS
from openbot.vocabulary import State
from tests.support.many_orders import add_orders

if TYPE_CHECKING:
    from tests.support.panel import Browser
    from tests.support.shop import Shop

Row = dict[str, Any]
ZONE = ZoneInfo("America/Argentina/Buenos_Aires")


@pytest.fixture(scope="module")
def rows(shop: "Shop") -> list[Row]:
    """Every order there is, as an administrator gets them; nobody here changes any."""
    add_orders(shop.world.database, 60)
    now = shop.world.clock()
    taken = {"state": State.IN_PROGRESS, "operator_id": shop.elsewhere.person_id, "completed_at": None}
    shop.order(**taken, waiting_since=now - timedelta(minutes=30), expires_at=now + timedelta(hours=3))
    shop.order(**taken, waiting_since=now - timedelta(minutes=5), branch_id=1)
    shop.order(state=State.IN_PROGRESS, operator_id=shop.operator.person_id, branch_id=1, name="Juana Inés")
    return list(everything(shop.administrator, sort="number", limit=100))


def everything(browser: "Browser", **params: Any) -> Iterator[Row]:
    """All pages, one after the other."""
    after = ""
    while True:
        answer = browser.get("/api/orders", params={**params, "after": after})
        assert answer.status_code == 200, answer.text
        yield from answer.json()["rows"]
        after = answer.json()["next"]
        if after is None:
            return


def at(row: Row, name: str) -> datetime:
    return datetime.fromisoformat(row[name])


def waits(row: Row, shop: "Shop", minutes: int) -> bool:
    wait = timedelta(minutes=minutes)
    return row["waiting_since"] is not None and at(row, "waiting_since") <= shop.world.clock() - wait


def attended(row: Row, shop: "Shop") -> bool:
    if row["state"] == "EN PROCESO" and not waits(row, shop, 21):
        return row["operator_id"] == shop.operator.person_id
    return row["waiting_since"] is not None


def day(row: Row) -> str:
    return at(row, "created_at").astimezone(ZONE).date().isoformat()


def begins(row: Row, *beginnings: str) -> bool:
    return all(any(word.startswith(each) for word in words(row["name"])) for each in beginnings)


#: By parameter: what is asked for, and which rows fulfil it.
FILTERS: dict[str, list[tuple[Any, Callable[[Row, "Shop"], bool]]]] = {
    "tab": [("all", lambda _row, _shop: True), ("attend", attended)],
    "q": [
        ("7", lambda row, _shop: row["id"] == 7 or "7" in (row["phone"] or "")),
        ("pér an", lambda row, _shop: begins(row, "per", "an")),
    ],
    "number": [("#7, 1.043; 9", lambda row, _shop: row["id"] in (7, 9))],
    "phone": [("115000", lambda row, _shop: "115000" in (row["phone"] or ""))],
    "name": [("ANGEL", lambda row, _shop: begins(row, "angel"))],
    "contact_id": [([1, 2], lambda row, _shop: row["contact_id"] in (1, 2))],
    "kind": [("AYUDA", lambda row, _shop: row["kind"] == "AYUDA")],
    "state": [(["VENCIDO", "EN PROCESO"], lambda row, _shop: row["state"] in ("VENCIDO", "EN PROCESO"))],
    "branch": [(2, lambda row, _shop: row["branch_id"] == 2),
               ([0, 3], lambda row, _shop: row["branch_id"] in (None, 3))],
    "operator": [
        ("me", lambda row, shop: row["is_mine"] and row["operator_id"] == shop.operator.person_id),
        (["0", "3"], lambda row, _shop: row["operator_id"] in (None, 3)),
    ],
    "payment_method": [([0, 2], lambda row, _shop: row["payment_method_id"] in (None, 2))],
    "delivery": [("ENVÍO", lambda row, _shop: row["delivery"] == "ENVÍO"),
                 (["0", "RETIRO"], lambda row, _shop: row["delivery"] in (None, "RETIRO"))],
    "created_from": [("2026-11-12", lambda row, _shop: day(row) >= "2026-11-12")],
    "created_to": [("2026-11-12", lambda row, _shop: day(row) <= "2026-11-12")],
    "total_from": [("2.000,00", lambda row, _shop: Decimal(row["total"]) >= 2000)],
    "total_to": [("2000.00", lambda row, _shop: Decimal(row["total"]) <= 2000)],
    "amount_from": [("$ 1.000,01", lambda row, _shop: row["amount"] == "2000.50")],
    "amount_to": [("1000", lambda row, _shop: row["amount"] == "1000.00")],
    "waiting_minutes": [(20, lambda row, shop: waits(row, shop, 20))],
    "expires_hours": [(5, lambda row, shop: row["expires_at"] is not None
                       and at(row, "expires_at") <= shop.world.clock() + timedelta(hours=5))],
    "needs_person": [("true", lambda row, _shop: row["needs_person"])],
    "changed_by_customer": [("false", lambda row, _shop: not row["changed_by_customer"])],
    "payment_proof": [("true", lambda row, _shop: row["payment_proof"])],
}  # fmt: skip
CASES = [(name, value, fulfils) for name, cases in FILTERS.items() for value, fulfils in cases]


def test_every_filter_is_tried():
    assert FILTERS.keys() == Filters.model_fields.keys()


@pytest.mark.parametrize(("name", "value", "fulfils"), CASES, ids=[f"{case[0]}={case[1]}" for case in CASES])
def test_a_filter_gives_what_fulfils_it(shop: "Shop", rows: list[Row], name: str, value: Any, fulfils: Any):
    mine = list(everything(shop.operator, sort="number", limit=100))
    expected = [row["id"] for row in mine if fulfils(row, shop)]
    answer = shop.operator.get("/api/orders", params={name: value, "sort": "number", "limit": 100}).json()
    assert [row["id"] for row in answer["rows"]] == expected
    assert 0 < len(expected) < (len(rows) if value != "all" else len(rows) + 1)
    assert (answer["total"], answer["total_is_capped"]) == (len(expected), False)


def test_of_several_filters_all_hold(shop: "Shop", rows: list[Row]):
    asked = {"state": ["FACTURADO", "RESUELTO"], "branch": [1, 2], "kind": "PEDIDO"}
    expected = {
        row["id"]
        for row in rows
        if row["state"] in asked["state"] and row["branch_id"] in (1, 2) and row["kind"] == "PEDIDO"
    }
    assert {row["id"] for row in everything(shop.operator, **asked)} == expected


@pytest.mark.parametrize("sort", [f"{sign}{name}" for name in SORTS for sign in ("", "-")])
def test_the_pages_of_every_order_are_the_list(shop: "Shop", rows: list[Row], sort: str):
    whole = [row["id"] for row in everything(shop.administrator, sort=sort, limit=100)]
    paged = [row["id"] for row in everything(shop.administrator, sort=sort, limit=13)]
    assert paged == whole
    assert sorted(paged) == [row["id"] for row in rows]


def test_the_newest_come_first_and_in_the_queue_who_waits_longest(shop: "Shop", rows: list[Row]):
    newest = [row["id"] for row in everything(shop.administrator)]
    assert newest == [row["id"] for row in rows][::-1]
    waiting = [row["waiting_since"] for row in everything(shop.administrator, tab="attend")]
    assert waiting == sorted(waiting)


def test_the_figure_of_the_queue_is_that_of_its_list(shop: "Shop", rows: list[Row]):
    for browser in (shop.administrator, shop.operator, shop.elsewhere):
        for more in ({}, {"branch": 2}, {"tab": "all"}):
            listed = browser.get("/api/orders", params={**more, "tab": "attend"}).json()["total"]
            counted = browser.get("/api/orders/counts", params=more).json()
            assert counted == {"attend": listed, "attend_is_capped": False}


def test_a_row_says_what_the_order_is(shop: "Shop", rows: list[Row]):
    row = next(row for row in rows if row["name"] == "Juana Inés")
    (mine,) = everything(shop.operator, number=str(row["id"]))
    assert (mine["number"], mine["branch"], mine["operator"], mine["is_mine"]) == (
        row["id"],
        "Almagro",
        "Olga",
        True,
    )
    assert (row["is_mine"], row["is_new_work"], row["total"], row["amount"]) == (False, False, "0.00", None)
    assert {move["to"] for move in mine["moves"]} == {"FACTURADO", "CANCELADO", "RESUELTO", "NO CONTESTA"}
    assert all(other["expires_at"] is None for other in rows if other["state"] == "VENCIDO")


# --- what is of other branches ----------------------------------------------------------------


def test_who_is_of_a_branch_is_told_of_that_and_of_none(shop: "Shop", rows: list[Row]):
    theirs = [row["id"] for row in rows if row["branch_id"] in (2, None)]
    answer = shop.elsewhere.get("/api/orders", params={"sort": "number", "limit": 100}).json()
    assert [row["id"] for row in answer["rows"]] == theirs
    assert answer["total"] == len(theirs)
    for params in (
        {"branch": 1},
        {"branch": [1, 3], "sort": "-total"},
        {"q": "Juana"},
        {"number": "3", "branch": 1},
    ):
        assert shop.elsewhere.get("/api/orders", params=params).json()["rows"] == [], params


@pytest.mark.parametrize("path", ["/api/orders/{}", "/api/orders/{}.pdf", "/api/orders/{}.pdf?format=ticket",
                                  "/api/orders/{}/summary"])  # fmt: skip
def test_an_order_of_another_branch_is_not_there(shop: "Shop", rows: list[Row], path: str):
    for branch_id, status in ((1, 404), (2, 200), (None, 200)):
        order_id = next(row["id"] for row in rows if row["branch_id"] == branch_id)
        answer = shop.elsewhere.get(path.format(order_id))
        assert answer.status_code == status, branch_id
        if status == 404:
            assert answer.json()["error"]["code"] == "order_not_found"


def test_of_a_contacts_orders_of_other_branches_there_is_number_time_and_state(shop: "Shop"):
    contact_id = shop.contact()
    hidden = shop.order(contact_id=contact_id, branch_id=1, state=State.INVOICED, total=Decimal(900))
    shown = shop.order(contact_id=contact_id, branch_id=2, state=State.RESOLVED, total=Decimal(700))
    last = shop.order(contact_id=contact_id, branch_id=2)
    earlier = shop.elsewhere.get(f"/api/orders/{last}").json()["earlier"]
    assert [(each["id"], each["is_reached"], each["branch"], each["total"]) for each in earlier] == [
        (shown, True, "Belgrano", "700.00"), (hidden, False, None, None),
    ]  # fmt: skip
    assert {each["state"] for each in earlier} == {"RESUELTO", "FACTURADO"}
    assert all(each["is_reached"] for each in shop.operator.get(f"/api/orders/{last}").json()["earlier"])


def test_after_the_shift_there_is_only_what_is_theirs_already(shop: "Shop"):
    late = shop.panel.operator(
        name="Tina", shift=[{"weekday": 1, "from": "08:00", "to": "09:30"}]
    )  # now it is 10:00
    own = shop.order(state=State.IN_PROGRESS, operator_id=late.person_id, name="Ofelia")
    other = shop.order(name="Ofelia")
    assert [row["id"] for row in everything(late)] == [own]
    assert late.get("/api/orders/counts").json()["attend"] == 1
    csv = late.get("/api/orders/export.csv", params={"q": "Ofelia"}).content.decode()
    assert csv.count("Ofelia") == 1
    for path in ("/api/orders/{}", "/api/orders/{}.pdf", "/api/orders/{}/summary"):
        assert [late.get(path.format(number)).status_code for number in (own, other)] == [200, 404]
    bulk = late.post("/api/orders/bulk", json={"ids": [own, other], "to": "RESUELTO"}).json()
    assert bulk == {"done": [own], "refused": [{"id": other, "code": "order_not_found"}]}


# --- what makes no sense ----------------------------------------------------------------------

SENSELESS = {
    "unknown": ({"colour": "red"}, {"colour": "unknown_field"}),
    "limit 0": ({"limit": 0}, {"limit": "too_little"}),
    "limit 101": ({"limit": 101}, {"limit": "too_much"}),
    "limit x": ({"limit": "x"}, {"limit": "not_a_number"}),
    "state": ({"state": "PAGADO"}, {"state.0": "not_a_choice"}),
    "kind": ({"kind": ["PEDIDO", "x"]}, {"kind.1": "not_a_choice"}),
    "branch": ({"branch": -1}, {"branch.0": "too_little"}),
    "huge branch": ({"branch": 2**63}, {"branch.0": "too_much"}),
    "operator": ({"operator": "mine"}, {"operator.0": "not_a_text"}),
    "delivery": ({"delivery": "MOTO"}, {"delivery.0": "not_a_choice"}),
    "day": ({"created_from": "ayer"}, {"created_from": "not_a_day"}),
    "day of another age": ({"created_to": "0001-01-01"}, {"created_to": "invalid"}),
    "total": ({"total_from": "abc"}, {"total_from": "not_an_amount"}),
    "negative": ({"amount_to": "-5"}, {"amount_to": "not_an_amount"}),
    "too much": ({"total_to": "1000000000000,01"}, {"total_to": "too_much"}),
    "waiting": ({"waiting_minutes": -1}, {"waiting_minutes": "too_little"}),
    "flag": ({"needs_person": "quizás"}, {"needs_person": "not_a_choice"}),
    "long": ({"q": "x" * 201}, {"q": "too_long"}),
    "tab": ({"tab": "mine"}, {"tab": "not_a_choice"}),
}
FILTERS_ONLY = {name for name, (params, _) in SENSELESS.items() if "limit" not in params}


@pytest.mark.parametrize("what", SENSELESS)
def test_what_makes_no_sense_is_refused_beside_its_name(shop: "Shop", what: str):
    params, fields = SENSELESS[what]
    lists = ["", "/counts", "/export.csv", "/export.xlsx"] if what in FILTERS_ONLY else [""]
    for path in lists:
        answer = shop.operator.get(f"/api/orders{path}", params=params)
        error = answer.json()["error"]
        assert (answer.status_code, error["code"], error["fields"]) == (422, "invalid", fields), path


@pytest.mark.parametrize(
    ("params", "code"),
    [({"sort": "colour"}, "unknown_sort"), ({"sort": "-_"}, "unknown_sort"), ({"sort": "Total"}, "invalid"),
     ({"after": "W10"}, "bad_cursor"), ({"after": "%%%"}, "bad_cursor"), ({"after": "x" * 601}, "invalid")],
)  # fmt: skip
def test_an_order_or_a_page_that_is_none_is_refused(shop: "Shop", params: dict[str, str], code: str):
    answer = shop.operator.get("/api/orders", params=params)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)


def test_a_page_goes_on_only_in_its_own_order(shop: "Shop", rows: list[Row]):
    after = shop.operator.get("/api/orders", params={"sort": "total", "limit": 2}).json()["next"]
    answer = shop.operator.get("/api/orders", params={"sort": "-total", "after": after})
    assert answer.json()["error"]["code"] == "bad_cursor"


@pytest.mark.parametrize(
    "number", ["0", "-1", "999999", str(2**63 - 1), str(2**63), "x", "1.5", "1e3", "%00", "٣x"]
)
def test_what_is_no_order_is_not_found_however_it_is_asked_for(shop: "Shop", number: str):
    path = f"/api/orders/{number}"
    move = {"to": "CANCELADO", "version": 1}
    calls = [("GET", path, None), ("GET", f"{path}.pdf", None), ("GET", f"{path}/summary", None),
             ("PATCH", path, {"version": 1, "comment": "x"}), ("POST", f"{path}/move", move)]  # fmt: skip
    for method, address, body in calls:
        answer = shop.administrator.request(method, address, json=body)
        assert answer.status_code in (404, 422), (method, address)
        assert answer.json()["error"]["code"] in ("order_not_found", "invalid", "not_found")
