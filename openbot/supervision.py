"""Keeps one program running: starts it, waits until it answers, passes its lines on, starts it again when it ends.

One that lives but gives no sign of life is ended first.
"""

import asyncio
import ctypes
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

from openbot.program import HEARTBEAT_FILE, Program

LOG_BYTES = 10 * 1024 * 1024
LONGEST_LINE = 1024 * 1024
#: A program that was up so long starts again at once; one that ends sooner waits longer each time.
STEADY_SECONDS = 30.0
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
#: A program without a port is taken for ready when it has lived so long.
ALIVE_SECONDS = 1.5
#: Ends before it was ever ready, after which it is not tried again.
HOPELESS = 3
#: From SIGTERM to SIGKILL for one that stands still: it will hardly hear.
STANDSTILL_SECONDS = 5.0
PR_SET_PDEATHSIG = 1

_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class Watched:
    """A program and its life. All methods belong to the event loop's thread, which must be the main one."""

    def __init__(self, program: Program, *, folder: Path, say: Callable[[str], None]) -> None:
        """`folder` gets the log file and, while it runs, its heartbeat; `say` gets its lines and ours."""
        self.program = program
        self.ready = asyncio.Event()
        self.hopeless = asyncio.Event()
        self.pid: int | None = None
        self._say = say
        self._stopping = asyncio.Event()
        self._process: asyncio.subprocess.Process | None = None
        self._lines: asyncio.Task[None] | None = None
        self._log = _log_file(folder / "log" / f"{program.name}.log")
        self._beat = (folder / "run" / f"{program.name}.beat").absolute()

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
        await _end(process, seconds=self.program.stop_seconds, at_once=at_once)

    def close(self) -> None:
        """Close the log file."""
        self._log.close()
        self._beat.unlink(missing_ok=True)

    async def _start(self) -> asyncio.subprocess.Process:
        parent = os.getpid()
        environment = {**os.environ, "PYTHONUNBUFFERED": "1", **self.program.environment}
        if self.program.beats:
            self._beat.parent.mkdir(parents=True, exist_ok=True)
            self._beat.unlink(missing_ok=True)
            environment[HEARTBEAT_FILE] = str(self._beat)
        # A pipe of our own: asyncio's would make us wait for a grandchild that holds it open.
        reading, writing = os.pipe()
        try:
            process = await asyncio.create_subprocess_exec(
                *self.program.command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=writing,
                stderr=writing,
                env=environment,
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
        looking = asyncio.create_task(self._look_after(process))
        code = await process.wait()
        looking.cancel()
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

    async def _look_after(self, process: asyncio.subprocess.Process) -> None:
        """Wait until it is ready, then until it gives no sign of life any more; end it."""
        began = time.monotonic()
        try:
            async with asyncio.timeout(self.program.start_seconds):
                await self._wait_until_ready()
        except TimeoutError:
            self._say(f"no answer after {self.program.start_seconds:g} s; ending it")
        else:
            self.ready.set()
            self._say(f"ready after {time.monotonic() - began:.1f} s")
            silent = await self._wait_until_silent()
            self._say(f"no sign of life for {silent:.0f} s; ending it")
        await _end(process, seconds=min(STANDSTILL_SECONDS, self.program.stop_seconds))

    async def _wait_until_ready(self) -> None:
        if self.program.port is None and not self.program.beats:
            await asyncio.sleep(ALIVE_SECONDS)
            return
        while not await self.program.is_ready(beat=self._beat):  # noqa: ASYNC110 - nobody tells us; we ask
            await asyncio.sleep(0.2)

    async def _wait_until_silent(self) -> float:
        """Return after how many seconds without a sign of life; any answer is one, also that something is wrong.

        Looks are counted, not time: after a laptop's sleep, or our own, nothing is late.
        """
        misses, since = 0, time.monotonic()
        beat: int | None = None
        while misses < self.program.misses:
            await asyncio.sleep(self.program.look_seconds)
            before, beat = beat, await self.program.sign_of_life(beat=self._beat)
            if beat is None or beat == before:
                misses += 1
            else:
                misses, since = 0, time.monotonic()
        return time.monotonic() - since


async def _end(
    process: asyncio.subprocess.Process, *, seconds: float, at_once: asyncio.Event | None = None
) -> None:
    """End the whole group: SIGTERM, then SIGKILL after so many seconds or when `at_once` is set."""
    _signal_group(process.pid, signal.SIGTERM)
    waits = [asyncio.ensure_future(each.wait()) for each in (process, at_once) if each is not None]
    await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()
    _signal_group(process.pid, signal.SIGKILL)
    await process.wait()


async def _line(stream: asyncio.StreamReader) -> bytes:
    try:
        return await stream.readline()
    except ValueError:
        return b"(a line of more than 1 MB)"


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
