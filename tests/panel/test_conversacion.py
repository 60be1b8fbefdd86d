"""Conversación: the address names a contact; whatever else it says leads to the list of contacts."""

from typing import TYPE_CHECKING

import pytest

from openbot.actor import BOT
from openbot.orders import operations
from openbot.vocabulary import Role, State
from panel import texts, theme
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


def test_the_conversation_of_the_address_is_drawn(
    visit: "Visit", person: "tuple[Browser, Role]", world: "World"
):
    world.says("hola")
    browser, role = person
    contact_id = world.contact().id
    page = visit(browser, "conversacion", role, contacto=str(contact_id))
    assert not page.exception
    data = given(page)["inbox"]
    assert data["contact"] == contact_id
    assert data["palette"].keys() == {state.value for state in State}
    assert (data["palette"]["COMPLETO"], data["sentences"]) == (
        list(theme.STATE_COLOURS["COMPLETO"]),
        texts.SENTENCES,
    )
    messages = browser.get(f"/api/conversations/{contact_id}/messages").json()["messages"]
    assert [message["text"] for message in messages] == ["hola"]


@pytest.mark.parametrize(
    "written", ["", "abc", "-1", "1.5", "1e3", "٣", "²", "1" * 19, "<script>", "1 OR 1=1", "None"]
)
def test_what_names_no_contact_leads_to_the_contacts(visit: "Visit", panel: "Panel", written: str):
    page = visit(panel.operator(), "conversacion", Role.OPERATOR, contacto=written)
    assert not page.exception
    assert "inbox" not in given(page)
    words = read(page)
    assert "Elegí un contacto o un pedido para ver su conversación." in words
    assert 'page: "contactos"' in words


@pytest.mark.parametrize("number", ["0", "999999", "9" * 18])
def test_a_contact_that_is_not_there_is_said_by_the_list_of_messages(
    visit: "Visit", panel: "Panel", number: str
):
    browser = panel.operator()
    page = visit(browser, "conversacion", Role.OPERATOR, contacto=number)
    assert given(page)["inbox"]["contact"] == int(number)
    answer = browser.get(f"/api/conversations/{number}/messages")
    assert answer.status_code in (404, 422)
    assert answer.json()["error"]["code"] in texts.SENTENCES


def test_a_conversation_of_another_branch_is_not_there(visit: "Visit", panel: "Panel", world: "World"):
    world.says("hola")
    with world.database.transaction() as session:
        operations.change(
            session, order_id=world.order().id, actor=BOT, now=world.clock(), fields={"branch_id": 1}
        )
    contact_id = world.contact().id
    for branches, status in (([2], 404), ([1], 200)):
        browser = panel.operator(branches=branches)
        page = visit(browser, "conversacion", Role.OPERATOR, contacto=str(contact_id))
        assert "hola" not in read(page)  # the page itself holds nothing of it: the API is asked
        assert browser.get(f"/api/conversations/{contact_id}/messages").status_code == status
