from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from openbot.catalogue.goods import Catalogue
from openbot.catalogue.operations import seed
from openbot.conversations.worker_names import Name
from openbot.database import Database
from openbot.doctor import Finding, examine
from openbot.schema import Contact

TOKEN = "EAAG-a-token-nobody-may-see"
NUMBER, ACCOUNT = "106540352242922", "102290129340398"


@pytest.fixture
def installation(database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENBOT_DATABASE_URL", database_url)
    monkeypatch.setenv("OPENBOT_WHATSAPP_PHONE_NUMBER_ID", NUMBER)
    monkeypatch.setenv("OPENBOT_WHATSAPP_WABA_ID", ACCOUNT)
    monkeypatch.setenv("OPENBOT_WHATSAPP_ACCESS_TOKEN", TOKEN)
    monkeypatch.setenv("OPENBOT_WHATSAPP_APP_SECRET", "0123456789abcdef")
    monkeypatch.setenv("OPENBOT_WHATSAPP_VERIFY_TOKEN", "verify-me-please")


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[], httpx.Response]]:
    """What answers where; everything works until a test says otherwise."""
    number = {
        "display_phone_number": "+54 11 5555-0000",
        "verified_name": "El Ombú",
        "quality_rating": "GREEN",
    }
    answers = {
        "/health": lambda: httpx.Response(200, json={"status": "ok"}),
        "/webhooks/whatsapp/health": lambda: httpx.Response(200, json={"status": "ok"}),
        f"/v26.0/{NUMBER}": lambda: httpx.Response(200, json=number),
        f"/v26.0/{ACCOUNT}/subscribed_apps": lambda: httpx.Response(200, json={"data": [{}]}),
    }

    def get(url: str, *, headers: dict[str, str] | None = None, timeout: float = 0) -> httpx.Response:
        if "graph.facebook.com" in url:
            assert headers == {"Authorization": f"Bearer {TOKEN}"}
        return answers[httpx.URL(url).path]()

    monkeypatch.setattr("openbot.doctor.httpx.get", get)
    return answers


def found() -> dict[str, Finding]:
    findings = list(examine())
    assert TOKEN not in repr(findings)
    return {finding.name: finding for finding in findings}


def graph_error(code: int, message: str) -> Callable[[], httpx.Response]:
    return lambda: httpx.Response(400, json={"error": {"code": code, "message": message}})


def test_a_good_installation_has_nothing_to_do(
    installation, network, database: Database, business: Catalogue
):
    from openbot.operators.operations import create_administrator

    with database.transaction() as session:
        seed(session, business=business)
        create_administrator(
            session, email="a@b.com", name="Ana", password="una-clave-larga", now=datetime.now(UTC)
        )
    worker = Name(database)
    findings = found()
    worker.let_go()
    assert [finding for finding in findings.values() if not finding.ok or finding.to_do] == []
    assert findings["worker"].seen == "worker-1 runs, nobody waits"
    assert findings["WhatsApp number"].seen == "+54 11 5555-0000 «El Ombú», quality GREEN"
    assert list(findings) == [
        "settings", "database", "migrations", "catalogue", "administrators",
        "web", "assistant (Rasa)", "actions", "worker", "files", "virus scanner", "WhatsApp number",
        "webhook subscription",
    ]  # fmt: skip


def test_an_empty_database_wants_a_company_and_an_administrator(installation, network):
    findings = found()
    assert findings["catalogue"].to_do == "run: openbot seed"
    assert "openbot admin create" in findings["administrators"].to_do


def test_without_a_worker_nobody_is_answered(installation, network):
    worker = found()["worker"]
    assert (worker.ok, worker.seen) == (False, "none runs: nobody is answered")
    assert "openbot up" in worker.to_do


@pytest.mark.parametrize("minutes", [1, 3])
def test_customers_who_wait_beside_a_running_worker_are_counted(
    installation, network, database: Database, minutes: int
):
    since = datetime.now(UTC) - timedelta(minutes=minutes)
    with database.transaction() as session:
        session.add_all(Contact(created_at=since, user_id=f"AR.{n}", due_at=since) for n in range(2))
    worker = Name(database)
    finding = found()["worker"]
    worker.let_go()
    assert finding.ok is (minutes == 1)
    assert finding.seen.endswith("nobody waits" if minutes == 1 else "longer than 2 minutes: 2")


