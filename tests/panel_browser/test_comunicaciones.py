"""Writing in Comunicaciones: once, whatever the line does; a draft that outlives the page; notes, files, answers."""

from collections.abc import Callable

from playwright.sync_api import Route, expect

from openbot.vocabulary import Author, State
from tests.panel_browser.inbox import SOON, Customers, Seat

Seats = Callable[..., Seat]


def test_what_is_sent_stands_at_the_end_and_is_queued_once(ana: Seat, customers: Customers) -> None:
    carla = customers.attended(ana.person_id)
    ana.open(carla)
    ana.field.fill("Hola Carla, sale a las 20")
    ana.field.press("Enter")
    expect(ana.bubble("Hola Carla, sale a las 20")).to_have_count(1)
    expect(ana.field).to_have_value("")
    expect(ana.page.locator(".message.pending")).to_have_count(0, timeout=SOON)
    expect(ana.bubble("Hola Carla, sale a las 20")).to_have_count(1)
    assert customers.went(carla) == ["Hola Carla, sale a las 20"]


def test_a_double_click_and_a_second_enter_send_once(ana: Seat, customers: Customers) -> None:
    carla = customers.attended(ana.person_id)
    ana.open(carla)
    ana.field.fill("Una sola vez")
    ana.page.locator(".send-button").dblclick()
    ana.field.press("Enter")
    expect(ana.page.locator(".message.pending")).to_have_count(0, timeout=SOON)
    assert customers.went(carla) == ["Una sola vez"]


def test_shift_enter_is_another_line_and_the_field_grows_to_six(ana: Seat, customers: Customers) -> None:
    ana.open(customers.attended(ana.person_id))
    low = ana.field.bounding_box()
    for number in range(9):
        ana.field.press_sequentially(f"renglón {number}")
        ana.field.press("Shift+Enter")
    high = ana.field.bounding_box()
    assert low
    assert high
    assert 3 * low["height"] < high["height"] <= 145


def test_without_a_line_it_stays_and_goes_once_when_there_is_one(ana: Seat, customers: Customers) -> None:
    carla = customers.attended(ana.person_id)
    ana.open(carla)
    ana.context.set_offline(True)
    ana.field.fill("En el túnel")
    ana.field.press("Enter")
    expect(ana.said).to_contain_text("Sin conexión, se reintenta")
    expect(ana.field).to_have_value("En el túnel")
    expect(ana.bubble("En el túnel")).to_have_count(0)
    ana.context.set_offline(False)
    expect(ana.bubble("En el túnel")).to_have_count(1, timeout=15_000)
    expect(ana.field).to_have_value("")
    expect(ana.page.locator(".message.pending")).to_have_count(0, timeout=SOON)
    assert customers.went(carla) == ["En el túnel"]


def test_an_answer_that_was_lost_does_not_send_twice(ana: Seat, customers: Customers) -> None:
    carla = customers.attended(ana.person_id)
    ana.open(carla)
    lost: list[int] = []

    def lose(route: Route) -> None:
        if route.request.method != "POST" or lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort()

    ana.page.route("**/messages", lose)
    ana.field.fill("La respuesta se pierde")
    ana.field.press("Enter")
    expect(ana.field).to_have_value("", timeout=15_000)
    expect(ana.page.locator(".message.pending")).to_have_count(0, timeout=SOON)
    expect(ana.bubble("La respuesta se pierde")).to_have_count(1)
    assert lost == [201]
    assert customers.went(carla) == ["La respuesta se pierde"]


def test_what_is_typed_is_there_after_a_reload_and_in_another_conversation(
    ana: Seat, customers: Customers
) -> None:
    carla = customers.attended(ana.person_id)
    berta = customers.attended(ana.person_id, "Berta Ponce")
    ana.open(carla)
    ana.field.fill("A medio escr")
    ana.row(berta).click()
    expect(ana.page.locator(".head h2")).to_have_text("Berta Ponce")
    expect(ana.field).to_have_value("")
    ana.page.reload()
    expect(ana.page.locator(".head h2")).to_have_text("Berta Ponce")
    ana.row(carla).click()
    expect(ana.field).to_have_value("A medio escr")


def test_a_draft_that_was_sent_after_all_is_sent_once(ana: Seat, customers: Customers) -> None:
    """Sent, and the page was reloaded before the draft was forgotten: the same key, so nothing goes twice."""
    carla = customers.attended(ana.person_id)
    ana.open(carla)
    ana.page.route(
        "**/api/drafts/**",
        lambda route: route.abort() if route.request.method == "DELETE" else route.continue_(),
    )
    ana.field.fill("Quedó guardado")
    ana.page.wait_for_timeout(1_200)
    assert ana.drafted(carla)["text"] == "Quedó guardado"
    ana.field.press("Enter")
    expect(ana.page.locator(".message.pending")).to_have_count(0, timeout=SOON)
    ana.page.reload()
    expect(ana.field).to_have_value("Quedó guardado")
    ana.field.press("Enter")
    expect(ana.field).to_have_value("")
    expect(ana.page.locator(".message.pending")).to_have_count(0, timeout=SOON)
    assert customers.went(carla) == ["Quedó guardado"]


