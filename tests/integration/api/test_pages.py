"""The pages of signing in, as a browser without JavaScript uses them."""

import re
from typing import Any

import pytest

from openbot.operators.passwords import hash_password
from openbot.schema import PanelSession
from openbot.vocabulary import Role
from tests.support.panel import Browser, Panel

PASSWORD = "una clave larga"


@pytest.fixture
def ana(panel: Panel) -> int:
    return panel.person(
        role=Role.OPERATOR, name="Ana", password_hash=hash_password(PASSWORD), email="ana@x.ar"
    )


def fills_in(browser: Browser, password: str = PASSWORD, **more: str) -> Any:
    return browser.post("/login", data={"email": "ana@x.ar", "password": password, **more})


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found
    return found[1]


def test_a_visitor_is_led_to_the_sign_in_page_and_back_to_where_they_wanted(panel: Panel, ana: int):
    browser = panel.anonymous()
    led = browser.get("/pedidos?pedido=123&estado=A%20B")
    assert led.status_code == 303
    page = browser.get(led.headers["location"])
    assert 'lang="es"' in page.text
    answer = fills_in(browser, next=hidden(page.text, "next").replace("&amp;", "&"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/pedidos?pedido=123&estado=A%20B")


@pytest.mark.parametrize(
    "wished",
    ["//evil.example", "https://evil.example/x", "/\\evil.example", "javascript:alert(1)", "/\t/evil.example",
     "/login", "/logout", "/api/users", "", "evil", "/%0d%0aSet-Cookie:x", "\x00"],
)  # fmt: skip
def test_where_to_go_afterwards_is_never_outside(panel: Panel, ana: int, wished: str):
    answer = fills_in(panel.anonymous(), next=wished)
    assert answer.headers["location"] in ("/", "/%0d%0aSet-Cookie:x")


def test_a_refusal_says_so_and_keeps_the_email_and_the_way(panel: Panel, ana: int):
    answer = fills_in(panel.anonymous(), "mal", next="/pedidos")
    assert answer.status_code == 401
    assert "Credenciales Inválidas" in answer.text
    assert 'value="ana@x.ar"' in answer.text
    assert hidden(answer.text, "next") == "/pedidos"
    assert "mal" not in re.sub(r"<style>.*</style>", "", answer.text, flags=re.DOTALL)


def test_outside_the_plan_it_says_when_it_begins(panel: Panel):
    monday = [{"weekday": 0, "from": "09:00", "to": "18:00"}]
    panel.person(role=Role.OPERATOR, password_hash=hash_password(PASSWORD), email="ana@x.ar", shift=monday)
    answer = fills_in(panel.anonymous())
    assert answer.status_code == 403
    assert "Tu plan de trabajo empieza el lunes 9:00" in answer.text


def test_too_many_tries_name_the_wait(panel: Panel, ana: int):
    browser = panel.anonymous()
    for _ in range(5):
        fills_in(browser, "mal")
    answer = fills_in(browser)
    assert answer.status_code == 429
    assert "Esperá 30 segundos" in answer.text


def test_a_second_device_is_asked_before_it_closes_the_first(panel: Panel, ana: int):
    first = panel.signed_in(ana)
    panel.world.clock.move(hours=2)
    second = panel.anonymous()
    question = fills_in(second, next="/contactos")
    assert question.status_code == 409
    assert "Chrome en Linux (testclient), desde hoy 10:00" in question.text
    assert first.get("/api/me").status_code == 200
    ticket = hidden(question.text, "ticket")
    answer = second.post("/login/confirm", data={"ticket": ticket, "next": hidden(question.text, "next")})
    assert (answer.status_code, answer.headers["location"]) == (303, "/contactos")
    assert second.get("/api/me").status_code == 200
    told = first.get("/pedidos")
    assert told.headers["location"] == "/login?next=%2Fpedidos&e=elsewhere"
    assert "Tu sesión se abrió en otro dispositivo" in first.get(told.headers["location"]).text


def test_the_question_is_answered_once_and_soon(panel: Panel, ana: int):
    panel.signed_in(ana)
    second = panel.anonymous()
    ticket = hidden(fills_in(second).text, "ticket")
    late = panel.world.clock.now
    panel.world.clock.move(minutes=6)
    answer = second.post("/login/confirm", data={"ticket": ticket})
    assert (answer.status_code, "Pasó demasiado tiempo" in answer.text) == (401, True)
    panel.world.clock.now = late
    assert second.post("/login/confirm", data={"ticket": ticket}).status_code == 303
    assert panel.anonymous().post("/login/confirm", data={"ticket": ticket}).status_code == 401


@pytest.mark.parametrize("stolen", ["", "x", "../..", "ñ" * 90])
def test_a_ticket_that_is_none_opens_nothing(panel: Panel, ana: int, stolen: str):
    assert panel.anonymous().post("/login/confirm", data={"ticket": stolen}).status_code == 401


def test_a_ticket_is_no_session(panel: Panel, ana: int):
    panel.signed_in(ana)
    second = panel.anonymous()
    ticket = hidden(fills_in(second).text, "ticket")
    for token in (ticket, f"ticket:{ticket}"):
        second.cookies.set("openbot_session", token)
        assert second.get("/api/me").json()["error"]["code"] == "not_signed_in"


def test_signing_out_forgets_the_cookie_and_ends_the_session(panel: Panel, ana: int):
    browser = panel.signed_in(ana)
    token = browser.cookies["openbot_session"]
    answer = browser.post("/logout")
    assert answer.headers["location"] == "/login?e=signed_out"
    assert 'openbot_session="";' in answer.headers["set-cookie"]
    thief = panel.anonymous()
    thief.cookies.set("openbot_session", token)
    assert thief.get("/api/me").status_code == 401


def test_a_forced_change_of_password_is_done_on_its_page(panel: Panel):
    hashed = hash_password(PASSWORD)
    who = panel.person(role=Role.OPERATOR, name="Ana <b>", password_hash=hashed, must_change_password=True)
    browser = panel.signed_in(who)
    assert browser.get("/pedidos").headers["location"] == "/password"
    page = browser.get("/password")
    assert "Ana &lt;b&gt;" in page.text
    different = {"current": PASSWORD, "new": "otra clave larga", "again": "otra clave corta"}
    assert "no son iguales" in browser.post("/password", data=different).text
    assert (
        "10 y 200 caracteres" in browser.post("/password", data={**different, "new": "x", "again": "x"}).text
    )
    right = {**different, "again": different["new"]}
    assert browser.post("/password", data=right).headers["location"] == "/"
    assert browser.get("/api/me").status_code == 200


def test_forms_of_other_sites_do_nothing(panel: Panel, ana: int):
    browser = panel.signed_in(ana)
    foreign = {"Origin": "https://evil.example"}
    assert browser.post("/logout", headers=foreign).headers["location"] == "/"
    assert browser.get("/api/me").status_code == 200
    assert (
        browser.post("/login", data={"email": "ana@x.ar", "password": PASSWORD}, headers=foreign).status_code
        == 403
    )
    assert browser.post("/login/confirm", data={"ticket": "x"}, headers=foreign).status_code == 403
    change = {"current": PASSWORD, "new": "otra clave larga", "again": "otra clave larga"}
    assert browser.post("/password", data=change, headers=foreign).status_code == 422


def test_markup_in_what_was_typed_stays_text(panel: Panel):
    page = panel.anonymous().post("/login", data={"email": '"><script>alert(1)</script>', "password": "x"})
    assert "<script>alert" not in page.text
    page = panel.anonymous().get("/login", params={"next": '/"><script>alert(1)</script>', "e": "<script>"})
    assert "<script>alert" not in page.text


def test_the_pages_may_load_nothing_and_be_framed_nowhere(panel: Panel):
    headers = panel.anonymous().get("/login").headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"


def test_an_old_browser_is_told_in_one_sentence(panel: Panel):
    page = panel.anonymous().get("/login").text
    assert "Tu navegador es demasiado viejo" in page


def test_who_closed_a_session_keeps_one_at_a_time(panel: Panel, ana: int):
    for _ in range(3):
        panel.signed_in(ana)
    alive = panel.world.rows(PanelSession, PanelSession.ended_at.is_(None))
    assert len(alive) == 1
