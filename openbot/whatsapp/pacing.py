"""WhatsApp's pair rate: to one person 45 messages in a burst, then one each 6 s (contract §6.3)."""

from datetime import datetime, timedelta

INTERVAL = timedelta(seconds=6)
BURST = 45


def next_send(
    booked_until: datetime | None, *, now: datetime, interval: timedelta = INTERVAL
) -> tuple[datetime, datetime]:
    """Return when the next message to this person may go, and the new `booked_until` if it goes then.

    `booked_until` is when all that was sent would be paid for at one message each `interval`.
    """
    booked = max(booked_until or now, now)
    ready = max(now, booked - (BURST - 1) * interval)
    return ready, booked + interval
