"""Usuarios: the plan of work, with a break at noon as shops here have it."""

from typing import Any

from playwright.sync_api import Locator, expect

from openbot.schema import Operator
from openbot.vocabulary import Role
from tests.panel_browser.conftest import Visit

NOON = [{"weekday": 0, "from": "09:00", "to": "13:00"}, {"weekday": 0, "from": "16:00", "to": "20:00"}]


def edit(visit: Visit, person_id: int) -> Locator:
    visit.go("/usuarios")
    visit.row(person_id).get_by_role("button", name="Editar").click()
    dialog = visit.page.locator("dialog[open]")
    dialog.wait_for()
    return dialog


def save(dialog: Locator) -> None:
    dialog.get_by_role("button", name="Guardar").click()
    expect(dialog).to_have_count(0)


def shift_of(visit: Visit, person_id: int) -> Any:
    with visit.house.database.reading() as session:
        return session.get_one(Operator, person_id).shift


def test_a_day_gets_a_second_stretch_and_the_list_says_so(visit: Visit) -> None:
    beto = visit.house.person("Beto Mediodía", role=Role.OPERATOR)
    dialog = edit(visit, beto)
    dialog.get_by_label("lunes", exact=True).check()
    dialog.get_by_label("Hasta (lunes)").fill("13:00")
    dialog.get_by_role("button", name="Agregar otro horario (lunes)").click()
    expect(dialog.get_by_label("Desde (lunes, 2.º horario)")).to_be_focused()
    expect(dialog.get_by_label("Desde (lunes, 2.º horario)")).to_have_value("16:00")
    save(dialog)
    assert shift_of(visit, beto) == NOON
    expect(visit.cell(beto, "shift_text")).to_contain_text("lunes de 9 a 13 y de 16 a 20")


def test_what_another_field_is_edited_for_leaves_both_stretches(visit: Visit) -> None:
    beto = visit.house.person("Beto Fijo", role=Role.OPERATOR, shift=NOON)
    dialog = edit(visit, beto)
    expect(dialog.get_by_label("Hasta (lunes, 2.º horario)")).to_have_value("20:00")
    dialog.get_by_label("Nombre").fill("Beto Firme")
    save(dialog)
    assert shift_of(visit, beto) == NOON


def test_a_stretch_is_taken_away_again(visit: Visit) -> None:
    beto = visit.house.person("Beto Mañanas", role=Role.OPERATOR, shift=NOON)
    dialog = edit(visit, beto)
    dialog.get_by_role("button", name="Quitar el 2.º horario (lunes)").click()
    save(dialog)
    assert shift_of(visit, beto) == NOON[:1]


def test_hours_without_an_end_and_hours_that_overlap_are_refused_beside_the_plan(visit: Visit) -> None:
    beto = visit.house.person("Beto Confuso", role=Role.OPERATOR)
    dialog = edit(visit, beto)
    dialog.get_by_label("lunes", exact=True).check()
    dialog.get_by_role("button", name="Agregar otro horario (lunes)").click()
    wrong = dialog.locator("[data-field=shift] .error-text")
    dialog.get_by_role("button", name="Guardar").click()
    expect(wrong).to_have_text("Revisá el plan de trabajo: día, desde y hasta.")
    dialog.get_by_label("Desde (lunes, 2.º horario)").fill("17:00")
    dialog.get_by_label("Hasta (lunes, 2.º horario)").fill("21:00")
    dialog.get_by_role("button", name="Guardar").click()
    expect(wrong).to_have_text("Hay horarios que se superponen.")
    assert shift_of(visit, beto) is None


def test_a_reload_opens_the_form_again_with_what_was_typed_but_no_password(visit: Visit) -> None:
    visit.go("/usuarios")
    visit.page.get_by_role("button", name="NUEVO USUARIO").click()
    dialog = visit.page.locator("dialog[open]")
    dialog.get_by_label("Nombre").fill("Nadia a medias")
    dialog.get_by_label("Contraseña").fill("no-es-para-guardar")
    expect(dialog.get_by_text("Borrador guardado.")).to_be_visible()
    visit.page.reload()
    dialog = visit.page.locator("dialog[open]")
    expect(dialog.get_by_label("Nombre")).to_have_value("Nadia a medias")
    expect(dialog.get_by_label("Contraseña")).to_have_value("")
    dialog.get_by_role("button", name="Descartar cambios").click()
    expect(dialog).to_have_count(0)
    visit.page.reload()
    visit.page.get_by_role("button", name="NUEVO USUARIO").click()
    expect(visit.page.locator("dialog[open]").get_by_label("Nombre")).to_have_value("")
