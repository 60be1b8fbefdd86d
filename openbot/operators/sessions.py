"""Who is signed in where. One session per person lives; of its token only the hash is kept."""

import hashlib
import math
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, select, update

from openbot.database import Session
from openbot.errors import OpenbotError
from openbot.operators import shifts
from openbot.operators.shifts import Shift, Standing
from openbot.schema import Operator, OperatorBranch, PanelSession
from openbot.vocabulary import Enabled, Role

#: A sign-in that waits for «close the other session?» may be confirmed so long.
TICKET_LASTS = timedelta(minutes=5)
_TOKEN_BYTES = 32
# Built once: these run at every request.
_FIND = select(
    PanelSession.id,
    PanelSession.operator_id,
    PanelSession.seen_at,
    PanelSession.expires_at,
    PanelSession.ended_at,
    PanelSession.ended_because,
    Operator.name,
    Operator.email,
    Operator.role,
    Operator.enabled,
    Operator.shift,
    Operator.must_change_password,
    Operator.deleted_at,
).join(Operator, Operator.id == PanelSession.operator_id)
_BY_TOKEN = _FIND.where(PanelSession.token_hash == bindparam("token_hash"))
_BRANCHES = select(OperatorBranch.branch_id).where(OperatorBranch.operator_id == bindparam("operator_id"))


class Because(StrEnum):
    """Why a session ended."""

    ELSEWHERE = "elsewhere"  #: the same person signed in on another device
    SIGNED_OUT = "signed_out"
    DISABLED = "disabled"
    DELETED = "deleted"
    ROLE = "role"
    PASSWORD = "password"  # noqa: S105 - a word: an administrator set a new one
    SHIFT = "shift"
    IDLE = "idle"
    EXPIRED = "expired"
    TICKET = "ticket"  #: not a session yet: a sign-in that asks before it closes another


class NotSignedIn(OpenbotError):
    """Nobody is signed in with that token."""

    code = "not_signed_in"


class SessionEnded(OpenbotError):
    """The session has ended."""

    code = "session_ended"

    def __init__(self, *, because: Because) -> None:
        self.because = because
        super().__init__(f"The session has ended: {because}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long a session lives."""

    idle: timedelta  #: since the person last did something
    longest: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """A session that lives, and whose it is."""

    session_id: int
    operator_id: int
    name: str
    email: str
    role: Role
    branch_ids: frozenset[int] | None  #: None: all branches
    shift: Shift
    must_change_password: bool
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Standings:
    """What a look at many sessions found."""

    ended: Mapping[int, Because]
    minutes_left: Mapping[int, int]  #: of those with a shift; 0 in overtime
    overtime_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """The session that a new sign-in would close."""

    device: str
    address: str
    since: datetime


def new_token() -> str:
    """Return a token nobody can guess."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def hash_of(token: str) -> str:
    """What is stored of a token; it is random, so a fast hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def find(session: Session, *, token: str, now: datetime, limits: Limits) -> Live:
    """Return the session of a token. Raises NotSignedIn, SessionEnded."""
    found = session.execute(_BY_TOKEN, {"token_hash": hash_of(token)}).one_or_none()
    if found is None or found.ended_because == Because.TICKET:
        raise NotSignedIn
    if (because := _ended(found, now=now, limits=limits)) is not None:
        raise SessionEnded(because=because)
    return Live(
        session_id=found.id,
        operator_id=found.operator_id,
        name=found.name,
        email=found.email or "",
        role=found.role,
        branch_ids=_branches(session, operator_id=found.operator_id, role=found.role),
        shift=shifts.of(found.shift),
        must_change_password=found.must_change_password,
        seen_at=found.seen_at,
    )


def elsewhere(session: Session, *, operator_id: int, now: datetime, limits: Limits) -> Elsewhere | None:
    """Return the session of this person that is open now, if any."""
    found = session.scalar(_living(operator_id))
    if found is None or _over(found, now=now, limits=limits) is not None:
        return None
    return Elsewhere(device=found.device, address=found.address, since=found.created_at)


def open_for(
    session: Session, *, operator_id: int, device: str, address: str, now: datetime, limits: Limits
) -> str:
    """Open a session and end the one that is open; return the new token, which is kept nowhere."""
    session.get_one(Operator, operator_id, with_for_update=True)  # two sign-ins at once: one after the other
    end(session, operator_id=operator_id, because=Because.ELSEWHERE, now=now)
    token = new_token()
    session.add(
        PanelSession(
            token_hash=hash_of(token),
            operator_id=operator_id,
            created_at=now,
            seen_at=now,
            expires_at=now + limits.longest,
            device=device[:200],
            address=address[:60],
        )
    )
    session.flush()
    return token


def end(session: Session, *, operator_id: int, because: Because, now: datetime) -> int | None:
    """End the session of a person, if one is open; return its id."""
    return session.scalar(
        update(PanelSession)
        .where(PanelSession.operator_id == operator_id, PanelSession.ended_at.is_(None))
        .values(ended_at=now, ended_because=because.value)
        .returning(PanelSession.id)
    )


def seen(session: Session, *, session_id: int, now: datetime) -> None:
    """Note that the person did something: idleness counts from here."""
    alive = PanelSession.id == session_id, PanelSession.ended_at.is_(None)
    session.execute(update(PanelSession).where(*alive).values(seen_at=now))


def standings(
    session: Session,
    *,
    session_ids: Sequence[int],
    now: datetime,
    limits: Limits,
    zone: tzinfo,
    overtime: timedelta,
) -> Standings:
    """Say of many sessions at once which have ended, and how long the shifts of the others last."""
    rows = session.execute(_FIND.where(PanelSession.id.in_(session_ids))) if session_ids else ()
    ended: dict[int, Because] = {}
    minutes_left: dict[int, int] = {}
    for row in rows:
        shift = shifts.of(row.shift)
        because = _ended(row, now=now, limits=limits)
        if because is None and shift:
            where = shifts.standing(shift, at=now, zone=zone, overtime=overtime)
            because = Because.SHIFT if where is Standing.OUTSIDE else None
            end = shifts.ends(shift, at=now, zone=zone) or now
            minutes_left[row.id] = math.ceil((end - now) / timedelta(minutes=1))
        if because is not None:
            ended[row.id] = because
    return Standings(
        ended=ended, minutes_left=minutes_left, overtime_minutes=int(overtime / timedelta(minutes=1))
    )


def _ended(found: Any, *, now: datetime, limits: Limits) -> Because | None:
    if found.ended_at is not None:
        return Because(found.ended_because)
    if found.deleted_at is not None or found.enabled is not Enabled.YES:
        return Because.DISABLED
    return _over(found, now=now, limits=limits)


def _over(found: Any, *, now: datetime, limits: Limits) -> Because | None:
    """Ended by time alone: that needs no write."""
    if now >= found.expires_at:
        return Because.EXPIRED
    return Because.IDLE if now >= found.seen_at + limits.idle else None


def _branches(session: Session, *, operator_id: int, role: Role) -> frozenset[int] | None:
    if role is Role.ADMINISTRATOR:
        return None
    return frozenset(session.scalars(_BRANCHES, {"operator_id": operator_id})) or None


def _living(operator_id: int) -> Any:
    return select(PanelSession).where(
        PanelSession.operator_id == operator_id, PanelSession.ended_at.is_(None)
    )
