"""Catálogo after a reload: a new session of the same person, at the same address."""

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from openbot.schema import Draft, Holiday
from openbot.vocabulary import Role
from tests.panel.conftest import Grids
from tests.panel.test_catalogo import field, opened, press, said

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from tests.panel.conftest import Sit
    from tests.support.panel import Browser, Panel
    from tests.support.world import World

#: By form: what is typed into which field.
TYPED: dict[str, dict[str, Any]] = {
    "product": {"Precio": "12,3", "Categoría": 2, "Disponible": False, "Otros nombres": "una, dos"},
    "category": {"Nombre": "Otra cosa", "Lugar en la lista": 2},
    "branch": {"Latitud": "-34,5", "Martes": "8 a 12 y 13 a 20", "Otros nombres": "la de siempre"},
    "zone": {"Costo del envío": "1500", "Barrios y localidades": "Almagro, Boedo"},
    "payment": {
        "Texto que va con la confirmación": "Alias: mi.alias",
        "Es efectivo: se pregunta con cuánto paga": True,
    },
}


@pytest.fixture
def grids(monkeypatch: pytest.MonkeyPatch) -> Grids:
    grids = Grids()
    monkeypatch.setattr("panel.screens.catalogo_lists.grid", grids)
    return grids


@pytest.fixture
def ana(panel: "Panel") -> "Browser":
    return panel.administrator(name="Ana")


def reloaded(sit: "Sit", ana: "Browser", screen: "AppTest") -> "AppTest":
    again = sit(ana, "catalogo")
    again.query_params.update(screen.query_params)
    again.run()
    assert not again.exception
    return again


@pytest.mark.parametrize(("form", "row"), [(form, row) for form in TYPED for row in (1, None)])
def test_every_field_is_as_it_was(sit: "Sit", grids: Grids, ana: "Browser", form: str, row: int | None):
    screen = opened(sit(ana, "catalogo"), grids, form, *([row] if row else []))
    for label, value in TYPED[form].items():
        field(screen, label).set_value(value)
    screen.run()
    again = reloaded(sit, ana, screen)
    assert {label: field(again, label).value for label in TYPED[form]} == TYPED[form]
    assert "todavía no se guardó" in said(again)


def test_a_holiday_keeps_its_day_and_is_saved_with_it(
    sit: "Sit", grids: Grids, ana: "Browser", world: "World"
):
    screen = opened(sit(ana, "catalogo"), grids, "holiday")
    field(screen, "Día").set_value(date(2026, 12, 9))
    field(screen, "Nombre").set_value("Virgen")
    screen.run()
    press(reloaded(sit, ana, screen), "Guardar")
    assert world.rows(Holiday, Holiday.name == "Virgen")[0].day == date(2026, 12, 9)
    assert world.rows(Draft) == []


def test_who_only_looks_leaves_no_draft(sit: "Sit", grids: Grids, ana: "Browser", world: "World"):
    for form in TYPED:
        opened(sit(ana, "catalogo"), grids, form).run()
    assert world.rows(Draft) == []


def test_what_was_taken_back_is_no_draft_any_more(sit: "Sit", grids: Grids, ana: "Browser", world: "World"):
    screen = opened(sit(ana, "catalogo"), grids, "product", 4)
    before = field(screen, "Precio").value
    field(screen, "Precio").set_value("1").run()
    assert [draft.key for draft in world.rows(Draft)] == ["catalogo.product.4"]
    field(screen, "Precio").set_value(before).run()
    assert world.rows(Draft) == []
    assert "todavía no se guardó" not in said(reloaded(sit, ana, screen))


def test_a_draft_that_no_longer_fits_its_field_is_left_out(sit: "Sit", grids: Grids, ana: "Browser"):
    fields = {"position": 4711, "name": 3}
    ana.put("/api/drafts/catalogo.category.1", json={"body": {"fields": fields, "version": "x"}})
    screen = opened(sit(ana, "catalogo"), grids, "category", 1)
    assert field(screen, "Lugar en la lista").value < 100
    assert field(screen, "Nombre").value


@pytest.mark.parametrize(
    "place", ["product-abc", "product-", "nada-1", "-", "product-²", f"product-{'9' * 19}"]
)
def test_nonsense_in_the_address_opens_nothing(sit: "Sit", grids: Grids, ana: "Browser", place: str):
    screen = sit(ana, "catalogo")
    screen.query_params["ventana"] = place
    screen.run()
    assert not screen.exception
    assert not screen.text_input


def test_an_operator_opens_nothing_by_the_address(sit: "Sit", grids: Grids, panel: "Panel"):
    screen = sit(panel.operator(), "catalogo", Role.OPERATOR)
    screen.query_params["ventana"] = "product-4"
    screen.run()
    assert not screen.exception
    assert not screen.text_input
