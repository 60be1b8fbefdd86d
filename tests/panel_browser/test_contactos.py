"""What can be done with a contact in its opened row."""

from playwright.sync_api import Locator, expect

from tests.panel_browser.conftest import Visit


def opened(visit: Visit, name: str) -> Locator:
    visit.go("/contactos")
    row = visit.page.locator(".body .row", has_text=name)
    row.locator(".expander").click()
    detail = visit.page.locator(".detail")
    detail.locator(".detail-actions").wait_for()
    return detail


def test_an_opened_contact_offers_everything_that_can_be_done_with_it(visit: Visit) -> None:
    visit.house.order("Todo A Mano")
    actions = opened(visit, "Todo A Mano").locator(".detail-actions").locator("button, a")
    titles = ["Ver conversación", "Corregir el nombre", "Bloquear", "Datos de la persona", "Eliminar"]
    expect(actions).to_have_text(titles)


def test_a_name_is_put_right_and_a_contact_blocked_and_let_in_again(visit: Visit) -> None:
    visit.house.order("Mal Escrito")
    detail = opened(visit, "Mal Escrito")
    detail.get_by_role("button", name="Corregir el nombre").click()
    dialog = visit.page.locator("dialog[open]")
    dialog.get_by_label("Nombre").fill("Bien Escrito")
    dialog.get_by_role("button", name="Guardar").click()
    row = visit.page.locator(".body .row", has_text="Bien Escrito")
    expect(row).to_be_visible()
    detail.get_by_role("button", name="Bloquear").click()
    dialog.get_by_role("button", name="Bloquear").click()
    expect(row).to_contain_text("Bloqueado")
    detail.get_by_role("button", name="Desbloquear").click()
    expect(row).to_contain_text("Activo")
