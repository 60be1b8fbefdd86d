"""Broadcasts go on, a few messages at a time, behind conversations; templates are fetched now and then."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from openbot.broadcasts import operations, recipients, running
from openbot.broadcasts.running import Open
from openbot.database import Database
from openbot.operators import queries
from openbot.schema import MessageTemplate
from openbot.settings import Settings
from openbot.templates import operations as templates
from openbot.templates.filling import APPROVED
from openbot.vocabulary import BroadcastState
from openbot.whatsapp import reactions
from openbot.whatsapp.client import GraphClient, Refused
from openbot.whatsapp.refusals import Family

log = logging.getLogger(__name__)

#: How often to look while something runs, and while nothing does.
BUSY_SECONDS, IDLE_SECONDS = 0.2, 1.0
#: The list of templates and the tier are looked at no more often than this.
LOOK_EVERY, COUNT_EVERY = timedelta(seconds=15), timedelta(seconds=30)
#: So near to the tier's end every message is counted anew.
NEARLY = 100


@dataclass(kw_only=True)
class Broadcasts:
    """One thread; any number of workers may do it, for every step locks its broadcast first."""

    database: Database
    client: GraphClient
    settings: Settings
    clock: Callable[[], datetime]
    look: Callable[[], None] = field(default=lambda: None)  #: called at every look: a sign of life
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _looked: datetime | None = None
    _counted: tuple[datetime, int] | None = None

    def start(self) -> None:
        """Begin."""
        self._thread = threading.Thread(target=self._run, name="broadcasts")
        self._thread.start()

    def stop(self) -> None:
        """End after the step in hand."""
        self._stop.set()
        if self._thread:
            self._thread.join()

    def once(self) -> bool:
        """Do the next step of everything that is open; False when nothing is."""
        self._fetch_templates()
        with self.database.reading() as session:
            found = running.open_ones(session, now=self.clock())
        for each in found:
            if self._stop.is_set():
                break
            self._step(each)
        return bool(found)

    def _step(self, open_one: Open) -> None:
        if open_one.state is BroadcastState.SCHEDULED:
            with self.database.transaction() as session:
                operations.start_due(session, broadcast_id=open_one.id, now=self.clock())
            return
        if self._settle(open_one) or open_one.state is not BroadcastState.RUNNING:
            return
        if not open_one.is_frozen:
            self._freeze(open_one)
            return
        self._queue(open_one)

    def _settle(self, open_one: Open) -> bool:
        """Record what became of its messages; True when it was paused for that."""
        with self.database.reading() as session:
            ids = recipients.to_settle(session, broadcast_id=open_one.id)
            trouble = recipients.stuck(session, broadcast_id=open_one.id)
        if not ids and trouble is None:
            return False
        with self.database.transaction() as session:
            broadcast = operations.lock(session, broadcast_id=open_one.id)
            found = recipients.settle(session, broadcast=broadcast, ids=ids, now=self.clock()) or trouble
            stops = found is not None and broadcast.state is BroadcastState.RUNNING
            if found is not None and stops:
                log.warning("broadcast %s is paused: %s", open_one.id, found)
                operations.pause(session, broadcast_id=open_one.id, note=found.explanation)
        return stops

    def _freeze(self, open_one: Open) -> None:
        with self.database.transaction() as session:
            broadcast = operations.lock(session, broadcast_id=open_one.id)
            if broadcast.state is not BroadcastState.RUNNING or broadcast.started_at is not None:
                return
            zone, _ = queries.working_time(session, default=ZoneInfo(self.settings.time_zone))
            template = session.get_one(MessageTemplate, broadcast.template_id)
            recipients.freeze(
                session, broadcast=broadcast, category=template.category, zone=zone, now=self.clock()
            )

    def _queue(self, open_one: Open) -> None:
        now = self.clock()
        with self.database.reading() as session:
            room = running.room(session, most=self.settings.broadcast_messages_in_hand, now=now)
            left = self._tier_left(now) if room else 0
        if not room:
            return
        with self.database.transaction() as session:
            broadcast = operations.lock(session, broadcast_id=open_one.id)
            if broadcast.state is not BroadcastState.RUNNING:
                return
            template = session.get_one(MessageTemplate, broadcast.template_id)
            if template.status != APPROVED:
                operations.pause(session, broadcast_id=open_one.id, note=Family.TEMPLATE.explanation)
                return
            if running.finish(session, broadcast=broadcast, now=now):
                log.info("broadcast %s is done", open_one.id)
                return
            if left <= 0:
                broadcast.note = self._full
                return
            if broadcast.note == self._full:
                broadcast.note = ""
            most = running.take_pace(session, wanted=min(room, left), per_second=self._per_second, now=now)
            queued, _ = running.queue(session, broadcast=broadcast, template=template, most=most, now=now)
        if self._counted:
            self._counted = (self._counted[0], self._counted[1] + queued)

    @property
    def _per_second(self) -> float:
        return min(
            self.settings.broadcast_messages_per_second, self.settings.whatsapp_messages_per_second / 2
        )

    @property
    def _full(self) -> str:
        most = f"{self.settings.whatsapp_daily_conversations:,}".replace(",", ".")
        return f"Se llegó al límite de {most} personas nuevas en 24 h. Sigue sola cuando haya lugar."

    def _tier_left(self, now: datetime) -> int:
        """How many more people the messaging tier allows in these 24 h."""
        most = self.settings.whatsapp_daily_conversations
        if self._counted is not None:
            at, used = self._counted
            if now - at < COUNT_EVERY and most - used > NEARLY:
                return most - used
        with self.database.reading() as session:
            used = running.newly_reached(session, now=now) + running.in_hand(session)
        self._counted = (now, used)
        return most - used

    def _fetch_templates(self) -> None:
        now = self.clock()
        if not self.settings.whatsapp_waba_id or (self._looked and now - self._looked < LOOK_EVERY):
            return
        self._looked = now
        with self.database.reading() as session:
            if not templates.is_due(session, now=now):
                return
        found = self.client.templates(self.settings.whatsapp_waba_id)
        with self.database.transaction() as session:
            if isinstance(found, Refused):
                why = reactions.explain(found.code, found.http_status, is_transient=found.is_transient)
                log.warning("templates not fetched: code %s, HTTP %s", found.code, found.http_status)
                templates.note_failure(session, reason=why, now=now)
            else:
                templates.store(session, found=found, now=now)

    def _run(self) -> None:
        busy = True
        while not self._stop.wait(BUSY_SECONDS if busy else IDLE_SECONDS):
            self.look()
            try:
                busy = self.once()
            except Exception:  # tried again at the next look
                log.exception("broadcasts failed")
                busy = False
