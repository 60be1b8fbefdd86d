"""Contactos as a script and as a page: the manual's columns and buttons, and what is said when something fails."""

import re
from typing import TYPE_CHECKING, Any

import pytest
import requests

from openbot.vocabulary import Role
from panel import texts
from tests.panel.conftest import Grids, given, read
from tests.support.whatsapp import ANA, BETO

if TYPE_CHECKING:
    from tests.panel.conftest import Sit, Visit
    from tests.support.panel import Browser, Panel
    from tests.support.world import World


@pytest.fixture
def grids(monkeypatch: pytest.MonkeyPatch) -> Grids:
    grids = Grids()
    monkeypatch.setattr("panel.components.grid.grid", grids)
    return grids


@pytest.fixture(params=list(Role))
def browser(request: pytest.FixtureRequest, panel: "Panel") -> "Browser":
    """Each kind of person."""
    return panel.administrator() if request.param is Role.ADMINISTRATOR else panel.operator()


def drawn(sit: "Sit", grids: Grids, browser: "Browser") -> dict[str, Any]:
    screen = sit(browser, "contactos").run()
    assert not screen.exception
    return dict(grids.drawn["contactos"])


def test_everybody_has_the_columns_of_the_manual_first(sit: "Sit", grids: Grids, browser: "Browser"):
    how = drawn(sit, grids, browser)
    assert [column.title for column in how["columns"]][:3] == ["Fecha de creación", "Nombre", "Celular"]
    assert (how["title"], how["default_sort"]) == ("Contactos", "-created_at")
    assert how["empty"].startswith("Todavía no hay contactos.")


def test_everybody_has_the_buttons_and_the_list_says_who_may_press_them(
    sit: "Sit", grids: Grids, browser: "Browser", world: "World"
):
    world.says("hola")
    actions = {action.key: action for action in drawn(sit, grids, browser)["actions"]}
    assert actions.keys() == {"chat", "rename", "block", "unblock", "data", "delete", "month", "all"}
    (row,) = browser.get("/api/contacts").json()["rows"]
    is_administrator = browser.get("/api/me").json()["role"] == "Administrador"
    assert row["can_delete"] is is_administrator
    assert {actions[key].when for key in ("data", "delete")} == {"can_delete"}
    for key in ("data", "delete"):
        method, path = (actions[key].call or f"GET {actions[key].href}").split(" ")
        answer = browser.request(method, path.format(id=row["id"]))
        assert (answer.status_code == 403) is not is_administrator, key


def test_what_cannot_be_undone_is_asked_first(sit: "Sit", grids: Grids, browser: "Browser"):
    actions = {action.key: action for action in drawn(sit, grids, browser)["actions"]}
    assert "No se puede deshacer" in actions["delete"].confirm
    assert (actions["delete"].danger, actions["delete"].confirm_button) == (True, "Eliminar")
    assert "{name}" in actions["block"].confirm


def test_every_filter_order_and_button_of_the_screen_is_one_of_the_api(
    sit: "Sit", grids: Grids, browser: "Browser", world: "World"
):
    world.says("hola")
    how = drawn(sit, grids, browser)
    for column in how["columns"]:
        for choice in column.choices:
            answer = browser.get(how["url"], params={column.param or column.key: choice.value})
            assert answer.status_code == 200, (column.key, choice.value)
        for sort in (column.sort, f"-{column.sort}") if column.sort else ():
            assert browser.get(how["url"], params={"sort": sort}).status_code == 200, sort
    filters = {
        "created_from": "2026-11-01",
        "created_to": "2026-11-30",
        "name": "ana",
        "phone": "11 2345",
        "q": "ana",
    }
    for name, value in filters.items():
        assert len(browser.get(how["url"], params={name: value}).json()["rows"]) == 1, name
    contact_id = world.contact().id
    detail = browser.get(how["detail_url"].format(id=contact_id)).json()
    assert {field.key for field in how["detail_fields"]} <= detail.keys()
    for action in how["actions"]:
        if action.place == "toolbar":
            assert browser.get(action.href).headers["content-type"].startswith("text/csv"), action.key
    for key in ("block", "unblock"):
        (action,) = (action for action in how["actions"] if action.key == key)
        method, path = action.call.split(" ")
        assert browser.request(method, path.format(id=contact_id)).json() == {"changed": True}


