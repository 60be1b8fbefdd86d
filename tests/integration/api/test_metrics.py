"""`/metrics` and `/health`: numbers and states for machines, and never a name, a phone or a word."""

from typing import TYPE_CHECKING, Any

import pytest
from prometheus_client import generate_latest
from pydantic import SecretStr

from api.app import create_app
from openbot.assistant import AssistantFailed
from openbot.settings import Settings
from tests.support.sends import queue
from tests.support.whatsapp import ANA, refusal
from worker.metrics import Metrics

if TYPE_CHECKING:
    from openbot.database import Database
    from tests.support.panel import Panel
    from tests.support.world import World

LOCAL = ("127.0.0.1", 5000)


@pytest.fixture(autouse=True)
def demo(seeded: "Database") -> None:
    """Everybody here works for the demo company."""


def scrape(world: "World", *, client: tuple[str, int] = LOCAL, token: str = "", **headers: str) -> Any:
    settings: Settings = world.settings.model_copy(update={"metrics_token": SecretStr(token)})
    app = create_app(settings, database=world.database, clock=world.clock)
    from tests.support.world import TestClient

    return TestClient(app, client=client).get("/metrics", headers=headers)


def figures(text: str) -> dict[str, float]:
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def test_what_waits_and_what_failed_are_numbers_without_people(world: "World"):
    world.converse("hola, soy Ana")
    world.whatsapp.faults = [refusal(190, http=401)]
    queue(world, "¿Todo bien?")
    world.send()
    world.clock.move(minutes=2)
    world.says("¿sigue ahí?")
    world.clock.move(seconds=90)
    answer = scrape(world)
    found = figures(answer.text)
    assert answer.headers["content-type"].startswith("text/plain")
    assert found['openbot_inbox{state="due"}'] == 1
    assert found['openbot_outbox{state="queued"}'] == 1
    assert (found["openbot_oldest_unanswered_seconds"], found["openbot_oldest_unsent_seconds"]) == (90, 210)
    assert found['openbot_events{event="sends paused: token"}'] == 1
    assert (found["openbot_plan_used"], found["openbot_database_up"], found["openbot_websockets"]) == (
        3,
        1,
        0,
    )
    assert "openbot_plan_allowance" not in found
    for private in ("Ana", ANA.phone, "Todo bien", "sigue"):
        assert private not in answer.text


def test_webhooks_are_counted_by_what_became_of_them(world: "World"):
    world.says("hola")
    world.post(b"[]")
    world.http.post("/whatsapp/webhook", content=b"{}")
    found = figures(generate_latest(world.app.state.metrics.registry).decode())
    assert {
        result: found[f'openbot_webhooks_total{{result="{result}"}}']
        for result in ("stored", "unreadable", "refused", "not_stored")
    } == {"stored": 1, "unreadable": 1, "refused": 1, "not_stored": 0}


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({}, 200),
        ({"client": ("::1", 1)}, 200),
        ({"client": ("203.0.113.9", 1)}, 403),
        ({"X-Forwarded-For": "203.0.113.9"}, 403),
        ({"Forwarded": "for=203.0.113.9"}, 403),
        ({"token": "secret"}, 403),
        ({"token": "secret", "Authorization": "Bearer wrong"}, 403),
        ({"token": "secret", "Authorization": "Bearer secret"}, 200),
        ({"token": "secret", "Authorization": "Bearer secret", "client": ("203.0.113.9", 1)}, 200),
    ],
)
def test_only_this_machine_or_who_has_the_token_reads_them(world: "World", asked: dict, status: int):
    assert scrape(world, **asked).status_code == status


def test_the_panel_has_no_business_there(world: "World", panel: "Panel"):
    assert panel.administrator().get("/metrics").status_code == 403


def test_health_says_how_old_the_oldest_message_is_and_why_sending_rests(world: "World"):
    world.converse("hola")
    world.whatsapp.faults = [refusal(190, http=401)]
    queue(world, "¿Todo bien?")
    world.send()
    world.says("¿hola?")
    world.clock.move(seconds=30)
    answer = world.http.get("/health")
    found = answer.json()
    assert (answer.status_code, found["database"], found["workers"]) == (200, "ok", 0)
    assert (found["oldest_due_seconds"], found["oldest_unsent_seconds"]) == (30, 30)
    assert found["sending_rests"].startswith("La clave de acceso de WhatsApp venció")


def test_the_worker_counts_turns_and_sends_by_their_outcome(world: "World"):
    metrics = Metrics()
    object.__setattr__(world.turns, "told", metrics.turn)
    object.__setattr__(world.sender, "told", metrics.send)
    world.converse("hola")
    world.assistant.errors = [AssistantFailed("503 turn_failed")]
    world.whatsapp.faults = [refusal(131026)]
    world.converse("chau")
    world.wait(seconds=30)
    found = figures(generate_latest(metrics.registry).decode())
    assert found['openbot_turns_done_total{outcome="answered"}'] == 2
    assert found['openbot_turns_done_total{outcome="put_off"}'] == 1
    assert found['openbot_sends_total{result="sent"}'] == 1
    assert found['openbot_sends_total{result="refused"}'] == 1
    assert found["openbot_send_seconds_count"] == 2


def test_a_port_that_is_taken_does_not_end_the_worker(caplog: pytest.LogCaptureFixture):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        Metrics().serve(taken.getsockname()[1])
    assert "no figures at 127.0.0.1" in caplog.text
