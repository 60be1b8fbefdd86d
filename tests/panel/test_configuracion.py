"""Configuración, as an administrator has it."""

from typing import TYPE_CHECKING, Any

import pytest

from openbot import company
from openbot.schema import Draft
from openbot.vocabulary import Role

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from openbot.company import CompanyPage
    from tests.panel.conftest import Sit
    from tests.support.panel import Panel
    from tests.support.world import World


@pytest.fixture
def screen(sit: "Sit", panel: "Panel") -> "AppTest":
    return sit(panel.administrator(name="Ana"), "configuracion")


def by_label(parts: Any, label: str) -> Any:
    return next(part for part in parts if part.label.removesuffix(" \\*") == label)


def save(screen: "AppTest") -> None:
    by_label(screen.button, "Guardar").click()
    screen.run()
    assert not screen.exception


def said(screen: "AppTest") -> str:
    return "\n".join(each.value for kind in ("markdown", "error", "toast") for each in screen.get(kind))


def page(world: "World") -> "CompanyPage":
    with world.database.reading() as session:
        return company.read(session)


@pytest.mark.parametrize("section", ["Empresa", "Textos", "Plan", "Mensajes", "Costos", "Registro"])
def test_every_section_is_drawn(screen: "AppTest", section: str):
    screen.query_params["seccion"] = section
    screen.run()
    assert not screen.exception


def test_the_company_and_its_own_fields_are_saved(screen: "AppTest", world: "World"):
    screen.run()
    by_label(screen.text_input, "Nombre de la empresa").input("El Ombú Norte")
    by_label(screen.number_input, "Horas hasta que un pedido vence").set_value(24.0)
    by_label(screen.text_input, "Dato 1").input("Nro. de remito")
    save(screen)
    saved = page(world)
    assert (saved.company_name, saved.order_expiry_hours) == ("El Ombú Norte", 24)
    assert [(each.key, each.title) for each in saved.order_fields] == [("nro_de_remito", "Nro. de remito")]
    by_label(screen.text_input, "Dato 1").input("")
    save(screen)
    assert page(world).order_fields == ()


def test_a_mistake_stands_beside_its_field(screen: "AppTest", world: "World"):
    screen.run()
    by_label(screen.text_input, "Nombre de la empresa").input("")
    save(screen)
    assert "Falta completar este dato" in said(screen)
    assert page(world).version == 0


def test_the_second_of_two_sees_who_was_faster_and_keeps_the_text(
    screen: "AppTest", world: "World", panel: "Panel"
):
    screen.run()
    panel.administrator(name="Bea").patch("/api/company/settings", json={"version": 0, "company_name": "Uno"})
    by_label(screen.text_input, "Nombre de la empresa").input("Dos")
    save(screen)
    assert "Bea puso «Uno»" in said(screen)
    save(screen)
    assert page(world).company_name == "Dos"


def test_the_log_says_what_changed_in_words(screen: "AppTest", panel: "Panel"):
    browser = panel.administrator(name="Bea <b>")
    browser.patch("/api/catalogue/products/4", json={"version": 1, "price": 5400})
    screen.query_params["seccion"] = "Registro"
    screen.run()
    first = screen.table[0].value.iloc[0].to_dict()
    assert first["Qué"] == "Cambió un producto"
    assert first["Sobre"] == "Producto 4"
    assert first["Detalle"].replace("\\", "") == "precio: 5.200,00 → 5.400,00"
    assert "<b>" not in first["Quién"].replace("\\<b\\>", "")


def test_an_operator_who_gets_here_is_refused_by_the_api(sit: "Sit", panel: "Panel"):
    screen = sit(panel.operator(), "configuracion", Role.OPERATOR).run()
    assert "administrators_only" in screen.exception[0].message
    assert not screen.text_input


def test_the_plan_offers_what_something_acts_on(screen: "AppTest"):
    screen.query_params["seccion"] = "Plan"
    screen.run()
    assert [field.label for field in screen.number_input] == [
        "Mensajes incluidos por mes",
        "Respuestas gratis por mes",
    ]
    assert [field.label for field in screen.selectbox] == ["Cuando se terminan", "Moneda"]


def test_a_reload_finds_what_was_typed_and_descartar_forgets_it(sit: "Sit", panel: "Panel", world: "World"):
    ana = panel.administrator(name="Ana")
    screen = sit(ana, "configuracion").run()
    by_label(screen.text_input, "Nombre de la empresa").set_value("El Ombú Norte")
    by_label(screen.text_input, "Dato 1").set_value("Nro. de remito")
    by_label(screen.selectbox, "Tipo del dato 1").set_value("number")
    screen.run()
    again = sit(ana, "configuracion").run()
    assert not again.exception
    assert by_label(again.text_input, "Nombre de la empresa").value == "El Ombú Norte"
    assert by_label(again.text_input, "Dato 1").value == "Nro. de remito"
    assert by_label(again.selectbox, "Tipo del dato 1").value == "number"
    assert "todavía no se guardó" in again.caption[0].value
    by_label(again.button, "Descartar").click().run()
    assert by_label(again.text_input, "Nombre de la empresa").value != "El Ombú Norte"
    assert (world.rows(Draft), page(world).version) == ([], 0)


def test_another_section_and_back_keeps_what_was_typed(screen: "AppTest"):
    screen.run()
    by_label(screen.text_input, "Nombre de la empresa").set_value("El Ombú Norte").run()
    for section in ("Textos", "Empresa"):
        screen.session_state["seccion"] = section
        screen.run()
        assert not screen.exception
    assert by_label(screen.text_input, "Nombre de la empresa").value == "El Ombú Norte"


def test_what_customers_are_told_at_a_state_is_saved_and_switched_off(screen: "AppTest", world: "World"):
    screen.query_params["seccion"] = "Textos"
    screen.run()
    label = "FACTURADO: cuando se concretó la venta"
    by_label(screen.text_area, label).input("¡Listo, {{nombre}}!")
    save(screen)
    assert page(world).state_messages["FACTURADO"].text == "¡Listo, {{nombre}}!"
    by_label(screen.text_area, label).input("")
    save(screen)
    assert page(world).state_messages == {}


def test_a_variable_that_is_none_is_said_beside_its_text(screen: "AppTest", world: "World"):
    screen.query_params["seccion"] = "Textos"
    screen.run()
    by_label(screen.text_area, "VENCIDO: cuando vence").input("Venció {{monto}}")
    save(screen)
    assert "Solo se puede usar" in said(screen)
    assert page(world).version == 0


def test_the_alert_and_the_notice_outside_hours_are_set(screen: "AppTest", world: "World"):
    screen.run()
    by_label(screen.number_input, "Minutos sin respuesta hasta la alerta").set_value(15)
    save(screen)
    screen.query_params["seccion"] = "Textos"
    screen.run()
    by_label(screen.toggle, "Avisar fuera de horario").set_value(False)
    save(screen)
    assert (page(world).answer_alert_minutes, page(world).away_notice) == (15, False)
