"""What happens by the clock: orders expire, shifts end, what is no longer needed goes."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from openbot import plan
from openbot.conversations import departures, handover
from openbot.conversations.desk import presence
from openbot.crash import crash_at
from openbot.database import Database
from openbot.operators import admission, queries
from openbot.settings import Settings

log = logging.getLogger(__name__)

EVERY_SECONDS = 10.0
BATCH = 100
CLEAN_EVERY = timedelta(hours=1)


@dataclass(kw_only=True)
class Deadlines:
    """Looks every few seconds; idempotent, so any number of workers may do it."""

    database: Database
    clock: Callable[[], datetime]
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo(Settings.model_fields["time_zone"].default))
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _cleaned: datetime | None = None

    def start(self) -> None:
        """Begin."""
        self._thread = threading.Thread(target=self._run, name="deadlines")
        self._thread.start()

    def stop(self) -> None:
        """End after the batch in hand."""
        self._stop.set()
        if self._thread:
            self._thread.join()

    def once(self) -> int:
        """Do everything that is due; returns how many orders expired, were put off or given back."""
        self._clean_up()
        self._watch_plan()
        return self._expire() + self._end_shifts()

    def _end_shifts(self) -> int:
        """Give back the orders of people who are not at work any more, and end their sessions."""
        with self.database.reading() as session:
            zone, overtime = queries.working_time(session, default=self.zone)
            found = departures.departed(session, zone=zone, overtime=overtime, now=self.clock())
        given = 0
        for each in found:
            with self.database.transaction() as session:
                given += len(departures.settle(session, departed=each, now=self.clock()))
        return given

    def _watch_plan(self) -> None:
        """Tally what is over, and note when the month comes to 80 or 100 per cent of the plan."""
        now = self.clock()
        with self.database.reading() as session:
            if not plan.is_watched(session):
                return
            zone, _ = queries.working_time(session, default=self.zone)
            behind = plan.is_behind(session, now=now)
            tallies = (
                plan.count(session, quarters=plan.untallied(session, now=now, zone=zone)) if behind else []
            )
        if tallies:
            with self.database.transaction() as session:
                plan.store(session, tallies=tallies)
        with self.database.reading() as session:
            found, is_now, is_new = plan.to_reach(session, now=now, zone=zone)
        if is_new:
            with self.database.transaction() as session:
                plan.keep_reached(session, is_now=is_now)
            log.warning("plan: %s of %s messages used", found.used, found.allowance)

    def _clean_up(self) -> None:
        now = self.clock()
        if self._cleaned is None or now - self._cleaned >= CLEAN_EVERY:
            self._cleaned = now
            with self.database.transaction() as session:
                admission.forget(session, now=now)
                presence.forget(session, now=now)

    def _expire(self) -> int:
        settled = 0
        while not self._stop.is_set():
            with self.database.transaction() as session:
                expired, put_off = handover.expire_due(session, now=self.clock(), limit=BATCH)
                crash_at("expired, not committed")
            crash_at("expired")
            if expired or put_off:
                log.info("orders expired: %s, put off: %s", expired, put_off)
            settled += expired + put_off
            if expired + put_off < BATCH:
                break
        return settled

    def _run(self) -> None:
        while not self._stop.wait(EVERY_SECONDS):
            try:
                self.once()
            except Exception:  # tried again at the next look
                log.exception("deadlines failed")
