"""Rows change while somebody works: nothing of the person's own is lost or moved."""

import re

from playwright.sync_api import expect

from openbot.vocabulary import State
from tests.panel_browser.conftest import Visit

SOON = 5_000  # the product's own promise is 3 s; the machine of the tests may be busy


def scroll_of(visit: Visit) -> int:
    return int(visit.page.locator(".scroller").evaluate("scroller => Math.round(scroller.scrollTop)"))


def test_a_new_order_appears_without_touching_what_is_being_typed(visit: Visit) -> None:
    first = visit.house.order("Berta Ponce")
    visit.go()
    visit.row(first).locator(".pick").check()
    visit.expand(first)
    visit.page.locator("[data-key=phone] .head-tool").click()
    search = visit.page.locator("[data-key=phone] .head-search")
    search.type("11 ")  # still thinking
    visit.aside()
    second = visit.house.order("Carlos Ponce")
    expect(visit.row(second)).to_be_visible(timeout=SOON)
    assert search.input_value() == "11 "
    assert search.evaluate("input => input.getRootNode().activeElement === input")
    expect(visit.row(first)).to_have_class(re.compile("open selected"))
    expect(visit.page.locator(".detail .order-facts")).to_contain_text("Berta Ponce")


def test_the_selection_is_of_orders_and_not_of_places(visit: Visit) -> None:
    chosen = visit.house.order("Delia Ríos")
    visit.go()
    visit.row(chosen).locator(".pick").check()
    visit.aside()
    fresh = [visit.house.order(f"Nuevo {number}") for number in range(3)]
    expect(visit.row(fresh[-1])).to_be_visible(timeout=SOON)
    selected = visit.page.locator(".body .row.selected")
    expect(selected).to_have_count(1)
    assert selected.get_attribute("data-id") == str(chosen)


def test_rows_above_the_screen_arrive_without_moving_what_is_on_it(visit: Visit) -> None:
    for number in range(25):
        visit.house.order(f"Fila {number}")
    visit.go()
    visit.page.locator(".scroller").evaluate("scroller => { scroller.scrollTop = 480; }")
    visit.page.mouse.move(3, 3)
    watched = visit.ids[14]
    before = visit.row(watched).bounding_box()
    visit.house.order("Recién llegado")
    pill = visit.page.locator(".pill")
    expect(pill).to_have_text("1 pedido nuevo ↑", timeout=SOON)
    assert visit.row(watched).bounding_box() == before
    pill.click()
    expect(pill).to_be_hidden()
    assert scroll_of(visit) == 0


def test_nothing_moves_while_somebody_aims_at_a_row(visit: Visit) -> None:
    target = visit.house.order("Blanco Fijo")
    visit.go()
    box = visit.row(target).bounding_box()
    assert box
    late = visit.house.order("Llega Tarde")
    for step in range(18):
        visit.page.mouse.move(box["x"] + 200 + step, box["y"] + 12)
        visit.page.wait_for_timeout(120)
    expect(visit.page.locator(".pill")).to_be_visible()
    assert late not in visit.ids
    visit.aside()
    expect(visit.row(late)).to_be_visible(timeout=SOON)


def test_a_row_that_leaves_the_view_turns_grey_and_goes_later(visit: Visit) -> None:
    leaving, staying = visit.house.order("Se Va"), visit.house.order("Se Queda")
    visit.go("/pedidos")
    expect(visit.row(leaving)).to_be_visible()
    visit.aside()
    visit.house.carry(leaving, State.RESOLVED, by=visit.person_id)
    expect(visit.page.locator(f".row.gone[data-id='{leaving}']")).to_contain_text("RESUELTO", timeout=SOON)
    expect(visit.row(leaving)).to_have_count(0, timeout=15_000)
    expect(visit.row(staying)).to_be_visible()


def test_a_change_by_somebody_else_shows_in_the_open_row(visit: Visit) -> None:
    other = visit.house.person("Pablo Ruiz")
    order = visit.house.order("Elena Paz")
    visit.go()
    detail = visit.expand(order)
    visit.house.change(order, by=other, comment="Tocar timbre")
    expect(detail).to_contain_text("Tocar timbre", timeout=SOON)
    expect(detail.locator(".history")).to_contain_text("Pablo Ruiz")


def test_a_lost_connection_is_said_and_heals(visit: Visit) -> None:
    order = visit.house.order("Corte de Luz")
    visit.go()
    visit.page.route("**/api/orders?*", lambda route: route.abort())
    visit.house.order("Durante el corte")
    state = visit.page.locator(".connection")
    expect(state).to_contain_text("Sin conexión, reintentando…", timeout=SOON)
    visit.page.unroute("**/api/orders?*")
    expect(state).to_have_text("", timeout=15_000)
    expect(visit.row(order)).to_be_visible()


def test_new_work_is_counted_in_the_title_until_somebody_looks(visit: Visit) -> None:
    visit.go()
    visit.page.evaluate("() => { document.hasFocus = () => false; }")  # another window is in front
    visit.house.order("Hace Ruido")
    expect(visit.page).to_have_title(re.compile(r"^\(1\) "), timeout=2 * SOON)
    visit.house.order("No Hace Ruido", state=State.INCOMPLETE)
    visit.page.wait_for_timeout(3_000)
    expect(visit.page).to_have_title(re.compile(r"^\(1\) "))
    visit.page.evaluate("() => window.dispatchEvent(new Event('focus'))")
    expect(visit.page).not_to_have_title(re.compile(r"^\("))
