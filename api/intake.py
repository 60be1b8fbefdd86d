"""Stores webhooks off the event loop; those that wait for the database together go into one transaction."""

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from openbot.conversations.reception import Reception, Sorted
from openbot.crash import crash_at
from openbot.database import Database, DatabaseBusy
from openbot.whatsapp.envelope import Envelope

log = logging.getLogger(__name__)

#: Transactions at a time on PostgreSQL; SQLite has one writer.
LANES = 8
#: What tells that the database is away, not that an item is bad.
AWAY = (OperationalError, InterfaceError, NoConnection, DatabaseBusy)


@dataclass(slots=True)
class _Webhook:
    items: Envelope
    sorted: Sorted
    stored: Future[bool] = field(default_factory=Future)


class Intake:
    """Takes webhooks from any event loop and thread."""

    def __init__(self, *, database: Database, reception: Reception, clock: Callable[[], datetime]) -> None:
        self._database, self._reception, self._clock = database, reception, clock
        self._lanes = 1 if database.is_sqlite else LANES
        self._pool = ThreadPoolExecutor(self._lanes, thread_name_prefix="intake")
        self._guard = threading.Lock()
        self._waiting: list[_Webhook] = []
        self._busy = 0

    async def store(self, items: Envelope) -> bool:
        """Store a webhook; returns after the commit. False: the database is away, WhatsApp shall send it again."""
        webhook = _Webhook(items, self._reception.sort(items))
        with self._guard:
            self._waiting.append(webhook)
            begins = self._busy < self._lanes
            self._busy += begins
        if begins:
            self._pool.submit(self._work)
        return await asyncio.wrap_future(webhook.stored)

    def close(self) -> None:
        """Finish what waits, and end the threads."""
        self._pool.shutdown()

    def _work(self) -> None:
        while True:
            with self._guard:
                if not self._waiting:
                    self._busy -= 1
                    return
            self._store_waiting()

    def _store_waiting(self) -> None:
        """Store everything that waits once the database can be written, all or nothing; else one by one."""
        webhooks: list[_Webhook] = []
        try:
            with self._database.transaction() as session:
                webhooks = self._take()
                if webhooks:
                    items = Sorted.merged([webhook.sorted for webhook in webhooks])
                    self._reception.take(session, items=items, now=self._clock())
                crash_at("webhook stored, not committed")
        except AWAY as error:
            log.error("webhook not stored: %s", type(error).__name__)  # noqa: TRY400 - a trace would show messages
            _answer(webhooks or self._take(), stored=False)
        except Exception as error:  # noqa: BLE001 - whatever one webhook causes, the others shall not notice
            log.warning("webhooks are stored one by one: %s", type(error).__name__)
            for webhook in webhooks or self._take():
                _answer([webhook], stored=self._store_apart(webhook))
        else:
            crash_at("webhook committed, not answered")
            _answer(webhooks, stored=True)

    def _store_apart(self, webhook: _Webhook) -> bool:
        try:
            with self._database.transaction() as session:
                self._reception.take_apart(session, items=webhook.items, now=self._clock())
        except Exception as error:  # noqa: BLE001 - somebody waits for the answer
            log.error("webhook not stored: %s", type(error).__name__)  # noqa: TRY400 - as above
            return False
        return True

    def _take(self) -> list[_Webhook]:
        with self._guard:
            taken, self._waiting = self._waiting, []
        return taken


def _answer(webhooks: Sequence[_Webhook], *, stored: bool) -> None:
    for webhook in webhooks:
        if webhook.stored.set_running_or_notify_cancel():  # False: who asked is gone
            webhook.stored.set_result(stored)
