"""A killable process, and a world that comes after it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from openbot.database import Database
    from tests.support.world import Clock, World

ROOT = Path(__file__).resolve().parents[2]


class Victim:
    """Runs one step in a process of its own; `killed` says whether it died of SIGKILL."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "tests.kill_matrix.victim"],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def killed(self, **order: Any) -> bool:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        status = json.loads(self._process.stdout.readline())["status"]
        if os.WIFEXITED(status):
            assert os.WEXITSTATUS(status) == 0, "the step itself failed; its trace is above"
            return False
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True

    def stop(self) -> None:
        self._process.communicate(timeout=10)


@pytest.fixture(scope="session")
def victim() -> Iterator[Victim]:
    victim = Victim()
    yield victim
    victim.stop()


@pytest.fixture
def after(database: "Database", clock: "Clock", tmp_path: Path) -> "Iterator[World]":
    """What runs after the kill, over the same database; its phone's journal is shared with the victim."""
    from tests.kill_matrix.notes import note_taker
    from tests.support.world import World

    world = World(database, clock)
    world.whatsapp.journal = tmp_path / "phone.jsonl"
    world.whatsapp.journal.touch()
    world.whatsapp.numbers = count(1)
    world.assistant.act = note_taker(database)
    try:
        yield world
    finally:
        world.close()
