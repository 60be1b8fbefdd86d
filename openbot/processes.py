"""`openbot up`: which processes there are, and their common life from the first start to Ctrl-C."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from openbot.errors import OpenbotError
from openbot.program import Program
from openbot.run_file import RunFile
from openbot.settings import Settings
from openbot.supervision import Watched, port_in_use

ROOT = Path(__file__).resolve().parent.parent
ASSISTANT_PYTHON = ROOT / "bot" / ".venv" / "bin" / "python"
ASSISTANT_HEALTH = "/webhooks/whatsapp/health"
LOCAL = {"127.0.0.1", "localhost", "::1"}
COLOURS = (36, 33, 35, 32, 34)
#: The worker finishes what it has in hand (worker/__main__.py gives itself 25 s).
WORKER_SECONDS = 28.0


class PortsInUse(OpenbotError):
    """A port is taken by another program."""

    code = "ports_in_use"

    def __init__(self, *, programs: Sequence[Program]) -> None:
        self.programs = programs
        taken = "; ".join(
            f"port {each.port} ({each.name}; set {each.setting} to move it)" for each in programs
        )
        super().__init__(f"In use by another program: {taken}.")


class PartMissing(OpenbotError):
    """Something that a process needs is not installed or not made yet."""

    code = "part_missing"


def run(
    settings: Settings, *, simulator: Program | None = None, folder: Path = Path("var"), banner: str = ""
) -> int:
    """Start everything, watch it until SIGINT, SIGTERM or SIGHUP, stop it; return the exit code.

    A program that ends is started again; one that never gets ready ends all (1). `folder` keeps logs and the
    numbers of the processes; `banner` is printed when everything is ready. Raises PortsInUse, PartMissing and
    run_file.AlreadyRunning before anything is started.
    """
    chosen = programs(settings)
    if simulator is not None:
        chosen.append(simulator)
    return watch(chosen, folder=folder, banner=banner)


def watch(chosen: Sequence[Program], *, folder: Path, banner: str = "") -> int:
    """Run these programs as `run` does."""
    run_file = RunFile(folder / "run" / "openbot.json")
    for left in run_file.end_leftovers():
        _print(f"Stopped {left}, left over from an earlier run.")
    taken = [each for each in chosen if each.port and port_in_use(each.host, each.port)]
    if taken:
        raise PortsInUse(programs=taken)
    return asyncio.run(_Company(chosen, folder=folder, run_file=run_file, banner=banner).live())


def programs(settings: Settings) -> list[Program]:
    """Return the processes of this machine; an assistant or action server elsewhere is not ours to start."""
    found = [_web(settings), _worker()]
    rasa, actions = urlsplit(settings.rasa_url), urlsplit(settings.actions_url)
    if actions.hostname in LOCAL:
        found.append(_actions(actions.port or 80))
    if rasa.hostname in LOCAL:
        found.append(_rasa(rasa.port or 80, settings))
    return found


def _web(settings: Settings) -> Program:
    serve = ["-m", "uvicorn", "api.app:create_app", "--factory", "--loop", "uvloop", "--http", "httptools"]
    where = [
        "--no-access-log",
        "--log-level",
        "warning",
        "--host",
        settings.host,
        "--port",
        str(settings.port),
        "--timeout-graceful-shutdown",
        "5",
        "--forwarded-allow-ips",
        ",".join(settings.believed),
    ]
    return Program(
        name="web",
        command=(sys.executable, *serve, *where),
        host=settings.host,
        port=settings.port,
        setting="OPENBOT_PORT",
        health="/health",
    )


def _worker() -> Program:
    command = (sys.executable, "-m", "worker")
    return Program(name="worker", command=command, beats=True, stop_seconds=WORKER_SECONDS)


def _actions(port: int) -> Program:
    return Program(
        name="actions",
        command=(sys.executable, "-m", "actions", "--port", str(port)),
        port=port,
        setting="OPENBOT_ACTIONS_URL",
        health="/health",
        environment={"ACTION_SERVER_SANIC_WORKERS": "1"},
        stop_last=True,
    )


def _rasa(port: int, settings: Settings) -> Program:
    if not ASSISTANT_PYTHON.exists():
        raise PartMissing("The assistant's environment is missing: run `make setup`.")
    if not any((ROOT / "models").glob("*.tar.gz")):
        raise PartMissing("The assistant has no model yet: run `make train`.")
    script = str(ROOT / "bot" / "serve.py")
    to_actions = ("--actions", f"{settings.actions_url}/webhook")
    return Program(
        name="rasa",
        command=(str(ASSISTANT_PYTHON), script, "--port", str(port), *to_actions),
        port=port,
        setting="OPENBOT_RASA_URL",
        health=ASSISTANT_HEALTH,
        environment={
            "OPENBOT_PUBLIC_DOOR_URL": f"http://127.0.0.1:{settings.port}/whatsapp/webhook",
            "PYTHONWARNINGS": "ignore",  # its old libraries complain about each other at every start
        },
        stop_last=True,
    )


class _Company:
    """All programs together."""

    def __init__(self, chosen: Sequence[Program], *, folder: Path, run_file: RunFile, banner: str) -> None:
        self._banner = banner
        self._run_file = run_file
        self._width = max(len(each.name) for each in chosen)
        self._colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        self._watched = [
            Watched(each, folder=folder, say=self._voice(each.name, COLOURS[index % len(COLOURS)]))
            for index, each in enumerate(chosen)
        ]

    async def live(self) -> int:
        stop, at_once = asyncio.Event(), asyncio.Event()

        def asked_to_stop() -> None:
            (at_once if stop.is_set() else stop).set()

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, asked_to_stop)
        keepers = [asyncio.create_task(each.keep(self._note)) for each in self._watched]
        greeting = asyncio.create_task(self._greet())
        gave_up = asyncio.create_task(self._any_hopeless())
        asked = asyncio.create_task(stop.wait())
        done, _ = await asyncio.wait([gave_up, asked, *keepers], return_when=asyncio.FIRST_COMPLETED)
        greeting.cancel()
        gave_up.cancel()
        _print("Stopping …")
        for last in (False, True):
            group = [each.stop(at_once=at_once) for each in self._watched if each.program.stop_last is last]
            await asyncio.gather(*group)
        await asyncio.gather(*keepers)
        for each in self._watched:
            each.close()
        self._run_file.remove()
        return 0 if asked in done else 1

    async def _greet(self) -> None:
        await asyncio.gather(*(each.ready.wait() for each in self._watched))
        _print(self._banner or "Everything is up. Ctrl-C stops it.")

    async def _any_hopeless(self) -> None:
        waits = [asyncio.create_task(each.hopeless.wait()) for each in self._watched]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    def _note(self) -> None:
        self._run_file.write({each.program.name: each.pid for each in self._watched if each.pid is not None})

    def _voice(self, name: str, colour: int) -> Callable[[str], None]:
        prefix = f"{name:<{self._width}} |"
        if self._colour:
            prefix = f"\x1b[{colour}m{prefix}\x1b[0m"
        return lambda line: _print(f"{prefix} {line}")


def _print(line: str) -> None:
    # Whoever read our output may be gone; the logs of the programs have every line.
    with suppress(OSError, ValueError):
        print(line, flush=True)  # noqa: T201 - a command line prints
