"""The assistant and the action server as processes of their own, for one test session."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.dialogue.recording import recording

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 120


@dataclass(frozen=True)
class Servers:
    """Where they listen."""

    assistant: str
    actions: str
    calls: list[dict[str, Any]] = field(default_factory=list)  #: of the actions, when they are recorded


@contextmanager
def serving(
    *, database_url: str, log_folder: Path, model: Path | None = None, record: bool = False
) -> Iterator[Servers]:
    """Start both, wait until they answer, stop both at the end."""
    ports = free_ports(2)
    servers = Servers(*(f"http://127.0.0.1:{port}" for port in ports))
    model = model or Path(os.environ.get("OPENBOT_TEST_MODEL", ROOT / "models"))
    with ExitStack() as stack:
        called = servers.actions
        if record:
            called, calls = stack.enter_context(recording(servers.actions))
            servers = Servers(servers.assistant, servers.actions, calls)
        actions = [str(ROOT / ".venv/bin/python"), "-m", "actions", "--port", str(ports[1])]
        assistant = [
            str(ROOT / "bot/.venv/bin/python"), str(ROOT / "bot/serve.py"), "--port", str(ports[0]),
            "--model", str(model), "--actions", f"{called}/webhook",
        ]  # fmt: skip
        environment = {**os.environ, **action_environment(database_url)}
        processes = [
            stack.enter_context(running(command, log=log_folder / f"{name}.log", environment=environment))
            for name, command in (("actions", actions), ("assistant", assistant))
        ]
        wait_for(f"{servers.actions}/health", processes, log_folder)
        wait_for(f"{servers.assistant}/webhooks/whatsapp/health", processes, log_folder)
        yield servers


@contextmanager
def running(
    command: list[str], *, log: Path, environment: dict[str, str]
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a process and end it afterwards."""
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own servers
            command, cwd=ROOT, env=environment, stdout=output, stderr=output
        )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


def action_environment(database_url: str) -> dict[str, str]:
    return {
        "OPENBOT_DATABASE_URL": database_url,
        "OPENBOT_WHATSAPP_PHONE_NUMBER_ID": "106540352242922",
        "OPENBOT_WHATSAPP_ACCESS_TOKEN": "token-of-the-tests",
        "OPENBOT_WHATSAPP_APP_SECRET": "s3cr3t-of-the-tests",
        "OPENBOT_WHATSAPP_VERIFY_TOKEN": "verify-me",
        "ACTION_SERVER_SANIC_WORKERS": "1",
    }


def wait_for(url: str, processes: list["subprocess.Popen[bytes]"], log_folder: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        for process in processes:
            if process.poll() is not None:
                logs = "\n".join(path.read_text()[-3000:] for path in log_folder.glob("*.log"))
                raise RuntimeError(f"{url}: a server ended\n{logs}")
        try:
            if httpx.get(url, timeout=2).status_code == httpx.codes.OK:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise RuntimeError(f"{url} does not answer")


def free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()
