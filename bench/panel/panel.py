"""The web process as it is deployed, and somebody signed in who asks it over HTTP."""

import http.client
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.panel.company import PASSWORD
from bench.systems import ROOT, free_ports
from openbot.processes import programs
from openbot.settings import Settings

_READY_SECONDS, _STOP_SECONDS = 60.0, 15.0
_ANSWER_SECONDS = 120.0
_SETTLE_SECONDS, _AT_REST = 30, 0.1  #: at most so long, until it uses so much of a second
_IDLE_SECONDS = 3.0  #: the server closes connections that nobody used for 5 s
_ELSEWHERE = "http://127.0.0.2"  # neither assistant nor actions are ours to start


class NotUp(Exception):
    """The web process did not start; its log says why."""


class Refused(Exception):
    """An answer that was not 200."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came, and when; seconds from the request."""

    first: float  #: the beginning of the body
    whole: float
    body: bytes

    @property
    def json(self) -> Any:
        """Read it."""
        return json.loads(self.body)


class Panel:
    """A running web process."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int) -> None:
        self._process, self.port = process, port
        self.url = f"http://127.0.0.1:{port}"

    def sign_in(self, email: str) -> "Visitor":
        """Sign somebody in as the page does."""
        return Visitor(self.port, email)

    def cpu(self) -> float:
        """Return the processor seconds it used so far, all threads together."""
        fields = self._proc("stat").rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> int:
        """Return the bytes it holds now."""
        return self._memory("VmRSS")

    def most_memory(self) -> int:
        """Return the most bytes it held since `forget_most`."""
        return self._memory("VmHWM")

    def forget_most(self) -> None:
        """Begin to look for the most anew."""
        Path(f"/proc/{self._process.pid}/clear_refs").write_text("5")

    def _memory(self, name: str) -> int:
        line = next(line for line in self._proc("status").splitlines() if line.startswith(name))
        return int(line.split()[1]) * 1024

    def _proc(self, file: str) -> str:
        return Path(f"/proc/{self._process.pid}/{file}").read_text()


class Visitor:
    """One browser's connection, kept open between requests."""

    def __init__(self, port: int, email: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_ANSWER_SECONDS)
        wish = json.dumps({"email": email, "password": PASSWORD, "takeover": True})
        headers = {"Content-Type": "application/json", "X-Openbot": "panel"}
        self._connection.request("POST", "/api/sign-in", wish, headers)
        answer = self._connection.getresponse()
        body = answer.read()
        if answer.status != http.client.OK:
            raise Refused(f"sign-in of {email}: {answer.status} {body[:200]!r}")
        self._used = time.monotonic()
        self.cookie = answer.headers["Set-Cookie"].split(";")[0]

    def get(self, path: str, **parameters: Any) -> Answer:
        """Ask for something. Raises Refused."""
        address = f"{path}?{urlencode(parameters, doseq=True)}" if parameters else path
        if time.monotonic() - self._used > _IDLE_SECONDS:
            self._connection.close()
            self._connection.connect()
        started = time.perf_counter()
        self._connection.request("GET", address, headers={"Cookie": self.cookie})
        answer = self._connection.getresponse()
        start = answer.read(1)
        first = time.perf_counter() - started
        body = start + answer.read()
        whole = time.perf_counter() - started
        self._used = time.monotonic()
        if answer.status != http.client.OK:
            raise Refused(f"{address}: {answer.status} {body[:200]!r}")
        return Answer(first, whole, body)


@contextmanager
def running(database_url: str, folder: Path) -> Iterator[Panel]:
    """Run the web process, with the very command of `openbot up`, on a free port. Raises NotUp."""
    (port,) = free_ports(1)
    values = {
        "database_url": database_url, "port": port, "rasa_url": _ELSEWHERE, "actions_url": _ELSEWHERE,
        "whatsapp_phone_number_id": "106540352242922", "whatsapp_access_token": "bench-access-token-0123456789",
        "whatsapp_app_secret": "bench-app-secret-0123456789", "whatsapp_verify_token": "bench-verify-token",
    }  # fmt: skip
    web = next(each for each in programs(Settings.load(**values)) if each.name == "web")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OPENBOT_")}
    environment |= {f"OPENBOT_{name.upper()}": str(value) for name, value in values.items()}
    with (folder / "web.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - our own program
            web.command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    try:
        _wait(process, port, log=folder / "web.log")
        panel = Panel(process, port)
        _settle(panel)
        yield panel
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: "subprocess.Popen[bytes]", port: int, *, log: Path) -> None:
    last = time.monotonic() + _READY_SECONDS
    while time.monotonic() < last and process.poll() is None:
        with (
            suppress(OSError, http.client.HTTPException),
            closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as one,
        ):
            one.request("GET", "/health")
            if one.getresponse().status == http.client.OK:
                return
        time.sleep(0.1)
    raise NotUp(log.read_text(errors="replace")[-2000:])


def _settle(panel: Panel) -> None:
    """Wait until the screens are loaded, too: they load behind the open door, and take a processor for seconds."""
    for _ in range(_SETTLE_SECONDS):
        before = panel.cpu()
        time.sleep(1)
        if panel.cpu() - before < _AT_REST:
            return
