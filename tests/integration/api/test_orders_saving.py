"""Editing an order by the public door: what is typed, what is refused beside its field, and who was faster."""

import json
import threading
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from openbot.orders import editing
from openbot.orders.criteria import Reach
from openbot.schema import Order, Product
from openbot.vocabulary import Delivery, OrderKind, State

if TYPE_CHECKING:
    import httpx

    from tests.support.panel import Browser
    from tests.support.shop import Shop


def save(browser: "Browser", order_id: int, *, version: int = 1, **fields: Any) -> "httpx.Response":
    return browser.patch(f"/api/orders/{order_id}", json={"version": version, **fields})


def saved(browser: "Browser", order_id: int, *, version: int = 1, **fields: Any) -> dict[str, Any]:
    answer = save(browser, order_id, version=version, **fields)
    assert answer.status_code == 200, answer.text
    return answer.json()


def refused(answer: "httpx.Response") -> dict[str, str]:
    assert answer.status_code == 422, answer.text
    assert answer.json()["error"]["code"] == "invalid"
    return answer.json()["error"]["fields"]


# --- money ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("12.450,50", "12450.50"), ("12450.5", "12450.50"), (12450.5, "12450.50"), (" $ 12.450,50 ", "12450.50"),
     ("12,450.50", "12450.50"), ("3.200", "3200.00"), ("3,2", "3.20"), (7, "7.00"), ("0", "0.00"),
     ("1000000000000", "1000000000000.00"), ("", None), (None, None)],
)  # fmt: skip
def test_money_is_read_as_it_is_typed_here(shop: "Shop", typed: Any, stored: str | None):
    order_id = shop.order(amount=Decimal(1))
    detail = saved(shop.operator, order_id, amount=typed, cash_with=typed)
    assert (detail["amount"], detail["cash_with"]) == (stored, stored)
    assert shop.row(order_id).amount == (None if stored is None else Decimal(stored))


@pytest.mark.parametrize(
    ("typed", "code"),
    [("abc", "not_an_amount"), ("12..5", "not_an_amount"), ("1e3", "not_an_amount"), ("٣", "not_an_amount"),
     (12.345, "not_an_amount"), ("1,234", "not_an_amount"), ("-1", "negative"), (-0.5, "negative"),
     (" -12.450,50", "negative"), ("1000000000000,01", "too_much"), (10**13, "too_much"), (10**60, "too_much"),
     ("9" * 31, "not_an_amount")],
)  # fmt: skip
def test_what_is_no_amount_is_refused_beside_its_field(shop: "Shop", typed: Any, code: str):
    order_id = shop.order()
    for name in ("amount", "cash_with", "delivery_fee"):
        assert refused(save(shop.operator, order_id, **{name: typed})) == {name: code}
    assert (shop.row(order_id).version, shop.row(order_id).amount) == (1, None)


@pytest.mark.parametrize("typed", [True, [], {}, ["1"]])
def test_what_is_no_text_and_no_number_is_refused_beside_its_field_too(shop: "Shop", typed: Any):
    fields = refused(save(shop.operator, shop.order(), amount=typed))
    assert set(fields) == {"amount"}


