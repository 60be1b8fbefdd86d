"""Whose X-Forwarded-For and -Proto count: this machine's and the trusted proxies', for log, throttling and cookie."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import httpx
import pytest

from openbot.operators import admission, passwords
from openbot.operators.passwords import hash_password
from openbot.processes import programs
from openbot.schema import AuditEntry, SignInFailure
from openbot.settings import Settings, SettingsWrong
from openbot.vocabulary import Role
from tests.support import world as worlds
from tests.support.panel import Panel
from tests.support.served import served

PASSWORD = "una clave larga"
HASH = hash_password(PASSWORD)
EMAIL = "ana@example.com"
#: Whole 127.0.0.0/8 is this computer: each of these is a machine of its own.
PROXY, STRANGER, NETWORK = "127.0.0.3", "127.0.0.2", "127.7.7.9"
VISITOR = "203.0.113.7"

From = Callable[[str], httpx.Client]


def settings(**more: str) -> Settings:
    return worlds.settings_for("sqlite:///proxies.db", **more)


def listens(found: Settings) -> list[str]:
    """What the web process is started with."""
    web = next(each for each in programs(found) if each.name == "web")
    return web.command[web.command.index("--forwarded-allow-ips") + 1].split(",")


@pytest.fixture
def come_from(panel: Panel) -> Iterator[From]:
    """`come_from(address)`: a client on the machine of this address, before the web process as it is started."""
    panel.person(role=Role.OPERATOR, name="Ana", email=EMAIL, password_hash=HASH)
    believed = listens(settings(trusted_proxies=f"{PROXY}, 127.7.7.0/24", rasa_url="http://rasa.example"))
    with ExitStack() as stack:
        server = stack.enter_context(served(panel.world.app, host="127.0.0.1", forwarded_allow_ips=believed))

        def client(address: str) -> httpx.Client:
            way = httpx.HTTPTransport(local_address=address)
            made = httpx.Client(transport=way, base_url=f"http://{server}", headers={"X-Openbot": "panel"})
            return stack.enter_context(made)

        yield client


def sign_in(
    client: httpx.Client, password: str = PASSWORD, email: str = EMAIL, **headers: str
) -> httpx.Response:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    wish = {"email": email, "password": password, "takeover": True}
    return client.post("/api/sign-in", json=wish, headers=names)


def noted(panel: Panel) -> str:
    return panel.world.rows(AuditEntry)[-1].address


@pytest.mark.parametrize("proxy", ["127.0.0.1", PROXY, NETWORK])
def test_the_log_names_the_visitor_whom_a_trusted_proxy_names(panel: Panel, come_from: From, proxy: str):
    assert sign_in(come_from(proxy), X_Forwarded_For=VISITOR).status_code == 200
    assert noted(panel) == VISITOR


def test_nobody_else_says_where_they_come_from(panel: Panel, come_from: From):
    assert sign_in(come_from(STRANGER), X_Forwarded_For=VISITOR).status_code == 200
    assert noted(panel) == STRANGER


def test_of_several_addresses_the_last_that_is_no_proxy_counts(panel: Panel, come_from: From):
    sign_in(
        come_from(PROXY), X_Forwarded_For=f"6.6.6.6, {VISITOR}, 127.7.7.1"
    )  # the first one is the visitor's lie
    assert noted(panel) == VISITOR


def test_only_a_trusted_proxy_says_that_there_is_tls(come_from: From):
    cookies = {
        address: sign_in(come_from(address), X_Forwarded_Proto="https").headers["set-cookie"]
        for address in (PROXY, STRANGER)
    }
    assert "Secure" in cookies[PROXY]
    assert "Secure" not in cookies[STRANGER]


def test_another_name_at_every_try_does_not_escape_the_throttle(
    panel: Panel, come_from: From, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(passwords, "matches", lambda *_, **__: False)
    stranger = come_from(STRANGER)
    codes = [
        sign_in(stranger, email=f"x{number}@example.com", X_Forwarded_For=f"198.51.100.{number}").status_code
        for number in range(admission.FREE_BY_ADDRESS + 1)
    ]
    assert codes == [401] * admission.FREE_BY_ADDRESS + [429]


def test_visitors_behind_one_proxy_are_not_throttled_for_each_other(
    panel: Panel, come_from: From, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(passwords, "matches", lambda *_, **__: False)
    proxy = come_from(PROXY)
    for number in range(admission.FREE_BY_ADDRESS):
        sign_in(proxy, email=f"x{number}@example.com", X_Forwarded_For=VISITOR)
    assert sign_in(proxy, email="y@example.com", X_Forwarded_For="198.51.100.1").status_code == 401
    assert sign_in(proxy, email="z@example.com", X_Forwarded_For=VISITOR).status_code == 429
    keys = {row.key for row in panel.world.rows(SignInFailure) if row.key.startswith("address:")}
    assert len(keys) == 2


@pytest.mark.parametrize(
    ("host", "own"), [("127.0.0.1", "127.0.0.1"), ("::", "127.0.0.1"), ("192.0.2.5", "192.0.2.5")]
)
def test_the_panels_own_calls_name_the_device_wherever_the_process_listens(host: str, own: str):
    believed = listens(settings(host=host, rasa_url="http://rasa.example"))
    assert own in believed
    assert not set(believed) - {"127.0.0.1", "::1", own}


@pytest.mark.parametrize("wrong", ["proxy.example", "10.0.0", "10.0.0.5/24", "10.0.0.1;10.0.0.2", "*"])
def test_what_could_never_match_is_refused_at_the_start(wrong: str):
    with pytest.raises(SettingsWrong, match="TRUSTED_PROXIES"):
        settings(trusted_proxies=wrong)
