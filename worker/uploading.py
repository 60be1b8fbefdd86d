"""A file of ours goes to WhatsApp before the message that has it."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from openbot.conversations import outbox
from openbot.conversations.outbox import Released
from openbot.crash import crash_at
from openbot.database import Database, Session
from openbot.files import attaching, naming, queries
from openbot.files.operations import FileNotFound
from openbot.files.queries import InStore
from openbot.files.store import NotStored, Store, StoreAway
from openbot.whatsapp.client import GraphClient, Refused

_IN_MEMORY = 1 << 20


@dataclass(frozen=True, slots=True)
class Ready:
    """WhatsApp has the file."""

    media_id: str
    is_new: bool  #: uploaded just now


@dataclass(frozen=True, slots=True)
class FileGone:
    """There is no such file any more."""


@dataclass(frozen=True, slots=True)
class LeaseLost:
    """The upload took so long that the message is in other hands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploader:
    """Uploads what a message needs, once a month at most."""

    database: Database
    client: GraphClient
    store: Store
    clock: Callable[[], datetime]

    def ready(
        self, released: Released, *, file_id: int, anew: bool = False
    ) -> Ready | Refused | FileGone | LeaseLost:
        """Return WhatsApp's id of the file; `anew`: the one we know is none any more. No transaction stays open."""
        try:
            with self.database.reading() as session:
                file = queries.in_store(session, file_id=file_id, now=self.clock())
            if file.media_id and not anew:
                return Ready(file.media_id, is_new=False)
            media_id = self._upload(file)
        except (FileNotFound, NotStored):
            return FileGone()
        except StoreAway as away:
            return Refused(code=None, http_status=None, message=type(away).__name__, is_transient=True)
        if isinstance(media_id, Refused):
            return media_id
        crash_at("file uploaded, not noted")
        is_ours = self.database.write(lambda session: self._note(session, released, file_id, media_id))
        crash_at("file uploaded, not sent")
        return Ready(media_id, is_new=True) if is_ours else LeaseLost()

    def _upload(self, file: InStore) -> str | Refused:
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as copy:
            for piece in self.store.read(file.key):
                copy.write(piece)
            name = naming.to_save(file.filename, mime_type=file.mime_type, file_id=file.id)
            uploaded = self.client.upload(copy, mime_type=file.mime_type, filename=name)
        return uploaded if isinstance(uploaded, Refused) else uploaded.media_id

    def _note(self, session: Session, released: Released, file_id: int, media_id: str) -> bool:
        now = self.clock()
        is_ours = outbox.renew(session, outbound_id=released.id, attempt=released.attempt, now=now)
        attaching.note_media_id(session, file_id=file_id, media_id=media_id, now=now)
        return is_ours
