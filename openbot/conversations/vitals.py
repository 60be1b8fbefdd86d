"""Whether messages flow: what waits, since when, and why sending rests. Small counts of few rows each; no names."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, text

from openbot.conversations import counts
from openbot.database import Session
from openbot.schema import Broadcast, Contact, Inbound, Outbound, StoredFile, Turn

# States are written out: only then do both databases see that their partial indexes fit.
_INBOX = text("inbox.state IN ('due', 'held')")
_DUE = text("inbox.state IN ('due', 'held') AND inbox.state = 'due'")
_TURNS = text("turns.state IN ('due', 'claimed')")
_GIVEN_UP = text("turns.state = 'failed'")
_OUTBOX = text("outbox.state IN ('queued', 'released', 'uncertain')")
_FAILED = text("(outbox.state = 'failed' OR outbox.delivery = 'failed')")
_PUT_OFF = text("outbox.state IN ('queued', 'released', 'uncertain') AND outbox.state = 'queued'")
_UNREAD = text("contacts.unread > 0")
_PENDING = text("files.state = 'pending'")


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitals:
    """How it stands now."""

    inbox: Mapping[str, int]  #: messages that wait for the bot, by state
    turns: Mapping[str, int]  #: turns that are open or given up, by state
    outbox: Mapping[str, int]  #: messages to be sent or that failed, by state
    files: int  #: to be fetched still
    broadcasts: Mapping[str, int]
    unread: int  #: contacts with something that no person has read
    oldest_due_seconds: float  #: of a message that the bot has not answered
    oldest_unsent_seconds: float
    rests_because: str  #: why the oldest message that could go is put off, in Spanish; empty when none is


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """The few of them that a look every five seconds may cost."""

    oldest_due_seconds: float
    oldest_unsent_seconds: float
    rests_because: str


def pulse(session: Session, *, now: datetime) -> Pulse:
    """Read the essential."""
    oldest_message = session.scalar(select(func.min(Inbound.received_at)).where(_DUE))
    oldest_turn = session.scalar(select(func.min(Turn.created_at)).where(_TURNS))
    oldest_sending = session.scalar(select(func.min(Outbound.queued_at)).where(_OUTBOX))
    because = session.scalar(
        select(Outbound.reason)
        .where(_PUT_OFF, Outbound.not_before > now, Outbound.reason != "")
        .order_by(Outbound.not_before)
        .limit(1)
    )
    return Pulse(
        oldest_due_seconds=max(_age(oldest_message, now), _age(oldest_turn, now)),
        oldest_unsent_seconds=_age(oldest_sending, now),
        rests_because=because or "",
    )


def vitals(session: Session, *, now: datetime) -> Vitals:
    """Read everything."""
    beat = pulse(session, now=now)
    outbox = _by_state(session, Outbound.state, _OUTBOX)
    turns = _by_state(session, Turn.state, _TURNS)
    return Vitals(
        inbox=_by_state(session, Inbound.state, _INBOX),
        turns=turns | {"failed": _number(session, Turn, _GIVEN_UP)},
        outbox=outbox | {"failed": _number(session, Outbound, _FAILED)},
        files=_number(session, StoredFile, _PENDING),
        broadcasts={
            state.value: number
            for state, number in session.execute(
                select(Broadcast.state, func.count()).group_by(Broadcast.state)
            )
        },
        unread=_number(session, Contact, _UNREAD),
        oldest_due_seconds=beat.oldest_due_seconds,
        oldest_unsent_seconds=beat.oldest_unsent_seconds,
        rests_because=beat.rests_because,
    )


def events(session: Session) -> Mapping[str, int]:
    """Return what was counted since the installation began, by name."""
    return counts.all_counts(session)


def _age(since: datetime | None, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0


def _by_state(session: Session, column: object, where: object) -> dict[str, int]:
    rows = session.execute(select(column, func.count()).where(where).group_by(column))  # type: ignore[call-overload]
    return {state.value: number for state, number in rows}


def _number(session: Session, table: type, where: object) -> int:
    return session.scalar(select(func.count()).select_from(table).where(where)) or 0  # type: ignore[arg-type]
