"""The list of Comunicaciones: filters, search, live without jumping, by keyboard; two operators on one conversation."""

from collections.abc import Callable

from playwright.sync_api import expect

from openbot.vocabulary import Role, State
from tests.panel_browser.inbox import SOON, Customers, Seat

Seats = Callable[..., Seat]


def test_a_message_shows_while_nothing_that_is_typed_is_touched(ana: Seat, customers: Customers) -> None:
    carla = customers.attended(ana.person_id)
    berta = customers.attended(ana.person_id, "Berta Ponce")
    ana.open(carla)
    ana.field.press_sequentially("Estoy pens")
    customers.says(carla, "¿Hola?")
    customers.says(berta, "¿Hay alguien?")
    expect(ana.bubble("¿Hola?")).to_be_visible(timeout=SOON)
    expect(ana.row(berta).locator(".badge")).to_have_text("1", timeout=SOON)
    expect(ana.field).to_have_value("Estoy pens")
    expect(ana.field).to_be_focused()
    expect(ana.row(carla)).to_have_attribute("aria-current", "true")


def test_what_is_looked_at_is_read(ana: Seat, customers: Customers) -> None:
    carla = customers.attended(ana.person_id)
    customers.says(carla, "¿Llega hoy?")
    ana.open(carla, "&filtro=sin-leer")
    expect(ana.row(carla).locator(".badge")).to_have_count(0, timeout=SOON)
    expect(ana.row(carla)).to_be_visible()  # what is being read stays in the list


def test_filters_and_search_are_in_the_address_and_survive_a_reload(ana: Seat, customers: Customers) -> None:
    mine = customers.attended(ana.person_id, "Zulema Ibarra")
    other = customers.contact(ana.house.order("Zulema Otra", state=State.INCOMPLETE))
    ana.go()
    ana.page.get_by_role("searchbox", name="Buscar conversaciones").fill("zulema")
    ana.page.wait_for_url("**buscar=zulema**")
    expect(ana.row(other)).to_be_visible()
    ana.page.get_by_role("tab", name="Mías").click()
    expect(ana.row(other)).to_have_count(0)
    expect(ana.row(mine)).to_be_visible()
    ana.row(mine).click()
    assert "filtro=mias" in ana.page.url
    assert f"contacto={mine}" in ana.page.url
    ana.page.reload()
    expect(ana.page.locator(".head h2")).to_have_text("Zulema Ibarra")
    expect(ana.page.get_by_role("tab", name="Mías")).to_have_attribute("aria-selected", "true")
    expect(ana.page.get_by_role("searchbox", name="Buscar conversaciones")).to_have_value("zulema")
    assert ana.listed == [mine]


def test_a_search_without_a_match_says_so(ana: Seat, customers: Customers) -> None:
    customers.attended(ana.person_id)
    ana.go("/comunicaciones?buscar=qwertyuiop")
    expect(ana.page.locator(".conversation-scroller .empty")).to_have_text(
        "Ninguna conversación con «qwertyuiop»."
    )


def test_the_whole_inbox_by_keyboard(ana: Seat, customers: Customers) -> None:
    first, second = (customers.attended(ana.person_id, f"Teclas {name}") for name in ("Uno", "Dos"))
    ana.go("/comunicaciones?buscar=teclas")
    ana.page.keyboard.press("j")
    ana.page.keyboard.press("j")
    ana.page.keyboard.press("k")
    top = ana.listed[0]
    expect(ana.row(top)).to_be_focused()
    ana.page.keyboard.press("Enter")
    expect(ana.field).to_be_focused()
    ana.page.keyboard.type("Con las teclas")
    ana.page.keyboard.press("Enter")
    expect(ana.page.locator(".message.pending")).to_have_count(0, timeout=SOON)
    ana.page.keyboard.press("Escape")
    expect(ana.row(top)).to_be_focused()
    ana.page.keyboard.press("/")
    expect(ana.page.get_by_role("searchbox", name="Buscar conversaciones")).to_be_focused()
    ana.page.keyboard.press("Enter")
    ana.page.keyboard.press("?")
    expect(ana.page.get_by_role("dialog", name="Teclas")).to_be_visible()
    ana.page.keyboard.press("Escape")
    expect(ana.page.get_by_role("dialog", name="Teclas")).to_have_count(0)
    assert customers.went(top) == ["Con las teclas"]
    assert {first, second} == set(ana.listed)


def test_taking_opens_the_composer_and_giving_back_closes_it(ana: Seat, customers: Customers) -> None:
    order = ana.house.order("Toma Y Daca")
    contact = customers.contact(order)
    ana.open(contact)
    ana.page.get_by_role("button", name="Tomar la conversación").click()
    expect(ana.field).to_be_focused()
    assert ana.house.found(order).state is State.IN_PROGRESS
    ana.page.get_by_role("button", name="Devolver al bot").click()
    expect(ana.page.locator(".refusal")).to_contain_text("Contesta el bot")
    assert ana.house.found(order).state is State.COMPLETE


