"""«Editar»: errors beside the field, drafts, and two people at once."""

from decimal import Decimal

from playwright.sync_api import Locator, expect
from sqlalchemy import select

from openbot.schema import OrderItem
from tests.panel_browser.conftest import Visit

SOON = 6_000


def edit(visit: Visit, order: int) -> Locator:
    visit.row(order).get_by_role("button", name="Editar").click()
    dialog = visit.page.locator("dialog[open]")
    dialog.wait_for()
    return dialog


def test_a_wrong_amount_is_refused_beside_its_field_and_a_right_one_is_kept(visit: Visit) -> None:
    order = visit.house.order("Monto Difícil")
    visit.go()
    dialog = edit(visit, order)
    amount = dialog.get_by_label("Monto")
    for wrong in ("abc", "-5", "12,3456", "9999999999999"):
        amount.fill(wrong)
        dialog.get_by_role("button", name="Guardar").click()
        expect(dialog.locator("[data-field=amount] .error-text")).not_to_be_empty()
    amount.fill("12.450,50")
    dialog.get_by_label("Comentario").fill("Tocar timbre")
    dialog.get_by_role("button", name="Guardar").click()
    expect(dialog).to_have_count(0)
    found = visit.house.found(order)
    assert (found.amount, found.comment) == (Decimal("12450.50"), "Tocar timbre")


def test_items_are_added_changed_and_taken_out(visit: Visit) -> None:
    order = visit.house.order("Con Ítems", products=[(0, "2"), (1, "1")])
    first, second, third = visit.house.catalogue.products[:3]
    visit.go()
    dialog = edit(visit, order)
    dialog.get_by_label(f"Cantidad de {first.name}").fill("3")
    dialog.get_by_role("button", name=f"Quitar {second.name}").click()
    dialog.get_by_label("Agregar producto").fill(third.name)
    dialog.get_by_label("Agregar producto").press("Enter")
    expect(dialog.locator(".line")).to_have_count(2)
    dialog.get_by_role("button", name="Guardar").click()
    expect(dialog).to_have_count(0)
    with visit.house.database.reading() as session:
        lines = session.scalars(select(OrderItem).where(OrderItem.order_id == order))
        assert {line.product_id: line.quantity for line in lines} == {first.id: 3, third.id: 1}


def test_what_was_typed_survives_closing_and_reloading(visit: Visit) -> None:
    order = visit.house.order("A Medias")
    visit.go()
    dialog = edit(visit, order)
    dialog.get_by_label("Comentario").fill("texto a medias")
    visit.page.keyboard.press("Escape")
    expect(visit.page.locator(".toast")).to_contain_text("queda como borrador")
    visit.page.reload()
    visit.row(order).wait_for()
    dialog = edit(visit, order)
    expect(dialog.get_by_label("Comentario")).to_have_value("texto a medias")
    expect(dialog).to_contain_text("Recuperamos lo que dejaste sin guardar")
    dialog.get_by_role("button", name="Descartar cambios").click()
    expect(dialog).to_have_count(0)
    dialog = edit(visit, order)
    expect(dialog.get_by_label("Comentario")).to_have_value("")


def test_somebody_elses_change_comes_in_and_mine_stays(visit: Visit) -> None:
    other = visit.house.person("Pablo Ruiz")
    order = visit.house.order("Dos Personas")
    visit.go()
    dialog = edit(visit, order)
    dialog.get_by_label("Comentario").fill("lo mío")
    visit.house.change(order, by=other, comment="lo de Pablo", name="Dos Personas (h)")
    expect(dialog.get_by_label("A nombre de")).to_have_value("Dos Personas (h)", timeout=SOON)
    expect(dialog.get_by_label("Comentario")).to_have_value("lo mío")
    expect(dialog.locator("[data-field=comment] .field-note")).to_contain_text(
        "Pablo Ruiz puso «lo de Pablo»"
    )
    dialog.get_by_role("button", name="Guardar").click()
    expect(dialog).to_have_count(0)
    found = visit.house.found(order)
    assert (found.comment, found.name) == ("lo mío", "Dos Personas (h)")


def test_a_save_on_a_stale_order_shows_the_difference_first(visit: Visit) -> None:
    other = visit.house.person("Pablo Ruiz")
    order = visit.house.order("Llegó Segundo")
    visit.go()
    visit.page.evaluate(  # before the form opens, so that it hears of nothing until it saves
        "() => window.addEventListener('openbot:changed', (e) => e.stopImmediatePropagation(), true)"
    )
    dialog = edit(visit, order)
    dialog.get_by_label("Comentario").fill("lo mío")
    visit.house.change(order, by=other, comment="lo de Pablo")
    dialog.get_by_role("button", name="Guardar").click()
    expect(dialog.locator("[data-field=comment] .field-note")).to_contain_text("lo de Pablo", timeout=SOON)
    dialog.get_by_role("button", name="usar ese").click()
    expect(dialog.get_by_label("Comentario")).to_have_value("lo de Pablo")
