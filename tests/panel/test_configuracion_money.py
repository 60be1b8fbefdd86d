"""Configuración → Plan, Mensajes and Costos, as an administrator has them."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from openbot import company
from openbot.schema import AuditEntry, BadItem, Outbound
from tests.panel.conftest import Grids
from tests.support.sends import queue
from tests.support.whatsapp import refusal

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from openbot.company import CompanyPage
    from tests.panel.conftest import Sit
    from tests.support.panel import Panel
    from tests.support.world import World


@pytest.fixture
def grids(monkeypatch: pytest.MonkeyPatch) -> Grids:
    from panel.screens import configuracion_traffic

    found = Grids()
    monkeypatch.setattr(configuracion_traffic, "grid", found)
    return found


@pytest.fixture
def screen(sit: "Sit", panel: "Panel", grids: Grids) -> "AppTest":
    return sit(panel.administrator(name="Ana"), "configuracion")


def opened(screen: "AppTest", section: str) -> "AppTest":
    screen.query_params["seccion"] = section
    screen.run()
    assert not screen.exception
    return screen


def by_label(parts: Any, label: str) -> Any:
    return next(part for part in parts if part.label == label)


def page(world: "World") -> "CompanyPage":
    with world.database.reading() as session:
        return company.read(session)


def said(screen: "AppTest") -> str:
    kinds = ("markdown", "caption", "text", "error", "info", "toast", "metric", "code")
    return "\n".join(
        f"{getattr(part, 'label', '')} {part.value}" for kind in kinds for part in screen.get(kind)
    )


def test_what_happens_at_zero_and_the_prices_are_saved(screen: "AppTest", world: "World"):
    opened(screen, "Plan")
    by_label(screen.selectbox, "Cuando se terminan").set_value("stop")
    by_label(screen.number_input, "Mensajes incluidos por mes").set_value(5000)
    by_label(screen.text_input, "Plantilla de publicidad").input("0,07")
    by_label(screen.selectbox, "Moneda").set_value("ARS")
    by_label(screen.button, "Guardar").click().run()
    assert not screen.exception
    saved = page(world)
    assert (saved.plan_allowance, saved.plan_at_zero) == (5000, "stop")
    assert (saved.prices.marketing, saved.prices.currency) == (Decimal("0.0700"), "ARS")
    assert saved.prices.service == Decimal("0.0260")


def test_a_price_that_is_none_is_told_beside_its_field(screen: "AppTest", world: "World"):
    opened(screen, "Plan")
    by_label(screen.text_input, "Respuesta").input("-3")
    by_label(screen.button, "Guardar").click().run()
    assert "no puede ser negativo" in said(screen).lower() or "negativ" in said(screen).lower()
    assert page(world).prices.service == Decimal("0.0260")


def test_nothing_typed_changes_nothing(screen: "AppTest", world: "World"):
    opened(screen, "Plan")
    by_label(screen.button, "Guardar").click().run()
    assert "No hay cambios para guardar" in said(screen)
    assert page(world).version == 0


def test_the_figures_and_lists_of_messages(screen: "AppTest", world: "World", grids: Grids):
    world.converse("hola")
    opened(screen, "Mensajes")
    assert [(part.label, part.value) for part in screen.metric][:3] == [
        ("Recibidos hoy", "1"),
        ("Procesados hoy", "1"),
        ("Enviados hoy", "1"),
    ]
    given = grids.drawn["mensajes"]
    assert given["url"] == "/api/traffic/list"
    assert [tab.key for tab in given["tabs"]] == ["send", "turn", "waiting", "file", "bad", "in", "out"]
    assert "mensajes por hora de atención" in said(screen)


def test_failed_messages_are_tried_again_after_a_question_with_their_number(
    screen: "AppTest", world: "World", grids: Grids
):
    world.converse("hola")
    world.whatsapp.faults = [refusal(131026) for _ in range(3)]
    queue(world, "¿Todo bien?")
    world.wait(seconds=5)
    grids.press("replay", "send-2", "send-99")  # type: ignore[arg-type]
    opened(screen, "Mensajes")
    assert "2 líneas" in said(screen)
    assert len(world.rows(Outbound)) == 2
    grids.press("replay", "send-2", "send-99")  # type: ignore[arg-type]
    by_label(screen.button, "Volver a intentar").click().run()
    assert not screen.exception
    assert len(world.rows(Outbound)) == 3
    assert "No se pudo: 1" in said(screen)
    assert "Ya no existe" in said(screen)


def test_too_many_are_refused_before_anything_happens(screen: "AppTest", world: "World", grids: Grids):
    grids.press("replay", *(f"send-{number}" for number in range(101)))  # type: ignore[arg-type]
    opened(screen, "Mensajes")
    assert "hasta 100 a la vez" in said(screen)


def test_a_part_that_was_not_understood_is_shown_and_that_is_noted(
    screen: "AppTest", world: "World", grids: Grids
):
    with world.database.transaction() as session:
        session.add(BadItem(received_at=world.clock(), reason="timestamp: missing", raw='{"id": "x"}'))
    grids.press("raw", "bad-1")  # type: ignore[arg-type]
    opened(screen, "Mensajes")
    assert '{"id": "x"}' in said(screen)
    assert [entry.action for entry in world.rows(AuditEntry)] == ["bad_item_viewed"]


@pytest.mark.parametrize("by", ["day", "order", "branch", "step"])
def test_costs_are_a_table_with_totals(
    screen: "AppTest", world: "World", monkeypatch: pytest.MonkeyPatch, by: str
):
    from datetime import UTC, datetime

    world.clock.now = datetime.now(UTC)
    world.converse("hola")
    world.status("delivered", wamid="wamid.OUT1", pricing={"category": "service", "type": "regular"})
    monkeypatch.setattr(world.clock, "now", datetime.now(UTC))
    screen.session_state["configuracion.costs.by"] = by
    opened(screen, "Costos")
    metrics = {part.label: part.value for part in screen.metric}
    assert metrics["Costo estimado"] == "USD 0,0000"
    assert metrics["Mensajes entregados"] == "1"
    assert metrics["Respuestas gratis que quedan"] == "999"
    (table,) = screen.table
    assert list(table.value["Sin cargo"]) == ["1"]


def test_a_month_without_costs_says_so(screen: "AppTest"):
    opened(screen, "Costos")
    assert "todavía no se entregó ningún mensaje" in said(screen)
