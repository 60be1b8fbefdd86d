"""Difusiones as a script: the list, the form with its preview, and the buttons of each state."""

from typing import TYPE_CHECKING

import pytest

from openbot.vocabulary import BroadcastState, Role
from panel import navigation
from tests.panel.conftest import Grids, read
from tests.support.broadcasts import Campaign

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from tests.panel.conftest import Sit
    from tests.support.panel import Browser, Panel
    from tests.support.world import World


@pytest.fixture
def grids(monkeypatch: pytest.MonkeyPatch) -> Grids:
    grids = Grids()
    monkeypatch.setattr("panel.components.grid.grid", grids)
    monkeypatch.setattr("panel.screens.difusiones_detail.grid", grids)
    return grids


@pytest.fixture
def campaign(world: "World") -> Campaign:
    return Campaign(world, whatsapp_daily_conversations=10_000)


@pytest.fixture
def browser(panel: "Panel") -> "Browser":
    return panel.administrator()


def opened(sit: "Sit", browser: "Browser", **query: str) -> "AppTest":
    screen = sit(browser, "difusiones")
    screen.query_params.update(query)
    screen.run()
    assert not screen.exception
    return screen


def labels(screen: "AppTest") -> list[str]:
    return [each.label for each in screen.button]


def test_only_administrators_have_it_after_comunicaciones() -> None:
    titles = [screen.title for screen in navigation.screens_for("Administrador")]
    assert titles.index("Difusiones") == titles.index("Comunicaciones") + 1
    assert "Difusiones" not in [screen.title for screen in navigation.screens_for(Role.OPERATOR.value)]


def test_the_list_says_what_it_is_when_it_is_empty(sit: "Sit", browser: "Browser", grids: Grids) -> None:
    opened(sit, browser)
    how = grids.drawn["difusiones"]
    assert how["empty"].startswith("Todavía no hay difusiones.")
    assert [column.title for column in how["columns"]][:3] == ["Nombre", "Estado", "Plantilla"]


def test_without_templates_the_form_says_where_they_are_made(
    sit: "Sit", browser: "Browser", grids: Grids
) -> None:
    assert "WhatsApp Manager" in read(opened(sit, browser, difusion="nueva"))


def test_a_new_one_shows_how_it_reads_whom_it_reaches_and_its_price(
    sit: "Sit", browser: "Browser", grids: Grids, campaign: Campaign
) -> None:
    campaign.people(3)
    campaign.people(1, opted_out_at=campaign.world.clock())
    screen = opened(sit, browser, difusion="nueva")
    assert "Completá los datos" in screen.caption[-1].value
    screen.text_input(key="difusiones.form.name").set_value("Promo")
    screen.text_input(key=f"difusiones.form.{campaign.template_id}.1").set_value("{{primer_nombre}}").run()
    assert screen.metric[0].value == "3 contactos"
    said = " ".join(each.value for each in screen.caption)
    assert "USD 0,19" in said
    assert "1 pidieron no recibir" in said
    screen.button(key="difusiones.form.save").click().run()
    assert screen.query_params["difusion"] in ("1", ["1"])
    assert campaign.row(1).values == ["{{primer_nombre}}"]


def test_a_mistake_keeps_what_was_typed(
    sit: "Sit", browser: "Browser", grids: Grids, campaign: Campaign
) -> None:
    screen = opened(sit, browser, difusion="nueva")
    screen.text_input(key=f"difusiones.form.{campaign.template_id}.1").set_value("{{apellido}}").run()
    screen.button(key="difusiones.form.save").click().run()
    assert "Nombre" in screen.error[-1].value
    assert screen.text_input(key=f"difusiones.form.{campaign.template_id}.1").value == "{{apellido}}"


def test_it_is_started_after_a_question_with_the_count(
    sit: "Sit", browser: "Browser", grids: Grids, campaign: Campaign
) -> None:
    campaign.people(3)
    made = campaign.made()
    screen = opened(sit, browser, difusion=str(made))
    assert labels(screen)[1:] == ["Empezar…", "Editar", "Cancelar difusión"]
    screen.button(key="difusiones.start").click().run()
    assert "3 contactos" in read(screen)
    next(each for each in screen.button if each.label == "Mandar a 3").click().run()
    assert campaign.row(made).state is BroadcastState.RUNNING


def test_a_running_one_can_be_paused_and_shows_its_figures(
    sit: "Sit", browser: "Browser", grids: Grids, campaign: Campaign
) -> None:
    campaign.people(3)
    made = campaign.started()
    campaign.run(rounds=3)
    screen = opened(sit, browser, difusion=str(made))
    assert labels(screen)[1:] == ["Pausar", "Cancelar difusión"]
    assert [each.label for each in screen.metric][:3] == ["Enviados", "Entregados", "Leídos"]
    screen.button(key="difusiones.pause").click().run()
    screen.button(key="difusiones.confirm").click().run()
    assert campaign.row(made).state is BroadcastState.PAUSED
    assert f"difusion-{made}" in grids.drawn


def test_one_that_is_not_there_says_so(sit: "Sit", browser: "Browser", grids: Grids) -> None:
    assert "ya no existe" in read(opened(sit, browser, difusion="99"))
