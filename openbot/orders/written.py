"""How an order is written for people: dates, phones, quantities. Pure; all of it Spanish."""

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from openbot.whatsapp.numbers import display

_BUENOS_AIRES, _LENGTH = "54911", 13


def phone_of(digits: str | None) -> str:
    """Write a phone: 5491136943434 → «+54 9 11 3694-3434»; empty without one."""
    if not digits:
        return ""
    if len(digits) == _LENGTH and digits.startswith(_BUENOS_AIRES):  # most of them; a tenth of the time
        return f"+54 9 11 {digits[5:9]}-{digits[9:]}"
    return _other_phone(digits)


@lru_cache(maxsize=50_000)
def _other_phone(digits: str) -> str:
    return display(digits)


def time_of(time: datetime, zone: ZoneInfo) -> str:
    """Write a time by the company's clock: «22/11/2026 14:05»."""
    return time.astimezone(zone).strftime("%d/%m/%Y %H:%M")
