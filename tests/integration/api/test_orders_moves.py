"""Moving orders by the public door: what the life cycle allows and nothing else, one by one and many at once."""

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from openbot.orders import operations, waiting
from openbot.orders.lifecycle import MOVES, Who
from openbot.schema import Contact
from openbot.vocabulary import OPEN_STATES, State
from tests.support.whatsapp import Customer

if TYPE_CHECKING:
    import httpx

    from tests.support.panel import Browser
    from tests.support.shop import Shop

CLOSED = [state for state in State if state not in OPEN_STATES]


def move(
    browser: "Browser", order_id: int, to: State | str, *, version: int = 1, **more: Any
) -> "httpx.Response":
    return browser.post(f"/api/orders/{order_id}/move", json={"to": to, "version": version, **more})


def moved(browser: "Browser", order_id: int, to: State, *, version: int = 1, **more: Any) -> dict[str, Any]:
    answer = move(browser, order_id, to, version=version, **more)
    assert answer.status_code == 200, answer.text
    return answer.json()


def code_of(answer: "httpx.Response") -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def expected(start: State, end: State, who: Who) -> str:
    """What the table says of an order that was COMPLETO before, and that who asks closed just now."""
    allowed = MOVES.get((start, end))
    if allowed is None or who not in allowed.by or (allowed.only_back and end is not State.COMPLETE):
        return "move_not_allowed"
    return "a reason" if allowed.needs_reason else "yes"


# --- the life cycle ---------------------------------------------------------------------------


@pytest.mark.parametrize("end", State)
@pytest.mark.parametrize("start", State)
def test_an_order_goes_where_the_life_cycle_lets_it_and_nowhere_else(shop: "Shop", start: State, end: State):
    for browser, who in ((shop.operator, Who.OPERATOR), (shop.administrator, Who.ADMINISTRATOR)):
        order_id = shop.order(state=start, state_before=State.COMPLETE, closed_by=browser)
        may = {
            each["to"]: each["needs_reason"]
            for each in browser.get(f"/api/orders/{order_id}").json()["moves"]
        }
        answer, said = move(browser, order_id, end), expected(start, end, who)
        if said == "move_not_allowed":
            assert code_of(answer) == (409, "move_not_allowed"), who
            assert end not in may
            assert (shop.row(order_id).state, shop.row(order_id).version) == (start, 1)
            continue
        if said == "a reason":
            assert code_of(answer) == (422, "reason_missing"), who
            assert code_of(move(browser, order_id, end, reason=" \n\u200b")) == (422, "reason_missing")
            answer = move(browser, order_id, end, reason="lo pidió")
        assert answer.status_code == 200, answer.text
        assert may[end] is (said == "a reason")
        event = answer.json()["history"][-1]
        assert (event["from_state"], event["to_state"], event["actor"]) == (start, end, "operador")
        assert (answer.json()["state"], shop.row(order_id).state) == (end, end)


@pytest.mark.parametrize("before", [State.INCOMPLETE, State.COMPLETE])
def test_an_order_that_was_taken_goes_back_only_where_it_came_from(shop: "Shop", before: State):
    order_id = shop.order(state=before)
    taken = moved(shop.operator, order_id, State.IN_PROGRESS)
    assert (taken["operator"], taken["is_mine"], taken["waiting_since"]) == ("Olga", True, None)
    (other,) = {State.INCOMPLETE, State.COMPLETE} - {before}
    assert code_of(move(shop.operator, order_id, other, version=2)) == (409, "move_not_allowed")
    back = moved(shop.administrator, order_id, before, version=2)
    assert (back["operator"], back["waiting_since"] is None) == (None, before is State.INCOMPLETE)


@pytest.mark.parametrize("state", [state for state in CLOSED if state is not State.EXPIRED])
def test_an_operator_reopens_only_their_own_close_of_the_last_day(shop: "Shop", state: State):
    now = shop.world.clock()
    of_other = shop.order(state=state, closed_by=shop.administrator)
    long_ago = shop.order(
        state=state, closed_by=shop.operator, closed_at=now - timedelta(hours=24, seconds=1)
    )
    just = shop.order(state=state, closed_by=shop.operator, closed_at=now - timedelta(hours=24))
    for order_id in (of_other, long_ago):
        assert shop.operator.get(f"/api/orders/{order_id}").json()["moves"] == []
        refusal = move(shop.operator, order_id, State.IN_PROGRESS, reason="x")
        assert code_of(refusal) == (409, "move_not_allowed")
        assert moved(shop.administrator, order_id, State.IN_PROGRESS, reason="x")["operator"] == "Ada"
    again = moved(shop.operator, just, State.IN_PROGRESS, reason="faltaba algo")
    assert (again["history"][-1]["reason"], again["closed_at"]) == ("faltaba algo", None)
    assert again["expires_at"] > now.isoformat()


