"""Who may sign in: the password is checked between two short transactions, and trying has a price.

A try is counted before the password is looked at and forgotten when it was right, so that many at once count, too.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from sqlalchemy import delete, select

from openbot.database import Session
from openbot.errors import OpenbotError
from openbot.operators import sessions, shifts
from openbot.operators.sessions import TICKET_LASTS, Because, Elsewhere, Limits
from openbot.operators.shifts import Shift, Standing
from openbot.schema import Operator, PanelSession, SignInFailure
from openbot.vocabulary import Enabled

#: Failures are forgotten after this time.
REMEMBERED = timedelta(hours=1)
#: Ended sessions tell until then why they ended; the audit log remembers for longer.
KEPT = timedelta(days=30)
#: So many failures cost nothing but the failure; people mistype.
FREE_BY_ACCOUNT, FREE_BY_ADDRESS = 5, 30
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(minutes=5)
_MOST_DOUBLINGS = 8


class CredentialsRefused(OpenbotError):
    """Nobody signs in like this: unknown e-mail, wrong password or DESHABILITADO. Which of them is not told."""

    code = "credentials_refused"


class TooManyTries(OpenbotError):
    """Too many failed tries from this address or for this account."""

    code = "too_many_tries"

    def __init__(self, *, wait: timedelta) -> None:
        self.detail = {"seconds": max(1, round(wait.total_seconds()))}
        super().__init__(f"Too many failed tries; again in {self.detail['seconds']} s.")


class OutsideShift(OpenbotError):
    """The password is right, but this person does not work now."""

    code = "outside_shift"

    def __init__(self, *, begins: datetime | None) -> None:
        self.begins = begins
        self.detail = {"begins": begins.isoformat() if begins else None}
        super().__init__()


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Who wants to sign in, before the password was looked at; without `operator_id` nobody has that e-mail."""

    operator_id: int | None
    password_hash: str | None
    enabled: bool
    tries: tuple[int, ...]  #: ids of this try's rows


def begin(session: Session, *, email: str, address: str, now: datetime) -> Candidate:
    """Count the try and look up the person. Raises TooManyTries, and then nothing was counted."""
    keys = {_account(email): FREE_BY_ACCOUNT, _address(address): FREE_BY_ADDRESS}
    wait = max(_wait(session, key=key, free=free, now=now) for key, free in keys.items())
    if wait > timedelta(0):
        raise TooManyTries(wait=wait)
    tries = [SignInFailure(key=key, at=now) for key in keys]
    session.add_all(tries)
    session.flush()
    person = session.scalar(select(Operator).where(Operator.email == email.strip().lower()))
    return Candidate(
        operator_id=person.id if person else None,
        password_hash=person.password_hash if person else None,
        enabled=person is not None and person.enabled is Enabled.YES,
        tries=tuple(each.id for each in tries),
    )


def admit(
    session: Session,
    *,
    operator_id: int,
    zone: tzinfo,
    now: datetime,
    email: str = "",
    tries: tuple[int, ...] = (),
) -> Operator:
    """Let in somebody whose password is right, and forget their failures. Raises OutsideShift, CredentialsRefused."""
    session.execute(
        delete(SignInFailure).where((SignInFailure.key == _account(email)) | SignInFailure.id.in_(tries))
    )
    person = session.get(Operator, operator_id, with_for_update=True, populate_existing=True)
    if person is None or person.deleted_at is not None or person.enabled is not Enabled.YES:
        raise CredentialsRefused
    shift: Shift = shifts.of(person.shift)
    if shifts.standing(shift, at=now, zone=zone, overtime=timedelta(0)) is not Standing.INSIDE:
        raise OutsideShift(begins=shifts.begins(shift, at=now, zone=zone))
    return person


def ticket_for(session: Session, *, operator_id: int, device: str, address: str, now: datetime) -> str:
    """Remember that the password was right until the person says whether the other session shall be closed."""
    token = sessions.new_token()
    session.add(
        PanelSession(
            token_hash=sessions.hash_of(f"ticket:{token}"),
            operator_id=operator_id,
            created_at=now,
            seen_at=now,
            expires_at=now + TICKET_LASTS,
            ended_at=now,
            ended_because=Because.TICKET.value,
            device=device[:200],
            address=address[:60],
        )
    )
    session.flush()
    return token


def use_ticket(session: Session, *, ticket: str, now: datetime) -> int:
    """Return whose ticket it is; it works once. Raises CredentialsRefused."""
    operator_id: int | None = session.scalar(
        delete(PanelSession)
        .where(
            PanelSession.token_hash == sessions.hash_of(f"ticket:{ticket}"),
            PanelSession.ended_because == Because.TICKET.value,
            PanelSession.expires_at > now,
        )
        .returning(PanelSession.operator_id)
    )
    if operator_id is None:
        raise CredentialsRefused
    return operator_id


def open_elsewhere(
    session: Session, *, operator_id: int, now: datetime, limits: Limits, zone: tzinfo, overtime: timedelta
) -> Elsewhere | None:
    """Return the session that this sign-in would close; one that a past shift has ended already is none."""
    person = session.get_one(Operator, operator_id)
    found = sessions.elsewhere(session, operator_id=operator_id, now=now, limits=limits)
    if found is None:
        return None
    over = shifts.ended(shifts.of(person.shift), at=now, zone=zone)
    return None if over is not None and found.since < over and now >= over + overtime else found


def forget(session: Session, *, now: datetime) -> None:
    """Remove what no longer counts: old failures, unused tickets, sessions that ended long ago."""
    session.execute(delete(SignInFailure).where(SignInFailure.at < now - REMEMBERED))
    over = PanelSession.ended_at.is_not(None), PanelSession.expires_at < now - KEPT
    session.execute(delete(PanelSession).where(*over))


def _wait(session: Session, *, key: str, free: int, now: datetime) -> timedelta:
    """How long this key has to wait; nothing for the first few failures, then twice as long each time."""
    times = session.scalars(
        select(SignInFailure.at)
        .where(SignInFailure.key == key, SignInFailure.at > now - REMEMBERED)
        .order_by(SignInFailure.at.desc())
        .limit(free + _MOST_DOUBLINGS)
    ).all()
    if len(times) < free:
        return timedelta(0)
    wait = min(FIRST_WAIT * (1 << (len(times) - free)), LONGEST_WAIT)
    latest: datetime = times[0]
    return latest + wait - now


def _account(email: str) -> str:
    # Hashed: people type their password into the field of the e-mail.
    return f"account:{hashlib.sha256(email.strip().lower().encode()).hexdigest()}"


def _address(address: str) -> str:
    return f"address:{address}"
