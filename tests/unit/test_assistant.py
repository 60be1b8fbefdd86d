"""What the worker makes of the assistant's answers, through real HTTP."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from openbot.assistant import Answered, Assistant, AssistantAway, AssistantFailed, Question

SAMPLES = Path(__file__).resolve().parent.parent / "contracts" / "turns"
QUESTION = Question(
    turn_id=7,
    contact_id=1,
    order_id=None,
    messages=({"id": 1, "kind": "text", "text": "hola"},),
    dialogue_number=2,
    dialogue='[{"event":"action"}]',
    now=datetime(2026, 11, 22, tzinfo=UTC),
)
GOOD = {
    "version": 1,
    "turn_id": 7,
    "outcome": "answered",
    "replies": [{"text": "hola"}],
    "dialogue": {"number": 2, "events": [{"event": "x"}]},
}


class Served(HTTPServer):
    answer: tuple[int, Any] = (200, GOOD)
    asked: Any = None


class Handler(BaseHTTPRequestHandler):
    server: Served

    def do_POST(self) -> None:
        self.server.asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status, body = self.server.answer
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: Any) -> None: ...


@pytest.fixture
def served() -> Iterator[Served]:
    server = Served(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def assistant(served: Served) -> Iterator[Assistant]:
    client = Assistant(url=f"http://127.0.0.1:{served.server_port}", timeout=5)
    yield client
    client.close()


def test_a_turn_is_asked_with_its_dialogue_and_answered(served, assistant):
    answered = assistant.reply_to(QUESTION)
    assert answered == Answered(overtaken=False, replies=({"text": "hola"},), dialogue='[{"event":"x"}]')
    assert served.asked["dialogue"] == {"number": 2, "events": [{"event": "action"}]}
    assert served.asked["messages"][0]["text"] == "hola"


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("*.json")), ids=lambda path: path.stem)
def test_the_samples_of_the_contract_are_what_the_worker_reads(served, assistant, sample):
    exchange = json.loads(sample.read_text(encoding="utf-8"))
    request, answer = exchange["request"], exchange["answer"]
    served.answer = (exchange["status"], answer)
    question = replace(QUESTION, turn_id=request["turn_id"])
    if exchange["status"] != 200:
        with pytest.raises(AssistantFailed):
            assistant.reply_to(question)
        return
    answered = assistant.reply_to(question)
    assert answered.overtaken is (answer["outcome"] == "overtaken")
    assert list(answered.replies) == answer["replies"]
    assert json.loads(answered.dialogue) == answer["dialogue"]["events"]
    assert (answered.step, list(answered.problems)) == (answer["step"], answer["problems"])


def test_an_assistant_that_does_not_say_where_it_stands_is_understood(served, assistant):
    assert assistant.reply_to(QUESTION).step == ""
    served.answer = (200, {**GOOD, "step": "x" * 99})
    assert assistant.reply_to(QUESTION).step == "x" * 40


def test_an_overtaken_turn_says_so(served, assistant):
    served.answer = (200, {**GOOD, "outcome": "overtaken"})
    assert assistant.reply_to(QUESTION).overtaken


@pytest.mark.parametrize(
    "answer",
    [
        (503, {"error": "action_failed"}),
        (422, {"error": "unreadable_turn"}),
        (500, b"<html>"),
        (200, b"<html>"),
        (200, {**GOOD, "turn_id": 8}),
        (200, {**GOOD, "version": 2}),
        (200, []),
    ],
)
def test_anything_but_an_answer_is_a_failure_of_the_turn(served, assistant, answer):
    served.answer = answer
    with pytest.raises(AssistantFailed):
        assistant.reply_to(QUESTION)


def test_an_absent_action_server_is_no_failure_of_the_turn(served, assistant):
    served.answer = (503, {"error": "actions_away", "action": "action_menu"})
    with pytest.raises(AssistantAway):
        assistant.reply_to(QUESTION)


def test_nobody_there_is_away():
    nobody = Assistant(url="http://127.0.0.1:9", timeout=1)
    with pytest.raises(AssistantAway):
        nobody.reply_to(QUESTION)
    nobody.close()
