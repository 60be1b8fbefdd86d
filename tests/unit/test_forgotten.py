"""Whom a customer's waiting alerts (product §2)."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from openbot.catalogue.attention import Attention
from openbot.catalogue.opening_hours import Stretch, WeekHours
from openbot.conversations.forgotten import alert_of

ZONE = ZoneInfo("America/Argentina/Buenos_Aires")
CITY = WeekHours(((Stretch(time(8), time(20)),),) * 7)
SUBURB = WeekHours(((Stretch(time(16), time(23)),),) * 7)
SHOP = Attention(zone=ZONE, weeks={1: CITY, 2: SUBURB})
ALWAYS = Attention(zone=ZONE, weeks={})


def at(hour: int, minute: int = 0, *, day: int = 24) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


@pytest.mark.parametrize(
    ("since", "now", "branch_id", "alert"),
    [
        (None, at(12), 1, ""),
        (at(10), at(10, 9), 1, ""),
        (at(10), at(10, 10), 1, "operator"),
        (at(10), at(10, 19), 1, "operator"),
        (at(10), at(10, 20), 1, "branch"),
        (at(19, 55), at(23), 1, ""),
        (at(19, 55), at(8, 5, day=25), 1, "operator"),
        (at(19, 55), at(8, 15, day=25), 1, "branch"),
        (at(10), at(15), 2, ""),
        (at(10), at(16, 10), 2, "operator"),
        (at(20, 30), at(20, 40), None, "operator"),  # no branch yet: one of them is open
        (at(23, 30), at(23, 50), None, ""),
        (at(10), at(10, 10), 77, "operator"),  # a branch without hours
    ],
)
def test_only_attention_hours_count(
    since: datetime | None, now: datetime, branch_id: int | None, alert: str
) -> None:
    found = alert_of(since, branch_id=branch_id, attention=SHOP, after=timedelta(minutes=10), now=now)
    assert found == alert


def test_without_any_hours_all_time_counts() -> None:
    found = alert_of(at(3), branch_id=1, attention=ALWAYS, after=timedelta(minutes=10), now=at(3, 25))
    assert found == "branch"