def test_no_order_is_reopened_beside_another_open_one(shop: "Shop"):
    contact_id = shop.contact()
    closed = shop.order(contact_id=contact_id, state=State.EXPIRED)
    open_one = shop.order(contact_id=contact_id, state=State.INCOMPLETE)
    answer = move(shop.operator, closed, State.IN_PROGRESS, reason="x")
    assert code_of(answer) == (409, "another_open_order")
    assert answer.json()["error"]["detail"] == {"order_id": open_one}
    assert moved(shop.operator, open_one, State.CANCELLED)["state"] == "CANCELADO"
    assert moved(shop.operator, closed, State.IN_PROGRESS, reason="x")["state"] == "EN PROCESO"


def test_there_is_nobody_to_reopen_an_order_of_a_contact_who_was_deleted(shop: "Shop"):
    order_id = shop.order(state=State.EXPIRED)
    with shop.world.database.transaction() as session:
        session.get_one(Contact, shop.row(order_id).contact_id).deleted_at = shop.world.clock()
    assert code_of(move(shop.administrator, order_id, State.IN_PROGRESS, reason="x")) == (
        409,
        "move_not_allowed",
    )


# --- what goes with a move --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "typed", "charged"),
    [(None, None, "900.00"), (None, "12.450,50", "12450.50"), (Decimal(800), None, "800.00"),
     (Decimal(800), "", "800.00"), (Decimal(800), "0", "0.00"), (None, 12450.5, "12450.50")],
)  # fmt: skip
def test_who_invoices_says_what_was_charged_or_it_is_the_total(
    shop: "Shop", amount: Decimal | None, typed: Any, charged: str
):
    order_id = shop.order(total=Decimal(900), amount=amount)
    detail = moved(shop.operator, order_id, State.INVOICED, **({} if typed is None else {"amount": typed}))
    assert (detail["amount"], shop.row(order_id).amount) == (charged, Decimal(charged))
    assert detail["closed_at"]


@pytest.mark.parametrize(
    ("typed", "code"), [("abc", "not_an_amount"), ("-1", "negative"), ("1000000000001", "too_much")]
)
def test_what_is_no_amount_is_refused_and_the_order_stays(shop: "Shop", typed: str, code: str):
    order_id = shop.order()
    answer = move(shop.operator, order_id, State.INVOICED, amount=typed)
    assert (answer.status_code, answer.json()["error"]["fields"]) == (422, {"amount": code})
    assert (shop.row(order_id).state, shop.row(order_id).version) == (State.COMPLETE, 1)


@pytest.mark.parametrize(
    ("body", "fields"),
    [({}, {"to": "missing", "version": "missing"}), ({"to": "PAGADO", "version": 1}, {"to": "not_a_choice"}),
     ({"to": "CANCELADO"}, {"version": "missing"}), ({"to": "CANCELADO", "version": 1, "x": 1}, {"x": "unknown_field"}),
     ({"to": "CANCELADO", "version": 1, "reason": "ñ" * 501}, {"reason": "too_long"}),
     ({"to": "CANCELADO", "version": 1, "reason": None}, {"reason": "not_a_text"})],
)  # fmt: skip
def test_a_move_that_makes_no_sense_is_refused(shop: "Shop", body: dict[str, Any], fields: dict[str, str]):
    answer = shop.operator.post(f"/api/orders/{shop.order()}/move", json=body)
    assert (answer.status_code, answer.json()["error"]["fields"]) == (422, fields)


def test_of_two_who_take_an_order_one_is_told_of_the_other(shop: "Shop"):
    order_id = shop.order()
    moved(shop.operator, order_id, State.IN_PROGRESS)
    error = move(shop.administrator, order_id, State.IN_PROGRESS).json()["error"]
    assert (error["code"], error["detail"]["by"]) == ("order_changed", "Olga")
    assert error["detail"]["changed"] == {"state": ["COMPLETO", "EN PROCESO"]}
    assert shop.row(order_id).operator_id == shop.operator.person_id


