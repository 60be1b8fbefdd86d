"""Who is signed in, on which one device. A token is random and opaque; only its hash is kept."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import bindparam, select, update

from openbot.database import Session
from openbot.errors import OpenbotError
from openbot.schema import Operator, OperatorBranch, PanelSession
from openbot.vocabulary import Enabled, Role

TOKEN_BYTES = 32
#: `seen_at` is written no more often than this: a read of the panel is not a write.
SEEN_EVERY = timedelta(minutes=1)

# Built once: every call of the panel runs them.
_SESSION = (
    select(PanelSession, Operator)
    .join(Operator, Operator.id == PanelSession.operator_id)
    .where(PanelSession.token_hash == bindparam("hashed"))
)
_BRANCHES = select(OperatorBranch.branch_id).where(OperatorBranch.operator_id == bindparam("operator_id"))
_LIVE = select(PanelSession).where(
    PanelSession.operator_id == bindparam("operator_id"), PanelSession.ended_at.is_(None)
)


class Ended(StrEnum):
    """Why a session is over."""

    ELSEWHERE = "elsewhere"
    SIGNED_OUT = "signed_out"
    DISABLED = "disabled"
    ROLE = "role"
    SHIFT = "shift"
    PASSWORD = "password"  # noqa: S105 - a reason
    IDLE = "idle"
    EXPIRED = "expired"


class NotSignedIn(OpenbotError):
    """There is no such session."""

    code = "not_signed_in"


class SessionEnded(OpenbotError):
    """The session is over."""

    code = "session_ended"

    def __init__(self, *, because: str) -> None:
        self.because = because
        super().__init__(f"The session is over: {because}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSession:
    """Somebody who is signed in."""

    id: int
    operator_id: int
    name: str
    email: str
    role: Role
    branch_ids: frozenset[int] | None  #: None: all branches
    must_change_password: bool
    shift: list[dict[str, object]] | None
    created_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenElsewhere:
    """The one device on which somebody is signed in already."""

    device: str
    address: str
    since: datetime


def hashed(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_elsewhere(
    session: Session, *, operator_id: int, now: datetime, idle: timedelta
) -> OpenElsewhere | None:
    """Return where this person is signed in at this moment."""
    row = session.scalar(_LIVE, {"operator_id": operator_id})
    if row is None or row.expires_at <= now or row.seen_at + idle <= now:
        return None
    return OpenElsewhere(device=row.device, address=row.address, since=row.created_at)


def start(
    session: Session,
    *,
    operator_id: int,
    now: datetime,
    lasts: timedelta,
    device: str = "",
    address: str = "",
) -> str:
    """Sign somebody in and return the token; their other session ends in the same transaction."""
    end_all(session, operator_id=operator_id, because=Ended.ELSEWHERE, now=now)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(
        PanelSession(
            token_hash=hashed(token),
            operator_id=operator_id,
            created_at=now,
            seen_at=now,
            expires_at=now + lasts,
            device=device[:200],
            address=address[:60],
        )
    )
    session.flush()
    return token


def look_up(session: Session, *, token: str, now: datetime, idle: timedelta) -> LiveSession:
    """Return who holds this token. Raises NotSignedIn, SessionEnded."""
    found = session.execute(_SESSION, {"hashed": hashed(token)}).one_or_none()
    if found is None:
        raise NotSignedIn
    row, person = found
    if row.ended_at is not None:
        raise SessionEnded(because=row.ended_because)
    if person.enabled is not Enabled.YES or person.deleted_at is not None:
        raise SessionEnded(because=Ended.DISABLED)
    if row.expires_at <= now:
        raise SessionEnded(because=Ended.EXPIRED)
    if row.seen_at + idle <= now:
        raise SessionEnded(because=Ended.IDLE)
    branches = None
    if person.role is not Role.ADMINISTRATOR:
        branches = frozenset(session.scalars(_BRANCHES, {"operator_id": person.id})) or None
    return LiveSession(
        id=row.id,
        operator_id=person.id,
        name=person.name,
        email=person.email or "",
        role=person.role,
        branch_ids=branches,
        must_change_password=person.must_change_password,
        shift=person.shift,
        created_at=row.created_at,
        seen_at=row.seen_at,
    )


def seen(session: Session, *, session_id: int, now: datetime) -> None:
    """Note that somebody still works."""
    session.execute(update(PanelSession).where(PanelSession.id == session_id).values(seen_at=now))


def end(session: Session, *, session_id: int, because: Ended, now: datetime) -> None:
    """End one session; ending it twice changes nothing."""
    session.execute(
        update(PanelSession)
        .where(PanelSession.id == session_id, PanelSession.ended_at.is_(None))
        .values(ended_at=now, ended_because=because)
    )


def end_all(session: Session, *, operator_id: int, because: Ended, now: datetime) -> None:
    """End whatever session this person has."""
    session.execute(
        update(PanelSession)
        .where(PanelSession.operator_id == operator_id, PanelSession.ended_at.is_(None))
        .values(ended_at=now, ended_because=because)
    )
