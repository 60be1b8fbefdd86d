"""Catálogo, as administrators and operators have it."""

from typing import TYPE_CHECKING, Any

import pytest

from openbot.schema import Branch, Product, Zone
from openbot.vocabulary import Role
from tests.panel.conftest import Grids

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from tests.panel.conftest import Sit
    from tests.support.panel import Panel
    from tests.support.world import World

SECTIONS = {
    "Productos": "productos",
    "Categorías": "categorias",
    "Sucursales": "sucursales",
    "Zonas de envío": "zonas",
    "Medios de pago": "medios",
    "Feriados": "feriados",
}
COCA = 4


@pytest.fixture
def grids(monkeypatch: pytest.MonkeyPatch) -> Grids:
    grids = Grids()
    monkeypatch.setattr("panel.screens.catalogo_lists.grid", grids)
    return grids


@pytest.fixture
def screen(sit: "Sit", panel: "Panel", grids: Grids) -> "AppTest":
    """The screen as an administrator has it."""
    return sit(panel.administrator(name="Ana"), "catalogo")


def opened(screen: "AppTest", grids: Grids, action: str, *ids: int) -> "AppTest":
    """Press a button of a list: its form opens."""
    screen.run()
    grids.press(action, *ids)
    screen.run()
    assert not screen.exception
    return screen


def field(screen: "AppTest", label: str) -> Any:
    found = [
        each
        for kind in ("text_input", "text_area", "selectbox", "number_input", "toggle", "date_input")
        for each in screen.get(kind)
        if each.label.removesuffix(" \\*") == label
    ]
    assert len(found) == 1, f"{label}: {found}"
    return found[0]


def press(screen: "AppTest", label: str) -> "AppTest":
    next(button for button in screen.button if button.label == label).click()
    screen.run()
    assert not screen.exception
    return screen


def said(screen: "AppTest") -> str:
    kinds = ("markdown", "error", "warning", "toast", "caption")
    return "\n".join(each.value for kind in kinds for each in screen.get(kind))


@pytest.mark.parametrize(("section", "key"), SECTIONS.items())
def test_an_administrator_has_every_section_with_its_buttons(
    screen: "AppTest", grids: Grids, section: str, key: str
):
    screen.query_params["seccion"] = section
    screen.run()
    assert not screen.exception
    assert list(grids.drawn) == [key]
    assert grids.actions(key) - {"sell_out", "restock"}


@pytest.mark.parametrize(("section", "key"), SECTIONS.items())
def test_an_operator_reads_every_section_and_marks_what_is_sold_out(
    sit: "Sit", panel: "Panel", grids: Grids, section: str, key: str
):
    screen = sit(panel.operator(), "catalogo", Role.OPERATOR)
    screen.query_params["seccion"] = section
    screen.run()
    assert not screen.exception
    assert grids.actions(key) == ({"sell_out", "restock"} if key == "productos" else set())


def test_an_operator_who_forges_a_button_gets_no_form(sit: "Sit", panel: "Panel", grids: Grids):
    screen = opened(sit(panel.operator(), "catalogo", Role.OPERATOR), grids, "product", COCA)
    assert not screen.text_input


def test_a_price_typed_as_people_do_is_saved(screen: "AppTest", grids: Grids, world: "World"):
    opened(screen, grids, "product", COCA)
    assert field(screen, "Precio").value == "5.200,00"
    field(screen, "Precio").input("5.450,50")
    press(screen, "Guardar")
    row = world.rows(Product, Product.id == COCA)[0]
    assert (f"{row.price:.2f}", row.name, row.version) == ("5450.50", "Coca-Cola 2,25 L", 2)
    assert "Se guardó" in said(screen)
    assert not screen.text_input


def test_a_mistake_stands_beside_its_field_and_what_was_typed_stays(
    screen: "AppTest", grids: Grids, world: "World"
):
    opened(screen, grids, "product", COCA)
    field(screen, "Precio").input("abc")
    field(screen, "Descripción").input("Retornable")
    press(screen, "Guardar")
    assert "No es un importe válido" in said(screen)
    assert (field(screen, "Precio").value, field(screen, "Descripción").value) == ("abc", "Retornable")
    assert world.rows(Product, Product.id == COCA)[0].version == 1


def test_the_second_of_two_sees_the_difference_and_saves_on_top(
    screen: "AppTest", grids: Grids, world: "World", panel: "Panel"
):
    opened(screen, grids, "product", COCA)
    other = panel.administrator(name="Bea")
    other.patch(f"/api/catalogue/products/{COCA}", json={"version": 1, "price": 5300, "size": "Vidrio"})
    field(screen, "Precio").input("5.400")
    press(screen, "Guardar")
    assert "Bea puso «5.300,00»" in said(screen)
    assert field(screen, "Precio").value == "5.400"
    press(screen, "Guardar")
    row = world.rows(Product, Product.id == COCA)[0]
    assert (f"{row.price:.2f}", row.size, row.version) == ("5400.00", "Vidrio", 3)


def test_a_form_left_with_volver_begins_afresh(screen: "AppTest", grids: Grids):
    opened(screen, grids, "product", COCA)
    field(screen, "Precio").input("1")
    press(screen, "Volver")
    assert not screen.text_input
    opened(screen, grids, "product", COCA)
    assert field(screen, "Precio").value == "5.200,00"


def test_a_new_product_like_another_is_saved_with_a_warning(screen: "AppTest", grids: Grids, world: "World"):
    opened(screen, grids, "product")
    press(screen, "Guardar")
    assert said(screen).count("Falta completar este dato") == 2
    field(screen, "Nombre, con la medida").input("Coca Cola 2.25 litros")
    field(screen, "Categoría").set_value(1)
    field(screen, "Se vende por").set_value("unidad")
    field(screen, "Precio").input("5000")
    press(screen, "Guardar")
    assert "lo confunde con «Coca" in said(screen)
    assert world.rows(Product, Product.name == "Coca Cola 2.25 litros")


def test_hours_are_corrected_day_by_day(screen: "AppTest", grids: Grids, world: "World"):
    screen.query_params["seccion"] = "Sucursales"
    opened(screen, grids, "branch", 1)
    field(screen, "Lunes").input("8-13, 12-20")
    press(screen, "Guardar")
    assert "Se superpone con otro horario" in said(screen)
    field(screen, "Lunes").input("9 a 12 y 14 a 20")
    press(screen, "Guardar")
    assert world.rows(Branch, Branch.id == 1)[0].version == 2


def test_a_barrio_of_another_zone_is_named_with_its_zone(screen: "AppTest", grids: Grids, world: "World"):
    screen.query_params["seccion"] = "Zonas de envío"
    opened(screen, grids, "zone", 1)
    field(screen, "Barrios y localidades").input("Almagro, Recoleta")
    press(screen, "Guardar")
    assert "Recoleta: Centro" in said(screen).replace("\\", "")
    assert world.rows(Zone, Zone.id == 1)[0].version == 1


def test_a_row_that_is_gone_is_said(screen: "AppTest", grids: Grids):
    assert "ya no está" in said(opened(screen, grids, "product", 4711))


def test_more_categories_than_the_list_shows_are_warned_of_above_their_list(
    screen: "AppTest", grids: Grids, panel: "Panel"
):
    boss = panel.administrator(name="Bea")
    for number in range(11):
        shelf = boss.post("/api/catalogue/categories", json={"name": f"Rubro {number}"}).json()["id"]
        thing = {"name": f"Cosa {number}", "category_id": shelf, "unit": "unidad", "price": "100"}
        boss.post("/api/catalogue/products", json=thing)
    screen.run()
    assert "La lista de WhatsApp" not in said(screen)
    screen.query_params["seccion"] = "Categorías"
    screen.run()
    assert "muestra 10 categorías" in said(screen)
    assert "«Rubro 10»" in said(screen)
