"""Looking at files."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from openbot.database import Session
from openbot.files.operations import FileNotFound
from openbot.schema import StoredFile
from openbot.vocabulary import FileState


@dataclass(frozen=True, slots=True, kw_only=True)
class InStore:
    """A file whose bytes can be read."""

    id: int
    contact_id: int
    kind: str
    mime_type: str
    filename: str
    size: int
    sha256: str
    key: str
    media_id: str  #: WhatsApp's, of an upload that lives still; else empty


def in_store(session: Session, *, file_id: int, now: datetime) -> InStore:
    """Return a file. Raises FileNotFound, also when it is not in the store (yet)."""
    row = session.scalar(
        select(StoredFile).where(
            StoredFile.id == file_id, StoredFile.state.in_((FileState.STORED, FileState.UPLOADED))
        )
    )
    if row is None:
        raise FileNotFound
    lives = row.media_id_until is not None and row.media_id_until > now
    return InStore(
        id=row.id,
        contact_id=row.contact_id,
        kind=row.kind,
        mime_type=row.mime_type,
        filename=row.filename,
        size=row.size,
        sha256=row.sha256,
        key=row.key,
        media_id=row.media_id if lives else "",
    )
