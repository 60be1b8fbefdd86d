"""Files: what customers sent is fetched, checked and kept; what nobody wants any more is removed."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import IO

from openbot.contacts import operations as contacts
from openbot.conversations import file_notices
from openbot.crash import crash_at
from openbot.database import Database, Session
from openbot.files import examining, operations
from openbot.files.kinds import Kind
from openbot.files.operations import Claimed, Kept
from openbot.files.scanning import Scanner
from openbot.files.store import Store, StoreAway
from openbot.files.temporary import temporary
from openbot.settings import Settings
from openbot.vocabulary import FileState
from openbot.whatsapp.client import File, GraphClient, NotDownloaded, Refused, WhyNot

log = logging.getLogger(__name__)

#: So long WhatsApp keeps what customers send (contract §5.6).
KEPT_BY_WHATSAPP = timedelta(days=7)
LONGEST_WAIT = timedelta(minutes=15)
#: Tries after which bytes that are wrong or gone are given up.
MOST_TRIES = 3
_JITTER = 0.25
#: Graph's codes for an id that it does not know (any more).
_UNKNOWN_ID = frozenset({100, 131009, 131052})
_NOT_FOUND = 404


@dataclass(frozen=True, slots=True)
class _Later:
    reason: str


@dataclass(frozen=True, slots=True)
class _Never:
    state: FileState
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileWorker:
    """Does one file at a time; shared by the threads of a pool."""

    database: Database
    client: GraphClient
    store: Store
    settings: Settings
    name: str
    clock: Callable[[], datetime]
    random: Random = field(default_factory=Random)

    def due(self, limit: int) -> list[int]:
        """Files with something to do now."""
        with self.database.reading() as session:
            return operations.candidates(session, now=self.clock(), limit=limit)

    def work(self, file_id: int) -> None:
        """Take a file in hand, if there still is something to do for it, and do it."""
        claimed = self.database.write(lambda session: self._claim(session, file_id))
        if claimed is None:
            return
        crash_at("file claimed")
        if claimed.state is FileState.GONE:
            self._remove(claimed)
            return
        with temporary() as file:
            outcome = self._fetch(claimed, file)
        match outcome:
            case Kept():
                crash_at("file kept, not noted")
                self._note(claimed, outcome)
            case _Later():
                self._put_off(claimed, outcome.reason)
            case _Never():
                self._give_up(claimed, outcome)

    def _claim(self, session: Session, file_id: int) -> Claimed | None:
        claimed = operations.claim(session, file_id=file_id, worker=self.name, now=self.clock())
        crash_at("file claimed, not committed")
        return claimed

    def _fetch(self, claimed: Claimed, file: IO[bytes]) -> Kept | _Later | _Never:
        """Bring the bytes from WhatsApp into the store. No transaction is open."""
        if self.clock() - claimed.created_at > KEPT_BY_WHATSAPP:
            return _Never(FileState.FAILED, "expired")
        found = self._download(claimed, file)
        if not isinstance(found, File):
            return found
        kind = examining.examine(
            file, path=Path(file.name), size=found.size, claimed=claimed, scanner=self._scanner
        )
        match kind:
            case Kind():
                return self._keep(claimed, file, found, kind)
            case "scan_away":
                return _Later(kind)
            case reason:
                return _Never(FileState.REFUSED, reason)

    @property
    def _scanner(self) -> Scanner:
        return Scanner(command=self.settings.scan_command, seconds=self.settings.scan_seconds)

    def _keep(self, claimed: Claimed, file: IO[bytes], found: File, kind: Kind) -> Kept | _Later:
        crash_at("file fetched, not kept")
        try:
            self.store.put(claimed.key, file)
        except StoreAway:
            log.exception("file %s cannot be kept", claimed.id)
            return _Later("store_away")
        return Kept(mime_type=kind.mime_type, size=found.size, sha256=found.sha256)

    def _download(self, claimed: Claimed, file: IO[bytes]) -> File | _Later | _Never:
        at_most = examining.largest(claimed.kind, setting_mb=self.settings.files_largest_mb)
        found: File | NotDownloaded = NotDownloaded(reason=WhyNot.EXPIRED)
        for _ in range(2):  # an address lives five minutes: one that is gone is asked for once more
            address = self.client.media_url(claimed.media_id)
            if isinstance(address, Refused):
                return _unresolved(address)
            if (address.size or 0) > at_most:
                return _Never(FileState.REFUSED, "too_large")
            found = self.client.download(
                address.url, into=file, sha256=claimed.sha256 or address.sha256, at_most=at_most
            )
            if isinstance(found, File) or found.reason is not WhyNot.EXPIRED:
                break
        return found if isinstance(found, File) else _not_downloaded(found, attempt=claimed.attempt)

    def _note(self, claimed: Claimed, kept: Kept) -> None:
        def note(session: Session) -> bool:
            done = operations.stored(session, claimed=claimed, kept=kept, now=self.clock())
            crash_at("file noted, not committed")
            return done or operations.is_wanted(session, file_id=claimed.id)

        if not self.database.write(note):
            self.store.delete(claimed.key)  # its contact was deleted while it came
        crash_at("file noted")

    def _put_off(self, claimed: Claimed, reason: str) -> None:
        log.warning("file %s put off: %s", claimed.id, reason)
        wait = min(timedelta(seconds=4.0 ** min(claimed.attempt - 1, 8)), LONGEST_WAIT)
        until = self.clock() + wait * (1 + _JITTER * self.random.random())
        self.database.write(
            lambda session: operations.put_off(session, claimed=claimed, until=until, reason=reason)
        )

    def _give_up(self, claimed: Claimed, never: _Never) -> None:
        log.warning("file %s given up: %s", claimed.id, never.reason)
        now = self.clock()
        with self.database.transaction() as session:
            contact = contacts.lock(session, contact_id=claimed.contact_id)  # first of all, as everywhere
            if operations.settle(session, claimed=claimed, state=never.state, reason=never.reason):
                file_notices.tell(session, contact=contact, file_id=claimed.id, reason=never.reason, now=now)
            crash_at("file given up, not committed")

    def _remove(self, claimed: Claimed) -> None:
        try:
            self.store.delete(claimed.key)
        except StoreAway:
            log.exception("file %s cannot be removed", claimed.id)
            self._put_off(claimed, "store_away")
            return
        crash_at("file removed, not noted")
        self.database.write(lambda session: operations.removed(session, claimed=claimed))


def _unresolved(refused: Refused) -> _Later | _Never:
    unknown = refused.code in _UNKNOWN_ID or (refused.code is None and refused.http_status == _NOT_FOUND)
    return _Never(FileState.FAILED, "expired") if unknown else _Later("unreachable")


def _not_downloaded(found: NotDownloaded, *, attempt: int) -> _Later | _Never:
    last = attempt >= MOST_TRIES
    match found.reason:
        case WhyNot.TOO_BIG:
            return _Never(FileState.REFUSED, "too_large")
        case WhyNot.FOREIGN_HOST:
            return _Never(FileState.FAILED, "foreign_host")
        case WhyNot.CORRUPT:
            return _Never(FileState.REFUSED, "corrupt") if last else _Later("corrupt")
        case WhyNot.EXPIRED:
            return _Never(FileState.FAILED, "expired") if last else _Later("unreachable")
        case WhyNot.UNREACHABLE:
            return _Later("unreachable")
