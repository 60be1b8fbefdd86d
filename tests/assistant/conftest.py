"""The toy assistant: trained once per change of its files, loaded once per session, talking to a tiny action server."""
# ruff: noqa: A002, S310, S311, S603  # messages have an id; our own processes on this machine; dice are no secrets

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TOY = HERE / "toy"

from bot import absent_modules, train  # noqa: E402

os.environ["RASA_TELEMETRY_ENABLED"] = "false"
absent_modules.stand_in(configuration="", needed={"sklearn"})

from action_server import ActionServer  # noqa: E402

NOW = "2026-11-22T14:05:00+00:00"


def text(words, id=1):
    return {"id": id, "kind": "text", "text": words}


def tap(payload, title="x", id=1):
    return {"id": id, "kind": "tap", "text": title, "payload": payload}


def other(kind, data=None, caption="", id=1):
    return {"id": id, "kind": kind, "text": caption, "data": data}


def request(*messages, events=(), **fields):
    return {
        "version": 1,
        "turn_id": 812,
        "contact_id": 45,
        "order_id": None,
        "now": NOW,
        "messages": list(messages),
        "dialogue": {"number": 3, "events": list(events)},
        **fields,
    }


@pytest.fixture(scope="session")
def model():
    """Path of the toy's model; kept in var/ between sessions."""
    out = ROOT / "var" / "assistant-tests"
    found = out / f"{train.PREFIX}{train.fingerprint(TOY)}.tar.gz"
    if not found.is_file():
        done = subprocess.run(
            [sys.executable, str(ROOT / "bot" / "train.py"), "--root", str(TOY), "--out", str(out)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    return found


@pytest.fixture(scope="session")
def actions():
    server = ActionServer()
    yield server
    server.close()


@pytest.fixture(autouse=True)
def quiet_actions(actions):
    actions.calls.clear()
    actions.faults.clear()


@pytest.fixture(scope="session")
def loop():
    loop = asyncio.new_event_loop()
    yield loop
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()


def load_agent(loop, model, actions):
    from bot import interpolation, serve, strict_actions

    strict_actions.install()
    interpolation.install()
    serve.set_logging("WARNING")
    options = argparse.Namespace(
        model=str(model),
        actions=actions.url,
        endpoints=str(TOY / "endpoints.yml"),
        credentials=str(TOY / "credentials.yml"),
    )
    return loop.run_until_complete(serve.load(options))


@pytest.fixture(scope="session")
def plain_agent(loop, model, actions):
    """Rasa as it is, with our store; for comparison."""
    return load_agent(loop, model, actions)


@pytest.fixture
def agent(plain_agent):
    """As served: with the overrides."""
    from bot import runtime

    with runtime.installed(plain_agent):
        yield plain_agent


class Conversation:
    """Keeps the dialogue as the worker would, and remembers what was said."""

    def __init__(self, agent, loop):
        self.agent, self.loop = agent, loop
        self.events = []
        self.answers = []

    def turn(self, *messages, **fields):
        from bot.turn_contract import read_turn
        from bot.whatsapp_channel import answer

        body = json.loads(json.dumps(request(*messages, events=self.events, **fields)))
        status, answered = self.loop.run_until_complete(answer(self.agent, read_turn(body)))
        answered = json.loads(json.dumps(answered))
        if status == 200:
            self.events = answered["dialogue"]["events"]
        self.answers.append(answered)
        return status, answered

    def say(self, *messages, **fields):
        status, answered = self.turn(
            *[text(one) if isinstance(one, str) else one for one in messages], **fields
        )
        assert status == 200, answered
        return [reply["text"] for reply in answered["replies"]]


@pytest.fixture
def talk(agent, loop):
    return lambda: Conversation(agent, loop)


class Served:
    """bot/serve.py as a process."""

    def __init__(self, model, actions_url, *extra, env=None):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = []
        self.process = subprocess.Popen(
            [
                *(
                    sys.executable,
                    str(ROOT / "bot" / "serve.py"),
                    "--port",
                    str(self.port),
                    "--model",
                    str(model),
                ),
                *("--actions", actions_url, "--endpoints", str(TOY / "endpoints.yml")),
                *("--credentials", str(TOY / "credentials.yml"), *extra),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, **(env or {})},
            cwd="/",
        )

    def wait_until_ready(self, seconds=90):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                return json.load(urllib.request.urlopen(f"{self.url}/webhooks/whatsapp/health", timeout=2))
            except OSError:
                assert self.process.poll() is None, self.process.stdout.read()
                time.sleep(0.1)
        raise AssertionError("the assistant did not start")

    def post(self, path, body, headers=None):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        asked = urllib.request.Request(
            self.url + path, data, {"Content-Type": "application/json", **(headers or {})}, method="POST"
        )
        try:
            with urllib.request.urlopen(asked, timeout=60) as answered:
                return answered.status, answered.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
        return self.process.communicate(timeout=30)[0]


@pytest.fixture(scope="module")
def served(model, actions):
    door = random_door_url()
    process = Served(model, actions.url, env={"OPENBOT_PUBLIC_DOOR_URL": door})
    process.door = door
    process.health = process.wait_until_ready()
    yield process
    process.stop()


def random_door_url():
    return f"http://127.0.0.1:{free_port()}/whatsapp/webhook"


def free_port():
    for _ in range(50):
        port = random.randint(20000, 29999)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise AssertionError("no free port")