def test_orders_of_another_branch_are_not_moved(shop: "Shop"):
    order_id = shop.order(branch_id=1)
    assert code_of(move(shop.elsewhere, order_id, State.CANCELLED)) == (404, "order_not_found")
    assert shop.row(order_id).state is State.COMPLETE
    assert moved(shop.elsewhere, shop.order(branch_id=None), State.CANCELLED)["state"] == "CANCELADO"


# --- many at once -----------------------------------------------------------------------------


def bulk(browser: "Browser", ids: list[Any], to: str = "RESUELTO", **more: Any) -> "httpx.Response":
    return browser.post("/api/orders/bulk", json={"ids": ids, "to": to, **more})


@pytest.mark.parametrize("to", [State.CANCELLED, State.RESOLVED, State.NO_ANSWER])
def test_many_are_closed_at_once_and_those_that_cannot_be_are_listed(shop: "Shop", to: State):
    good = [shop.order(), shop.order(state=State.IN_PROGRESS), shop.order(branch_id=2)]
    closed, hidden, twice = shop.order(state=State.EXPIRED), shop.order(branch_id=1), good[0]
    answer = bulk(
        shop.elsewhere, [*good, closed, hidden, twice, 0, -1, 999999, 2**70], to, reason="fin del día"
    )
    assert answer.status_code == 200, answer.text
    gone = dict.fromkeys((hidden, 0, -1, 999999, 2**70), "order_not_found")
    assert answer.json()["done"] == good
    assert {each["id"]: each["code"] for each in answer.json()["refused"]} == {
        closed: "move_not_allowed",
        **gone,
    }
    assert {shop.row(order_id).state for order_id in good} == {to}
    assert (shop.row(closed).state, shop.row(hidden).state) == (State.EXPIRED, State.COMPLETE)
    event = shop.elsewhere.get(f"/api/orders/{good[0]}").json()["history"][-1]
    assert (event["who"], event["reason"]) == ("Berta", "fin del día")


def test_a_hundred_are_the_most(shop: "Shop"):
    first, last = shop.order(), shop.order()
    unknown = list(range(10**6, 10**6 + 98))
    answer = bulk(shop.operator, [first, *unknown, last])
    assert (answer.json()["done"], len(answer.json()["refused"])) == ([first, last], 98)
    untouched = shop.order()
    refusal = bulk(shop.operator, [untouched, *unknown, 1, 2])
    assert (refusal.status_code, refusal.json()["error"]["fields"]) == (422, {"ids": "too_many"})
    assert shop.row(untouched).state is State.COMPLETE


@pytest.mark.parametrize(
    ("ids", "to", "fields"),
    [([], "RESUELTO", {"ids": "missing"}), (["1"], "RESUELTO", {"ids.0": "not_a_number"}),
     ([1.5], "RESUELTO", {"ids.0": "not_a_number"}), (1, "RESUELTO", {"ids": "not_a_list"}),
     ([1], "FACTURADO", {"to": "not_a_choice"}), ([1], "EN PROCESO", {"to": "not_a_choice"}),
     ([1], "x", {"to": "not_a_choice"})],
)  # fmt: skip
def test_many_that_make_no_sense_are_refused(shop: "Shop", ids: Any, to: str, fields: dict[str, str]):
    answer = bulk(shop.administrator, ids, to)
    assert (answer.status_code, answer.json()["error"]["fields"]) == (422, fields)


def test_a_reason_too_long_is_refused_for_all_of_them_at_once(shop: "Shop"):
    order_id = shop.order()
    answer = bulk(shop.operator, [order_id], reason="ñ" * 501)
    assert (answer.status_code, answer.json()["error"]["fields"]) == (422, {"reason": "too_long"})
    assert shop.row(order_id).state is State.COMPLETE


# --- news -------------------------------------------------------------------------------------


