"""The numbers of the running processes, on disk: against a second start, and for what a killed one left behind."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from openbot.errors import OpenbotError

#: From SIGTERM to SIGKILL, for processes whose supervisor is gone.
LEFTOVER_SECONDS = 5.0


class AlreadyRunning(OpenbotError):
    """Openbot already runs from this folder."""

    code = "already_running"

    def __init__(self, *, pid: int) -> None:
        self.pid = pid
        super().__init__(
            f"Openbot already runs from this folder (process {pid}): stop it first (Ctrl-C there)."
        )


class RunFile:
    """Who runs from this folder."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, programs: Mapping[str, int]) -> None:
        """Note ourselves and the programs, by name and process id."""
        us = {"pid": os.getpid(), "born": _born(os.getpid())}
        theirs = {name: {"pid": pid, "born": _born(pid)} for name, pid in programs.items()}
        self._path.parent.mkdir(parents=True, exist_ok=True)
        new = self._path.with_suffix(".new")
        new.write_text(json.dumps({"openbot": us, "programs": theirs}), encoding="utf-8")
        new.replace(self._path)

    def remove(self) -> None:
        """Nobody runs any more."""
        self._path.unlink(missing_ok=True)

    def running(self, name: str) -> int | None:
        """Return the process id of a program that is alive."""
        entry = self._read().get("programs", {}).get(name)
        return entry["pid"] if entry and _alive(entry) else None

    def end_leftovers(self) -> list[str]:
        """End programs whose supervisor was killed; return their names. Raises AlreadyRunning when it lives."""
        noted = self._read()
        us = noted.get("openbot")
        if us and us["pid"] != os.getpid() and _alive(us):
            raise AlreadyRunning(pid=us["pid"])
        left = {name: entry for name, entry in noted.get("programs", {}).items() if _alive(entry)}
        for entry in left.values():
            _end_group(entry["pid"], signal.SIGTERM)
        deadline = time.monotonic() + LEFTOVER_SECONDS
        while any(_alive(entry) for entry in left.values()) and time.monotonic() < deadline:
            time.sleep(0.1)
        for entry in left.values():
            if _alive(entry):
                _end_group(entry["pid"], signal.SIGKILL)
        self.remove()
        return [f"{name} (process {entry['pid']})" for name, entry in left.items()]

    def _read(self) -> dict[str, Any]:
        try:
            noted = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return noted if isinstance(noted, dict) else {}


def _end_group(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def _alive(entry: Mapping[str, Any]) -> bool:
    """Tell whether that very process lives: a number alone may belong to another one by now."""
    born = _born(entry["pid"])
    return born is not None and born == entry["born"]


def _born(pid: int) -> str | None:
    """Return when a process was started, in the system's own words; None when there is none."""
    proc = Path("/proc")
    if (proc / "self" / "stat").exists():
        try:
            fields = (proc / str(pid) / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            return None
        return None if fields[0] == "Z" else fields[19]  # a zombie is dead; field 22 of proc(5)
    shown = subprocess.run(  # noqa: S603 - a number of ours
        ["ps", "-o", "lstart=", "-p", str(pid)],  # noqa: S607 - ps is where the system has it
        capture_output=True,
        text=True,
        check=False,
    )
    return shown.stdout.strip() or None
