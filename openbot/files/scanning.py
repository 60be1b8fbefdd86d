"""The virus scanner: a command of the installation's choice. No shell; without one everything is clean."""

import logging
import os
import shlex
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

log = logging.getLogger(__name__)

_CLEAN, _INFECTED = 0, 1
_WAIT_AFTER_KILL = 5.0


class Verdict(StrEnum):
    """What the scanner says."""

    CLEAN = "clean"
    INFECTED = "infected"
    AWAY = "away"  #: it could not scan: try again later


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanner:
    """Asks the command of OPENBOT_SCAN_COMMAND."""

    command: str
    seconds: float

    def scan(self, path: Path) -> Verdict:
        """Scan one file; never raises."""
        words = shlex.split(self.command)
        if not words:
            return Verdict.CLEAN
        by_input = words[-1] == "-"
        try:
            with path.open("rb") as file:
                code = self._run(
                    words if by_input else [*words, str(path)], file.fileno() if by_input else None
                )
        except OSError as error:
            log.error("the virus scanner cannot be started: %s", error.strerror)  # noqa: TRY400 - one line says it
            return Verdict.AWAY
        if code in (_CLEAN, _INFECTED):
            return Verdict.CLEAN if code == _CLEAN else Verdict.INFECTED
        log.error("the virus scanner could not scan: exit code %s", code)
        return Verdict.AWAY

    def _run(self, words: list[str], standard_input: int | None) -> int | None:
        process = subprocess.Popen(  # noqa: S603 - the command is the installation's own setting
            words,
            stdin=subprocess.DEVNULL if standard_input is None else standard_input,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8"},  # none of our secrets
            start_new_session=True,
        )
        try:
            return process.wait(self.seconds)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(_WAIT_AFTER_KILL)
            return None
