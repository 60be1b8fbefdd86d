"""Views of a list under a name: one's own alone, in one's own order."""

import threading
from typing import TYPE_CHECKING, Any

import pytest

from openbot.operators import saved_views

if TYPE_CHECKING:
    import httpx

    from tests.support.panel import Browser
    from tests.support.shop import Shop

QUERY = {"tab": "all", "filters": {"state": ["COMPLETO"], "branch": ["0"]}, "sort": "-total"}


@pytest.fixture
def browser(shop: "Shop") -> "Browser":
    """Somebody without views."""
    return shop.panel.operator()


def keep(browser: "Browser", name: Any, *, screen: str = "pedidos", query: Any = None) -> "httpx.Response":
    body = {"screen": screen, "name": name, "query": QUERY if query is None else query}
    return browser.post("/api/saved-views", json=body)


def kept(browser: "Browser", name: str, **more: Any) -> int:
    answer = keep(browser, name, **more)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def names(browser: "Browser", screen: str = "pedidos") -> list[str]:
    return [row["name"] for row in browser.get("/api/saved-views", params={"screen": screen}).json()["rows"]]


def change(browser: "Browser", view_id: Any, **fields: Any) -> "httpx.Response":
    return browser.patch(f"/api/saved-views/{view_id}", json=fields)


def refused(answer: "httpx.Response") -> dict[str, str]:
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid"), answer.text
    return answer.json()["error"]["fields"]


def test_a_view_is_kept_changed_and_removed(browser: "Browser"):
    made = keep(browser, "  Lo de\u200b hoy ").json()
    assert made == {"id": made["id"], "screen": "pedidos", "name": "Lo de hoy", "query": QUERY, "position": 0}
    assert change(browser, made["id"], name="Mañana").json() == made | {"name": "Mañana"}
    changed = change(browser, made["id"], query={"sort": "number"}).json()
    assert (changed["name"], changed["query"]) == ("Mañana", {"sort": "number"})
    assert change(browser, made["id"], name="Mañana").status_code == 200
    assert browser.delete(f"/api/saved-views/{made['id']}").json() == {"removed": True}
    assert names(browser) == []
    assert browser.delete(f"/api/saved-views/{made['id']}").status_code == 404


def test_views_stand_in_ones_own_order_and_each_list_has_its_own(browser: "Browser"):
    ids = {name: kept(browser, name) for name in ("uno", "dos", "tres")}
    kept(browser, "uno", screen="contactos")
    assert (names(browser), names(browser, "contactos")) == (["uno", "dos", "tres"], ["uno"])
    change(browser, ids["uno"], position=9)
    assert names(browser) == ["dos", "tres", "uno"]
    kept(browser, "cuatro")
    assert names(browser)[-1] == "cuatro"


def test_nobody_else_sees_changes_or_removes_them(shop: "Shop", browser: "Browser"):
    view_id = kept(browser, "Lo mío")
    for other in (shop.operator, shop.administrator):
        assert names(other) == []
        for answer in (change(other, view_id, name="x"), other.delete(f"/api/saved-views/{view_id}")):
            assert (answer.status_code, answer.json()["error"]["code"]) == (404, "view_not_found")
    assert kept(shop.operator, "Lo mío") != view_id
    assert names(browser) == ["Lo mío"]


def test_fifty_views_of_a_list_are_enough(browser: "Browser", monkeypatch: pytest.MonkeyPatch):
    assert saved_views.MOST == 50
    monkeypatch.setattr(saved_views, "MOST", 2)
    for name in ("uno", "dos"):
        kept(browser, name)
    answer = keep(browser, "tres")
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "too_many_views")
    kept(browser, "tres", screen="contactos")


@pytest.mark.parametrize(
    ("name", "code"), [("", "missing"), (" \u200b\n", "missing"), ("ñ" * 61, "too_long"), ("ñ" * 5000, "too_long"),
                       (5, "not_a_text"), (None, "not_a_text")],
)  # fmt: skip
def test_a_name_that_is_none_is_refused(browser: "Browser", name: Any, code: str):
    assert refused(keep(browser, name)) == {"name": code}
    assert names(browser) == []


@pytest.mark.parametrize("name", ["<b>x</b>", "=1+1", "🌸", "ñ" * 60, "שלום"])
def test_any_text_is_a_name(browser: "Browser", name: str):
    kept(browser, name)
    assert names(browser) == [name]


def test_a_name_is_given_once_in_a_list(browser: "Browser"):
    first, second = kept(browser, "uno"), kept(browser, "dos")
    assert refused(keep(browser, " uno ")) == {"name": "taken"}
    assert refused(change(browser, second, name="uno")) == {"name": "taken"}
    assert change(browser, first, name="uno").status_code == 200


@pytest.mark.parametrize(
    ("body", "fields"),
    [({"name": "x", "query": {}}, {"screen": "missing"}), ({"screen": "pedidos", "name": "x"}, {"query": "missing"}),
     ({"screen": "Pedidos!", "name": "x", "query": {}}, {"screen": "not_a_text"}),
     ({"screen": "pedidos", "name": "x", "query": {"a": "x" * 4000}}, {"query": "too_long"}),
     ({"screen": "pedidos", "name": "x", "query": {}, "position": 3}, {"position": "unknown_field"})],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_beside_its_field(
    browser: "Browser", body: Any, fields: dict[str, str]
):
    assert refused(browser.post("/api/saved-views", json=body)) == fields


def test_a_change_that_makes_no_sense_is_refused(browser: "Browser"):
    view_id = kept(browser, "uno")
    assert refused(change(browser, view_id, position=-1)) == {"position": "too_little"}
    assert refused(change(browser, view_id, query={"a": "x" * 4000})) == {"query": "too_long"}
    assert refused(change(browser, view_id, screen="contactos")) == {"screen": "unknown_field"}
    assert refused(change(browser, view_id, name="")) == {"name": "missing"}
    assert browser.get("/api/saved-views").status_code == 422


@pytest.mark.parametrize("view_id", ["0", "-1", "999999", str(2**63 - 1), str(2**63), "x", "1.5"])
def test_what_is_no_view_is_not_found(browser: "Browser", view_id: str):
    for answer in (change(browser, view_id, name="x"), browser.delete(f"/api/saved-views/{view_id}")):
        assert answer.status_code in (404, 422)


def test_of_two_tabs_that_give_the_same_name_one_is_told(shop: "Shop", browser: "Browser"):
    answers: list[httpx.Response] = []
    second = threading.Thread(target=lambda: answers.append(keep(browser, "uno")))
    with shop.world.database.transaction() as session:
        saved_views.keep(session, operator_id=browser.person_id, screen="pedidos", name="uno", query={})
        second.start()
        second.join(timeout=0.1)
    second.join(timeout=10)
    assert refused(answers[0]) == {"name": "taken"}
    assert names(browser) == ["uno"]
