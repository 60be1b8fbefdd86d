"""The fifteen traps of Rasa 3.6.21 that this assistant must not step into; each says how it is kept out."""

import ast
import asyncio
import inspect
import json
import threading
import time
import types
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, TOY, load_agent, request, tap, text
from rasa.core.tracker_store import FailSafeTrackerStore, InMemoryTrackerStore, TrackerStore

import bot.whatsapp_channel as channel
from bot import serve
from bot.tracker_store import SnapshotTrackerStore
from bot.turn_contract import read_turn
from scripts import HELLO, START

CHANNEL_SOURCE = (ROOT / "bot" / "whatsapp_channel.py").read_text(encoding="utf-8")
SERVE_SOURCE = (ROOT / "bot" / "serve.py").read_text(encoding="utf-8")


def test_trap_1_a_failure_is_never_swallowed_into_a_200(talk, monkeypatch, agent):
    """The channel does not use Rasa's on_new_message, which waits for a lock and hides what went wrong."""

    async def broken(*_):
        raise KeyError("anything")

    monkeypatch.setattr(agent.processor, "handle_message", broken)
    assert talk().turn(HELLO) == (503, {"error": "turn_failed"})
    called = [node for node in ast.walk(ast.parse(CHANNEL_SOURCE)) if isinstance(node, ast.Call)]
    assert not any(getattr(call.func, "id", "") == "on_new_message" for call in called)


def test_trap_2_replies_are_collected_and_leave_with_the_dialogue(talk, monkeypatch):
    """Rasa sends before it saves; here nothing is sent, so a turn is all or nothing."""

    async def broken(*_):
        raise OSError

    monkeypatch.setattr(SnapshotTrackerStore, "save", broken)
    status, body = talk().turn(HELLO)
    assert status == 503
    assert "replies" not in body


def test_trap_3_a_failed_action_is_no_silence(talk, actions):
    actions.faults["action_echo"] = ["drop"]
    assert talk().turn(tap('/confirm_order{"order":"1"}'))[0] == 503


def test_trap_4_the_fail_safe_wrapper_is_off(plain_agent):
    assert type(plain_agent.tracker_store) is SnapshotTrackerStore
    assert plain_agent.processor.tracker_store is plain_agent.tracker_store


def test_trap_4_it_is_taken_off_again_whenever_the_model_is_loaded_anew(loop, model, actions):
    other = load_agent(loop, model, actions)
    other.tracker_store = FailSafeTrackerStore(other.tracker_store)
    other.load_model(str(model))
    assert isinstance(other.processor.tracker_store, FailSafeTrackerStore)
    status, _ = loop.run_until_complete(channel.answer(other, read_turn(request(HELLO))))
    assert status == 200
    assert type(other.processor.tracker_store) is SnapshotTrackerStore


def test_trap_5_an_action_predicted_in_circles_is_said_once_and_reported(talk, monkeypatch, agent):
    from rasa.core.policies.policy import PolicyPrediction

    monkeypatch.setattr(
        agent.processor,
        "_predict_next_with_tracker",
        lambda _: PolicyPrediction.for_action_name(agent.domain, "utter_greet", "Test"),
    )
    ours = talk()
    assert ours.say(HELLO) == ["¡Hola! ¿Qué te preparo?"]
    assert ours.answers[-1]["problems"] == ["too_many_actions"]
    monkeypatch.undo()
    assert ours.say("horarios") == ["Abrimos de 9 a 20."]


def test_trap_5_the_fallback_has_its_rule(talk):
    assert talk().say("qwerty asdf") == ["No te entendí."]


def test_trap_6_a_caller_that_hangs_up_does_not_stop_a_turn(agent, loop, actions, monkeypatch):
    """What a cancelled handler leaves behind is a turn that runs to its end and is then forgotten."""
    ended = []

    async def slow(agent, turn):
        await asyncio.sleep(0.05)
        ended.append(turn.turn_id)
        return 200, {}

    monkeypatch.setattr(channel, "answer", slow)
    door = channel.WhatsAppChannel(public_door_url="http://127.0.0.1:1")
    asked = types.SimpleNamespace(
        json=request(HELLO), app=types.SimpleNamespace(ctx=types.SimpleNamespace(agent=agent))
    )

    async def hang_up():
        handler = asyncio.ensure_future(door._turn(asked))
        await asyncio.sleep(0.01)
        handler.cancel()
        with pytest.raises(asyncio.CancelledError):
            await handler
        assert ended == []
        await door._close(None, None)  # a stop waits for it, too

    loop.run_until_complete(hang_up())
    assert ended == [812]


def test_trap_7_there_is_an_output_channel_for_reminders_and_metadata_is_small(talk, actions):
    assert isinstance(channel.WhatsAppChannel(public_door_url="").get_output_channel(), channel.Replies)
    ours = talk()
    ours.say(HELLO)
    metadata = next(event["metadata"] for event in ours.events if event["event"] == "user")
    assert len(json.dumps(metadata)) < 200


def test_trap_8_route_name_and_credentials_are_those_rasa_expects():
    assert channel.WhatsAppChannel.name() == "whatsapp"
    for folder in (ROOT, TOY):
        credentials = yaml.safe_load((folder / "credentials.yml").read_text(encoding="utf-8"))
        assert list(credentials) == ["bot.whatsapp_channel.WhatsAppChannel"]
    assert channel.WhatsAppChannel(public_door_url="").blueprint(None).name == "whatsapp_webhook"


def test_trap_8_the_address_of_the_door_comes_from_the_environment_or_the_file(monkeypatch):
    made = channel.WhatsAppChannel.from_credentials
    assert made(None)._public_door_url == "http://127.0.0.1:8000/whatsapp/webhook"
    assert made({"public_door_url": "http://a/b"})._public_door_url == "http://a/b"
    monkeypatch.setenv("OPENBOT_PUBLIC_DOOR_URL", "http://c/d")
    assert made({"public_door_url": "http://a/b"})._public_door_url == "http://c/d"


