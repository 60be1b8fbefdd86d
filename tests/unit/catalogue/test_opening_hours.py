from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from openbot.catalogue.goods import Catalogue
from openbot.catalogue.opening_hours import (
    Stretch,
    WeekHours,
    closing,
    describe,
    is_open,
    next_opening,
    open_time,
    opening_sentence,
    overlapping,
)

BUENOS_AIRES = ZoneInfo("America/Argentina/Buenos_Aires")
MADRID = ZoneInfo("Europe/Madrid")
SPLIT = (Stretch(time(8), time(13)), Stretch(time(16), time(20)))
SHOP = WeekHours((SPLIT, SPLIT, SPLIT, SPLIT, SPLIT, (Stretch(time(9), time(13, 30)),), ()))
HOLIDAY = date(2026, 11, 23)
CLOSED = WeekHours(((),) * 7)
BAR = WeekHours(((), (), (), (), (Stretch(time(20), time(2)),), (Stretch(time(20), time(0)),), ()))


def at(text: str, zone: ZoneInfo = BUENOS_AIRES) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "open_"),
    [
        ("2026-11-24 07:59", False),
        ("2026-11-24 08:00", True),
        ("2026-11-24 12:59", True),
        ("2026-11-24 13:00", False),
        ("2026-11-24 15:00", False),
        ("2026-11-24 19:59", True),
        ("2026-11-24 20:00", False),
        ("2026-11-28 13:29", True),
        ("2026-11-28 17:00", False),
        ("2026-11-22 10:00", False),
        ("2026-11-23 10:00", False),
    ],
)
def test_a_branch_is_open_in_its_stretches_and_never_on_holidays(moment: str, open_: bool) -> None:  # noqa: FBT001
    assert is_open(SHOP, holidays={HOLIDAY}, at=at(moment), zone=BUENOS_AIRES) is open_


@pytest.mark.parametrize(
    ("moment", "sentence"),
    [
        ("2026-11-24 09:00", "abierto hasta las 13"),
        ("2026-11-24 07:00", "abre hoy a las 8"),
        ("2026-11-24 14:00", "abre hoy a las 16"),
        ("2026-11-24 21:00", "abre mañana a las 8"),
        ("2026-11-28 10:00", "abierto hasta las 13:30"),
        ("2026-11-28 14:00", "abre el martes a las 8"),  # Sunday closed, Monday a holiday
        ("2026-11-22 10:00", "abre el martes a las 8"),
    ],
)
def test_the_sentence_says_when_it_opens(moment: str, sentence: str) -> None:
    holidays = {HOLIDAY, date(2026, 11, 30)}
    assert opening_sentence(SHOP, holidays=holidays, at=at(moment), zone=BUENOS_AIRES) == sentence


def test_a_long_holiday_is_named_with_its_date() -> None:
    away = {date(2026, 11, day) for day in range(23, 31)} | {date(2026, 12, 1)}
    assert (
        opening_sentence(SHOP, holidays=away, at=at("2026-11-22 10:00"), zone=BUENOS_AIRES)
        == "abre el miércoles 2/12 a las 8"
    )


def test_a_branch_without_hours_is_closed() -> None:
    moment = at("2026-11-24 09:00")
    assert next_opening(CLOSED, holidays=set(), at=moment, zone=BUENOS_AIRES) is None
    assert opening_sentence(CLOSED, holidays=set(), at=moment, zone=BUENOS_AIRES) == "cerrado"
    assert describe(CLOSED) == "cerrado"


def test_a_night_ends_on_the_next_day() -> None:
    assert is_open(BAR, holidays=set(), at=at("2026-11-28 01:59"), zone=BUENOS_AIRES)
    assert not is_open(BAR, holidays=set(), at=at("2026-11-28 02:00"), zone=BUENOS_AIRES)
    assert closing(BAR, holidays=set(), at=at("2026-11-28 23:00"), zone=BUENOS_AIRES) == at(
        "2026-11-29 00:00"
    )
    assert (
        opening_sentence(BAR, holidays=set(), at=at("2026-11-28 01:00"), zone=BUENOS_AIRES)
        == "abierto hasta las 2"
    )


def test_the_clock_on_the_wall_counts_when_the_offset_changes() -> None:
    every_day = WeekHours(((Stretch(time(8), time(20)),),) * 7)
    spring = next_opening(every_day, holidays=set(), at=at("2026-03-28 21:00", MADRID), zone=MADRID)
    autumn = next_opening(every_day, holidays=set(), at=at("2026-10-24 21:00", MADRID), zone=MADRID)
    assert spring == datetime(2026, 3, 29, 6, 0, tzinfo=UTC)
    assert autumn == datetime(2026, 10, 25, 7, 0, tzinfo=UTC)


def test_a_week_is_said_briefly(catalogue: Catalogue) -> None:
    assert describe(SHOP) == "lunes a viernes de 8 a 13 y de 16 a 20 · sábados de 9 a 13:30"
    assert describe(BAR) == "viernes de 20 a 2 · sábados de 20 a 24"
    assert describe(WeekHours((SPLIT[:1],) * 7)) == "todos los días de 8 a 13"
    assert describe(WeekHours((SPLIT[:1], SPLIT[:1], (), (), (), (), ()))) == "lunes y martes de 8 a 13"
    assert all(describe(each.hours) != "cerrado" for each in catalogue.branches)


def test_opening_at_one_is_singular() -> None:
    noon = WeekHours(((Stretch(time(1), time(2)),),) * 7)
    assert (
        opening_sentence(noon, holidays=set(), at=at("2026-11-24 00:30"), zone=BUENOS_AIRES)
        == "abre hoy a la 1"
    )


def test_a_week_has_seven_days_in_order() -> None:
    with pytest.raises(ValueError, match="7 days"):
        WeekHours(((),))
    assert WeekHours((SPLIT[::-1], *((),) * 6)).days[0] == SPLIT
    assert not overlapping(SPLIT)
    assert overlapping((Stretch(time(8), time(13)), Stretch(time(12), time(14))))


@pytest.mark.parametrize(
    ("since", "until", "minutes"),
    [
        ("2026-11-24 12:50", "2026-11-24 13:10", 10),
        ("2026-11-24 12:50", "2026-11-24 16:05", 15),
        ("2026-11-24 20:00", "2026-11-25 08:00", 0),
        ("2026-11-24 21:00", "2026-11-25 08:01", 1),
        ("2026-11-27 19:55", "2026-11-28 09:05", 10),
        ("2026-11-28 13:20", "2026-11-24 13:00", 0),
        ("2026-11-20 19:00", "2026-11-24 08:10", 60 + 270 + 10),  # Saturday counts, the holiday does not
    ],
)
def test_open_time_counts_only_stretches(since: str, until: str, minutes: int) -> None:
    passed = open_time([SHOP], holidays={HOLIDAY}, since=at(since), until=at(until), zone=BUENOS_AIRES)
    assert passed == timedelta(minutes=minutes)


def test_open_time_of_several_branches_counts_no_minute_twice() -> None:
    late = WeekHours(((Stretch(time(12), time(18)),),) * 7)
    passed = open_time(
        [SHOP, late],
        holidays=(),
        since=at("2026-11-24 08:00"),
        until=at("2026-11-24 20:00"),
        zone=BUENOS_AIRES,
    )
    assert passed == timedelta(hours=12)


def test_open_time_past_midnight() -> None:
    passed = open_time(
        [BAR], holidays=(), since=at("2026-11-28 01:00"), until=at("2026-11-28 21:00"), zone=BUENOS_AIRES
    )
    assert passed == timedelta(hours=2)