@pytest.mark.parametrize("raw", [b"NaN", b"Infinity", b"-Infinity", b"1e999"])
def test_figures_that_are_none_are_refused(shop: "Shop", raw: bytes):
    body = b'{"version": 1, "amount": ' + raw + b"}"
    answer = shop.operator.patch(f"/api/orders/{shop.order()}", content=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid")


# --- items ------------------------------------------------------------------------------------


def test_items_are_added_changed_and_taken_out_and_the_total_follows(shop: "Shop"):
    first, second = shop.world.rows(Product, Product.unit == "unidad", Product.active)[:2]
    weighed = shop.product("kg")
    order_id = shop.order(items={first.id: "2", second.id: "1"}, delivery_fee=Decimal(500))
    items = [
        {"product_id": first.id, "quantity": "3"},
        {"product_id": second.id, "quantity": 0},
        {"product_id": weighed.id, "quantity": "1,5"},
    ]
    detail = saved(shop.operator, order_id, items=items)
    assert [(line["product_id"], line["quantity"]) for line in detail["items"]] == [
        (first.id, "3"), (weighed.id, "1.5"),
    ]  # fmt: skip
    goods = 3 * first.price + Decimal("1.5") * weighed.price
    assert (Decimal(detail["goods_total"]), Decimal(detail["total"])) == (goods, goods + 500)
    assert detail["total_is_estimated"]
    changed = {each["name"]: (each["before"], each["after"]) for each in detail["history"][-1]["fields"]}
    assert changed == {
        first.name: (["2", f"{first.price:.2f}"], ["3", f"{first.price:.2f}"]),
        second.name: (["1", f"{second.price:.2f}"], None),
        weighed.name: (None, ["1.5", f"{weighed.price:.2f}"]),
    }


def test_an_item_keeps_its_price_when_the_catalogues_changes(shop: "Shop"):
    product = shop.world.rows(Product, Product.unit == "unidad", Product.active)[5]
    order_id = shop.order(items={product.id: "1"})
    with shop.world.database.transaction() as session:
        session.get_one(Product, product.id).price = product.price + 1000
        session.get_one(Product, product.id).active = False
    detail = saved(shop.operator, order_id, items=[{"product_id": product.id, "quantity": "2"}])
    assert (detail["items"][0]["unit_price"], Decimal(detail["total"])) == (
        f"{product.price:.2f}",
        2 * product.price,
    )
    fresh = save(shop.operator, shop.order(), items=[{"product_id": product.id, "quantity": "1"}])
    assert refused(fresh) == {"items.0.product_id": "unknown_product"}


@pytest.mark.parametrize(
    ("quantity", "code"),
    [("abc", "not_a_number"), ("-1", "negative"), (-2, "negative"), ("1,5", "not_divisible"), (0.5, "not_divisible"),
     (None, "missing"), ("", "not_a_number"), ("100001", "too_much"), (10**20, "too_much")],
)  # fmt: skip
def test_what_is_no_quantity_is_refused_beside_its_line(shop: "Shop", quantity: Any, code: str):
    product = shop.product("unidad")
    order_id = shop.order(items={product.id: "1"})
    items = [{"product_id": product.id, "quantity": "2"}, {"product_id": product.id, "quantity": quantity}]
    assert refused(save(shop.operator, order_id, items=items)) == {"items.1.quantity": code}
    assert shop.row(order_id).version == 1


@pytest.mark.parametrize(
    ("items", "fields"),
    [([{"product_id": 0, "quantity": "1"}], {"items.0.product_id": "unknown_product"}),
     ([{"product_id": -1, "quantity": "1"}], {"items.0.product_id": "unknown_product"}),
     ([{"product_id": 2**70, "quantity": "1"}], {"items.0.product_id": "unknown_product"}),
     ([{"product_id": "1", "quantity": "1"}], {"items.0.product_id": "not_a_number"}),
     ([{"product_id": 1, "quantity": "1", "price": "1"}], {"items.0.price": "unknown_field"}),
     ([{"product_id": 1}], {"items.0.quantity": "missing"}), ("x", {"items": "not_a_list"}),
     ([{"product_id": 1, "quantity": "1"}] * 201, {"items": "too_many"})],
)  # fmt: skip
def test_items_that_are_none_are_refused(shop: "Shop", items: Any, fields: dict[str, str]):
    assert refused(save(shop.operator, shop.order(), items=items)) == fields


def test_an_order_never_comes_to_more_than_can_be_paid(shop: "Shop"):
    product = shop.product("unidad")
    with shop.world.database.transaction() as session:
        dear = Product(
            code="ORO",
            name="Oro",
            category_id=product.category_id,
            unit="unidad",
            price=Decimal(10) ** 12,
            aliases=[],
        )
        session.add(dear)
        session.flush()
        dear_id = dear.id
    order_id = shop.order(items={product.id: "1"})
    answer = save(shop.operator, order_id, items=[{"product_id": dear_id, "quantity": "1"}])
    assert refused(answer) == {"items": "too_much"}
    assert (shop.row(order_id).version, shop.row(order_id).total) == (1, product.price)


# --- branch, zone, delivery -------------------------------------------------------------------


def test_a_zone_brings_its_branch_its_fee_and_the_delivery(shop: "Shop"):
    product, zone = shop.product("unidad"), shop.zone_of(2)
    order_id = shop.order(items={product.id: "1"}, branch_id=1)
    detail = saved(shop.operator, order_id, zone_id=zone.id, address="Cabildo 2000")
    assert (detail["branch"], detail["zone"], detail["delivery"]) == ("Belgrano", zone.name, "ENVÍO")
    assert Decimal(detail["delivery_fee"]) == zone.fee
    assert Decimal(detail["total"]) == product.price + zone.fee
    kept = saved(shop.operator, order_id, version=2, delivery_fee="100", zone_id=zone.id)
    assert (kept["delivery_fee"], Decimal(kept["total"])) == ("100.00", product.price + 100)


def test_a_zone_of_another_branch_is_refused(shop: "Shop"):
    answer = save(shop.operator, shop.order(), zone_id=shop.zone_of(2).id, branch_id=1)
    assert refused(answer) == {"zone_id": "zone_of_other_branch"}


def test_who_picks_up_pays_no_delivery_and_another_branch_has_other_zones(shop: "Shop"):
    zone = shop.zone_of(2)
    there = {"branch_id": 2, "zone_id": zone.id, "delivery": Delivery.DELIVERY, "delivery_fee": zone.fee}
    product = shop.product("unidad")
    picked = saved(shop.operator, shop.order(**there, items={product.id: "1"}), delivery="RETIRO")
    assert (picked["zone_id"], picked["delivery_fee"], Decimal(picked["total"])) == (
        None,
        "0.00",
        product.price,
    )
    moved = saved(shop.operator, shop.order(**there), branch_id=3)
    assert (moved["branch_id"], moved["zone_id"], moved["delivery_fee"]) == (3, None, picked["delivery_fee"])


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("branch_id", "unknown_branch"),
        ("zone_id", "unknown_zone"),
        ("payment_method_id", "unknown_payment_method"),
    ],
)
def test_what_is_not_there_cannot_be_chosen(shop: "Shop", field: str, code: str):
    order_id = shop.order()
    for value in (0, -1, 999, 2**63, 2**80):
        assert refused(save(shop.operator, order_id, **{field: value})) == {field: code}
    assert refused(save(shop.operator, order_id, **{field: "1"})) == {field: "not_a_number"}