def test_trap_9_no_task_of_ours_runs_in_the_background():
    assert "add_task" not in CHANNEL_SOURCE + SERVE_SOURCE
    assert "workers=1" in SERVE_SOURCE


class SlowAction:
    """Answers after `seconds`."""

    def __init__(self, seconds):
        class Door(BaseHTTPRequestHandler):
            wbufsize = -1

            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                started.set()
                time.sleep(seconds)
                body = b'{"events":[],"responses":[{"text":"listo"}]}'
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                """Quiet."""

        started = self.started = threading.Event()
        self.http = HTTPServer(("127.0.0.1", 0), Door)
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}/webhook"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()


def test_trap_10_a_turn_in_hand_is_finished_at_sigterm(model):
    from conftest import Served

    slow = SlowAction(1.5)
    process = Served(model, slow.url)
    try:
        process.wait_until_ready()
        got = []
        asking = threading.Thread(
            target=lambda: got.append(
                process.post("/webhooks/whatsapp/turn", request(tap('/confirm_order{"order":"1"}')))
            )
        )
        asking.start()
        assert slow.started.wait(10)
        process.process.terminate()
        asking.join(20)
        assert got[0][0] == 200
        assert [reply["text"] for reply in json.loads(got[0][1])["replies"]] == ["listo"]
        process.process.wait(20)
        assert process.process.returncode == 0
    finally:
        process.stop()
        slow.http.shutdown()
        slow.http.server_close()


def test_trap_11_only_the_channel_is_published_and_requests_are_bounded(plain_agent):
    app = serve.make_app(plain_agent, str(TOY / "credentials.yml"))
    assert sorted({f"/{route.path}" for route in app.router.routes}) == [
        "/",
        "/webhooks/whatsapp",
        "/webhooks/whatsapp/health",
        "/webhooks/whatsapp/turn",
        "/webhooks/whatsapp/webhook",
    ]
    assert app.config.REQUEST_MAX_SIZE == 8 * 1024 * 1024
    assert app.config.RESPONSE_TIMEOUT == 120
    assert "static" not in SERVE_SOURCE


def test_trap_12_the_http_api_is_off_and_only_this_machine_may_ask():
    assert serve.arguments([]).host == "127.0.0.1"
    assert "enable_api=False" in SERVE_SOURCE
    with pytest.raises(SystemExit):
        serve.arguments(["--enable-api"])


def test_trap_13_telemetry_and_debug_lines_are_off(monkeypatch):
    import os
    import sys

    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setenv("RASA_TELEMETRY_ENABLED", "true")
    serve.set_environment()
    assert os.environ["RASA_TELEMETRY_ENABLED"] == "false"
    assert serve.arguments([]).log_level == "INFO"
    with pytest.raises(SystemExit):
        serve.arguments(["--log-level", "DEBUG"])


def test_trap_13_no_words_of_a_customer_are_logged(talk, caplog, capfd):
    caplog.set_level("INFO")
    ours = talk()
    ours.say("secreto de Ana", START, "pizza", tap('/choose{"quantity":"2"}', title="secreto"), "secreto")
    assert "secreto" not in caplog.text + "".join(capfd.readouterr())


def test_trap_14_a_store_that_rasa_put_in_place_of_ours_is_refused(plain_agent):
    """Rasa falls back to its in-memory store with a warning when ours cannot be imported."""
    wrong = types.SimpleNamespace(
        tracker_store=FailSafeTrackerStore(InMemoryTrackerStore(plain_agent.domain)),
        processor=types.SimpleNamespace(tracker_store=None),
    )
    with pytest.raises(TypeError, match="InMemoryTrackerStore"):
        channel.take_over_dialogues(wrong)
    for folder in (ROOT, TOY):
        endpoints = yaml.safe_load((folder / "endpoints.yml").read_text(encoding="utf-8"))
        assert endpoints["tracker_store"]["type"] == "bot.tracker_store.SnapshotTrackerStore"
        assert endpoints["action_endpoint"]["enable_selective_domain"] is True
        assert set(endpoints) == {"action_endpoint", "tracker_store"}  # no broker, no lock store


def test_trap_14_every_method_of_the_store_is_asynchronous():
    wanted = [name for name in dir(TrackerStore) if inspect.iscoroutinefunction(getattr(TrackerStore, name))]
    assert all(inspect.iscoroutinefunction(getattr(SnapshotTrackerStore, name)) for name in wanted)


def test_trap_15_a_slot_that_was_taken_out_makes_no_noise(talk, caplog):
    ours = talk()
    ours.say(HELLO)
    ours.events = [*ours.events[:-1], {"event": "slot", "name": "gone", "value": 1}, ours.events[-1]]
    assert ours.say("horarios") == ["Abrimos de 9 a 20."]
    assert caplog.records == []
    assert "gone" not in json.dumps(ours.events)


def test_bonus_no_failure_of_rasas_lock_since_it_is_not_asked(agent, loop, monkeypatch):
    """Rasa's lock makes a second message of one contact wait a whole second."""
    monkeypatch.setattr(agent.lock_store, "lock", lambda *_: pytest.fail("asked for the lock"))
    assert (
        loop.run_until_complete(channel.answer(agent, read_turn(request(text("hola"), text("horarios")))))[0]
        == 200
    )


def test_the_traps_are_all_there():
    names = [name for name in globals() if name.startswith("test_trap_")]
    assert {int(name.split("_")[2]) for name in names} == set(range(1, 16))
    assert Path(__file__).name == "test_traps.py"
