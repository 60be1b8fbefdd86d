"""What an operator does with the list: search, filter, keys, links, moves, many at once."""

import re

import pytest
from playwright.sync_api import expect

from openbot.vocabulary import OrderKind, State
from tests.panel_browser.conftest import Visit

SOON = 5_000


def test_the_list_is_searched_by_any_part_of_a_phone_and_by_number(visit: Visit) -> None:
    wanted = visit.house.order("Teléfono Raro", phone="5492966412345")
    visit.house.order("Otro")
    visit.go()
    visit.page.locator("[data-key=phone] .head-tool").click()
    visit.page.keyboard.type("2966 41")
    expect(visit.page.locator(".body .row")).to_have_count(1)
    assert visit.ids == [wanted]
    expect(visit.page).to_have_url(re.compile("phone=296641"))
    visit.page.get_by_role("button", name="Limpiar").click()
    visit.page.locator("[data-key=number] .head-tool").click()
    visit.page.keyboard.type(str(wanted))
    expect(visit.row(wanted)).to_be_visible()


def test_filters_search_tab_and_open_row_survive_a_reload(visit: Visit) -> None:
    order = visit.house.order("Queda Igual", kind=OrderKind.HELP)
    visit.go()
    visit.page.locator("[data-key=kind] .head-tool").click()
    visit.page.get_by_role("group", name="Tipo").get_by_text("AYUDA").click()
    visit.page.keyboard.press("Escape")
    expect(visit.page.locator(".chip")).to_have_text("Tipo: AYUDA")
    visit.expand(order)
    expect(visit.page).to_have_url(re.compile(f"vista=all&kind=AYUDA&pedido={order}"))
    visit.page.reload()
    expect(visit.page.locator(".detail .order-facts")).to_contain_text("Queda Igual")
    expect(visit.page.locator(".chip")).to_have_text("Tipo: AYUDA")
    expect(visit.page.get_by_role("tab", name="Todos")).to_have_attribute("aria-selected", "true")


def test_a_link_opens_its_order_wherever_it_is(visit: Visit) -> None:
    order = visit.house.order("De Antes", state=State.RESOLVED, by=visit.person_id)
    visit.go(f"/pedidos?pedido={order}")
    expect(visit.page.locator(".detail .order-facts")).to_contain_text("De Antes")
    expect(visit.row(order)).to_have_class(re.compile("pinned"))


@pytest.mark.parametrize("number", ["99999999", "9223372036854775807", "99999999999999999999"])
def test_a_link_to_no_order_says_so(visit: Visit, number: str) -> None:
    visit.go(f"/pedidos?pedido={number}")
    if len(number) <= 18:
        expect(visit.page.locator(".toast")).to_contain_text("Ese pedido no existe")
    expect(visit.page.locator(".grid-host")).to_be_visible()


def test_everything_can_be_done_with_keys(visit: Visit) -> None:
    visit.house.order("Primera Tecla")
    visit.house.order("Segunda Tecla")
    visit.go()
    first, second = visit.ids[:2]
    visit.page.keyboard.press("j")
    visit.page.keyboard.press("j")
    expect(visit.row(second)).to_be_focused()
    visit.page.keyboard.press("k")
    visit.page.keyboard.press("x")
    expect(visit.row(first)).to_have_attribute("aria-selected", "true")
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator(".detail .order-facts")).to_be_visible()
    visit.page.keyboard.press("Escape")
    expect(visit.page.locator(".detail")).to_have_count(0)
    visit.page.keyboard.press("/")
    visit.page.keyboard.type("Segunda")
    expect(visit.page.locator(".body .row")).to_have_count(1)
    visit.page.keyboard.press("Escape")
    visit.page.keyboard.press("Escape")
    visit.page.keyboard.press("?")
    expect(visit.page.get_by_role("dialog", name="Teclas")).to_be_visible()


def test_an_order_is_taken_in_one_click_and_given_back_in_another(visit: Visit) -> None:
    order = visit.house.order("Tomame")
    visit.go()
    visit.row(order).get_by_role("button", name="Tomar").click()
    expect(visit.cell(order, "state")).to_contain_text("EN PROCESO")
    expect(visit.cell(order, "operator")).to_contain_text("Ana López")
    assert visit.house.found(order).state is State.IN_PROGRESS
    visit.page.get_by_role("button", name="Deshacer").click()
    expect(visit.cell(order, "state")).to_contain_text("COMPLETO")
    assert visit.house.found(order).operator_id is None


def test_invoicing_asks_for_the_amount_and_offers_the_total(visit: Visit) -> None:
    order = visit.house.order("Facturame", state=State.IN_PROGRESS, by=visit.person_id)
    visit.go()
    total = visit.cell(order, "total").inner_text().replace("\xa0", " ").removeprefix("$ ")
    visit.cell(order, "state").get_by_role("button").click()
    visit.page.get_by_role("menuitem", name="FACTURADO").click()
    field = visit.page.get_by_label("Monto cobrado")
    expect(field).to_have_value(total)
    field.fill("abc")
    visit.page.get_by_role("button", name="Pasar a FACTURADO").click()
    expect(visit.page.locator("dialog .error-text")).to_contain_text("No es un importe")
    field.fill("12.450,50")
    visit.page.get_by_role("button", name="Pasar a FACTURADO").click()
    expect(visit.page.locator("dialog")).to_have_count(0)
    found = visit.house.found(order)
    assert (found.state, str(found.amount)) == (State.INVOICED, "12450.50")