def test_a_private_note_is_yellow_and_never_sent(ana: Seat, customers: Customers) -> None:
    carla = customers.attended(ana.person_id)
    ana.open(carla)
    ana.page.get_by_role("button", name="Nota privada").click()
    ana.field.fill("Llamar antes de mandar")
    ana.field.press("Enter")
    note = ana.page.locator(".message.by-nota")
    expect(note).to_contain_text("Nota privada · Ana López")
    expect(note).to_contain_text("Llamar antes de mandar")
    expect(ana.page.locator(".message.pending")).to_have_count(0, timeout=SOON)
    assert customers.went(carla) == []
    assert customers.went(carla, Author.NOTE) == ["Llamar antes de mandar"]
    expect(ana.page.get_by_role("button", name="Nota privada")).to_have_attribute("aria-pressed", "false")


def test_a_note_can_be_left_where_the_bot_answers(ana: Seat, customers: Customers) -> None:
    carla = customers.contact(ana.house.order("Carla Gómez", state=State.INCOMPLETE))
    ana.open(carla)
    expect(ana.page.locator(".refusal")).to_contain_text("Contesta el bot")
    ana.page.keyboard.press("n")
    ana.field.fill("Ojo con la dirección")
    ana.field.press("Enter")
    expect(ana.page.locator(".message.by-nota:not(.pending)")).to_have_count(1, timeout=SOON)
    assert customers.went(carla, Author.NOTE) == ["Ojo con la dirección"]


def test_an_answer_quotes_the_message(ana: Seat, customers: Customers) -> None:
    carla = customers.attended(ana.person_id)
    customers.says(carla, "¿Tienen chimichurri?")
    ana.open(carla)
    ana.page.keyboard.press("Escape")
    ana.page.keyboard.press("r")
    strip = ana.page.locator(".reply-strip")
    expect(strip).to_contain_text("¿Tienen chimichurri?")
    ana.field.fill("Sí, a $ 3.000")
    ana.field.press("Enter")
    expect(strip).to_be_hidden()
    expect(ana.bubble("Sí, a $ 3.000").locator(".quote")).to_contain_text(
        "¿Tienen chimichurri?", timeout=SOON
    )
    expect(ana.page.locator(".message.pending")).to_have_count(0, timeout=SOON)
    expect(ana.bubble("Sí, a $ 3.000").locator(".quote")).to_contain_text("¿Tienen chimichurri?")


def test_a_text_that_goes_in_two_messages_is_said_before(ana: Seat, customers: Customers) -> None:
    carla = customers.attended(ana.person_id)
    ana.open(carla)
    ana.field.fill("palabra " * 625)
    expect(ana.said).to_have_text("Se va a enviar en 2 mensajes")
    ana.field.press("Enter")
    expect(ana.page.locator(".message.pending")).to_have_count(0, timeout=SOON)
    assert [len(text) <= 4096 for text in customers.went(carla)] == [True, True]


def test_what_is_refused_comes_back_with_the_reason(ana: Seat, customers: Customers) -> None:
    carla = customers.attended(ana.person_id)
    ana.open(carla)
    ana.field.fill("Llego tarde")
    ana.page.route("**/api/conversations/*", lambda route: route.abort())  # the page does not know yet
    customers.window_closed(carla)
    ana.field.press("Enter")
    expect(ana.said).to_contain_text("No se envió")
    expect(ana.field).to_have_value("Llego tarde")
    expect(ana.bubble("Llego tarde")).to_have_count(0)
    assert customers.went(carla) == []


def test_an_emoji_is_put_where_the_cursor_is(ana: Seat, customers: Customers) -> None:
    ana.open(customers.attended(ana.person_id))
    ana.field.fill("¡Gracias!")
    ana.page.get_by_role("button", name="Emoji").click()
    ana.page.keyboard.press("ArrowRight")
    ana.page.keyboard.press("Enter")
    expect(ana.field).to_have_value("¡Gracias!😁")
    expect(ana.page.locator(".emoji-box")).to_have_count(0)


def test_a_closed_window_leads_to_a_template_that_is_sent(ana: Seat, customers: Customers) -> None:
    carla = customers.attended(ana.person_id)
    customers.window_closed(carla)
    customers.template("retomar", "Hola {{1}}, ¿seguimos con el pedido {{2}}?", ["1", "2"])
    ana.open(carla)
    expect(ana.page.locator(".refusal")).to_contain_text("plantilla")
    ana.page.get_by_role("button", name="Elegir una plantilla").click()
    preview = ana.page.locator(".template-preview")
    expect(preview).to_contain_text("Hola Carla, ¿seguimos con el pedido {{2}}?")
    ana.page.get_by_role("button", name="Enviar", exact=True).click()
    expect(ana.page.locator("dialog")).to_contain_text("Falta completar este dato.")
    ana.page.get_by_label("Variable {{2}}").fill("1043")
    expect(preview).to_contain_text("¿seguimos con el pedido 1043?")
    ana.page.get_by_role("button", name="Enviar", exact=True).click()
    expect(ana.page.locator("dialog")).to_have_count(0)
    expect(ana.bubble("¿seguimos con el pedido 1043?")).to_have_count(1, timeout=SOON)
    assert customers.went(carla) == ["Hola Carla, ¿seguimos con el pedido 1043?"]
