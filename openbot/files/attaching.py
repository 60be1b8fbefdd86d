"""What operators attach: uploaded, checked, kept, then sent with a message."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from sqlalchemy import select, update

from openbot.database import Session
from openbot.errors import OpenbotError
from openbot.files import kinds
from openbot.files.kinds import Kind
from openbot.files.operations import MEDIA_ID_TIME, UNSENT_TIME, UPLOAD_TIME, FileNotFound, Kept
from openbot.files.scanning import Scanner, Verdict
from openbot.files.store import new_key
from openbot.schema import StoredFile
from openbot.vocabulary import FileState


class Unfit(OpenbotError):
    """WhatsApp would not take this file, or we should not send it."""

    code = "file_type"

    def __init__(self, **detail: object) -> None:
        self.detail = detail
        super().__init__(self.__doc__)


class TooLarge(Unfit):
    """The file is larger than its kind may be; `detail.largest` says how large, in bytes."""

    code = "attachment_too_large"


class Empty(Unfit):
    """There is nothing in the file."""

    code = "attachment_empty"


class NotWhatItSays(Unfit):
    """The bytes are not what the name or the declared type says."""

    code = "file_not_what_it_says"


class Infected(Unfit):
    """The virus scanner says so."""

    code = "file_infected"


class ScannerAway(Unfit):
    """It could not be scanned; try again."""

    code = "file_scan_away"


@dataclass(frozen=True, slots=True)
class Begun:
    """A row for bytes that are about to be kept."""

    id: int
    key: str


def check(
    file: IO[bytes], *, path: Path, size: int, declared: str, filename: str, setting_mb: int, scanner: Scanner
) -> Kind:
    """Return what the file is. Raises Unfit in one of its kinds."""
    if size == 0:
        raise Empty
    kind = kinds.kind_of(file, declared=declared, filename=filename)
    if kind is None:
        raise NotWhatItSays if kinds.is_known(declared=declared, filename=filename) else Unfit
    if not kinds.agrees(kind, declared=declared, filename=filename):
        raise NotWhatItSays
    if not kinds.taken(kind, file):
        raise Unfit
    largest = kinds.largest_out(kind, setting_mb=setting_mb)
    if size > largest:
        raise TooLarge(largest=largest)
    match scanner.scan(path):
        case Verdict.INFECTED:
            raise Infected
        case Verdict.AWAY:
            raise ScannerAway
        case Verdict.CLEAN:
            return kind


def begin(
    session: Session, *, contact_id: int, operator_id: int, kind: Kind, filename: str, now: datetime
) -> Begun:
    """Make the row before the bytes are kept: whatever ends in between, they are found and removed."""
    row = StoredFile(
        contact_id=contact_id,
        operator_id=operator_id,
        kind=kind.family,
        filename=filename,
        key=new_key(),
        state=FileState.PENDING,
        not_before=now + UPLOAD_TIME,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return Begun(row.id, row.key)


def finish(session: Session, *, begun: Begun, kept: Kept, now: datetime) -> None:
    """Its bytes are in the store. Raises FileNotFound when the contact was deleted meanwhile."""
    changed = (
        update(StoredFile)
        .where(StoredFile.id == begun.id, StoredFile.state == FileState.PENDING)
        .values(
            state=FileState.UPLOADED,
            mime_type=kept.mime_type,
            size=kept.size,
            sha256=kept.sha256,
            stored_at=now,
            not_before=now + UNSENT_TIME,
        )
        .returning(StoredFile.id)
    )
    if session.scalar(changed) is None:
        raise FileNotFound


def attach(session: Session, *, file_id: int, contact_id: int, now: datetime) -> StoredFile:
    """Say that a message is about to be queued with this file; locked. A file may go out more than once.

    Raises FileNotFound when it is nobody's, another contact's, a customer's, or was not sent within a day.
    """
    row = session.scalar(
        select(StoredFile)
        .where(
            StoredFile.id == file_id,
            StoredFile.contact_id == contact_id,
            StoredFile.inbound_id.is_(None),
            StoredFile.state.in_((FileState.UPLOADED, FileState.STORED)),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None or (row.state is FileState.UPLOADED and row.not_before <= now):
        raise FileNotFound
    row.state = FileState.STORED
    session.flush()
    return row


def note_media_id(session: Session, *, file_id: int, media_id: str, now: datetime) -> None:
    """Remember WhatsApp's id of it as long as that lives; an empty one forgets it."""
    until = now + MEDIA_ID_TIME if media_id else None
    session.execute(
        update(StoredFile).where(StoredFile.id == file_id).values(media_id=media_id, media_id_until=until)
    )
