"""When a person works."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbot.operators import shifts
from openbot.operators.shifts import Standing

BUENOS_AIRES = ZoneInfo("America/Argentina/Buenos_Aires")
HOUR = timedelta(hours=1)


def plan(*stretches: tuple[int, str, str]) -> shifts.Shift:
    return shifts.of([{"weekday": day, "from": begins, "to": ends} for day, begins, ends in stretches])


def at(text: str) -> datetime:
    """Local time of a day in November 2026; the 23rd is a Monday."""
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=BUENOS_AIRES)


MONDAY_AND_TUESDAY = plan((0, "09:00", "13:00"), (0, "16:00", "20:00"), (1, "09:00", "18:00"))
NIGHT = plan((4, "22:00", "06:00"))  # Friday into Saturday
ALWAYS = plan(*((day, "00:00", "00:00") for day in range(7)))


@pytest.mark.parametrize(
    ("shift", "when", "where"),
    [
        (MONDAY_AND_TUESDAY, "23T09:00", Standing.INSIDE),
        (MONDAY_AND_TUESDAY, "23T08:59", Standing.OUTSIDE),
        (MONDAY_AND_TUESDAY, "23T12:59", Standing.INSIDE),
        (MONDAY_AND_TUESDAY, "23T13:00", Standing.OVERTIME),
        (MONDAY_AND_TUESDAY, "23T13:59", Standing.OVERTIME),
        (MONDAY_AND_TUESDAY, "23T14:00", Standing.OUTSIDE),
        (MONDAY_AND_TUESDAY, "25T10:00", Standing.OUTSIDE),
        (NIGHT, "27T22:00", Standing.INSIDE),
        (NIGHT, "28T05:59", Standing.INSIDE),
        (NIGHT, "28T06:30", Standing.OVERTIME),
        (NIGHT, "27T05:00", Standing.OUTSIDE),
        (ALWAYS, "28T05:59", Standing.INSIDE),
        ((), "28T05:59", Standing.INSIDE),
    ],
)
def test_an_instant_lies_inside_just_over_or_outside(shift: shifts.Shift, when: str, where: Standing):
    assert shifts.standing(shift, at=at(when), zone=BUENOS_AIRES, overtime=HOUR) is where


def test_the_next_beginning_is_found_over_the_weekend_and_at_the_same_hour_next_week():
    assert shifts.begins(MONDAY_AND_TUESDAY, at=at("24T19:00"), zone=BUENOS_AIRES) == at("30T09:00")
    assert shifts.begins(plan((0, "09:00", "18:00")), at=at("23T09:00"), zone=BUENOS_AIRES) == at("30T09:00")
    assert shifts.begins((), at=at("23T09:00"), zone=BUENOS_AIRES) is None


def test_stretches_that_touch_are_one():
    shift = plan((0, "20:00", "00:00"), (1, "00:00", "04:00"))
    assert shifts.ends(shift, at=at("23T21:00"), zone=BUENOS_AIRES) == at("24T04:00")


def test_outside_nothing_ends():
    assert shifts.ends(MONDAY_AND_TUESDAY, at=at("22T12:00"), zone=BUENOS_AIRES) is None


def test_work_without_a_gap_has_no_near_end():
    end = shifts.ends(ALWAYS, at=at("23T12:00"), zone=BUENOS_AIRES)
    assert end is not None
    assert end - at("23T12:00") > timedelta(days=7)


def test_hours_stay_what_they_are_when_the_clocks_change():
    madrid = ZoneInfo("Europe/Madrid")
    sunday = plan((6, "09:00", "17:00"))
    change = datetime(2026, 10, 25, 8, 30, tzinfo=UTC)  # 9:30, on the day on which the clocks went back
    assert shifts.ends(sunday, at=change, zone=madrid) == datetime(2026, 10, 25, 17, tzinfo=madrid)


stretches = st.tuples(st.integers(0, 6), st.times().map("{:%H:%M}".format), st.times().map("{:%H:%M}".format))
instants = st.integers(0, 3 * 365 * 24 * 60).map(lambda minutes: at("01T00:00") + timedelta(minutes=minutes))


@given(st.lists(stretches, min_size=1, max_size=6), instants)
def test_who_is_outside_has_a_beginning_to_come_and_who_is_inside_an_end(
    week: list[tuple[int, str, str]], instant: datetime
):
    shift = plan(*week)
    end = shifts.ends(shift, at=instant, zone=BUENOS_AIRES)
    if end is None:
        begins = shifts.begins(shift, at=instant, zone=BUENOS_AIRES)
        assert begins is not None
        assert instant < begins <= instant + timedelta(days=7, hours=2)
        assert shifts.ends(shift, at=begins, zone=BUENOS_AIRES) is not None
    else:
        assert end > instant
        assert shifts.ended(shift, at=end, zone=BUENOS_AIRES) == end or end - instant > timedelta(days=7)
