"""Nobody passes without a session; what a client says about itself is not believed."""

from datetime import timedelta

import pytest

from openbot.schema import PanelSession
from tests.support.panel import Panel


@pytest.mark.parametrize(
    "path",
    ["/api/me", "/api/users", "/api/openapi.json", "/api/nothing", "/_stcore/host-config", "/media/x",
     "/component/x/y"],
)  # fmt: skip
def test_scripts_without_a_session_get_a_401(panel: Panel, path: str):
    answer = panel.anonymous().get(path)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "not_signed_in")


@pytest.mark.parametrize(
    "path", ["/", "/pedidos", "/usuarios", "/no/hay", "/password", "/index.html", "//evil.example"]
)
def test_people_without_a_session_get_the_sign_in_page(panel: Panel, path: str):
    answer = panel.anonymous().get(f"http://testserver{path}")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login?next=%2F")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_writes_without_a_session_get_a_401(panel: Panel, method: str):
    assert panel.anonymous().request(method, "/api/users").status_code == 401
    assert panel.anonymous().request(method, "/pedidos").status_code == 401


@pytest.mark.parametrize("token", ["", "x", "ñ", "a" * 43, "a" * 5000, "' OR 1=1 --", '"\\"'])
def test_a_guessed_token_opens_nothing(panel: Panel, token: str):
    browser = panel.anonymous()
    answer = browser.get("/api/me", headers={"Cookie": f"openbot_session={token}".encode()})
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "not_signed_in")


def test_a_session_ends_after_idleness_but_not_while_it_is_used(panel: Panel):
    browser = panel.operator()
    for _ in range(3):
        panel.world.clock.move(hours=7)
        assert browser.get("/api/me").status_code == 200  # with the header of the panel's own calls
    del browser.headers["X-Openbot"]
    panel.world.clock.move(hours=7)
    assert browser.get("/api/me").status_code == 200  # a refresh of the page by itself
    panel.world.clock.move(hours=1, seconds=1)
    answer = browser.get("/api/me")
    assert (answer.status_code, answer.json()["error"]["detail"]) == (401, {"because": "idle"})


def test_a_session_ends_at_the_latest_after_a_week(panel: Panel):
    browser = panel.operator()
    for _ in range(24):
        panel.world.clock.move(hours=7)
        browser.get("/api/me")
    assert browser.get("/api/me").json()["error"]["detail"] == {"because": "expired"}


def test_being_seen_is_written_only_now_and_then(panel: Panel):
    browser = panel.operator()
    (before,) = panel.world.rows(PanelSession)
    panel.world.clock.move(minutes=4)
    browser.get("/api/me")
    (same,) = panel.world.rows(PanelSession)
    assert same.seen_at == before.seen_at
    panel.world.clock.move(minutes=2)
    browser.get("/api/me")
    (later,) = panel.world.rows(PanelSession)
    assert later.seen_at - before.seen_at == timedelta(minutes=6)


def test_what_the_api_does_not_know_is_a_404_and_a_wrong_method_a_405(panel: Panel):
    browser = panel.administrator()
    for path, method, status, code in [
        ("/api/nothing", "GET", 404, "not_found"),
        ("/api/", "POST", 404, "not_found"),
        ("/api/me", "DELETE", 405, "method_not_allowed"),
        ("/api/users/1", "PUT", 405, "method_not_allowed"),
    ]:
        answer = browser.request(method, path)
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


def test_the_machines_doors_ask_nobody(panel: Panel, monkeypatch: pytest.MonkeyPatch):
    from api import gate

    def never(*_: object, **__: object) -> None:
        raise AssertionError("the webhook's way has no look-up")

    monkeypatch.setattr(gate, "person_of", never)
    browser = panel.anonymous()
    browser.cookies.set("openbot_session", "a" * 43)
    assert browser.get("/health").status_code == 200
    assert browser.post("/whatsapp/webhook", content=b"{}").status_code == 401  # its own signature
    assert "content-security-policy" not in browser.get("/health").headers


def test_pages_come_with_a_strict_policy(panel: Panel):
    headers = panel.operator().get("/api/me").headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "unsafe-eval'" not in headers["content-security-policy"].replace("'wasm-unsafe-eval'", "")
    assert headers["x-frame-options"] == "DENY"


def test_a_webhook_only_process_has_no_panel(panel: Panel, monkeypatch: pytest.MonkeyPatch):
    from api.app import create_app
    from tests.support.panel import Browser
    from tests.support.world import settings_for

    world = panel.world
    settings = settings_for(world.database.url, web_role="webhook")
    client = Browser(create_app(settings, database=world.database, clock=world.clock))
    assert client.get("/health").status_code == 200
    assert client.get("/login").status_code == 404
    assert client.get("/api/me").status_code == 404


def test_a_panel_only_process_takes_no_webhooks(panel: Panel):
    from api.app import create_app
    from tests.support.panel import Browser
    from tests.support.world import settings_for

    world = panel.world
    settings = settings_for(world.database.url, web_role="panel")
    client = Browser(create_app(settings, database=world.database, clock=world.clock))
    assert client.get("/login").status_code == 200
    assert client.post("/whatsapp/webhook", content=b"{}").status_code == 404
