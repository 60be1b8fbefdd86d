"""Difusiones in a browser: from the empty list to a started broadcast."""

from datetime import UTC, datetime, timedelta
from itertools import count

from playwright.sync_api import expect

from openbot.schema import Broadcast, Contact, MessageTemplate
from openbot.templates import operations as templates
from openbot.vocabulary import BroadcastState
from tests.panel_browser.conftest import Visit
from tests.panel_browser.house import House
from tests.support.broadcasts import listed

_phones = count(5491170000001)


def company(house: House, *, contacts: int) -> None:
    """An approved template, and people who wrote two days ago."""
    now = datetime.now(UTC)
    with house.database.transaction() as session:
        templates.store(session, found=[listed()], now=now)
        session.add_all(
            Contact(
                created_at=now, wa_id=str(next(_phones)), profile_name=f"Cliente {number}",
                last_inbound_at=now - timedelta(days=2),
            )
            for number in range(contacts)
        )  # fmt: skip


def test_a_broadcast_is_written_seen_beforehand_and_started(visit: Visit) -> None:
    visit.go("/difusiones")
    page = visit.page
    expect(page.get_by_text("Todavía no hay difusiones.")).to_be_visible()
    company(visit.house, contacts=12)
    page.get_by_role("button", name="NUEVA DIFUSIÓN").click()
    page.get_by_role("textbox", name="Nombre").fill("Promo de yerba")
    page.get_by_role("textbox", name="Dato {{1}}").fill("{{primer_nombre}}")
    page.keyboard.press("Tab")
    expect(page.get_by_text("12 contactos")).to_be_visible()
    expect(page.get_by_text("Hola Cliente, tenemos novedades.")).to_be_visible()
    page.get_by_role("button", name="Guardar").click()
    page.get_by_role("button", name="Empezar…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("12 contactos")).to_be_visible()
    dialog.get_by_role("button", name="Mandar a 12").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_text("EN CURSO").first).to_be_visible()
    with visit.house.database.reading() as session:
        [row] = session.query(Broadcast).all()
        assert (row.state, row.name) == (BroadcastState.RUNNING, "Promo de yerba")
        assert session.query(MessageTemplate).count() == 1
    page.get_by_role("button", name="Pausar").click()
    page.get_by_role("dialog").get_by_role("button", name="Pausar").click()
    expect(page.get_by_text("PAUSADA").first).to_be_visible()
    visit.go("/difusiones")
    expect(visit.row(row.id)).to_contain_text("Promo de yerba")
