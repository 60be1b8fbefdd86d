"""Configuración: what was typed outlives a reload and a look at another section."""

from playwright.sync_api import expect

from openbot import company
from tests.panel_browser.conftest import Visit
from tests.panel_browser.test_catalogo import drafts, until

TEXT = "Si es urgente,\nllamanos."


def test_a_text_is_typed_left_found_again_and_saved(visit: Visit) -> None:
    page = visit.page
    page.goto(f"{visit.house.url}/configuracion?seccion=Textos")
    text = page.get_by_role("textbox", name="Fuera de horario")
    text.fill(TEXT)  # nobody leaves the field
    until(lambda: drafts(visit) == {"configuracion.Textos": {"text_outside_hours": TEXT}})
    page.reload()
    expect(text).to_have_value(TEXT)
    page.get_by_role("tab", name="Plan").click()
    expect(page.get_by_label("Mensajes incluidos por mes").first).to_be_visible()
    page.get_by_role("tab", name="Textos").click()
    expect(text).to_have_value(TEXT)
    page.get_by_role("button", name="Guardar").click()
    expect(page.get_by_text("Se guardó la configuración.")).to_be_visible()
    with visit.house.database.reading() as session:
        assert company.read(session).text_outside_hours == TEXT
    assert drafts(visit) == {}


def test_typing_goes_on_while_a_pause_is_kept(visit: Visit) -> None:
    page = visit.page
    page.goto(f"{visit.house.url}/configuracion?seccion=Textos")
    text = page.get_by_role("textbox", name="Fuera de horario")
    text.fill("")
    text.press_sequentially("primero")
    until(lambda: "primero" in str(drafts(visit)))
    text.press_sequentially(" segundo y tercero", delay=60)
    expect(text).to_have_value("primero segundo y tercero")
    until(lambda: "segundo y tercero" in str(drafts(visit)))
    expect(text).to_be_focused()
    expect(text).to_have_value("primero segundo y tercero")
