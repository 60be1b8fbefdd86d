"""The simulator as a process: closed connections, held answers, the live page, and the end."""

import asyncio
import contextlib
import json
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx
import pytest
from websockets.asyncio.client import connect

from simulator import settings

TOKEN = "simulator-access-token"
SEND = {"messaging_product": "whatsapp", "to": "+5491123456789", "type": "text", "text": {"body": "Hola"}}

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture(scope="module")
def process(port: int) -> Iterator[subprocess.Popen[bytes]]:
    flags = ["--port", str(port), "--webhook-url", "http://127.0.0.1:1/none", "--demo-customers", "3"]
    command = [sys.executable, "-m", "simulator", *flags]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as running:  # noqa: S603 - our own program
        try:
            wait_until_up(port)
            yield running
        finally:
            running.kill()


def wait_until_up(port: int) -> None:
    for _ in range(400):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise TimeoutError("The simulator did not start.")


@pytest.fixture
async def http(process, port, anyio_backend):
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        yield client


async def send(http: httpx.AsyncClient, **more: object) -> httpx.Response:
    path = f"/v26.0/{settings.Settings().phone_number_id}/messages"
    return await http.post(path, json=SEND | more, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=0.3)


async def test_a_dropped_answer_leaves_the_message_delivered(http):
    await http.post("/sim/customers/1/messages", json={"kind": "text", "text": "Hola"})
    await http.put("/sim/faults", json={"drop_answer": {"next": 1}})
    with pytest.raises(httpx.RemoteProtocolError):
        await send(http)
    await http.put("/sim/faults", json={"drop_answer": {"next": 1, "mode": "hang"}})
    with pytest.raises(httpx.ReadTimeout):
        await send(http)
    assert (await send(http)).status_code == 200
    chat = await http.get("/sim/customers/1/chat", params={"side": "business"})
    assert len(chat.json()["messages"]) == 3


async def test_a_page_gets_a_snapshot_and_then_every_change(http, port):
    async with connect(f"ws://127.0.0.1:{port}/sim/live", proxy=None) as page:
        first = json.loads(await page.recv())
        assert first["kind"] == "snapshot"
        assert [customer["name"] for customer in first["customers"]] == [
            "Lucía Fernández",
            "Martín Ibáñez",
            "Caro 🌸",
        ]
        await http.post("/sim/customers/2/messages", json={"kind": "text", "text": "Buenas"})
        change = {"customer": None}
        while change.get("customer") != "2":  # ticks of the other tests may still come
            change = json.loads(await page.recv())
        assert (change["kind"], change["message"]["text"]) == ("message", "Buenas")


async def test_the_page_needs_nothing_from_elsewhere(http):
    page = await http.get("/")
    assert page.headers["content-type"].startswith("text/html")
    assert "http://" not in page.text
    assert "https://" not in page.text
    for address in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        assert (await http.get(f"/{address}")).status_code == 200, address


async def test_a_signal_ends_it_at_once_in_spite_of_open_pages_and_polls(http, process, port):
    await http.put("/sim/faults", json={"drop_answer": {"mode": "hang"}})
    poll = asyncio.create_task(
        http.get("/sim/customers/1/chat", params={"after": 10**6, "wait": 100}, timeout=100)
    )
    held = asyncio.create_task(send(http))
    async with connect(f"ws://127.0.0.1:{port}/sim/live", proxy=None) as page:
        await page.recv()
        await asyncio.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        ended = await asyncio.to_thread(process.wait, 1.5)
    assert ended == 0
    await asyncio.gather(poll, held, return_exceptions=True)
    assert b"Traceback" not in process.stderr.read()


def test_a_setting_comes_from_a_flag_or_the_environment_or_is_the_default():
    read = settings.read(["--port", "1234"], {"SIMULATOR_PORT": "99", "SIMULATOR_APP_SECRET": " abc \n"})
    assert (read.port, read.app_secret, read.display_phone) == (1234, "abc", "+5491136943434")
    assert settings.read([], {"SIMULATOR_PORT": "99"}).port == 99