def test_two_operators_are_told_of_each_other(seats: Seats, customers: Customers) -> None:
    ana, olga = seats("Ana López"), seats("Olga Ruiz")
    carla = customers.attended(ana.person_id)
    ana.open(carla)
    olga.open(carla)
    expect(ana.page.locator(".head .here")).to_have_text("Olga Ruiz también está acá", timeout=SOON)
    expect(olga.page.locator(".refusal")).to_contain_text("La atiende Ana López.")
    ana.field.press_sequentially("Te cuento")
    expect(olga.page.locator(".head .here")).to_have_text("Ana López está escribiendo…", timeout=SOON)
    olga.page.locator(".refusal").get_by_role("button", name="Tomarla").click()
    expect(olga.field).to_be_focused()
    expect(ana.page.locator(".refusal")).to_contain_text("La atiende Olga Ruiz.", timeout=SOON)
    expect(ana.page.locator(".refusal")).to_contain_text("Lo que escribiste sigue guardado.")
    olga.page.goto("about:blank")
    expect(ana.page.locator(".head .here")).to_be_hidden(timeout=SOON)


def test_a_conversation_is_handed_on(seats: Seats, customers: Customers) -> None:
    ana, olga = seats("Ana López"), seats("Beatriz Sosa")
    carla = customers.attended(ana.person_id)
    ana.open(carla)
    ana.page.get_by_role("button", name="Más acciones").click()
    ana.page.get_by_role("menuitem", name="Asignar a…").click()
    ana.page.get_by_role("menuitem", name="Beatriz Sosa").click()
    expect(ana.page.locator(".refusal")).to_contain_text("La atiende Beatriz Sosa.")
    olga.go("/comunicaciones?filtro=mias")
    expect(olga.row(carla)).to_be_visible()


def test_closing_the_order_asks_for_the_amount(ana: Seat, customers: Customers) -> None:
    order = ana.house.order("Cierra Caja", state=State.IN_PROGRESS, by=ana.person_id)
    ana.open(customers.contact(order))
    ana.page.locator(".head .state").click()
    ana.page.get_by_role("menuitem", name="FACTURADO").click()
    dialog = ana.page.get_by_role("dialog", name="Pasar a FACTURADO")
    dialog.get_by_label("Monto cobrado").fill("12.450,50")
    dialog.get_by_role("button", name="Pasar a FACTURADO").click()
    expect(dialog).to_have_count(0)
    expect(ana.page.locator(".refusal")).to_contain_text("Contesta el bot", timeout=SOON)
    found = ana.house.found(order)
    assert (found.state, str(found.amount)) == (State.INVOICED, "12450.50")


def test_a_canned_reply_is_written_and_used_by_its_slash(seats: Seats, customers: Customers) -> None:
    ana = seats(role=Role.ADMINISTRATOR)
    ana.open(customers.attended(ana.person_id, "Carla Gómez"))
    ana.field.press_sequentially("/")
    ana.page.get_by_role("button", name="Editar las respuestas rápidas…").click()
    ana.page.get_by_role("button", name="Nueva").click()
    edit = ana.page.get_by_role("dialog", name="Nueva respuesta rápida")
    edit.get_by_label("Atajo").fill("/saludo")
    edit.get_by_label("Texto").fill("Hola {{nombre}}, soy {{operador}}.")
    edit.get_by_role("button", name="Guardar").click()
    expect(ana.page.locator(".canned-line")).to_contain_text("/saludo")
    ana.page.get_by_role("button", name="Cerrar", exact=True).last.click()
    ana.field.fill("")
    ana.field.press_sequentially("/sal")
    expect(ana.page.locator(".canned-row.at")).to_contain_text("Hola Carla")
    ana.field.press("Enter")
    expect(ana.field).to_have_value("Hola Carla Gómez, soy Ana López.")
    expect(ana.page.locator(".canned")).to_be_hidden()


def test_on_a_phone_one_column_at_a_time(seats: Seats, customers: Customers) -> None:
    ana = seats(viewport={"width": 390, "height": 844})
    carla = customers.attended(ana.person_id)
    ana.go()
    expect(ana.page.locator(".talk:visible")).to_have_count(0)
    ana.row(carla).click()
    expect(ana.field).to_be_visible()
    expect(ana.page.locator(".conversations")).to_be_hidden()
    ana.page.get_by_role("button", name="Ver los datos del contacto y el pedido").click()
    expect(ana.page.locator(".card")).to_be_visible()
    ana.page.get_by_role("button", name="Cerrar los datos").click()
    ana.page.get_by_role("button", name="Volver a la lista").click()
    expect(ana.row(carla)).to_be_visible()
    wide = "() => document.documentElement.scrollWidth <= window.innerWidth"
    assert ana.page.evaluate(wide)


def test_the_conversation_alone_can_be_answered_too(ana: Seat, customers: Customers) -> None:
    carla = customers.attended(ana.person_id)
    ana.go(f"/conversacion?contacto={carla}")
    expect(ana.page.locator(".conversations")).to_have_count(0)
    ana.field.fill("Desde acá también")
    ana.field.press("Enter")
    expect(ana.page.locator(".message.pending")).to_have_count(0, timeout=SOON)
    assert customers.went(carla) == ["Desde acá también"]


def test_a_conversation_that_is_not_ones_own_to_see_says_so(ana: Seat) -> None:
    ana.page.goto(f"{ana.house.url}/comunicaciones?contacto=999999")
    expect(ana.page.get_by_role("alert").first).to_contain_text("Ese contacto no existe")
