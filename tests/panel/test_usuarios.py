"""Usuarios as a script: columns and buttons of the manual, and the random password that is shown once."""

from typing import TYPE_CHECKING

import pytest

from openbot.vocabulary import Role
from tests.panel.conftest import Grids

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from tests.panel.conftest import Sit
    from tests.support.panel import Panel


@pytest.fixture
def grids(monkeypatch: pytest.MonkeyPatch) -> Grids:
    grids = Grids()
    monkeypatch.setattr("panel.components.grid.grid", grids)
    return grids


@pytest.fixture
def screen(sit: "Sit", panel: "Panel", grids: Grids) -> "AppTest":
    return sit(panel.administrator(name="Ana"), "usuarios")


def test_it_has_the_columns_of_the_manual_and_the_plan_and_branches(screen: "AppTest", grids: Grids):
    screen.run()
    assert not screen.exception
    titles = [column.title for column in grids.drawn["usuarios"]["columns"]]
    assert titles == ["Nombre", "Email", "Celular", "Tipo", "Estado", "Plan de trabajo", "Sucursales"]


def test_it_has_the_buttons_of_the_manual(screen: "AppTest", grids: Grids):
    screen.run()
    assert grids.actions("usuarios") == {"new", "edit", "password", "delete"}
    new = next(action for action in grids.drawn["usuarios"]["actions"] if action.key == "new")
    assert new.title == "NUEVO USUARIO"
    assert [field.key for field in new.fields if field.required] == [
        "name",
        "email",
        "password",
        "role",
        "enabled",
    ]


def test_a_random_password_is_made_after_a_click_and_shown_once(
    screen: "AppTest", grids: Grids, panel: "Panel"
):
    beto = panel.operator(name="Beto")
    screen.run()
    grids.press("password", beto.person_id)
    screen.run()
    assert "Beto va a tener una contraseña nueva" in screen.text[0].value
    assert beto.get("/api/me").status_code == 200
    screen.button[0].click().run()
    assert not screen.exception
    assert beto.get("/api/me").json()["error"]["detail"] == {"because": "password"}


def test_an_operator_who_gets_there_sees_nothing_of_it(sit: "Sit", panel: "Panel", grids: Grids):
    test = sit(panel.operator(), "usuarios", Role.OPERATOR)
    test.run()
    assert grids.drawn == {}
    assert "administrators_only" in str(test.exception)
