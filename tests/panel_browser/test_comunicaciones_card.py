"""Beside and around a conversation: facts that lead to their messages, opt-out, block, long lists, what failed."""

from collections.abc import Callable
from datetime import UTC, datetime

from playwright.sync_api import Locator, expect
from sqlalchemy import func, select

from openbot.actor import BOT
from openbot.orders import operations
from openbot.schema import Contact, Inbound, Outbound
from openbot.vocabulary import OutboxState, State
from openbot.whatsapp.refusals import Family
from tests.panel_browser.inbox import SOON, Customers, Seat

Seats = Callable[..., Seat]
UNDELIVERABLE = Family.UNDELIVERABLE.explanation
WIDE = {"width": 1440, "height": 800}


def switch(seat: Seat) -> Locator:
    return seat.page.get_by_role("switch", name="Acepta difusiones y recordatorios")


def test_a_fact_of_the_order_leads_to_the_message_that_said_it_however_old(
    seats: Seats, customers: Customers
) -> None:
    ana = seats(viewport=WIDE)
    order = ana.house.order("Eva Dato", state=State.IN_PROGRESS, by=ana.person_id)
    eva = customers.contact(order)
    customers.says(eva, "sin cebolla porfa")
    with ana.house.database.transaction() as session:
        said = session.scalar(select(func.max(Inbound.id)).where(Inbound.contact_id == eva))
        fields = {"comment": "Sin cebolla"}
        operations.change(
            session, order_id=order, actor=BOT, now=datetime.now(UTC), fields=fields, inbound_id=said
        )
    for number in range(70):
        customers.says(eva, f"otra cosa {number}")
    ana.open(eva)
    expect(ana.bubble("otra cosa 69")).to_be_visible()
    expect(ana.bubble("sin cebolla porfa")).to_have_count(0)
    ana.page.locator(".card .linked", has_text="Sin cebolla").click()
    expect(ana.page.locator(".message.found")).to_contain_text("sin cebolla porfa")
    expect(ana.bubble("sin cebolla porfa")).to_be_in_viewport()


def test_who_wants_no_news_is_marked_and_may_come_back(seats: Seats, customers: Customers) -> None:
    ana = seats(viewport=WIDE)
    carla = customers.attended(ana.person_id, "Baja Alta")
    ana.open(carla)
    switch(ana).click()
    expect(ana.row(carla).locator(".line-three")).to_contain_text("BAJA", timeout=SOON)
    with ana.house.database.reading() as session:
        assert session.get_one(Contact, carla).opted_out_at is not None
    ana.page.reload()
    expect(switch(ana)).not_to_be_checked()
    switch(ana).click()
    expect(ana.row(carla).locator(".line-three")).not_to_contain_text("BAJA", timeout=SOON)
    expect(switch(ana)).to_be_checked()


def test_blocking_is_asked_twice_and_taken_back(ana: Seat, customers: Customers) -> None:
    carla = customers.attended(ana.person_id, "Mala Onda")
    ana.open(carla)
    more = ana.page.get_by_role("button", name="Más acciones")
    more.click()
    ana.page.get_by_role("menuitem", name="Bloquear").click()
    dialog = ana.page.get_by_role("dialog", name="Bloquear")
    expect(dialog).to_contain_text("Se guarda lo que escribe y no se le responde.")
    dialog.get_by_role("button", name="Bloquear").click()
    expect(ana.page.locator(".head .tag")).to_have_text("Bloqueado", timeout=SOON)
    expect(ana.field).to_be_hidden()
    more.click()
    ana.page.get_by_role("menuitem", name="Desbloquear").click()
    expect(ana.page.locator(".head .tag")).to_have_count(0, timeout=SOON)
    expect(ana.field).to_be_visible()


def test_what_failed_is_sent_once_more_by_its_button(ana: Seat, customers: Customers) -> None:
    carla = customers.attended(ana.person_id)
    ana.open(carla)
    ana.field.fill("Está en camino")
    ana.field.press("Enter")
    expect(ana.page.locator(".message.pending")).to_have_count(0, timeout=SOON)
    with ana.house.database.transaction() as session:
        row = session.scalars(select(Outbound).where(Outbound.contact_id == carla)).one()
        row.state, row.reason, row.error_code = OutboxState.FAILED, UNDELIVERABLE, 131026
    ana.page.reload()
    failed = ana.page.locator(".message.failed")
    expect(failed).to_contain_text(f"No se pudo enviar: {UNDELIVERABLE}")
    failed.get_by_role("button", name="Reintentar").dblclick()
    expect(ana.bubble("Está en camino")).to_have_count(2, timeout=SOON)
    expect(ana.page.get_by_role("button", name="Reintentar")).to_have_count(0)
    assert customers.went(carla) == ["Está en camino", "Está en camino"]


def test_closing_says_how_much_of_the_customers_nobody_read(ana: Seat, customers: Customers) -> None:
    ana.page.add_init_script("document.hasFocus = () => false;")  # nobody looks: nothing becomes read
    order = ana.house.order("Lee Nadie", state=State.IN_PROGRESS, by=ana.person_id)
    lee = customers.contact(order)
    customers.says(lee, "¿Tardan mucho?")
    customers.says(lee, "¿Hola?")
    ana.open(lee)
    ana.page.locator(".head .state").click()
    ana.page.get_by_role("menuitem", name="RESUELTO").click()
    dialog = ana.page.get_by_role("dialog")
    expect(dialog).to_contain_text(
        "Hay 2 mensajes del cliente sin leer. Después del cierre el bot no los contesta."
    )
    dialog.get_by_role("button", name="Volver").click()
    assert ana.house.found(order).state is State.IN_PROGRESS


def test_the_list_goes_on_while_it_is_scrolled(ana: Seat, customers: Customers) -> None:
    everybody = {customers.contact(ana.house.order(f"Rollo {number}")) for number in range(60)}
    ana.go("/comunicaciones?buscar=rollo")
    expect(ana.page.locator(".conversation")).to_have_count(50)
    ana.page.locator(".conversation-scroller").evaluate("list => list.scrollTo(0, list.scrollHeight)")
    expect(ana.page.locator(".conversation")).to_have_count(60)
    assert set(ana.listed) == everybody


def test_who_reads_above_stays_there_and_is_told_of_what_came_below(ana: Seat, customers: Customers) -> None:
    carla = customers.attended(ana.person_id, "Larga Charla")
    for number in range(110):
        customers.says(carla, f"mensaje {number}.")
    ana.open(carla)
    log = ana.page.locator(".log")
    expect(ana.bubble("mensaje 109.")).to_be_in_viewport()
    expect(ana.bubble("mensaje 59.")).to_have_count(0)
    log.evaluate("log => log.scrollTo(0, 0)")
    expect(ana.bubble("mensaje 59.")).to_have_count(1)
    expect(ana.bubble("mensaje 60.")).to_be_in_viewport()  # what was looked at stays where it was
    log.evaluate("log => log.scrollTo(0, 0)")
    expect(ana.bubble("mensaje 0.")).to_have_count(1)
    log.evaluate("log => log.scrollTo(0, 0)")
    expect(ana.bubble("mensaje 0.")).to_be_in_viewport()
    customers.says(carla, "¿Seguís ahí?")
    pill = ana.page.get_by_role("button", name="1 mensaje nuevo")
    expect(pill).to_be_visible(timeout=SOON)
    expect(ana.bubble("mensaje 0.")).to_be_in_viewport()
    pill.click()
    expect(ana.bubble("¿Seguís ahí?")).to_be_in_viewport()
    expect(pill).to_be_hidden()