def test_who_pays_otherwise_needs_no_change(shop: "Shop"):
    order_id = shop.order(payment_method_id=1, cash_with=Decimal(20000))
    detail = saved(shop.operator, order_id, payment_method_id=2)
    assert (detail["payment_method"], detail["cash_with"]) == ("Transferencia", None)


# --- texts ------------------------------------------------------------------------------------


def test_texts_are_kept_as_texts(shop: "Shop"):
    texts = {"name": "<b>Ana</b> 🌸", "address": "=1+1 ' OR 1=1 --", "comment": "uno\n\n  dos\u200d\u202eתלם"}
    detail = saved(shop.operator, shop.order(), **texts)
    assert (detail["order_name"], detail["address"]) == (texts["name"], texts["address"])
    assert detail["comment"].splitlines()[0] == "uno"


@pytest.mark.parametrize(("field", "longest"), [("name", 100), ("address", 300), ("comment", 1000)])
def test_a_text_too_long_is_refused_beside_its_field(shop: "Shop", field: str, longest: int):
    order_id = shop.order()
    assert refused(save(shop.operator, order_id, **{field: "ñ" * 5000})) == {field: "too_long"}
    assert saved(shop.operator, order_id, **{field: "ñ" * longest})["version"] == 2


@pytest.mark.parametrize("text", ["a\x00b", "\ud83d"])
def test_signs_that_no_database_takes_do_no_harm(shop: "Shop", text: str):
    answer = shop.operator.patch(
        f"/api/orders/{shop.order()}", content=f'{{"version": 1, "comment": {json.dumps(text)}}}'
    )
    assert answer.status_code in (200, 422), answer.text


