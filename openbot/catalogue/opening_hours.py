"""When is a branch open? Pure: hours, holidays and an instant in, an answer or a Spanish sentence out."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby, pairwise
from zoneinfo import ZoneInfo

WEEKDAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
PLURALS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábados", "domingos")
#: A branch that stays closed longer than this is «cerrada», not «abre el …».
HORIZON_DAYS = 30


@dataclass(frozen=True, slots=True)
class Stretch:
    """An unbroken time of opening. Closing at or before the opening means: on the next day."""

    opens: time  #: local, without zone
    closes: time

    @property
    def past_midnight(self) -> bool:
        """Whether it ends on the day after it began (00:00 included)."""
        return self.closes <= self.opens


@dataclass(frozen=True, slots=True)
class WeekHours:
    """The seven days of a branch, Monday first; a day without stretches is closed."""

    days: tuple[tuple[Stretch, ...], ...]

    def __post_init__(self) -> None:
        """Seven days, each with its stretches in order of the clock."""
        if len(self.days) != len(WEEKDAYS):
            message = f"A week has 7 days, not {len(self.days)}"
            raise ValueError(message)
        ordered = tuple(tuple(sorted(day, key=lambda each: each.opens)) for day in self.days)
        object.__setattr__(self, "days", ordered)


def is_open(hours: WeekHours, *, holidays: Collection[date], at: datetime, zone: ZoneInfo) -> bool:
    """Tell whether a branch is open at an aware instant. A holiday is closed from its midnight on."""
    local = at.astimezone(zone)
    today = local.date()
    return any(
        opens <= at < closes
        for day in (today - timedelta(days=1), today)
        for opens, closes in _openings(hours, holidays=holidays, day=day, zone=zone)
    )


def next_opening(
    hours: WeekHours, *, holidays: Collection[date], at: datetime, zone: ZoneInfo
) -> datetime | None:
    """Give the first opening after an instant, in the company's zone; None when none comes within 30 days."""
    today = at.astimezone(zone).date()
    for ahead in range(HORIZON_DAYS + 1):
        for opens, _ in _openings(hours, holidays=holidays, day=today + timedelta(days=ahead), zone=zone):
            if opens > at:
                return opens
    return None


def closing(hours: WeekHours, *, holidays: Collection[date], at: datetime, zone: ZoneInfo) -> datetime | None:
    """Give the instant the present stretch ends, or None when it is closed."""
    today = at.astimezone(zone).date()
    for day in (today - timedelta(days=1), today):
        for opens, closes in _openings(hours, holidays=holidays, day=day, zone=zone):
            if opens <= at < closes:
                return closes
    return None


def open_time(
    weeks: Collection[WeekHours],
    *,
    holidays: Collection[date],
    since: datetime,
    until: datetime,
    zone: ZoneInfo,
) -> timedelta:
    """How long at least one of these was open between two instants; of a long time the last 30 days count."""
    since = max(since, until - timedelta(days=HORIZON_DAYS))
    first, last = since.astimezone(zone).date(), until.astimezone(zone).date()
    stretches = sorted(
        stretch
        for ahead in range(-1, (last - first).days + 1)
        for week in weeks
        for stretch in _openings(week, holidays=holidays, day=first + timedelta(days=ahead), zone=zone)
    )
    total, reached = timedelta(0), since
    for opens, closes in stretches:
        begins, ends = max(opens, reached), min(closes, until)
        if begins < ends:
            total, reached = total + (ends - begins), ends
    return total


def describe(hours: WeekHours) -> str:
    """Say a week in Spanish: «lunes a viernes de 8 a 13 y de 16 a 20 · sábados de 9 a 13»."""
    parts = []
    for stretches, group in groupby(range(len(WEEKDAYS)), key=lambda day: hours.days[day]):
        days = list(group)
        if stretches:
            parts.append(f"{_day_range(days)} {_stretches(stretches)}")
    return " · ".join(parts) or "cerrado"


def opening_sentence(hours: WeekHours, *, holidays: Collection[date], at: datetime, zone: ZoneInfo) -> str:
    """Say what a customer wants to know now: «abierto hasta las 20», «abre mañana a las 8», «cerrado»."""
    closes = closing(hours, holidays=holidays, at=at, zone=zone)
    if closes is not None:
        return f"abierto hasta {_the_hour(closes.timetz())}"
    opens = next_opening(hours, holidays=holidays, at=at, zone=zone)
    if opens is None:
        return "cerrado"
    return f"abre {_the_day(opens.date(), today=at.astimezone(zone).date())} a {_the_hour(opens.timetz())}"


def _openings(
    hours: WeekHours, *, holidays: Collection[date], day: date, zone: ZoneInfo
) -> list[tuple[datetime, datetime]]:
    if day in holidays:
        return []
    # The wall clock is put on each day by itself: hours do not shift when the offset changes.
    return [
        (
            datetime.combine(day, each.opens, tzinfo=zone),
            datetime.combine(day + timedelta(days=each.past_midnight), each.closes, tzinfo=zone),
        )
        for each in hours.days[day.weekday()]
    ]


def _day_range(days: list[int]) -> str:
    if len(days) == len(WEEKDAYS):
        return "todos los días"
    names = [PLURALS[day] for day in days]
    match names:
        case [only]:
            return only
        case [first, second]:
            return f"{first} y {second}"
        case _:
            return f"{WEEKDAYS[days[0]]} a {WEEKDAYS[days[-1]]}"


def _stretches(stretches: tuple[Stretch, ...]) -> str:
    return " y ".join(
        f"de {_hour(each.opens)} a {_hour(each.closes) if each.closes != time(0) else 24}"
        if each.opens != each.closes
        else "las 24 horas"
        for each in stretches
    )


def _hour(clock: time) -> str:
    return f"{clock.hour}:{clock.minute:02}" if clock.minute else str(clock.hour)


def _the_hour(clock: time) -> str:
    return f"la{'' if clock.hour == 1 else 's'} {_hour(clock)}"


def _the_day(day: date, *, today: date) -> str:
    match (day - today).days:
        case 0:
            return "hoy"
        case 1:
            return "mañana"
        case ahead if ahead < len(WEEKDAYS):
            return f"el {WEEKDAYS[day.weekday()]}"
        case _:
            return f"el {WEEKDAYS[day.weekday()]} {day.day}/{day.month}"


def overlapping(day: tuple[Stretch, ...]) -> bool:
    """Tell whether two stretches of one day overlap: a mistake in the company's data."""
    ordered = sorted(day, key=lambda each: each.opens)
    return any(before.past_midnight or before.closes > after.opens for before, after in pairwise(ordered))
