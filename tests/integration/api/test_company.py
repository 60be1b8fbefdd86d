"""The company's settings in the panel, and who reads them."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from openbot.schema import AuditEntry
from tests.support.whatsapp import ANA

if TYPE_CHECKING:
    from openbot.database import Database
    from tests.support.panel import Browser, Panel
    from tests.support.world import World

PAGE = "/api/company/settings"
PRICES = {
    "currency": "USD",
    "service": "0.0260",
    "utility": "0.0260",
    "marketing": "0.0618",
    "authentication": "0.0260",
    "free_service": 1000,
}


@pytest.fixture(autouse=True)
def company(seeded: "Database") -> None:
    """Everybody here works for the demo company."""


@pytest.fixture
def ana(panel: "Panel") -> "Browser":
    return panel.administrator(name="Ana")


def save(browser: "Browser", **wish: Any) -> Any:
    return browser.patch(PAGE, json={"version": browser.get(PAGE).json()["version"], **wish})


def test_a_fresh_company_has_defaults(ana: "Browser"):
    page = ana.get(PAGE).json()
    assert page.pop("courtesies")[0] == "gracias"
    assert page == {
        "company_name": "Distribuidora El Ombú",
        "time_zone": "America/Argentina/Buenos_Aires",
        "order_fields": [],
        "order_expiry_hours": None,
        "default_expiry_hours": 48.0,
        "overtime_minutes": 60,
        "plan_allowance": None,
        "plan_at_zero": "continue",
        "prices": PRICES,
        "text_outside_hours": "",
        "away_notice": True,
        "answer_alert_minutes": 10,
        "state_messages": {},
        "version": 0,
    }


def test_settings_are_saved_and_noted_field_by_field(ana: "Browser", world: "World"):
    answer = save(ana, company_name=" El  Ombú ", plan_allowance="20000", plan_at_zero="stop")
    assert answer.json() == {
        "version": 1,
        "changed": {
            "company_name": ["Distribuidora El Ombú", "El Ombú"],
            "plan_allowance": [None, 20000],
            "plan_at_zero": ["continue", "stop"],
        },
    }
    entry = world.rows(AuditEntry)[-1]
    assert (entry.action, entry.operator_id) == ("settings_changed", ana.person_id)
    assert entry.detail["changed"] == answer.json()["changed"]
    assert save(ana, company_name="El Ombú").json() == {"version": 1, "changed": {}}
    assert len(world.rows(AuditEntry)) == 1


def test_the_second_of_two_sees_who_was_faster(ana: "Browser", panel: "Panel"):
    bea = panel.administrator(name="Bea")
    save(ana, company_name="Uno")
    late = bea.patch(PAGE, json={"version": 0, "company_name": "Dos", "overtime_minutes": 60})
    error = late.json()["error"]
    assert (late.status_code, error["code"]) == (409, "changed_meanwhile")
    assert (error["detail"]["by"], error["detail"]["changed"]) == ("Ana", {"company_name": ["Dos", "Uno"]})


@pytest.mark.parametrize(
    ("wish", "fields"),
    [
        ({"company_name": ""}, {"company_name": "missing"}),
        ({"company_name": "x" * 61}, {"company_name": "too_long"}),
        ({"time_zone": "Marte/Olympus"}, {"time_zone": "not_a_choice"}),
        ({"order_expiry_hours": 0}, {"order_expiry_hours": "too_little"}),
        ({"order_expiry_hours": "dos"}, {"order_expiry_hours": "not_a_number"}),
        ({"overtime_minutes": -1}, {"overtime_minutes": "too_little"}),
        ({"overtime_minutes": 1.5}, {"overtime_minutes": "not_a_number"}),
        ({"plan_allowance": -3}, {"plan_allowance": "too_little"}),
        ({"plan_at_zero": "explode"}, {"plan_at_zero": "not_a_choice"}),
        ({"text_outside_hours": "x" * 601}, {"text_outside_hours": "too_long"}),
        ({"courtesies": ["x" * 61]}, {"courtesies": "too_long"}),
        ({"order_fields": [{"title": ""}]}, {"order_fields.0": "missing"}),
        ({"order_fields": [{"title": "Remito"}, {"title": "remito"}]}, {"order_fields.1": "taken"}),
        ({"order_fields": [{"title": "x", "kind": "photo"}]}, {"order_fields.0": "not_a_choice"}),
        ({"order_fields": [{"title": "x", "key": "no así"}]}, {"order_fields.0": "not_a_key"}),
        ({"order_fields": [{"title": str(n)} for n in range(13)]}, {"order_fields": "too_many"}),
        ({"order_fields": "x"}, {"order_fields": "not_a_list"}),
        ({"version": 3, "catalogue_version": 1}, {"catalogue_version": "unknown_field"}),
    ],
)
def test_a_mistake_is_named_beside_its_field_and_nothing_is_saved(
    ana: "Browser", wish: dict[str, Any], fields: dict[str, str]
):
    before = ana.get(PAGE).json()
    answer = save(ana, overtime_minutes=30, **wish) if "overtime_minutes" not in wish else save(ana, **wish)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["fields"]) == (422, "invalid", fields)
    assert ana.get(PAGE).json() == before


def test_the_companys_own_fields_of_orders_get_names_of_their_own(ana: "Browser", panel: "Panel"):
    wished = [
        {"title": "Nro. de remito"},
        {"title": "¿Factura A?", "kind": "check"},
        {"title": "2da entrega", "kind": "day"},
        {"title": "Factura-A", "kind": "text"},
    ]
    assert save(ana, order_fields=wished).status_code == 200
    shown = panel.operator().get("/api/company").json()
    assert [(field["key"], field["kind"]) for field in shown["order_fields"]] == [
        ("nro_de_remito", "text"),
        ("factura_a", "check"),
        ("campo_2da_entrega", "day"),
        ("factura_a_2", "text"),
    ]
    kept = [{**shown["order_fields"][0], "title": "Remito"}]
    assert save(ana, order_fields=kept).json()["changed"]["order_fields"][1] == kept


def test_the_companys_expiry_hours_win_over_the_installations(ana: "Browser", world: "World"):
    save(ana, order_expiry_hours=5)
    world.says("hola")
    order = world.order(ANA)
    assert order.expires_at - order.created_at == timedelta(hours=5)
    save(ana, order_expiry_hours=None)
    assert ana.get(PAGE).json()["order_expiry_hours"] is None


def test_operators_see_what_screens_need_and_no_more(panel: "Panel"):
    browser = panel.operator()
    assert set(browser.get("/api/company").json()) == {"company_name", "time_zone", "order_fields"}
    for answer in (browser.get(PAGE), browser.patch(PAGE, json={"version": 0, "company_name": "X"})):
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "administrators_only")


def test_whatsapps_prices_are_edited_as_one_table(ana: "Browser"):
    dearer = {**PRICES, "service": "0,0301", "currency": "ARS"}
    assert save(ana, prices=dearer).status_code == 200
    assert ana.get(PAGE).json()["prices"] == {**dearer, "service": "0.0301"}
    wrong = save(ana, prices={**PRICES, "marketing": "-1", "currency": "pesos"})
    assert wrong.status_code == 422
    assert wrong.json()["error"]["fields"] == {
        "prices.currency": "not_a_choice",
        "prices.marketing": "negative",
    }
    assert save(ana, prices=None).json()["error"]["fields"] == {"prices": "not_a_list"}
