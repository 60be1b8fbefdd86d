"""Dashboard: the first page of everybody, whose figures the browser fetches; and who is led to it."""

from typing import TYPE_CHECKING

import pytest

from openbot.vocabulary import Role, State
from panel import texts
from tests.panel.conftest import given, read

if TYPE_CHECKING:
    from tests.panel.conftest import Visit
    from tests.support.panel import Browser, Panel
    from tests.support.world import World


@pytest.fixture(params=list(Role))
def person(request: pytest.FixtureRequest, panel: "Panel") -> "tuple[Browser, Role]":
    """Each kind of person."""
    role: Role = request.param
    return (panel.administrator() if role is Role.ADMINISTRATOR else panel.operator()), role


@pytest.mark.parametrize("path", ["", "dashboard"])
def test_everybody_begins_with_it(visit: "Visit", person: "tuple[Browser, Role]", path: str):
    browser, role = person
    page = visit(browser, path, role)
    assert not page.exception
    data = given(page)["dashboard"]
    assert data["palette"].keys() == {state.value for state in State}
    assert data["sentences"] == texts.SENTENCES
    assert browser.get("/api/dashboard").status_code == 200


@pytest.mark.parametrize("path", ["usuarios", "configuracion", "nada"])
def test_an_operator_who_types_another_address_gets_there_too(visit: "Visit", panel: "Panel", path: str):
    page = visit(panel.operator(), path, Role.OPERATOR)
    assert not page.exception
    assert given(page).keys() == {"watcher", "alerts", "dashboard"}


def test_of_a_company_nobody_wrote_to_there_are_figures(visit: "Visit", panel: "Panel"):
    figures = panel.operator().get("/api/dashboard").json()
    assert (figures["messages"]["today"], figures["contacts"], figures["waiting"]) == (0, 0, [])
    assert set(figures["orders"]["open"].values()) <= {0}


def test_the_page_holds_no_figures_of_its_own(visit: "Visit", panel: "Panel", world: "World"):
    """They are asked for by the browser, each time, with the rights of whoever looks."""
    world.says("hola")
    page = visit(panel.operator(branches=[2]), "dashboard", Role.OPERATOR)
    assert given(page)["dashboard"].keys() == {"palette", "sentences"}
    assert read(page) == ""