def test_reopening_asks_for_a_reason(visit: Visit) -> None:
    order = visit.house.order("Reabrime", state=State.RESOLVED, by=visit.person_id)
    visit.go()
    visit.cell(order, "state").get_by_role("button").click()
    visit.page.get_by_role("menuitem", name="Reabrir").click()
    visit.page.get_by_role("button", name="Reabrir", exact=True).click()
    expect(visit.page.locator("dialog .error-text").first).not_to_be_empty()
    visit.page.get_by_label("Motivo").fill("Llamó de nuevo")
    visit.page.get_by_role("button", name="Reabrir", exact=True).click()
    expect(visit.cell(order, "state")).to_contain_text("EN PROCESO")


def test_a_move_on_a_stale_row_is_refused_and_shows_what_is_true_now(visit: Visit) -> None:
    other = visit.house.person("Pablo Ruiz")
    order = visit.house.order("Se Adelantó Otro")
    visit.go()
    visit.page.route("**/api/orders?*", lambda route: route.abort())  # this page hears nothing for a while
    visit.house.carry(order, State.IN_PROGRESS, by=other)
    visit.row(order).get_by_role("button", name="Tomar").click()
    expect(visit.page.locator(".toast")).to_contain_text("Pablo Ruiz cambió el pedido")
    expect(visit.cell(order, "operator")).to_contain_text("Pablo Ruiz")


def test_many_orders_move_at_once_and_the_refused_ones_are_named(visit: Visit) -> None:
    good = [visit.house.order(f"Varios {number}") for number in range(2)]
    bad = visit.house.order("Ya Estaba", state=State.INCOMPLETE)
    visit.go()
    for order in (*good, bad):
        visit.row(order).locator(".pick").check()
    visit.page.get_by_role("toolbar").get_by_role("button", name="RESUELTO").click()
    dialog = visit.page.get_by_role("dialog", name="¿Pasar 3 pedidos a RESUELTO?")
    dialog.get_by_role("button", name="Pasar 3 a RESUELTO").click()
    expect(dialog).to_contain_text("2 pedidos en RESUELTO. Uno no se pudo:")
    expect(dialog).to_contain_text(f"{bad} El pedido no puede pasar a ese estado")
    dialog.get_by_role("button", name="Cerrar").first.click()
    assert [visit.house.found(order).state for order in good] == [State.RESOLVED] * 2
    expect(visit.page.locator(".body .row.selected")).to_have_count(1)


def test_what_customers_write_is_only_text(visit: Visit) -> None:
    name = "<img src=x onerror=window.hacked=1> <b>Ana</b>"
    order = visit.house.order(name, comment="<script>window.hacked=1</script>\u202eodireves")
    visit.go()
    detail = visit.expand(order)
    expect(visit.cell(order, "name")).to_have_text(name)
    expect(detail).to_contain_text("<script>window.hacked=1</script>")
    assert visit.page.evaluate("window.hacked") is None


def test_a_view_is_kept_under_a_name(visit: Visit) -> None:
    visit.house.order("Con Vista", branch=1)
    visit.go()
    visit.page.locator("[data-key=branch] .head-tool").click()
    visit.page.get_by_role("group", name="Sucursal").get_by_text("Belgrano").click()
    expect(visit.page.locator(".chip")).to_have_text("Sucursal: Belgrano")
    visit.page.keyboard.press("Escape")
    visit.page.get_by_role("button", name="Vistas").click()
    visit.page.get_by_role("menuitem", name="Guardar esta vista…").click()
    visit.page.get_by_label("Nombre de la vista").fill("Lo de Belgrano")
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator("dialog")).to_have_count(0)
    visit.page.get_by_role("button", name="Limpiar").click()
    expect(visit.page.locator(".chip")).to_have_count(0)
    visit.page.get_by_role("button", name="Vistas").click()
    visit.page.get_by_role("menuitemcheckbox", name="Lo de Belgrano").click()
    expect(visit.page.locator(".chip")).to_have_text("Sucursal: Belgrano")


def test_the_export_is_of_exactly_what_is_filtered(visit: Visit) -> None:
    visit.house.order("Exportada Sí", kind=OrderKind.HELP)
    visit.house.order("Exportada No")
    visit.go("/pedidos?vista=all&kind=AYUDA")
    visit.page.get_by_role("button", name="Exportar", exact=True).click()
    with visit.page.expect_download() as download:
        visit.page.get_by_role("menuitem", name="CSV (para Excel)").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert "Exportada Sí" in text
    assert "Exportada No" not in text


def test_a_phone_shows_cards(visit: Visit) -> None:
    order = visit.house.order("En El Bolsillo")
    visit.page.set_viewport_size({"width": 390, "height": 844})
    visit.go()
    expect(visit.page.locator(".head-group")).to_be_hidden()
    visit.row(order).get_by_text("En El Bolsillo").click()
    expect(visit.page.locator(".detail .order-facts")).to_be_visible()
    fits = "host => host.scrollWidth <= host.clientWidth"
    assert visit.page.locator(".grid-host").evaluate(fits)
