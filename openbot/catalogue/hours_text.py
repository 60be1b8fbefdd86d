"""Opening hours as people type them, a text per weekday: «8:00-13:00, 16:00-20:00», «8 a 13 y 16:30 a 20». Pure."""

import re
from collections.abc import Sequence
from datetime import time
from itertools import pairwise

from openbot.catalogue.opening_hours import WEEKDAYS, Stretch, WeekHours
from openbot.errors import OpenbotError

_MOST_STRETCHES = 6
_LONGEST = 120
_MIDNIGHT = 24
_DAY = 24 * 60
_STRETCH = re.compile(
    r"(?:de\s+)?(\d{1,2})(?:[:.](\d{2}))?\s*(?:hs?\.?)?\s*(?:-|–|a|hasta)\s*(?:las\s+)?"
    r"(\d{1,2})(?:[:.](\d{2}))?\s*(?:hs?\.?)?",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*(?:,|;|/|\by\b|\n)\s*", re.IGNORECASE)
_CLOSED = frozenset({"", "-", "cerrado", "cerrada"})


class HoursWrong(OpenbotError):
    """Some days' hours cannot be."""

    code = "hours_wrong"

    def __init__(self, days: dict[int, str]) -> None:
        """`days` has the code of what is wrong by weekday, 0 for Monday."""
        self.days = days
        super().__init__(f"Wrong hours on {', '.join(WEEKDAYS[day] for day in days)}.")


def read_hours(days: Sequence[str]) -> WeekHours:
    """Read seven texts, Monday first; an empty one is closed. Raises HoursWrong.

    A stretch that ends at or before it begins ends on the next day; it may not run into that day's first.
    """
    wrong: dict[int, str] = {}
    week: list[tuple[Stretch, ...]] = []
    for weekday, text in enumerate(days):
        stretches = _stretches(text)
        if stretches is None:
            wrong[weekday] = "not_hours"
        week.append(stretches or ())
    for weekday in _overlapping(week):
        wrong.setdefault(weekday, "hours_overlap")
    if wrong:
        raise HoursWrong(wrong)
    return WeekHours(tuple(week))


def write_hours(hours: WeekHours) -> list[str]:
    """Write a week as seven texts that `read_hours` reads."""
    return [", ".join(f"{_clock(each.opens)}-{_clock(each.closes)}" for each in day) for day in hours.days]


def _clock(clock: time) -> str:
    return f"{clock:%H:%M}"


def _stretches(text: str) -> tuple[Stretch, ...] | None:
    clean = " ".join(text.split()).strip(" .").casefold()
    if clean in _CLOSED:
        return ()
    parts = [part for part in _BETWEEN.split(clean) if part]
    if len(clean) > _LONGEST or len(parts) > _MOST_STRETCHES:
        return None
    found = [_stretch(part) for part in parts]
    return tuple(each for each in found if each) if all(found) else None


def _stretch(text: str) -> Stretch | None:
    match = _STRETCH.fullmatch(text)
    if match is None:
        return None
    opens, closes = _time(match[1], match[2]), _time(match[3], match[4])
    return Stretch(opens, closes) if opens is not None and closes is not None else None


def _time(hour: str, minute: str | None) -> time | None:
    """24:00 is the midnight that ends the day."""
    hours, minutes = int(hour), int(minute or 0)
    if (hours, minutes) == (_MIDNIGHT, 0):
        return time(0)
    return time(hours, minutes) if hours < _MIDNIGHT and minutes < 60 else None  # noqa: PLR2004 - of an hour


def _overlapping(week: Sequence[tuple[Stretch, ...]]) -> set[int]:
    """Lay the stretches along the week, which is a circle, and see who begins before the one before has ended."""
    spans = sorted(
        (
            weekday * _DAY + _minutes(each.opens),
            weekday * _DAY + _minutes(each.closes) + _DAY * each.past_midnight,
            weekday,
        )
        for weekday, day in enumerate(week)
        for each in day
    )
    if not spans:
        return set()
    first = spans[0]
    again = (first[0] + len(WEEKDAYS) * _DAY, 0, first[2])
    return {after[2] for before, after in pairwise([*spans, again]) if before[1] > after[0]}


def _lasts(stretch: Stretch) -> int:
    return _minutes(stretch.closes) - _minutes(stretch.opens) + _DAY * stretch.past_midnight


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute
