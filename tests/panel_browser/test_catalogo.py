"""Catálogo: an open form and what was typed into it outlive a reload."""

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, expect
from sqlalchemy import select

from openbot.schema import Draft, Product
from tests.panel_browser.conftest import Visit

SOON = 10.0


def drafts(visit: Visit) -> dict[str, Any]:
    """Of who is in front of the screen: what differs, by form."""
    with visit.house.database.reading() as session:
        rows = session.scalars(select(Draft).where(Draft.operator_id == visit.person_id))
        return {row.key: row.body["fields"] for row in rows}


def until(is_so: Callable[[], bool]) -> None:
    last = time.monotonic() + SOON
    while not is_so():
        assert time.monotonic() < last
        time.sleep(0.05)


def product(visit: Visit, place: int) -> Product:
    with visit.house.database.reading() as session:
        return session.get_one(Product, visit.house.catalogue.products[place].id)


def window(visit: Visit) -> Locator:
    found = visit.page.get_by_role("dialog")
    expect(found.get_by_role("button", name="Guardar")).to_have_count(1)
    return found


def edit(visit: Visit, place: int) -> Locator:
    visit.go("/catalogo")
    row = visit.row(visit.house.catalogue.products[place].id)
    row.get_by_role("button", name="Editar").click()
    return window(visit)


def test_a_reload_finds_the_form_open_with_what_was_typed(visit: Visit) -> None:
    form = edit(visit, 0)
    form.get_by_role("textbox", name="Precio").fill("7.654,50")  # nobody leaves the field
    until(lambda: drafts(visit) == {f"catalogo.product.{product(visit, 0).id}": {"price": "7.654,50"}})
    assert f"ventana=product-{product(visit, 0).id}" in visit.page.url
    visit.page.reload()
    form = window(visit)
    expect(form.get_by_role("textbox", name="Precio")).to_have_value("7.654,50")
    expect(form.get_by_text("todavía no se guardó")).to_be_visible()
    form.get_by_role("textbox", name="Otros nombres").fill("lo de siempre")
    form.get_by_role("button", name="Guardar").click()
    expect(form).to_have_count(0)
    assert (str(product(visit, 0).price), product(visit, 0).aliases) == ("7654.50", ["lo de siempre"])
    assert "ventana" not in visit.page.url
    assert drafts(visit) == {}
    visit.page.reload()
    visit.row(product(visit, 0).id).wait_for()
    expect(visit.page.get_by_role("dialog")).to_have_count(0)


def test_a_half_new_product_is_still_there_and_volver_leaves_nothing(visit: Visit) -> None:
    visit.go("/catalogo?vista=sold_out")
    visit.page.get_by_role("button", name="NUEVO PRODUCTO").click()
    window(visit).get_by_role("textbox", name="Nombre, con la medida").fill("Vino de la casa")
    until(lambda: drafts(visit) == {"catalogo.product.new": {"name": "Vino de la casa"}})
    visit.page.reload()
    form = window(visit)
    expect(form.get_by_role("textbox", name="Nombre, con la medida")).to_have_value("Vino de la casa")
    assert "vista=sold_out" in visit.page.url
    form.get_by_role("button", name="Volver").click()
    expect(form).to_have_count(0)
    until(lambda: drafts(visit) == {})
    visit.page.get_by_role("button", name="NUEVO PRODUCTO").click()
    expect(window(visit).get_by_role("textbox", name="Nombre, con la medida")).to_have_value("")


def test_a_mistake_stays_beside_its_field_while_another_one_is_corrected(visit: Visit) -> None:
    form = edit(visit, 1)
    expect(form.get_by_role("button", name="Ayuda de Otros nombres")).to_be_visible()
    form.get_by_role("textbox", name="Precio").fill("abc")
    form.get_by_role("textbox", name="Otros nombres").fill("algo más")
    form.get_by_role("button", name="Guardar").click()
    wrong = form.get_by_text("No es un importe válido")
    expect(wrong).to_be_visible()
    form.get_by_role("textbox", name="Descripción").fill("De la casa")
    until(lambda: "size" in drafts(visit)[f"catalogo.product.{product(visit, 1).id}"])
    expect(wrong).to_be_visible()
    form.get_by_role("textbox", name="Precio").fill("1.000")
    form.get_by_role("button", name="Guardar").click()
    expect(form).to_have_count(0)
    assert (str(product(visit, 1).price), product(visit, 1).size) == ("1000.00", "De la casa")


def test_what_was_typed_over_an_older_product_is_not_saved_unseen(visit: Visit) -> None:
    form = edit(visit, 2)
    form.get_by_role("textbox", name="Precio").fill("1.111")
    until(lambda: bool(drafts(visit)))
    with visit.house.database.transaction() as session:
        row = session.get_one(Product, product(visit, 2).id)
        row.price, row.version = row.price + 1, row.version + 1
    there = product(visit, 2).price
    visit.page.reload()
    form = window(visit)
    form.get_by_role("button", name="Guardar").click()
    expect(form.get_by_text("guardó cambios recién")).to_be_visible()
    assert product(visit, 2).price == there
    form.get_by_role("button", name="Guardar").click()
    expect(form).to_have_count(0)
    assert str(product(visit, 2).price) == "1111.00"
