"""WhatsApp's pair rate (openbot.whatsapp.pacing)."""

from datetime import UTC, datetime, timedelta

from openbot.whatsapp.pacing import BURST, INTERVAL, next_send

NOW = datetime(2026, 11, 24, 13, tzinfo=UTC)


def send(count: int, *, booked: datetime | None = None) -> tuple[list[datetime], datetime | None]:
    moments = []
    for _ in range(count):
        ready, booked = next_send(booked, now=NOW)
        moments.append(ready)
    return moments, booked


def test_a_burst_leaves_at_once() -> None:
    moments, _ = send(BURST)
    assert set(moments) == {NOW}


def test_after_the_burst_one_message_leaves_each_six_seconds() -> None:
    moments, _ = send(BURST + 3)
    assert moments[BURST:] == [NOW + INTERVAL, NOW + 2 * INTERVAL, NOW + 3 * INTERVAL]


def test_a_debt_that_was_paid_off_is_forgotten() -> None:
    long_ago = NOW - timedelta(days=3)
    assert next_send(long_ago, now=NOW) == (NOW, NOW + INTERVAL)
