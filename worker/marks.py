"""Tells WhatsApp what a person has read in the panel. Best effort, one at a time, never in the way of a message."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from openbot.conversations.desk import read_marks
from openbot.database import Database
from openbot.whatsapp.client import GraphClient

#: A mark that WhatsApp did not take is tried again so often, so many seconds apart; then it is let go.
MOST_TRIES = 3
AGAIN_SECONDS = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """For one thread; two workers that mark the same message do no harm."""

    database: Database
    client: GraphClient
    seconds: Callable[[], float] = time.monotonic
    _tries: dict[int, int] = field(default_factory=dict)  #: by contact
    _not_before: dict[int, float] = field(default_factory=dict)

    def due(self, limit: int) -> list[int]:
        """Contacts with something to tell now."""
        with self.database.reading() as session:
            found = read_marks.unmarked(session, limit=limit + len(self._not_before))
        now = self.seconds()
        return [each for each in found if self._not_before.get(each, now) <= now][:limit]

    def work(self, contact_id: int) -> None:
        """Tell it. No transaction is open meanwhile."""
        with self.database.reading() as session:
            wamid = read_marks.wamid_of(session, contact_id=contact_id)
        if wamid is None:
            self._forget(contact_id)
            return
        if not self.client.mark_read(wamid, typing=False) and self._tries_again(contact_id):
            return
        self._forget(contact_id)
        self.database.write(lambda session: read_marks.marked(session, contact_id=contact_id, wamid=wamid))

    def _tries_again(self, contact_id: int) -> bool:
        tries = self._tries.get(contact_id, 0) + 1
        self._tries[contact_id] = tries
        self._not_before[contact_id] = self.seconds() + AGAIN_SECONDS
        return tries < MOST_TRIES

    def _forget(self, contact_id: int) -> None:
        self._tries.pop(contact_id, None)
        self._not_before.pop(contact_id, None)
