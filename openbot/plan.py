"""The plan: how many messages of the month were processed, and how many are left (product §6).

Processed is what came to the bot or to a person (not what was only kept: of blocked contacts, reactions, calls), and
what WhatsApp accepted of ours (not what the company wrote on its own phone); each message once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, ColumnElement, TextClause, cast, extract, func, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute

from openbot.database import Session
from openbot.schema import CompanySetting, Inbound, MessageTally, Outbound

#: The key in `company_settings`: messages per calendar month, null for no limit.
ALLOWANCE = "plan_allowance"
#: The key under which `watch` keeps the warning that a month has reached.
REACHED = "plan_reached"
NEARLY = 80  #: per cent used
#: Messages are tallied by the quarter of an hour: every time zone's day begins with one.
QUARTER = timedelta(minutes=15)
#: A transaction that took the time before a quarter ended is committed by then.
SETTLED = timedelta(minutes=15)
BEHIND = timedelta(hours=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# Conditions are written out: only then do both databases see that their partial indexes fit.
_HANDLED = text("inbox.state <> 'no_turn'")
_ACCEPTED = text("outbox.accepted_at IS NOT NULL AND outbox.attempt > 0")


class Warn(StrEnum):
    """What the panel says of the plan."""

    NEARLY_USED = "nearly_used"
    USED_UP = "used_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The plan's state in one calendar month of the company's time zone."""

    allowance: int | None  #: None: no limit
    used: int
    month: date  #: its first day
    renews_on: date

    @property
    def remaining(self) -> int | None:
        """Messages left; never below 0."""
        return None if self.allowance is None else max(0, self.allowance - self.used)

    @property
    def excess(self) -> int:
        """Messages processed beyond the allowance."""
        return 0 if self.allowance is None else max(0, self.used - self.allowance)

    @property
    def percent(self) -> int | None:
        """Per cent used, rounded down; may pass 100."""
        if self.allowance is None:
            return None
        return self.used * 100 // self.allowance if self.allowance else 100

    @property
    def warning(self) -> Warn | None:
        """Say whether the panel warns."""
        percent = self.percent
        if percent is None or percent < NEARLY:
            return None
        return Warn.NEARLY_USED if percent < 100 else Warn.USED_UP  # noqa: PLR2004 - the whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A warning that this month has come to."""

    warning: Warn
    month: date
    until: datetime  #: the next month begins

    @property
    def key(self) -> str:
        """Name it: once a month and warning."""
        return f"plan {self.month:%Y-%m} {self.warning}"


@dataclass(frozen=True, slots=True)
class Tally:
    """The messages of one quarter of an hour."""

    starts_at: datetime
    came: int
    went: int


def status(session: Session, *, now: datetime, zone: ZoneInfo) -> Plan:
    """Return the plan as it stands."""
    first = now.astimezone(zone).date().replace(day=1)
    allowance = session.scalar(select(CompanySetting.value).where(CompanySetting.key == ALLOWANCE))
    return Plan(
        allowance=allowance if isinstance(allowance, int) else None,
        used=processed(session, since=start_of(first, zone=zone), until=now),
        month=first,
        renews_on=(first + timedelta(days=31)).replace(day=1),
    )


def start_of(day: date, *, zone: ZoneInfo) -> datetime:
    """Return the instant in which a day of the company's begins."""
    return datetime.combine(day, datetime.min.time(), tzinfo=zone).astimezone(UTC)


def processed(session: Session, *, since: datetime, until: datetime) -> int:
    """Count the messages from `since` (the beginning of a day) to `until`, both included; tallied or not."""
    until += datetime.resolution  # what follows counts to before it
    rows = session.execute(
        select(
            func.count(), func.max(MessageTally.starts_at), func.sum(MessageTally.came + MessageTally.went)
        ).where(MessageTally.starts_at >= since, MessageTally.starts_at < _quarter(until))
    ).one()
    number, last, tallied = rows
    # A gap among the tallies: they are no help, and the next `store` fills it.
    if not number or last is None or number != (last - since) // QUARTER + 1:
        return _came(session, since, until) + _went(session, since, until)
    rest = last + QUARTER
    return int(tallied) + _came(session, rest, until) + _went(session, rest, until)


def is_watched(session: Session) -> bool:
    """Say whether there is an allowance to watch, or what an earlier one came to."""
    keys = (ALLOWANCE, REACHED)
    found = session.scalars(select(CompanySetting.value).where(CompanySetting.key.in_(keys)))
    return any(value is not None for value in found)  # 0 is an allowance


def reached(session: Session, *, now: datetime) -> Reached | None:
    """Return the warning that the month has come to, as `watch` saw it last. One small query."""
    return read_reached(
        session.scalar(select(CompanySetting.value).where(CompanySetting.key == REACHED)), now=now
    )