def test_the_export_says_which_days_are_the_last_month(sit: "Sit", grids: Grids, browser: "Browser"):
    how = drawn(sit, grids, browser)
    titles = [action.title for action in how["actions"] if action.place == "toolbar"]
    assert titles == ["Último mes (26/10/2026 al 24/11/2026)", "Todos los contactos"]
    assert how["time_zone"] == "America/Argentina/Buenos_Aires"


def test_who_is_of_a_branch_gets_a_list_of_that_branch_alone(
    sit: "Sit", grids: Grids, panel: "Panel", world: "World"
):
    from openbot.actor import BOT
    from openbot.orders import operations

    for who, branch_id in ((ANA, 1), (BETO, 2)):
        world.says("hola", who=who)
        with world.database.transaction() as session:
            order_id = world.order(who).id
            fields = {"branch_id": branch_id}
            operations.change(session, order_id=order_id, actor=BOT, now=world.clock(), fields=fields)
    browser = panel.operator(branches=[2])
    how = drawn(sit, grids, browser)
    assert [row["name"] for row in browser.get(how["url"]).json()["rows"]] == ["Beto"]
    (export,) = (action for action in how["actions"] if action.key == "all")
    assert "Ana" not in browser.get(export.href).text


# --- as a page --------------------------------------------------------------------------------


def test_the_page_gives_the_browser_all_it_needs(visit: "Visit", panel: "Panel"):
    page = visit(panel.operator(), "contactos", Role.OPERATOR)
    assert not page.exception
    data = given(page)["grid"]
    assert (data["url"], data["openParam"]) == ("/api/contacts", "contacto")
    assert data["sentences"] == texts.SENTENCES


def test_whose_session_has_ended_is_led_to_the_sign_in_page(visit: "Visit", panel: "Panel"):
    browser = panel.operator()
    panel.signed_in(browser.person_id)
    page = visit(browser, "contactos", Role.OPERATOR)
    assert read(page) == ""
    leave = [part.proto.json for part in page.main if part.type == "bidi_component"][-1]
    assert '"leave":true' in leave.replace(" ", "")
    assert "elsewhere" in leave


class Broken:
    """An API that answers so."""

    def __init__(self, status: int, body: Any) -> None:
        self.status_code, self.body = status, body
        self.is_success, self.headers = status < 400, {"content-type": "application/json"}
        self.asked: list[str] = []

    def request(self, _method: str, url: str, **_how: Any) -> "Broken":
        self.asked.append(url)
        if self.status_code == 0:
            raise requests.ConnectionError("clave=abc")
        return self

    def json(self) -> Any:
        return self.body


def refusal(code: str, **detail: str) -> dict[str, Any]:
    return {"error": {"code": code, "detail": detail, "fields": {}}}


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Broken(0, None), "Sin conexión con el sistema. Reintentá en unos segundos."),
        (
            Broken(503, refusal("database_away")),
            "El sistema no está disponible. Probá de nuevo en unos segundos.",
        ),
        (Broken(500, refusal("internal", reference="3F2A1B")), "Ocurrió un error. Código 3F2A1B"),
        (Broken(403, refusal("overtime")), "Tu plan de trabajo terminó"),
        (Broken(418, refusal("tetera")), "No se pudo hacer (código tetera)."),
        (Broken(502, "<html>"), "Ocurrió un error. Código 502"),
        (Broken(200, {}), "Ocurrió un error. Código "),
    ],
)
def test_an_error_is_a_spanish_sentence_and_never_a_trace(visit: "Visit", answer: Broken, said: str):
    page = visit(answer, "contactos", Role.OPERATOR)
    words = read(page)
    assert answer.asked == ["/api/contacts/export-days"]
    assert said in words
    assert not page.exception
    for trace in ("Traceback", "KeyError", "ApiRefused", "clave=abc", ".py", "<html>"):
        assert trace not in words
    if said.endswith("Código "):
        assert re.search(r"Código [0-9A-F]{4}", words)
