"""Starts the two systems that are compared, each with the processes it has in production."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
ASSISTANT_PYTHON = str(ROOT / "bot" / ".venv" / "bin" / "python")
READY_SECONDS = 180
SECRET = "bench-app-secret-0123456789"  # noqa: S105 - of the load generator
NUMBER_ID = "106540352242922"


class NotReady(RuntimeError):
    """A process did not come up; its log says why."""


def free_ports(count: int) -> list[int]:
    """Return ports nobody listens on now."""
    with contextlib.ExitStack() as open_sockets:
        found = [open_sockets.enter_context(socket.socket()) for _ in range(count)]
        for one in found:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in found]


class Processes:
    """Programs of one system; `cpu()` tells where the time went."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._folder = folder
        self._environment = {**os.environ, **environment, "RASA_TELEMETRY_ENABLED": "false"}
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, command: Sequence[str]) -> None:
        """Start a program from the project's folder; its output goes to `<name>.log`."""
        with (self._folder / f"{name}.log").open("wb") as log:
            self._running[name] = subprocess.Popen(  # noqa: S603 - our own programs
                command,
                cwd=ROOT,
                env=self._environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_for(self, name: str, port: int) -> None:
        """Return when the program listens. Raises NotReady."""
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline and self._running[name].poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                return
            time.sleep(0.2)
        log = (self._folder / f"{name}.log").read_text(errors="replace")[-2000:]
        raise NotReady(f"{name} is not listening on {port}:\n{log}")

    def cpu(self) -> dict[str, float]:
        """Return the processor seconds each program used so far."""
        ticks = os.sysconf("SC_CLK_TCK")
        return {name: _ticks(process.pid) / ticks for name, process in self._running.items()}

    def stop(self) -> None:
        """End all, politely first."""
        for process in self._running.values():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        for process in self._running.values():
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


def _ticks(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])


@contextlib.contextmanager
def openbot(*, database_url: str | None, sink_port: int) -> Iterator[tuple[Processes, int]]:
    """Run Openbot as it is deployed; yields its processes and the webhook's port."""
    with tempfile.TemporaryDirectory(prefix="openbot-bench-") as name:
        folder = Path(name)
        web, rasa, actions = free_ports(3)
        environment = {
            "OPENBOT_DATABASE_URL": database_url or f"sqlite:///{folder}/bench.db",
            "OPENBOT_WHATSAPP_PHONE_NUMBER_ID": NUMBER_ID,
            "OPENBOT_WHATSAPP_ACCESS_TOKEN": "bench-access-token-0123456789",
            "OPENBOT_WHATSAPP_APP_SECRET": SECRET,
            "OPENBOT_WHATSAPP_VERIFY_TOKEN": "bench-verify-token",
            "OPENBOT_WHATSAPP_GRAPH_URL": f"http://127.0.0.1:{sink_port}",
            "OPENBOT_WHATSAPP_MESSAGES_PER_SECOND": "10000",
            "OPENBOT_WHATSAPP_SECONDS_BETWEEN_MESSAGES": "0",
            "OPENBOT_TEXT_WAIT_SECONDS": "0",
            "OPENBOT_TEXT_WAIT_ANSWER_SECONDS": "0",
            "OPENBOT_RASA_URL": f"http://127.0.0.1:{rasa}",
            "OPENBOT_ACTIONS_URL": f"http://127.0.0.1:{actions}",
        }
        processes = Processes(folder, environment)
        command = [str(Path(PYTHON).parent / "openbot")]
        for step in (["migrate"], ["seed"], ["train"]):
            subprocess.run(  # noqa: S603 - our own program
                command + step,
                cwd=ROOT,
                env={**os.environ, **environment},
                check=True,
                stdout=subprocess.DEVNULL,
            )
        try:
            processes.start("actions", [PYTHON, "-m", "actions", "--port", str(actions)])
            serve = [ASSISTANT_PYTHON, "bot/serve.py", "--port", str(rasa)]
            processes.start("rasa", [*serve, "--actions", f"http://127.0.0.1:{actions}/webhook"])
            app = [PYTHON, "-m", "uvicorn", "api.app:create_app", "--factory", "--loop", "uvloop"]
            processes.start("web", [*app, "--no-access-log", "--log-level", "warning", "--port", str(web)])
            processes.start("worker", [PYTHON, "-m", "worker"])
            for program, port in (("actions", actions), ("web", web), ("rasa", rasa)):
                processes.wait_for(program, port)
            yield processes, web
        finally:
            processes.stop()


@contextlib.contextmanager
def stock_rasa(*, sink_port: int, cache: Path) -> Iterator[tuple[Processes, int]]:
    """Run the baseline; yields its processes and the webhook's port. Trains once into `cache`."""
    with tempfile.TemporaryDirectory(prefix="stock-bench-") as name:
        folder = Path(name)
        rasa, actions = free_ports(2)
        environment = {
            "PYTHONPATH": str(ROOT),
            "STOCK_ACTIONS_URL": f"http://127.0.0.1:{actions}/webhook",
            "STOCK_TRACKER_DB": f"{folder}/tracker.db",
            "STOCK_ORDERS_DB": f"{folder}/orders.db",
            "STOCK_APP_SECRET": SECRET,
            "STOCK_GRAPH_URL": f"http://127.0.0.1:{sink_port}",
        }
        model = cache / "stock.tar.gz"
        if not model.exists():
            _train_stock(cache)
        processes = Processes(folder, environment)
        try:
            sdk = [PYTHON, "-m", "rasa_sdk", "--actions", "bench.stock.stock_actions"]
            processes.start("stock actions", [*sdk, "--port", str(actions)])
            run = [ASSISTANT_PYTHON, "-m", "rasa", "run", "--model", str(model), "--port", str(rasa)]
            files = [
                "--endpoints",
                "bench/stock/endpoints.yml",
                "--credentials",
                "bench/stock/credentials.yml",
            ]
            processes.start("stock rasa", [*run, "-i", "127.0.0.1", *files])
            for program, port in (("stock actions", actions), ("stock rasa", rasa)):
                processes.wait_for(program, port)
            yield processes, rasa
        finally:
            processes.stop()


def _train_stock(cache: Path) -> None:
    cache.mkdir(parents=True, exist_ok=True)
    data = [
        "--config",
        "bench/stock/config.yml",
        "--domain",
        "bench/stock/domain.yml",
        "--data",
        "bench/stock/data",
    ]
    subprocess.run(  # noqa: S603 - the assistant's own program
        [ASSISTANT_PYTHON, "-m", "rasa", "train", *data, "--out", str(cache), "--fixed-model-name", "stock"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "RASA_TELEMETRY_ENABLED": "false"},
        check=True,
        stdout=subprocess.DEVNULL,
    )