@pytest.mark.parametrize(
    ("body", "status", "fields"),
    [({}, 422, {"version": "missing"}), ({"version": "1"}, 422, {"version": "not_a_number"}),
     ({"version": -1}, 422, {"version": "too_little"}), ([], 422, None), ("x", 422, None),
     ({"version": 1, "state": "FACTURADO"}, 422, {"state": "unknown_field"}),
     ({"version": 1, "total": "1"}, 422, {"total": "unknown_field"}),
     ({"version": 1, "kind": "OTRO"}, 422, {"kind": "not_a_choice"}),
     ({"version": 1, "delivery": "MOTO"}, 422, {"delivery": "not_a_choice"}), ({"version": 1}, 200, None)],
)  # fmt: skip
def test_a_body_that_makes_no_sense_is_refused(
    shop: "Shop", body: Any, status: int, fields: dict[str, str] | None
):
    answer = shop.operator.patch(f"/api/orders/{shop.order()}", json=body)
    assert answer.status_code == status
    if fields is not None:
        assert answer.json()["error"]["fields"] == fields


# --- versions and history ---------------------------------------------------------------------


def test_the_history_says_who_changed_what(shop: "Shop"):
    order_id = shop.order(payment_method_id=2, comment="con sal")
    fields = {"payment_method_id": 1, "comment": "sin sal", "amount": "10", "kind": "AYUDA", "branch_id": 2}
    detail = saved(shop.operator, order_id, **fields)
    event = detail["history"][-1]
    assert (event["actor"], event["who"], event["version"], event["to_state"]) == (
        "operador",
        "Olga",
        2,
        None,
    )
    assert {each["field"]: (each["before"], each["after"]) for each in event["fields"]} == {
        "payment_method": ("Transferencia", "Efectivo"), "comment": ("con sal", "sin sal"), "amount": (None, "10.00"),
        "kind": ("PEDIDO", "AYUDA"), "branch": (None, "Belgrano"),
    }  # fmt: skip


def test_saving_what_is_there_already_changes_nothing(shop: "Shop"):
    order_id = shop.order(comment="x", amount=Decimal(5))
    detail = saved(shop.operator, order_id, comment=" x ", amount="5,00", items=[])
    assert (detail["version"], len(detail["history"])) == (1, 1)


def test_who_saves_second_learns_who_changed_what_and_can_then_save(shop: "Shop"):
    order_id = shop.order(amount=Decimal(100), branch_id=1)
    saved(shop.operator, order_id, amount="200", branch_id=2)
    saved(shop.administrator, order_id, version=2, amount="250")
    late = save(shop.operator, order_id, amount="300", comment="tarde")
    error = late.json()["error"]
    assert (late.status_code, error["code"]) == (409, "order_changed")
    assert (error["detail"]["version"], error["detail"]["by"]) == (3, "Ada")
    assert error["detail"]["changed"] == {"amount": ["100.00", "250.00"], "branch": ["Almagro", "Belgrano"]}
    assert error["detail"]["at"].startswith("2026-11-24T")
    assert (shop.row(order_id).amount, shop.row(order_id).comment) == (250, "")
    assert saved(shop.operator, order_id, version=3, amount="300", comment="tarde")["version"] == 4


