"""Figures and days as operators read them, where Python writes them (the browser's part: grid/js/format.js)."""

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

WEEKDAYS = ("Lunes", "Martes", "Miércoles", "Jueves", "Viernes", "Sábado", "Domingo")


def amount(value: Any) -> str:
    """«12450.5» is «12.450,50»; nothing is nothing."""
    if value is None or value == "":
        return ""
    try:
        figure = f"{Decimal(str(value)):,.2f}"
    except InvalidOperation:
        return str(value)
    return figure.translate(str.maketrans(",.", ".,"))


def money(value: Any) -> str:
    """«$ 12.450,50»."""
    return f"$ {amount(value)}" if value not in (None, "") else ""


def day(value: str) -> str:
    """«2026-12-25» is «25/12/2026»."""
    try:
        return f"{date.fromisoformat(value):%d/%m/%Y}"
    except ValueError:
        return value


def moment(value: str, time_zone: str) -> str:
    """«2026-11-22T17:05:00Z» is «22/11/2026 14:05» in Buenos Aires."""
    return f"{datetime.fromisoformat(value).astimezone(ZoneInfo(time_zone)):%d/%m/%Y %H:%M}"


def counted(count: int, one: str, several: str) -> str:
    """«1 producto», «3.200 productos»."""
    return f"{count:,}".replace(",", ".") + f" {one if count == 1 else several}"
