"""Opening hours as people type them."""

from datetime import time

import pytest

from openbot.catalogue.hours_text import HoursWrong, read_hours, write_hours
from openbot.catalogue.opening_hours import describe

CLOSED = ["", "", "", "", "", "", ""]


def week(**days: str) -> list[str]:
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    return [days.get(name, "") for name in names]


@pytest.mark.parametrize(
    "typed",
    [
        "8:00-13:00, 16:00-20:30",
        "8 a 13 y 16 a 20:30",
        "08:00 - 13:00 / 16.00 - 20.30",
        "de 8 a 13 hs y de 16 hs a 20:30 hs",
        "8–13; 16–20:30.",
        "16 a 20:30 y 8 hasta las 13",
    ],
)
def test_several_stretches_are_read_in_many_spellings(typed: str):
    assert write_hours(read_hours(week(mon=typed)))[0] == "08:00-13:00, 16:00-20:30"


@pytest.mark.parametrize("typed", ["", "  ", "-", "cerrado", "Cerrada."])
def test_nothing_or_closed_is_a_closed_day(typed: str):
    assert write_hours(read_hours(week(mon=typed))) == CLOSED


@pytest.mark.parametrize(
    "typed", ["8", "8-", "25 a 26", "8:70-9", "mañana", "8-13 16-20", "24:30-3", "8-9," * 9]
)
def test_what_is_no_time_is_refused_on_its_day(typed: str):
    with pytest.raises(HoursWrong) as refused:
        read_hours(week(wed=typed, thu="8-13"))
    assert refused.value.days == {2: "not_hours"}


@pytest.mark.parametrize(
    ("days", "wrong"),
    [
        ({"mon": "8-13, 12-20"}, {0: "hours_overlap"}),
        ({"sat": "20-2", "sun": "1-5"}, {6: "hours_overlap"}),
        ({"sun": "20-3", "mon": "2-8"}, {0: "hours_overlap"}),
        ({"mon": "8-13, 8-13", "tue": "x"}, {0: "hours_overlap", 1: "not_hours"}),
    ],
)
def test_stretches_that_overlap_are_refused_past_midnight_too(days: dict[str, str], wrong: dict[int, str]):
    with pytest.raises(HoursWrong) as refused:
        read_hours(week(**days))
    assert refused.value.days == wrong


def test_a_night_and_a_whole_day_are_hours():
    hours = read_hours(week(fri="20:00-02:00", sun="0 a 24"))
    assert hours.days[4][0].past_midnight
    assert hours.days[6][0].closes == time(0)
    assert describe(hours) == "viernes de 20 a 2 · domingos las 24 horas"


def test_stretches_that_touch_do_not_overlap():
    assert write_hours(read_hours(week(mon="8-12, 12-16", sun="20-24")))[0] == "08:00-12:00, 12:00-16:00"