def news(browser: "Browser", after: str = "") -> dict[str, Any]:
    answer = browser.get("/api/orders/news", params={"after": after})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_news_are_what_was_confirmed_since_and_only_of_ones_own_branches(shop: "Shop"):
    before = news(shop.elsewhere)
    assert before["news"] == []
    here, there = (shop.order(state=State.IN_PROGRESS, state_before=State.COMPLETE, branch_id=branch, name="Zoe")
                   for branch in (2, 1))  # fmt: skip
    for order_id in (here, there):
        moved(shop.administrator, order_id, State.COMPLETE)
    after = news(shop.elsewhere, before["cursor"])
    assert after["news"] == [{"order_id": here, "kind": "complete", "name": "Zoe"}]
    assert after["attend"] == shop.elsewhere.get("/api/orders/counts").json()["attend"]
    assert news(shop.elsewhere, after["cursor"])["news"] == []
    assert {each["order_id"] for each in news(shop.operator, before["cursor"])["news"]} == {here, there}


def test_news_are_who_asks_for_a_person_and_what_ones_own_customers_write(shop: "Shop"):
    world, who = shop.world, Customer(phone="5493514440001", user_id="AR.NEWS1", name="Nadia")
    world.says("hola", who=who)
    order_id, start = world.order(who).id, news(shop.operator)["cursor"]
    with world.database.transaction() as session:
        operations.ask_for_person(session, order_id=order_id, reason="queja", now=world.clock())
    asked = news(shop.operator, start)
    assert asked["news"] == [{"order_id": order_id, "kind": "help", "name": "Nadia"}]
    moved(shop.operator, order_id, State.IN_PROGRESS, version=world.order(who).version)
    taken = news(shop.operator, asked["cursor"])
    assert taken["news"] == []
    world.says("¿hay alguien?", who=who)
    assert news(shop.operator, taken["cursor"])["news"] == [
        {"order_id": order_id, "kind": "message", "name": "Nadia"}
    ]
    assert news(shop.administrator, taken["cursor"])["news"] == []


def test_a_forgotten_customer_is_told_of_until_somebody_answers(shop: "Shop"):
    world, who = shop.world, Customer(phone="5493514440002", user_id="AR.NEWS2", name="Olvi")
    world.says("hola", who=who)
    order_id = world.order(who).id
    moved(shop.operator, order_id, State.IN_PROGRESS, version=world.order(who).version)
    world.says("¿hay alguien?", who=who)
    told = [{"order_id": order_id, "kind": "forgotten", "name": "Olvi"}]

    def forgotten(browser: "Browser") -> list[dict[str, Any]]:
        return [each for each in news(browser)["news"] if each["order_id"] == order_id]

    began = world.clock.now
    world.clock.now = began + timedelta(minutes=9)
    assert forgotten(shop.operator) == []
    world.clock.now = began + timedelta(minutes=10)
    assert (forgotten(shop.operator), forgotten(shop.operator)) == (told, told)
    assert forgotten(shop.administrator) == []
    world.clock.now = began + timedelta(minutes=20)
    assert forgotten(shop.administrator) == told
    with world.database.transaction() as session:
        waiting.answered(session, contact_id=world.contact(who).id)
    assert forgotten(shop.administrator) == []
    world.clock.now = began


@pytest.mark.parametrize("after", ["x", "1", "1.", "-1.5", "1.5.7", "9" * 61, f"{'9' * 19}.1"])
def test_a_place_in_the_news_that_is_none_is_refused(shop: "Shop", after: str):
    answer = shop.operator.get("/api/orders/news", params={"after": after})
    assert code_of(answer) == (422, "invalid")


# --- what forms offer -------------------------------------------------------------------------


def test_the_form_offers_what_there_is(shop: "Shop"):
    form = shop.elsewhere.get("/api/orders/form").json()
    assert form["time_zone"] == "America/Argentina/Buenos_Aires"
    assert [branch["name"] for branch in form["branches"]] == [
        "Almagro",
        "Belgrano",
        "Avellaneda",
        "San Justo",
    ]
    assert {zone["branch_id"] for zone in form["zones"]} == {1, 2, 3, 4}
    assert {operator["name"] for operator in form["operators"]} >= {"Ada", "Olga", "Berta"}
    assert form["states"] == [state.value for state in State]
    assert (form["kinds"], form["deliveries"]) == (["PEDIDO", "AYUDA"], ["ENVÍO", "RETIRO"])
    product = form["products"][0]
    assert {"id", "code", "name", "category", "unit", "step", "price", "available"} == product.keys()
