"""A process that does one step and may be killed in it. Started once; each step is a fork, so imports cost once.

Reads one JSON object a line, answers with the wait status of the child.
"""

import json
import os
import sys
import tempfile
import traceback
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from openbot import crash
from openbot.assistant import AssistantAway
from openbot.database import Database
from openbot.schema import Base
from tests.kill_matrix.notes import note_taker
from tests.support.files import PNG
from tests.support.world import World

#: What WhatsApp has of the customer, by whichever process it is asked.
CUSTOMERS_FILE = "1001"


class FixedClock:
    """The time that the test says it is."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **_by: float) -> datetime:
        return self.now


def main() -> None:
    _warm_up()
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            _be_killed(order)
        _, status = os.waitpid(child, 0)
        print(json.dumps({"status": status}), flush=True)  # noqa: T201 - the protocol


def _warm_up() -> None:
    """Go the whole way once, so that no fork has to load and map anything."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/warm.db")
        Base.metadata.create_all(database.engine)
        clock = FixedClock(datetime(2026, 11, 24, 13, tzinfo=UTC))
        world = World(database, clock)
        world.assistant.act = note_taker(database)
        world.says("hola")
        clock.now += timedelta(seconds=3)
        world.settle()
        world.deadlines.once()
        world.close()
        database.close()


def _be_killed(order: dict[str, Any]) -> None:
    code = 1
    try:
        _do(order)
        code = 0
    except BaseException:  # noqa: BLE001 - whatever happens, the child must not go on as the parent
        traceback.print_exc()
    finally:
        os._exit(code)


def _do(order: dict[str, Any]) -> None:
    crash._CRASH_AT = order["crash_at"]
    database = Database(order["url"])
    clock = FixedClock(datetime.fromisoformat(order["now"]))
    world = World(database, clock, files_dir=Path(order["files"]))
    world.whatsapp.journal = Path(order["journal"])
    world.whatsapp.numbers = count(os.getpid() * 1000)
    world.assistant.act = note_taker(database)
    match order["step"]:
        case "receive":
            world.post(order["webhook"])
        case "answer":
            world.answer()
        case "answer at once":
            world.sends_at_once = True
            world.answer()
        case "away":
            world.assistant.errors = [AssistantAway("nobody there")]
            world.answer()
        case "send" | "send a file":
            world.send()
        case "fetch" | "refuse" | "remove":
            world.whatsapp.media = {CUSTOMERS_FILE: PNG}
            world.fetch()
        case "expire":
            world.deadlines.once()


if __name__ == "__main__":
    main()
