"""`python -m actions --port 5055`: the action server, on this machine only; until SIGTERM."""

import argparse
import logging
import sys
from datetime import UTC, datetime

from rasa_sdk.endpoint import create_app

from actions.executor import Executor
from actions.process import process
from openbot.settings import SettingsWrong

#: A stop waits so long for calls in hand; a call that is cut off is made again (architecture §6).
STOP_SECONDS = 5.0


def main() -> int:
    """Serve until told to stop; returns the exit code."""
    arguments = argparse.ArgumentParser(prog="python -m actions")
    arguments.add_argument("--port", type=int, default=5055)
    arguments.add_argument("--host", default="127.0.0.1")
    chosen = arguments.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        _warm_up()
    except SettingsWrong as wrong:
        print(wrong, file=sys.stderr)  # noqa: T201 - before there is a log
        return 2
    executor = Executor()
    executor.register_package("actions")
    app = create_app(executor, cors_origins=[])
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = STOP_SECONDS
    app.config.KEEP_ALIVE_TIMEOUT = 120
    # One process: an action waits for the database in a thread, the loop takes the next call meanwhile.
    app.run(host=chosen.host, port=chosen.port, single_process=True, access_log=False, motd=False)
    return 0


def _warm_up() -> None:
    """Read settings and catalogue before the first customer waits for them."""
    here = process()
    with here.database.reading() as session:
        here.goods(session, now=datetime.now(UTC))


if __name__ == "__main__":
    sys.exit(main())
