"""`python -m worker`: answers turns, sends messages, fetches files, closes what expired; until SIGTERM."""

import logging
import os
import signal
import sys
import threading
from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from openbot.assistant import Assistant
from openbot.conversations.queueing import AtOnce
from openbot.database import Database
from openbot.files.chosen import store_of
from openbot.files.temporary import sweep
from openbot.settings import Settings, SettingsWrong
from openbot.whatsapp.client import GraphClient
from worker.broadcasts import Broadcasts
from worker.deadlines import Deadlines
from worker.files import FileWorker
from worker.heartbeat import Heartbeat
from worker.life import Life
from worker.loop import Loop
from worker.marks import Marks
from worker.metrics import Metrics
from worker.pace import Pace
from worker.presence import Presence
from worker.sender import Sender
from worker.turns import TurnWorker

log = logging.getLogger("worker")

#: A stop waits so long for what is in hand; then leases bring it back (architecture §6).
STOP_SECONDS = 25.0
#: Longest wait for WhatsApp's answer to a send; well under the outbox's lease.
SEND_SECONDS = 20.0
#: Files fetched or removed at the same time, and how often to look for one.
FILE_THREADS = 2
FILE_PAUSE = 0.5
#: How often to look whether WhatsApp is to be told what was read.
MARK_PAUSE = 0.5


def _now() -> datetime:
    return datetime.now(UTC)


def main() -> int:
    """Run until told to stop; returns the exit code."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        settings = Settings.load()
    except SettingsWrong as wrong:
        print(wrong, file=sys.stderr)  # noqa: T201 - before there is a log
        return 2
    threads = settings.turn_workers + settings.send_workers + FILE_THREADS + 1
    database = Database(settings.database_url, pool_size=threads + 4)
    client = GraphClient(
        base_url=settings.whatsapp_graph_url,
        version=settings.whatsapp_api_version,
        phone_number_id=settings.whatsapp_phone_number_id,
        access_token=settings.whatsapp_access_token.get_secret_value(),
        timeout=SEND_SECONDS,
    )
    assistant = Assistant(url=settings.rasa_url, timeout=settings.rasa_timeout_seconds)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    heartbeat = Heartbeat.of_this_process()
    heartbeat.start()
    life = Life(database=database, stop=stop, clock=_now)
    if life.begin():
        heartbeat.each_time(life.go_on)
        _run(
            settings=settings,
            database=database,
            client=client,
            assistant=assistant,
            name=life.name,
            heartbeat=heartbeat,
            stop=stop,
        )
    heartbeat.stop()
    life.end()
    assistant.close()
    client.close()
    database.close()
    return 1 if life.failed else 0


def _run(
    *,
    settings: Settings,
    database: Database,
    client: GraphClient,
    assistant: Assistant,
    name: str,
    heartbeat: Heartbeat,
    stop: threading.Event,
) -> None:
    metrics = Metrics()
    if settings.worker_metrics_port:
        metrics.serve(settings.worker_metrics_port)
    sweep()
    presence = Presence(client=client)
    pace = Pace(per_second=settings.whatsapp_messages_per_second)
    store = store_of(settings)
    sender = Sender(
        database=database,
        client=client,
        store=store,
        pace=pace,
        settings=settings,
        name=name,
        clock=_now,
        told=metrics.send,
    )
    sending = Loop(
        name="sender",
        threads=settings.send_workers,
        find=heartbeat.of("sender", sender.due),
        work=sender.work,
        changes=database.change_counter,
    )
    turns = TurnWorker(
        database=database,
        assistant=assistant,
        presence=presence,
        name=name,
        clock=_now,
        at_once=AtOnce(worker=name, interval=timedelta(seconds=settings.whatsapp_seconds_between_messages)),
        is_free=pace.take,
        deliver=lambda released: sending.run(partial(sender.deliver, released), what=str(released.id)),
        stored=sending.wake,
        told=metrics.turn,
    )
    answering = Loop(
        name="turns",
        threads=settings.turn_workers,
        find=heartbeat.of("turns", turns.due),
        work=turns.work,
        changes=database.change_counter,
    )
    files = FileWorker(
        database=database, client=client, store=store, settings=settings, name=name, clock=_now
    )
    keeping = Loop(
        name="files",
        threads=FILE_THREADS,
        find=files.due,
        work=files.work,
        # Heard here, for a large file may take longer than a part may be silent.
        changes=heartbeat.of("files", database.change_counter),
        pause=FILE_PAUSE,
    )
    loops = [answering, sending, keeping, _marking(database, client, heartbeat)]
    deadlines = Deadlines(database=database, clock=_now, zone=ZoneInfo(settings.time_zone))
    broadcasts = Broadcasts(database=database, client=client, settings=settings, clock=_now)
    broadcasts.look = heartbeat.of("broadcasts", lambda: None)
    for loop in loops:
        loop.start()
    deadlines.start()
    broadcasts.start()
    log.info("%s started, process %s", name, os.getpid())
    stop.wait()
    log.info("worker stopping: finishing what is in hand")
    finished = [loop.stop(timeout=STOP_SECONDS / 2) for loop in loops]
    deadlines.stop()
    broadcasts.stop()
    presence.stop()
    if not all(finished):
        log.warning("not finished in time: %s turns handed back, leases bring back sends", turns.hand_back())
        os._exit(0)  # threads still wait for an answer that nobody may use any more


def _marking(database: Database, client: GraphClient, heartbeat: Heartbeat) -> Loop:
    marks = Marks(database=database, client=client)
    return Loop(
        name="marks",
        threads=1,
        find=heartbeat.of("marks", marks.due),
        work=marks.work,
        changes=database.change_counter,
        pause=MARK_PAUSE,
    )


if __name__ == "__main__":
    sys.exit(main())
