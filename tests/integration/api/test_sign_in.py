"""E-mail and password in, a cookie out; and every way it is refused."""

import pytest

from openbot.operators.passwords import hash_password
from openbot.schema import AuditEntry, Operator, PanelSession, SignInFailure
from openbot.vocabulary import Enabled, Role
from tests.support.panel import Browser, Panel

PASSWORD = "una clave larga"
HASH = hash_password(PASSWORD)
MONDAY_NINE = [{"weekday": 0, "from": "09:00", "to": "18:00"}]


@pytest.fixture
def ana(panel: Panel) -> int:
    return panel.person(role=Role.OPERATOR, name="Ana", password_hash=HASH)


def email_of(panel: Panel, person_id: int) -> str:
    (person,) = panel.world.rows(Operator, Operator.id == person_id)
    return person.email


def tries(browser: Browser, email: str, password: str = PASSWORD, **more: object):
    return browser.post("/api/sign-in", json={"email": email, "password": password, **more})


def test_the_right_password_opens_a_session(panel: Panel, ana: int):
    browser = panel.anonymous()
    answer = tries(browser, email_of(panel, ana).upper())
    assert answer.status_code == 200
    assert answer.json() == {"id": ana, "name": "Ana", "role": "Operador", "must_change_password": False}
    assert browser.get("/api/me").json()["name"] == "Ana"


def test_the_cookie_is_out_of_reach_of_scripts_and_only_its_hash_is_kept(panel: Panel, ana: int):
    browser = panel.anonymous()
    cookie = tries(browser, email_of(panel, ana)).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie  # no TLS here
    (session,) = panel.world.rows(PanelSession)
    assert browser.cookies["openbot_session"] not in session.token_hash


def test_behind_tls_the_cookie_is_secure(panel: Panel, ana: int):
    browser = panel.anonymous()
    browser.base_url = "https://panel.example"
    assert "Secure" in tries(browser, email_of(panel, ana)).headers["set-cookie"]


def test_unknown_wrong_and_disabled_get_the_same_answer(panel: Panel, ana: int):
    off = panel.person(role=Role.OPERATOR, password_hash=HASH, enabled=Enabled.NO)
    browser = panel.anonymous()
    answers = [
        tries(browser, "nadie@example.com"),
        tries(browser, email_of(panel, ana), "otra clave"),
        tries(browser, email_of(panel, off)),
    ]
    assert [answer.status_code for answer in answers] == [401, 401, 401]
    assert {answer.text for answer in answers} == {answers[0].text}
    assert answers[0].json()["error"]["code"] == "credentials_refused"


def test_every_refusal_looks_at_exactly_one_hash(panel: Panel, ana: int, monkeypatch: pytest.MonkeyPatch):
    from openbot.operators import passwords

    looked: list[bool] = []
    real = passwords.matches

    def counted(password: str, *, password_hash: str | None) -> bool:
        looked.append(password_hash is not None)
        return real(password, password_hash=password_hash)

    monkeypatch.setattr(passwords, "matches", counted)
    off = panel.person(role=Role.OPERATOR, password_hash=HASH, enabled=Enabled.NO)
    for email in ("nadie@example.com", email_of(panel, ana), email_of(panel, off)):
        tries(panel.anonymous(), email, "otra clave")
    assert len(looked) == 3


def test_outside_the_shift_the_right_password_hears_when_it_begins(panel: Panel):
    early = panel.person(role=Role.OPERATOR, password_hash=HASH, shift=MONDAY_NINE)  # it is a Tuesday
    answer = tries(panel.anonymous(), email_of(panel, early))
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "outside_shift"
    assert answer.json()["error"]["detail"]["begins"].startswith("2026-11-30T09:00:00")
    assert tries(panel.anonymous(), email_of(panel, early), "otra clave").status_code == 401


def test_after_five_failures_an_account_waits_longer_each_time(panel: Panel, ana: int):
    browser, email = panel.anonymous(), email_of(panel, ana)
    assert [tries(browser, email, "mal").status_code for _ in range(5)] == [401] * 5
    answer = tries(browser, email)
    assert answer.status_code == 429
    assert answer.json()["error"]["detail"] == {"seconds": 30}
    assert answer.headers["retry-after"] == "30"
    panel.world.clock.move(seconds=30)
    assert tries(browser, email, "mal").status_code == 401
    assert tries(browser, email).json()["error"]["detail"] == {"seconds": 60}
    panel.world.clock.move(seconds=60)
    assert tries(browser, email).status_code == 200


def test_an_unknown_account_waits_just_the_same(panel: Panel):
    browser = panel.anonymous()
    assert [tries(browser, "nadie@example.com").status_code for _ in range(6)] == [401] * 5 + [429]


def test_the_right_password_forgets_the_failures(panel: Panel, ana: int):
    browser, email = panel.anonymous(), email_of(panel, ana)
    for _ in range(4):
        tries(browser, email, "mal")
    assert tries(browser, email).status_code == 200
    tries(browser, email, "mal")
    left = panel.world.rows(SignInFailure, SignInFailure.key.startswith("account:"))
    assert len(left) == 1


def test_an_address_that_tries_many_accounts_waits(panel: Panel, ana: int, monkeypatch: pytest.MonkeyPatch):
    from openbot.operators import admission, passwords

    monkeypatch.setattr(passwords, "matches", lambda *_, **__: False)
    for number in range(admission.FREE_BY_ADDRESS):
        assert tries(panel.anonymous(), f"x{number}@example.com").status_code == 401
    assert tries(panel.anonymous(), email_of(panel, ana)).status_code == 429


def test_what_was_typed_as_an_email_is_not_kept(panel: Panel):
    tries(panel.anonymous(), "mi clave secreta", "x")
    assert all("clave" not in failure.key for failure in panel.world.rows(SignInFailure))


def test_a_foreign_page_cannot_sign_somebody_in(panel: Panel, ana: int):
    browser = panel.anonymous()
    del browser.headers["X-Openbot"]
    wish = {"email": email_of(panel, ana), "password": PASSWORD}
    foreign = browser.post("/api/sign-in", json=wish, headers={"Origin": "https://evil.example"})
    assert (foreign.status_code, foreign.json()["error"]["code"]) == (403, "foreign_origin")
    assert browser.post("/api/sign-in", json=wish).status_code == 403
    own = browser.post("/api/sign-in", json=wish, headers={"Origin": "http://testserver"})
    assert own.status_code == 200


@pytest.mark.parametrize(
    "body", [{}, {"email": "a"}, {"email": 3, "password": "x"}, {"email": "a", "password": "x" * 201}]
)
def test_a_body_that_is_none_is_refused_by_field(panel: Panel, body: dict):
    answer = panel.anonymous().post("/api/sign-in", json=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid")
    assert answer.json()["error"]["fields"]


def test_signing_in_and_out_is_in_the_audit_log(panel: Panel, ana: int):
    browser = panel.anonymous()
    tries(browser, email_of(panel, ana), "mal")
    tries(browser, email_of(panel, ana))
    browser.post("/api/sign-out")
    noted = [(entry.action, entry.operator_id) for entry in panel.world.rows(AuditEntry)]
    assert noted == [("sign_in_refused", ana), ("signed_in", ana), ("signed_out", ana)]
