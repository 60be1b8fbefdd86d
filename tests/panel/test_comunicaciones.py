"""Comunicaciones: the screen hands the browser who one is and the words; everything else is asked of the API."""

from typing import TYPE_CHECKING

import pytest

from openbot.vocabulary import Role, State
from panel import texts, theme
from tests.panel.conftest import given

if TYPE_CHECKING:
    from tests.panel.conftest import Visit
    from tests.support.panel import Panel
    from tests.support.world import World


@pytest.mark.parametrize("role", list(Role))
def test_the_inbox_knows_who_looks_at_it(visit: "Visit", panel: "Panel", role: Role) -> None:
    browser = panel.administrator() if role is Role.ADMINISTRATOR else panel.operator()
    page = visit(browser, "comunicaciones", role)
    assert not page.exception
    data = given(page)["inbox"]
    me = browser.get("/api/me").json()
    assert data["me"] == {
        "id": me["id"],
        "name": me["name"],
        "isAdministrator": role is Role.ADMINISTRATOR,
    }
    assert (data["hasList"], data["contact"]) == (True, None)
    assert data["palette"] == {state: list(pair) for state, pair in theme.STATE_COLOURS.items()}
    assert data["palette"].keys() == {state.value for state in State}
    assert data["sentences"] == texts.SENTENCES


def test_what_the_address_names_is_read_in_the_browser(
    visit: "Visit", panel: "Panel", world: "World"
) -> None:
    world.says("hola")
    page = visit(
        panel.operator(), "comunicaciones", Role.OPERATOR, contacto=str(world.contact().id), filtro="mias"
    )
    assert not page.exception
    assert given(page)["inbox"]["contact"] is None


def test_the_conversation_alone_is_the_same_without_the_list(
    visit: "Visit", panel: "Panel", world: "World"
) -> None:
    world.says("hola")
    contact_id = world.contact().id
    page = visit(panel.operator(), "conversacion", Role.OPERATOR, contacto=str(contact_id))
    data = given(page)["inbox"]
    assert (data["hasList"], data["contact"]) == (False, contact_id)
