"""Keeps one program running: starts it, waits until it answers, passes its lines on, starts it again when it ends."""

import asyncio
import ctypes
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from logging.handlers import RotatingFileHandler
from pathlib import Path

LOG_BYTES = 10 * 1024 * 1024
LONGEST_LINE = 1024 * 1024
#: A program that was up so long starts again at once; one that ends sooner waits longer each time.
STEADY_SECONDS = 30.0
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
#: A program without a port is taken for ready when it has lived so long.
ALIVE_SECONDS = 1.5
#: Ends before it was ever ready, after which it is not tried again.
HOPELESS = 3
PR_SET_PDEATHSIG = 1

_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One process of Openbot."""

    name: str
    command: tuple[str, ...]
    host: str = "127.0.0.1"
    port: int | None = None  #: where it listens
    setting: str = ""  #: the variable that moves it to another port
    health: str = ""  #: path that answers 2xx when it is ready; empty: a connection is enough
    environment: Mapping[str, str] = field(default_factory=dict)  #: on top of ours
    stop_last: bool = False  #: others still need it while they finish
    stop_seconds: float = 8.0  #: from SIGTERM to SIGKILL

    @property
    def reachable_host(self) -> str:
        """Where a client of this machine finds it."""
        return "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104 - compared, not bound


class Watched:
    """A program and its life. All methods belong to the event loop's thread, which must be the main one."""

    def __init__(self, program: Program, *, folder: Path, say: Callable[[str], None]) -> None:
        """`folder` gets the log file; `say` gets its lines and ours."""
        self.program = program
        self.ready = asyncio.Event()
        self.hopeless = asyncio.Event()
        self.pid: int | None = None
        self._say = say
        self._stopping = asyncio.Event()
        self._process: asyncio.subprocess.Process | None = None
        self._lines: asyncio.Task[None] | None = None
        self._log = _log_file(folder / f"{program.name}.log")

    async def keep(self, started: Callable[[], None]) -> None:
        """Run the program until `stop`; `started` is called after each start, when `pid` is new."""
        pause, failures = FIRST_PAUSE, 0
        while not self._stopping.is_set():
            if self.program.port and not await _free(self.program.host, self.program.port):
                self._say(f"port {self.program.port} is in use by another program ({self.program.setting})")
            if self._stopping.is_set():
                break
            began = time.monotonic()
            process = await self._start()
            started()
            if self._stopping.is_set():  # asked while it was being started
                _signal_group(process.pid, signal.SIGTERM)
            code = await self._attend(process)
            _signal_group(process.pid, signal.SIGKILL)  # what it may have started itself
            if self._stopping.is_set():
                break
            failures = 0 if self.ready.is_set() else failures + 1
            self.ready.clear()
            if failures == HOPELESS:
                self._say(
                    f"ended {HOPELESS} times without ever being ready; giving up (var/log has its words)"
                )
                self.hopeless.set()
                break
            steady = time.monotonic() - began > STEADY_SECONDS
            pause = FIRST_PAUSE if steady else pause
            self._say(f"ended ({_reason(code)}); starting again in {pause:g} s")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def stop(self, *, at_once: asyncio.Event) -> None:
        """End the program's whole group: SIGTERM, then SIGKILL after its time or when `at_once` is set."""
        self._stopping.set()
        process = self._process
        if process is None or process.returncode is not None:
            return
        _signal_group(process.pid, signal.SIGTERM)
        waits = [asyncio.ensure_future(process.wait()), asyncio.ensure_future(at_once.wait())]
        await asyncio.wait(waits, timeout=self.program.stop_seconds, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        _signal_group(process.pid, signal.SIGKILL)
        await process.wait()

    def close(self) -> None:
        """Close the log file."""
        self._log.close()

    async def _start(self) -> asyncio.subprocess.Process:
        parent = os.getpid()
        # A pipe of our own: asyncio's would make us wait for a grandchild that holds it open.
        reading, writing = os.pipe()
        try:
            process = await asyncio.create_subprocess_exec(
                *self.program.command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=writing,
                stderr=writing,
                env={**os.environ, "PYTHONUNBUFFERED": "1", **self.program.environment},
                start_new_session=True,
                preexec_fn=lambda: _end_with(parent),
            )
        except OSError:
            os.close(reading)
            raise
        finally:
            os.close(writing)
        self._process, self.pid = process, process.pid
        self._lines = asyncio.create_task(self._pass_on(reading))
        return process

    async def _attend(self, process: asyncio.subprocess.Process) -> int:
        """Wait for its end; return its code."""
        readiness = asyncio.create_task(self._wait_until_ready())
        code = await process.wait()
        readiness.cancel()
        # A grandchild may hold the pipe open; the last words of the program itself are there already.
        if self._lines is not None:
            await asyncio.wait([self._lines], timeout=0.5)
            self._lines.cancel()
        return code

    async def _pass_on(self, reading: int) -> None:
        stream = asyncio.StreamReader(limit=LONGEST_LINE)
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(stream), os.fdopen(reading, "rb")
        )
        try:
            while line := await _line(stream):
                text = line.decode(errors="replace").rstrip()
                self._log.emit(logging.makeLogRecord({"msg": text}))
                self._say(text)
        finally:
            transport.close()

    async def _wait_until_ready(self) -> None:
        began = time.monotonic()
        if self.program.port is None:
            await asyncio.sleep(ALIVE_SECONDS)
        else:
            while not await _answers(self.program):  # noqa: ASYNC110 - nobody tells us; we ask
                await asyncio.sleep(0.2)
        self.ready.set()
        self._say(f"ready after {time.monotonic() - began:.1f} s")


async def _line(stream: asyncio.StreamReader) -> bytes:
    try:
        return await stream.readline()
    except ValueError:
        return b"(a line of more than 1 MB)"


async def _answers(program: Program) -> bool:
    try:
        async with asyncio.timeout(2):
            reader, writer = await asyncio.open_connection(program.reachable_host, program.port)
            try:
                if not program.health:
                    return True
                request = f"GET {program.health} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                writer.write(request.encode())
                return b" 2" in (await reader.readline())[:12]
            finally:
                writer.close()
    except (OSError, TimeoutError, ValueError):
        return False


async def _free(host: str, port: int, *, seconds: float = 3.0) -> bool:
    """Wait a little for a port that its last user is about to give back."""
    deadline = time.monotonic() + seconds
    while port_in_use(host, port):
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(0.1)
    return True


def port_in_use(host: str, port: int) -> bool:
    """Tell whether somebody else listens on that port of this machine."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError:
            return True
    return False


def _end_with(parent: int) -> None:
    """In the child, before its program: be stopped when the parent dies, however it dies (Linux)."""
    if _LIBC is not None:
        _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)


def _signal_group(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def _reason(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def _log_file(path: Path) -> RotatingFileHandler:
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=3, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    return handler