def test_missing_tables_want_migrate(installation, network, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OPENBOT_DATABASE_URL", "sqlite:///none.db")
    assert found()["migrations"].to_do == "run: openbot migrate"
    assert not Path("none.db").exists()


def test_a_database_that_is_away_says_where_to_look(installation, network, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OPENBOT_DATABASE_URL", "postgresql://openbot:hunter2@127.0.0.1:1/openbot")
    database = found()["database"]
    assert "hunter2" not in database.seen
    assert "OPENBOT_DATABASE_URL" in database.to_do


def test_missing_settings_are_each_named_and_the_database_is_looked_at_all_the_same(
    installation, network, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("OPENBOT_WHATSAPP_APP_SECRET")
    findings = list(examine())
    assert findings[0].to_do == "set OPENBOT_WHATSAPP_APP_SECRET in the environment or in .env"
    assert [finding.name for finding in findings[1:]] == [
        "database",
        "migrations",
        "catalogue",
        "administrators",
    ]


def test_processes_that_are_down_are_named_with_their_address(installation, network):
    def nobody() -> httpx.Response:
        raise httpx.ConnectError("refused")

    network["/webhooks/whatsapp/health"] = network["/health"] = nobody
    findings = found()
    assert (
        "http://127.0.0.1:5005/webhooks/whatsapp/health does not answer" in findings["assistant (Rasa)"].seen
    )
    assert "OPENBOT_ACTIONS_URL" in findings["actions"].to_do
    assert not findings["web"].ok


@pytest.mark.parametrize(
    ("path", "answer", "name", "to_do"),
    [
        (f"/v26.0/{NUMBER}", graph_error(190, "expired"), "WhatsApp number", "OPENBOT_WHATSAPP_ACCESS_TOKEN"),
        (
            f"/v26.0/{NUMBER}",
            graph_error(100, "no such"),
            "WhatsApp number",
            "OPENBOT_WHATSAPP_PHONE_NUMBER_ID",
        ),
        (f"/v26.0/{NUMBER}", lambda: httpx.Response(502, text="<html>"), "WhatsApp number", "GRAPH_URL"),
        (f"/v26.0/{NUMBER}", lambda: httpx.Response(200, json=[]), "WhatsApp number", "PHONE_NUMBER_ID"),
        (
            f"/v26.0/{ACCOUNT}/subscribed_apps",
            lambda: httpx.Response(200, json={"data": []}),
            "webhook subscription",
            "subscribe the app",
        ),
    ],
)
def test_what_whatsapp_refuses_says_what_to_do(installation, network, path, answer, name, to_do):
    network[path] = answer
    finding = found()[name]
    assert not finding.ok
    assert to_do in finding.to_do


def test_the_subscription_needs_the_account(installation, network, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("OPENBOT_WHATSAPP_WABA_ID")
    assert "OPENBOT_WHATSAPP_WABA_ID" in found()["webhook subscription"].to_do


def test_a_folder_that_cannot_be_written_and_a_scanner_that_does_not_answer_are_named(
    installation, network, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    (tmp_path / "in the way").touch()
    monkeypatch.setenv("OPENBOT_FILES_DIR", str(tmp_path / "in the way"))
    monkeypatch.setenv("OPENBOT_SCAN_COMMAND", "false-scanner -")
    findings = found()
    assert not findings["files"].ok
    assert "OPENBOT_FILES_DIR" in findings["files"].to_do
    assert findings["virus scanner"].seen == "cannot scan"
    monkeypatch.setenv("OPENBOT_SCAN_COMMAND", "true")
    assert found()["virus scanner"].ok
    monkeypatch.setenv("OPENBOT_SCAN_COMMAND", "false")
    assert found()["virus scanner"].seen == "calls a harmless file infected"
