"""What somebody typed and did not save: kept for them alone, for as long as it takes."""

import threading
from typing import TYPE_CHECKING, Any

import pytest

from openbot.operators import drafts

if TYPE_CHECKING:
    import httpx

    from tests.support.panel import Browser
    from tests.support.shop import Shop


@pytest.fixture
def browser(shop: "Shop") -> "Browser":
    """Somebody who has typed nothing yet."""
    return shop.panel.operator()


def put(browser: "Browser", key: str, body: Any) -> "httpx.Response":
    return browser.put(f"/api/drafts/{key}", json={"body": body})


def keys(browser: "Browser") -> list[str]:
    return [row["key"] for row in browser.get("/api/drafts").json()["rows"]]


def test_what_was_typed_is_kept_over_what_was_there_and_forgotten(shop: "Shop", browser: "Browser"):
    body = {"comment": "sin s", "amount": "12.45", "items": [{"product_id": 1, "quantity": "1,"}], "n": None}
    assert put(browser, "order 123", body).json()["body"] == body
    at = shop.world.clock.move(seconds=5)
    assert put(browser, "order 123", {"comment": "sin sal 🌸"}).status_code == 200
    kept = browser.get("/api/drafts/order 123").json()
    assert (kept["key"], kept["body"]) == ("order 123", {"comment": "sin sal 🌸"})
    assert kept["updated_at"] == at.isoformat().replace("+00:00", "Z")
    assert browser.delete("/api/drafts/order 123").json() == {"removed": True}
    assert browser.delete("/api/drafts/order 123").json() == {"removed": False}
    gone = browser.get("/api/drafts/order 123")
    assert (gone.status_code, gone.json()["error"]["code"]) == (404, "draft_not_found")


def test_nobody_else_sees_or_removes_it(shop: "Shop", browser: "Browser"):
    put(browser, "order 1", {"comment": "mío"})
    for other in (shop.operator, shop.elsewhere, shop.administrator):
        assert keys(other) == []
        assert other.get("/api/drafts/order 1").status_code == 404
        assert other.delete("/api/drafts/order 1").json() == {"removed": False}
    put(shop.administrator, "order 1", {"comment": "de otra"})
    assert browser.get("/api/drafts/order 1").json()["body"] == {"comment": "mío"}
    shop.administrator.delete("/api/drafts/order 1")
    assert keys(browser) == ["order 1"]
    assert shop.panel.anonymous().get("/api/drafts").status_code == 401


def test_it_outlives_the_session(shop: "Shop", browser: "Browser"):
    put(browser, "order 9", {"a": 1})
    again = shop.panel.signed_in(browser.person_id)
    assert browser.get("/api/drafts").status_code == 401
    assert again.get("/api/drafts/order 9").json()["body"] == {"a": 1}


def test_the_oldest_of_too_many_goes(shop: "Shop", browser: "Browser", monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(drafts, "MOST", 3)
    for number in range(5):
        shop.world.clock.move(seconds=1)
        put(browser, f"order {number}", {})
    assert keys(browser) == ["order 4", "order 3", "order 2"]
    shop.world.clock.move(seconds=1)
    put(browser, "order 2", {"x": 1})
    put(browser, "order 7", {"x": 1})
    assert keys(browser) == ["order 2", "order 7", "order 4"]


def test_a_draft_has_twenty_thousand_characters_at_most(browser: "Browser"):
    room = 20_000 - len('{"a": ""}')
    assert put(browser, "long", {"a": "ñ" * room}).status_code == 200
    answer = put(browser, "long", {"a": "ñ" * (room + 1)})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "draft_too_large")
    assert len(browser.get("/api/drafts/long").json()["body"]["a"]) == room


@pytest.mark.parametrize("key", ["order 123", "contact:45", "a.b-c_d", "ñandú", "x" * 60])
def test_names_of_forms(browser: "Browser", key: str):
    assert put(browser, key, {}).json()["key"] == key
    assert keys(browser) == [key]


@pytest.mark.parametrize("key", ["x" * 61, "a%2Fb", "%00", "a;b", "%3Cb%3E", "🌸"])
def test_what_is_no_name_of_a_form_is_refused(browser: "Browser", key: str):
    for answer in (
        put(browser, key, {}),
        browser.get(f"/api/drafts/{key}"),
        browser.delete(f"/api/drafts/{key}"),
    ):
        assert answer.status_code in (404, 422)
        assert answer.json()["error"]["code"] in ("invalid", "not_found")


@pytest.mark.parametrize("raw", ['{"body": []}', '{"body": null}', "{}", "[]", '{"body": {}, "key": "x"}', "{", "",
                                 '{"body": ' + '{"a":' * 3000 + "1" + "}" * 3001])  # fmt: skip
def test_a_body_that_makes_no_sense_is_refused(browser: "Browser", raw: str):
    answer = browser.put("/api/drafts/order 1", content=raw)
    assert answer.status_code in (400, 422), answer.text
    assert keys(browser) == []


@pytest.mark.parametrize("raw", [r'{"body": {"a": "\u0000"}}', r'{"body": {"a": "\ud83d"}}', r'{"body": {"\u0000": 1}}',
                                 '{"body": {"a": NaN}}', '{"body": {"a": 1e999}}'])  # fmt: skip
def test_signs_that_no_database_takes_break_nothing(browser: "Browser", raw: str):
    assert browser.put("/api/drafts/odd", content=raw).status_code in (200, 422)
    assert browser.get("/api/drafts").status_code == 200
    assert browser.get("/api/drafts/odd").status_code in (200, 404)


def test_two_tabs_may_keep_the_same_form_at_once(shop: "Shop", browser: "Browser"):
    answers: list[httpx.Response] = []
    second = threading.Thread(target=lambda: answers.append(put(browser, "order 5", {"tab": 2})))
    with shop.world.database.transaction() as session:
        drafts.keep(
            session, operator_id=browser.person_id, key="order 5", body={"tab": 1}, now=shop.world.clock()
        )
        second.start()
        second.join(timeout=0.1)
    second.join(timeout=10)
    assert [answer.status_code for answer in answers] == [200]
    assert browser.get("/api/drafts/order 5").json()["body"] == {"tab": 2}
