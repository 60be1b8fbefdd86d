"""One running Openbot: `openbot up --demo` on ports, folder and database of its own; driven through the simulator."""

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import func, select
from typer.testing import CliRunner

from openbot.cli import app
from openbot.database import Database
from openbot.run_file import RunFile
from openbot.schema import CompanySetting, Count, Inbound, Order, Outbound
from openbot.vocabulary import InboxState, OutboxState
from tests.e2e.phone import Phone

ROOT = Path(__file__).resolve().parents[2]
OPENBOT = Path(sys.executable).with_name("openbot")
START_SECONDS = 180.0
STOP_SECONDS = 60.0
PATIENCE = 60.0
#: Waits of a hurried test; the product's own are 2.5, 1 and 8 s.
WAITS = {
    "OPENBOT_TEXT_WAIT_SECONDS": "0.2",
    "OPENBOT_TEXT_WAIT_ANSWER_SECONDS": "0.05",
    "OPENBOT_TEXT_WAIT_LONGEST_SECONDS": "3",
}
UNREAD = (InboxState.DUE, InboxState.IN_TURN)
UNSENT = (OutboxState.QUEUED, OutboxState.RELEASED, OutboxState.UNCERTAIN)
PROCESSES = ("web", "worker", "actions", "rasa", "simulator")
PR_SET_PDEATHSIG = 1


class Company:
    """All processes of one installation, and what it keeps."""

    def __init__(self, folder: Path, *, database_url: str) -> None:
        self.folder, self.database_url = folder, database_url
        web, rasa, actions, simulator = free_ports(4)
        self.web_url, self.simulator_url = f"http://127.0.0.1:{web}", f"http://127.0.0.1:{simulator}"
        self.health = {
            "web": f"{self.web_url}/health",
            "rasa": f"http://127.0.0.1:{rasa}/",
            "actions": f"http://127.0.0.1:{actions}/health",
            "simulator": f"{self.simulator_url}/sim/clock",
        }
        theirs = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("OPENBOT_", "SIMULATOR_"))
        }
        self.environment = (
            theirs
            | WAITS
            | {
                "OPENBOT_DATABASE_URL": database_url,
                "OPENBOT_PORT": str(web),
                "OPENBOT_RASA_URL": f"http://127.0.0.1:{rasa}",
                "OPENBOT_ACTIONS_URL": f"http://127.0.0.1:{actions}",
                "SIMULATOR_PORT": str(simulator),
                "SIMULATOR_DEMO_CUSTOMERS": "0",
            }
        )
        self.output = folder / "openbot.txt"
        self.http = httpx.Client(base_url=self.simulator_url, timeout=130)
        self.phones = 0

    # --- life -------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start all processes; returns when everything is up."""
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(  # noqa: S603 - our own arguments
                [str(OPENBOT), "up", "--demo", "--folder", str(self.folder)],
                cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                start_new_session=True, preexec_fn=_end_with_us,  # noqa: PLW1509 - no threads yet
            )  # fmt: skip
        until(lambda: self.says("Everything is up") or self.process.poll() is not None, seconds=START_SECONDS)
        assert self.process.poll() is None, self.output.read_text()
        self.database = Database(self.database_url)
        with (
            self.database.transaction() as session
        ):  # what is said at night would differ from what is said at noon
            session.merge(CompanySetting(key="away_notice", value=False))
        self.set_behaviour(sent_ms=0, delivered_ms=0, read_ms=0, retry_first_ms=100, retry_max_ms=500)

    def stop(self) -> int:
        """Stop all as Ctrl-C does, and return the exit code."""
        self.http.close()
        if hasattr(self, "database"):
            self.database.close()
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(STOP_SECONDS)
        finally:
            self.process.kill()

    def says(self, words: str) -> bool:
        return words in self.output.read_text(errors="replace")

    def log(self, name: str) -> str:
        return (self.folder / "log" / f"{name}.log").read_text(errors="replace")

    # --- single processes ---------------------------------------------------------------------------

    def pid(self, name: str) -> int | None:
        """The process id of a living process."""
        return RunFile(self.folder / "run" / "openbot.json").running(name)

    def kill(self, name: str, *, how: signal.Signals = signal.SIGKILL) -> int:
        """Kill one process; the supervisor starts it again. Returns the id that it had."""
        pid = self.pid(name)
        assert pid is not None, f"{name} does not run"
        os.kill(pid, how)
        return pid

    def wait_for(self, name: str, *, other_than: int) -> None:
        """Wait until the supervisor has brought a process back."""
        until(lambda: self.pid(name) not in {None, other_than} and self.answers(name), seconds=START_SECONDS)

    def answers(self, name: str) -> bool:
        if name not in self.health:
            return True
        try:
            return httpx.get(self.health[name], timeout=2).is_success
        except httpx.HTTPError:
            return False

    # --- the simulator ------------------------------------------------------------------------------

    def sim(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.http.request(method, f"/sim/{path}", json=body)
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()

    def set_behaviour(self, **switches: Any) -> None:
        self.sim("PUT", "behaviour", switches)

    def set_faults(self, **switches: Any) -> None:
        self.sim("PUT", "faults", switches)

    def statistics(self) -> dict[str, Any]:
        found: dict[str, Any] = self.sim("GET", "statistics")
        return found

    def phone(self, name: str = "Ana Paz", *, hidden: bool = False) -> Phone:
        """A new customer; `hidden`: WhatsApp tells us only a user id."""
        self.phones += 1
        wish = {"name": name, "phone": f"54911{45_000_000 + self.phones}", "phone_visible": not hidden}
        return Phone(self, self.sim("POST", "customers", wish))

    # --- what the installation knows ----------------------------------------------------------------

    def command(self, *arguments: str) -> Any:
        """What `openbot … --json` prints."""
        done = CliRunner().invoke(
            app, [*arguments, "--json"], env={"OPENBOT_DATABASE_URL": self.database_url}
        )
        assert done.exit_code == 0, f"{arguments}: {done.output} {done.exception!r}"
        return json.loads(done.stdout)

    def is_quiet(self, contact_id: int) -> bool:
        """Nothing of this contact waits to be answered or sent."""
        came = select(Inbound.id).where(Inbound.contact_id == contact_id, Inbound.state.in_(UNREAD)).exists()
        goes = (
            select(Outbound.id).where(Outbound.contact_id == contact_id, Outbound.state.in_(UNSENT)).exists()
        )
        with self.database.reading() as session:
            return not session.scalar(select(came | goes))

    def count(self, name: str) -> int:
        with self.database.reading() as session:
            return session.scalar(select(Count.value).where(Count.name == name)) or 0

    def open_orders_per_contact(self) -> int:
        """The most that any contact has."""
        per = select(func.count()).where(Order.closed_at.is_(None)).group_by(Order.contact_id)
        with self.database.reading() as session:
            return max(session.scalars(per), default=0)


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def until(condition: Callable[[], object], *, seconds: float = PATIENCE, pause: float = 0.03) -> None:
    """Wait for something that must happen."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(pause)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    with closing(Path(f"/proc/{pid}/stat").open()) as stat:
        return stat.read().rpartition(")")[2].split()[0] != "Z"


def _end_with_us() -> None:
    """In the child: stop when the tests die, however they die (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
