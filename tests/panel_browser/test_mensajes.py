"""Configuración → Mensajes in a browser: what failed is found, chosen and tried again; the plan's notice everywhere."""

from datetime import UTC, datetime

from playwright.sync_api import expect

from openbot import plan
from openbot.schema import Contact, Outbound
from openbot.vocabulary import Author, OutboxState
from openbot.whatsapp.outbound import Bubble
from openbot.whatsapp.refusals import Family
from tests.panel_browser.conftest import Visit


def fail(visit: Visit, *texts: str) -> None:
    """Messages to a customer that WhatsApp refused; their window is open."""
    now = datetime.now(UTC)
    order_id = visit.house.order("Carla Gómez")
    with visit.house.database.transaction() as session:
        contact = session.query(Contact).order_by(Contact.id.desc()).first()
        contact.window_ends_at = now.replace(year=now.year + 1)
        for text in texts:
            session.add(
                Outbound(
                    contact_id=contact.id,
                    order_id=order_id,
                    author=Author.OPERATOR,
                    text=text,
                    bubble=Bubble(text=text).to_json(),
                    state=OutboxState.FAILED,
                    reason=Family.UNDELIVERABLE.explanation,
                    error_code=131026,
                    queued_at=now,
                    not_before=now,
                    attempt=1,
                )
            )


def test_failed_messages_are_chosen_and_tried_again(visit: Visit) -> None:
    page = visit.page
    fail(visit, "uno", "dos")
    page.goto(f"{visit.house.url}/configuracion?seccion=Mensajes")
    expect(page.get_by_text("No se le puede entregar").first).to_be_visible(timeout=20_000)
    boxes = page.get_by_role("checkbox")
    expect(boxes.first).to_be_visible()
    boxes.first.click()
    page.get_by_role("toolbar", name="Con los seleccionados").get_by_role(
        "button", name="Volver a intentar"
    ).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Se vuelven a intentar 2 líneas.")).to_be_visible()
    dialog.get_by_role("button", name="Volver a intentar").click()
    expect(page.get_by_text("Se volvió a intentar: 2.")).to_be_visible()
    expect(
        page.get_by_text("0 líneas", exact=True)
    ).to_be_visible()  # what was chosen stays until it is let go
    with visit.house.database.reading() as session:
        assert session.query(Outbound).filter(Outbound.state == OutboxState.QUEUED).count() == 2


def test_the_plans_warning_is_on_every_screen_until_it_is_read(visit: Visit) -> None:
    page = visit.page
    now = datetime.now(UTC)
    reached = plan.Reached(
        warning=plan.Warn.USED_UP, month=now.date().replace(day=1), until=now.replace(year=now.year + 1)
    )
    with visit.house.database.transaction() as session:
        plan.keep_reached(session, is_now=reached)
    page.goto(f"{visit.house.url}/contactos")
    bar = page.get_by_text("Se usaron todos los mensajes del plan de este mes.")
    expect(bar).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="Entendido").click()
    expect(bar).to_be_hidden()
    with page.expect_response("**/api/orders/news*") as told:
        page.reload()
    assert told.value.json()["notices"] == []
    expect(bar).to_be_hidden()
    with visit.house.database.transaction() as session:
        plan.keep_reached(session, is_now=None)
