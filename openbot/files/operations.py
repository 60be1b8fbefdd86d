"""Rows of files: announced by a message, fetched by a worker, or uploaded by an operator; removed with their contact.

The bytes lie under the row's key. It is chosen before they are written, so that whatever ends in between, the next
try writes the same place, and what nobody wants any more is found.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, insert, null, select, text, update

from openbot.database import Session
from openbot.errors import OpenbotError
from openbot.files.store import new_key
from openbot.schema import Outbound, StoredFile
from openbot.vocabulary import FileState

#: Longer than fetching, scanning and storing the largest file takes.
LEASE = timedelta(minutes=10)
UPLOAD_TIME = timedelta(hours=1)
#: What an operator attached and did not send.
UNSENT_TIME = timedelta(days=1)
#: WhatsApp keeps what we upload for 30 days (contract §5.6).
MEDIA_ID_TIME = timedelta(days=29)

# Built once: building a statement costs more than running it. States are written out, for only then do both
# databases see that their partial indexes fit.
_TABLE = cast("Table", StoredFile.__table__)
_OPEN = text("files.state IN ('pending', 'uploaded', 'gone')")
_DUE = (
    select(_TABLE.c.id)
    .where(_OPEN, _TABLE.c.not_before <= bindparam("now"))
    .order_by(_TABLE.c.not_before, _TABLE.c.id)
    .limit(bindparam("limit"))
)
_CLAIM = (
    select(StoredFile)
    .where(StoredFile.id == bindparam("file_id"), _OPEN, StoredFile.not_before <= bindparam("now"))
    .with_for_update(skip_locked=True)
    .execution_options(populate_existing=True)
)
_ANNOUNCE = insert(_TABLE).values(
    state=FileState.PENDING,
    claimed_by="",
    size=0,
    key="",
    reason="",
    tries=0,
    operator_id=null(),
    media_id_until=null(),
    stored_at=null(),
)


class FileNotFound(OpenbotError):
    """No such file, or not for this conversation any more."""

    code = "file_not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """A file that a customer's message speaks of; everything is as the webhook says."""

    contact_id: int
    inbound_id: int
    kind: str
    media_id: str
    mime_type: str
    filename: str
    sha256: str  #: hex, or empty


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A file in the hands of one worker."""

    id: int
    attempt: int  #: every later write says WHERE tries = this
    state: FileState  #: pending: to be fetched; gone: to be removed
    contact_id: int
    kind: str
    media_id: str
    mime_type: str
    filename: str
    sha256: str
    key: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is in the store now."""

    mime_type: str
    size: int
    sha256: str


def announce(session: Session, *, files: Sequence[Announced], now: datetime) -> None:
    """Make the rows of what has to be fetched; in the transaction that stores the messages."""
    rows = [
        {
            "contact_id": each.contact_id,
            "inbound_id": each.inbound_id,
            "kind": each.kind,
            "media_id": each.media_id,
            "mime_type": each.mime_type[:120],
            "filename": each.filename,
            "sha256": each.sha256,
            "created_at": now,
            "not_before": now,
        }
        for each in files
    ]
    session.connection().execute(_ANNOUNCE, rows)


def candidates(session: Session, *, now: datetime, limit: int) -> list[int]:
    """Return files with something to do now."""
    return list(session.scalars(_DUE, {"now": now, "limit": limit}))


def claim(session: Session, *, file_id: int, worker: str, now: datetime) -> Claimed | None:
    """Take a file in hand for the time of the lease; None when there is nothing to do for it any more."""
    row = session.scalar(_CLAIM, {"file_id": file_id, "now": now})
    if row is None:
        return None
    if row.state is FileState.UPLOADED or row.inbound_id is None:
        row.state = FileState.GONE  # never sent, or its upload broke off
    row.key = row.key or new_key()
    row.claimed_by = worker
    row.tries += 1
    row.not_before = now + LEASE
    session.flush()
    return Claimed(
        id=row.id,
        attempt=row.tries,
        state=row.state,
        contact_id=row.contact_id,
        kind=row.kind,
        media_id=row.media_id,
        mime_type=row.mime_type,
        filename=row.filename,
        sha256=row.sha256,
        key=row.key,
        created_at=row.created_at,
    )


def stored(session: Session, *, claimed: Claimed, kept: Kept, now: datetime) -> bool:
    """It is in the store. False: the lease was lost."""
    return _settle(
        session,
        claimed,
        state=FileState.STORED,
        reason="",
        mime_type=kept.mime_type,
        size=kept.size,
        sha256=kept.sha256,
        stored_at=now,
    )


def settle(session: Session, *, claimed: Claimed, state: FileState, reason: str) -> bool:
    """It never will be in the store: refused or failed, with the code of the reason. False: the lease was lost."""
    return _settle(session, claimed, state=state, reason=reason)


def put_off(session: Session, *, claimed: Claimed, until: datetime, reason: str) -> bool:
    """Try again then; the reason says what is waited for. False: the lease was lost."""
    return _settle(session, claimed, state=claimed.state, reason=reason, not_before=until)


def is_wanted(session: Session, *, file_id: int) -> bool:
    """Say whether there still is a row that wants its bytes."""
    state = session.scalar(select(StoredFile.state).where(StoredFile.id == file_id))
    return state not in (None, FileState.GONE)


def removed(session: Session, *, claimed: Claimed) -> None:
    """Its bytes are gone: the row goes too; a message that had it keeps its words."""
    session.execute(update(Outbound).where(Outbound.file_id == claimed.id).values(file_id=None))
    session.execute(delete(StoredFile).where(StoredFile.id == claimed.id, StoredFile.state == FileState.GONE))


def _settle(session: Session, claimed: Claimed, *, state: FileState, reason: str, **values: Any) -> bool:
    mine = update(_TABLE).where(
        _TABLE.c.id == claimed.id, _TABLE.c.tries == claimed.attempt, _TABLE.c.state == claimed.state
    )
    changed = mine.values(state=state, reason=reason[:200], claimed_by="", **values).returning(_TABLE.c.id)
    return session.connection().execute(changed).scalar() is not None
