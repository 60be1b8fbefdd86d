"""The process of bot/serve.py, asked over HTTP as the worker and Meta's proxy ask it."""

import http.client
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import urlsplit

import pytest
from conftest import Served, other, request, tap, text

SIGNED = {"X-Hub-Signature-256": "sha256=abc"}


def test_health_tells_the_model(served, model):
    assert served.health["status"] == "ok"
    assert served.health["model"] == model.name
    assert served.health["rasa"] == "3.6.21"
    assert len(served.health["model_id"]) == 32


def test_a_turn_over_http(served):
    status, body = served.post("/webhooks/whatsapp/turn", request(text("hola", id=7)))
    answered = json.loads(body)
    assert status == 200
    assert answered["replies"][0]["text"] == "¡Hola! ¿Qué te preparo?"
    assert answered["understood"] == [{"id": 7, "intent": "greet", "confidence": 1.0}]
    assert answered["dialogue"]["number"] == 3


def test_a_dialogue_travels_through_json_unharmed(served):
    events = []
    said = []
    for message in (
        text("quiero hacer un pedido"),
        text("pizza 🍕 \u202eעברית\u202c \u200b'; DROP TABLE"),
        tap('/choose{"quantity":"2"}'),
    ):
        _, body = served.post("/webhooks/whatsapp/turn", request(message, events=events))
        answered = json.loads(body)
        events = answered["dialogue"]["events"]
        said += [reply["text"] for reply in answered["replies"]]
    assert said == ["¿Qué querés pedir?", "¿Cuántas?", "¿De qué sucursal?"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff\xfe", b'{"version":1}', b"[" * 100_000])
def test_what_is_no_turn_is_refused_with_422(served, body):
    status, answered = served.post("/webhooks/whatsapp/turn", body)
    assert status == 422
    assert json.loads(answered)["error"] == "unreadable_turn"
    assert json.loads(answered)["detail"]


def test_a_lone_half_of_an_emoji_does_no_harm(served):
    raw = json.dumps(request(text("hola"))).replace("hola", "hola \\ud83c").encode()
    status, body = served.post("/webhooks/whatsapp/turn", raw)
    assert status == 200
    json.loads(body)


def test_a_failed_action_is_503(served, actions):
    actions.faults["action_echo"] = [(500, {})]
    status, body = served.post("/webhooks/whatsapp/turn", request(other("location", {"latitude": 1.5})))
    assert (status, json.loads(body)["error"]) == (503, "action_failed")


def test_action_calls_share_connections(served, actions):
    served.post("/webhooks/whatsapp/turn", request(other("location")))
    before = actions.connections
    for _ in range(5):
        served.post("/webhooks/whatsapp/turn", request(other("location")))
    assert actions.connections == before


@pytest.mark.parametrize(
    "path", ["/status", "/model/parse", "/conversations/45/tracker", "/webhooks/rest/webhook", "/version"]
)
def test_nothing_of_rasas_api_answers(served, path):
    assert served.post(path, {})[0] in (404, 405)


class Door:
    """The public door: answers what it is told and remembers what it saw."""

    def __init__(self, url):
        seen = self.seen = []

        class Handler(BaseHTTPRequestHandler):
            wbufsize = -1

            def do_GET(self):
                size = int(self.headers.get("Content-Length") or 0)
                seen.append((self.command, self.path, dict(self.headers), self.rfile.read(size)))
                self.send_response(401 if self.command == "POST" else 200)
                self.send_header("Content-Type", "text/plain; charset=utf-8")
                self.end_headers()
                self.wfile.write(b"1158201444")

            do_POST = do_GET  # noqa: N815  http.server's own name

            def log_message(self, *_):
                """Quiet."""

        address = urlsplit(url)
        self.http = HTTPServer((address.hostname, address.port), Handler)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def close(self):
        self.http.shutdown()
        self.http.server_close()


def test_the_relay_passes_bytes_signature_and_query_and_gives_the_answer_back(served):
    door = Door(served.door)
    try:
        raw = b'{"object": "whatsapp_business_account",  "entry":[ "\\u00e1 \xc3\xa1" ]}\n'
        status, body = served.post("/webhooks/whatsapp/webhook", raw, SIGNED)
        assert (status, body) == (401, b"1158201444")
        connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=10)
        connection.request(
            "GET",
            "/webhooks/whatsapp/webhook?hub.mode=subscribe&hub.challenge=115%208&hub.verify_token=a%2Bb",
        )
        answered = connection.getresponse()
        assert (answered.status, answered.read()) == (200, b"1158201444")
        connection.close()
    finally:
        door.close()
    method, path, headers, sent = door.seen[0]
    assert (method, path, sent) == ("POST", "/whatsapp/webhook", raw)
    assert {name.lower(): value for name, value in headers.items()}["x-hub-signature-256"] == "sha256=abc"
    assert (
        door.seen[1][1] == "/whatsapp/webhook?hub.mode=subscribe&hub.challenge=115%208&hub.verify_token=a%2Bb"
    )


def test_the_relay_says_502_while_the_door_is_down(served):
    status, body = served.post("/webhooks/whatsapp/webhook", b"{}", SIGNED)
    assert (status, json.loads(body)) == (502, {"error": "public_door_down"})


@pytest.mark.parametrize(
    ("extra", "sentence"),
    [
        (["--model", "/nowhere"], "there is no model in /nowhere; train one with: make train"),
        (["--endpoints", "/nowhere.yml"], "--endpoints: there is no file /nowhere.yml"),
    ],
)
def test_what_is_missing_is_said_in_one_sentence(model, actions, extra, sentence):
    process = Served(model, actions.url, *extra)
    output = process.process.communicate(timeout=90)[0]
    assert process.process.returncode == 1
    assert sentence in output
    assert "Traceback" not in output
