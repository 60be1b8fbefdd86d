"""When does a person work? Pure: the weekly plan, an instant and the company's zone in; times and standing out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from enum import Enum, auto
from typing import Any

_DAYS = 7
#: A plan whose stretches follow each other without a gap never ends; so far it is looked ahead.
_HORIZON = timedelta(days=8)


class Standing(Enum):
    """Where an instant lies, seen from a plan."""

    INSIDE = auto()
    OVERTIME = auto()  #: just over: what is theirs already may be finished
    OUTSIDE = auto()


@dataclass(frozen=True, slots=True)
class Stretch:
    """An unbroken time of work. Ending at or before its beginning means: on the next day."""

    weekday: int  #: 0 = Monday, of the day on which it begins
    begins: time  #: local, without zone
    ends: time


Shift = tuple[Stretch, ...]


def of(plan: Sequence[Mapping[str, Any]] | None) -> Shift:
    """Read a stored plan, `[{"weekday": 0, "from": "09:00", "to": "18:00"}]`; nothing is no plan: always at work."""
    return tuple(
        Stretch(each["weekday"], time.fromisoformat(each["from"]), time.fromisoformat(each["to"]))
        for each in plan or ()
    )


def standing(shift: Shift, *, at: datetime, zone: tzinfo, overtime: timedelta) -> Standing:
    """Tell where an instant lies; without a plan always INSIDE."""
    if not shift or ends(shift, at=at, zone=zone) is not None:
        return Standing.INSIDE
    over_since = ended(shift, at=at, zone=zone)
    if over_since is not None and at < over_since + overtime:
        return Standing.OVERTIME
    return Standing.OUTSIDE


def ends(shift: Shift, *, at: datetime, zone: tzinfo) -> datetime | None:
    """When the work that goes on now ends; None outside. Stretches that touch are one."""
    end, limit = None, at + _HORIZON
    now = at
    while now < limit:
        holding = [last for first, last in _around(shift, at=now, zone=zone) if first <= now < last]
        if not holding:
            break
        end = now = max(holding)
    return end


def ended(shift: Shift, *, at: datetime, zone: tzinfo) -> datetime | None:
    """When the latest work before this instant ended; None without a plan."""
    return max((last for _, last in _around(shift, at=at, zone=zone) if last <= at), default=None)


def begins(shift: Shift, *, at: datetime, zone: tzinfo) -> datetime | None:
    """When the next work begins, in the company's zone; None without a plan."""
    return min((first for first, _ in _around(shift, at=at, zone=zone) if first > at), default=None)


def _around(shift: Shift, *, at: datetime, zone: tzinfo) -> list[tuple[datetime, datetime]]:
    """All stretches from eight days before to eight days after an instant."""
    today = at.astimezone(zone).date()
    days = [today + timedelta(days=ahead) for ahead in range(-_DAYS - 1, _DAYS + 2)]
    # The wall clock is put on each day by itself: hours do not shift when the offset changes.
    return [
        (
            datetime.combine(day, each.begins, tzinfo=zone),
            datetime.combine(day + timedelta(days=each.ends <= each.begins), each.ends, tzinfo=zone),
        )
        for day in days
        for each in shift
        if day.weekday() == each.weekday
    ]