def test_of_two_who_save_at_the_same_time_the_second_is_told(shop: "Shop"):
    order_id, answers = shop.order(), []
    second = threading.Thread(target=lambda: answers.append(save(shop.operator, order_id, comment="dos")))
    with shop.world.database.transaction() as session:
        editing.edit(
            session, order_id=order_id, values={"comment": "uno"}, version=1, reach=Reach(operator_id=1),
            actor=shop.panel.actor(shop.administrator), now=shop.world.clock(),
        )  # fmt: skip
        second.start()
        second.join(timeout=0.1)
    second.join(timeout=10)
    error = answers[0].json()["error"]
    assert (error["code"], error["detail"]["changed"]) == ("order_changed", {"comment": ["", "uno"]})
    assert (shop.row(order_id).comment, shop.row(order_id).version) == ("uno", 2)


def test_a_version_that_never_was_is_refused(shop: "Shop"):
    assert (
        save(shop.operator, shop.order(), version=7, comment="x").json()["error"]["code"] == "order_changed"
    )


def test_of_a_closed_order_only_what_it_says_of_the_sale_is_corrected(shop: "Shop"):
    zone = shop.zone_of(1)
    for state in (State.INVOICED, State.CANCELLED, State.EXPIRED):
        order_id = shop.order(state=state, delivery=Delivery.PICKUP, zone_id=zone.id, branch_id=1)
        detail = saved(shop.operator, order_id, amount="5", payment_method_id=1, comment="factura A")
        assert (detail["amount"], detail["comment"]) == ("5.00", "factura A")
        for fields in ({"address": "x"}, {"branch_id": 2}, {"kind": "AYUDA"}, {"delivery": "ENVÍO"},
                       {"items": [{"product_id": 1, "quantity": "1"}]}):  # fmt: skip
            answer = save(shop.operator, order_id, version=2, **fields)
            assert (answer.status_code, answer.json()["error"]["code"]) == (409, "order_closed"), fields


def test_who_gives_an_order_to_another_branch_sees_it_go(shop: "Shop"):
    order_id = shop.order(branch_id=2)
    assert saved(shop.elsewhere, order_id, branch_id=1)["branch_id"] == 1
    assert shop.elsewhere.get(f"/api/orders/{order_id}").status_code == 404
    assert save(shop.elsewhere, order_id, version=2, comment="x").json()["error"]["code"] == "order_not_found"
    (row,) = shop.world.rows(Order, Order.id == order_id)
    assert (row.comment, row.kind) == ("", OrderKind.ORDER)


def test_the_companys_own_fields_are_kept_by_their_kind(shop: "Shop"):
    page = shop.administrator.get("/api/company/settings").json()
    own = [("remito", "text"), ("bultos", "number"), ("entrega", "day"), ("frio", "check")]
    fields = [{"key": key, "title": key.title(), "kind": kind} for key, kind in own]
    done = shop.administrator.patch(
        "/api/company/settings", json={"order_fields": fields, "version": page["version"]}
    )
    assert done.status_code == 200, done.text
    order_id = shop.order()
    custom = {"remito": " R-1 ", "bultos": "2,5", "entrega": "2026-12-01", "frio": True}
    kept = {"remito": "R-1", "bultos": 2.5, "entrega": "2026-12-01", "frio": True}
    assert saved(shop.operator, order_id, custom=custom)["custom"] == kept
    del kept["remito"]
    assert saved(shop.operator, order_id, version=2, custom={"remito": ""})["custom"] == kept
    wrong = {"bultos": "muchos", "entrega": "mañana", "frio": "sí", "otro": 1}
    assert refused(save(shop.operator, order_id, version=3, custom=wrong)) == {
        "custom.bultos": "not_a_number", "custom.entrega": "not_a_day", "custom.frio": "not_a_choice",
        "custom.otro": "unknown_order_field",
    }  # fmt: skip
