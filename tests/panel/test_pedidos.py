"""Pedidos as a script: the manual's columns and actions, and what its filters offer."""

from typing import TYPE_CHECKING, Any

import pytest

from openbot.vocabulary import Role, State
from tests.panel.conftest import Grids

if TYPE_CHECKING:
    from tests.panel.conftest import Sit
    from tests.support.panel import Browser, Panel


@pytest.fixture
def grids(monkeypatch: pytest.MonkeyPatch) -> Grids:
    grids = Grids()
    monkeypatch.setattr("panel.components.grid.grid", grids)
    return grids


def drawn(sit: "Sit", grids: Grids, browser: "Browser", role: Role) -> dict[str, Any]:
    screen = sit(browser, "pedidos", role).run()  # type: ignore[call-arg]
    assert not screen.exception
    return dict(grids.drawn["pedidos"])


@pytest.mark.parametrize("role", Role)
def test_it_has_the_columns_of_the_manual_for_every_role(
    sit: "Sit", panel: "Panel", grids: Grids, role: Role
):
    browser = panel.administrator() if role is Role.ADMINISTRATOR else panel.operator()
    titles = [column.title for column in drawn(sit, grids, browser, role)["columns"]]
    assert titles == [
        "Número", "Fecha y hora", "Contacto", "Celular", "Tipo", "Sucursal", "Estado", "Total", "Operador", "Espera",
    ]  # fmt: skip


def test_number_and_phone_are_searched_and_every_other_column_filtered(
    sit: "Sit", panel: "Panel", grids: Grids
):
    columns = drawn(sit, grids, panel.operator(), Role.OPERATOR)["columns"]
    filters = {column.key: column.filter for column in columns}
    assert (filters["number"], filters["phone"], filters["name"]) == ("search",) * 3
    assert all(filters.values())


def test_the_filter_of_states_offers_all_of_them(sit: "Sit", panel: "Panel", grids: Grids):
    columns = drawn(sit, grids, panel.operator(), Role.OPERATOR)["columns"]
    state = next(column for column in columns if column.key == "state")
    assert {choice.value for choice in state.choices} == {state.value for state in State}


def test_every_filter_and_order_of_the_screen_is_one_of_the_api(sit: "Sit", panel: "Panel", grids: Grids):
    browser = panel.operator()
    how = drawn(sit, grids, browser, Role.OPERATOR)
    for column in how["columns"]:
        for choice in column.choices:
            answer = browser.get("/api/orders", params={column.param or column.key: choice.value})
            assert answer.status_code == 200, (column.key, choice.value)
        if column.sort:
            for sort in (column.sort, f"-{column.sort}"):
                assert browser.get("/api/orders", params={"sort": sort}).status_code == 200, sort
    for tab in how["tabs"]:
        assert browser.get("/api/orders", params={**tab.params, "sort": tab.sort}).status_code == 200
    assert browser.get("/api/orders", params={how["search_param"]: "Ana"}).status_code == 200


def test_the_actions_are_those_of_the_manual(sit: "Sit", panel: "Panel", grids: Grids):
    actions = {
        action.key: action.title for action in drawn(sit, grids, panel.operator(), Role.OPERATOR)["actions"]
    }
    assert (actions["edit"], actions["pdf"]) == ("Editar", "Exportar .pdf")
    assert {"csv", "xlsx", "conversation"} < actions.keys()