def read_reached(stored: Any, *, now: datetime) -> Reached | None:
    """Read what `watch` stored; nothing of a month that is over."""
    if not stored or now >= (until := datetime.fromisoformat(stored["until"])):
        return None
    return Reached(warning=Warn(stored["warning"]), month=date.fromisoformat(stored["month"]), until=until)


def to_reach(session: Session, *, now: datetime, zone: ZoneInfo) -> tuple[Plan, Reached | None, bool]:
    """Return the plan, the warning it has come to, and whether that is not stored yet."""
    found = status(session, now=now, zone=zone)
    until = start_of(found.renews_on, zone=zone)
    is_now = Reached(warning=found.warning, month=found.month, until=until) if found.warning else None
    return found, is_now, is_now != reached(session, now=now)


def keep_reached(session: Session, *, is_now: Reached | None) -> None:
    """Store the warning that the month has come to; None: none."""
    value = is_now and {
        "warning": is_now.warning.value,
        "month": is_now.month.isoformat(),
        "until": is_now.until.isoformat(),
    }
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    session.execute(
        insert(CompanySetting)
        .values(key=REACHED, value=value)
        .on_conflict_do_update(index_elements=["key"], set_={"value": value}),
        execution_options={"synchronize_session": False},
    )


def is_behind(session: Session, *, now: datetime) -> bool:
    """Say whether it is time to tally: much of what `processed` counts is counted one by one."""
    last = session.scalar(select(func.max(MessageTally.starts_at)))
    return last is None or now - last > BEHIND


def untallied(session: Session, *, now: datetime, zone: ZoneInfo) -> list[datetime]:
    """Return the quarters of this month and of yesterday that are over and not tallied yet."""
    today = now.astimezone(zone).date()
    since = min(start_of(today.replace(day=1), zone=zone), start_of(today - timedelta(days=1), zone=zone))
    end = _quarter(now - SETTLED)
    known = set(session.scalars(select(MessageTally.starts_at).where(MessageTally.starts_at >= since)))
    number = max(0, (end - since) // QUARTER)
    return [start for start in (since + QUARTER * nth for nth in range(number)) if start not in known]


def count(session: Session, *, quarters: Sequence[datetime]) -> list[Tally]:
    """Count these quarters one by one, ascending; takes a moment when there are many messages in them."""
    if not quarters:
        return []
    since, until = quarters[0], quarters[-1] + QUARTER
    came = _by_quarter(session, Inbound.received_at, since, until, _HANDLED)
    went = _by_quarter(session, Outbound.accepted_at, since, until, _ACCEPTED)
    return [Tally(start, came.get(start, 0), went.get(start, 0)) for start in quarters]


def store(session: Session, *, tallies: Sequence[Tally]) -> None:
    """Keep the tallies; who counted the same at the same time has counted the same."""
    if not tallies:
        return
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    rows = [{"starts_at": one.starts_at, "came": one.came, "went": one.went} for one in tallies]
    session.execute(insert(MessageTally).on_conflict_do_nothing(), rows)


def _came(session: Session, since: datetime, until: datetime) -> int:
    within = (Inbound.received_at >= since, Inbound.received_at < until)
    return session.scalar(select(func.count()).select_from(Inbound).where(*within, _HANDLED)) or 0


def _went(session: Session, since: datetime, until: datetime) -> int:
    within = (Outbound.accepted_at >= since, Outbound.accepted_at < until)
    return session.scalar(select(func.count()).select_from(Outbound).where(*within, _ACCEPTED)) or 0


def _by_quarter(
    session: Session,
    column: InstrumentedAttribute[Any],
    since: datetime,
    until: datetime,
    condition: TextClause,
) -> dict[datetime, int]:
    """Count the messages between two times by the quarter that they fall in; empty ones are left out."""
    if session.get_bind().dialect.name == "sqlite":
        # Cut first: strftime rounds 59.9996 s to the next minute.
        seconds: ColumnElement[Any] = cast(func.strftime("%s", func.substr(column, 1, 19)), BigInteger)
    else:
        seconds = cast(func.floor(extract("epoch", column)), BigInteger)
    number = seconds // int(QUARTER.total_seconds())
    query = select(number, func.count()).where(column >= since, column < until, condition).group_by(number)
    return {_EPOCH + QUARTER * nth: messages for nth, messages in session.execute(query)}


def _quarter(moment: datetime) -> datetime:
    """Return the beginning of the quarter of an hour in which a moment lies."""
    return moment - timedelta(
        minutes=moment.minute % 15, seconds=moment.second, microseconds=moment.microsecond
    )
