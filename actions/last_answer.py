"""What the customer saw last: the options under our latest answer, and the closed order it asked about."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Option:
    """Something that can be tapped."""

    title: str
    payload: str


def options_shown(events: Sequence[Event]) -> list[Option]:
    """Return the buttons or rows under our latest answer, in the order in which they were shown."""
    for event in _latest_answer(events):
        found = _options(event.get("data") or {}) if event.get("event") == "bot" else []
        if found:
            return found
    return []


def closed_order_asked_about(events: Sequence[Event]) -> int | None:
    """Return the order of «¿Es por tu pedido 123?», if that is what we said last."""
    for event in _latest_answer(events):
        if event.get("event") != "user":
            continue
        parsed = event.get("parse_data") or {}
        if (parsed.get("intent") or {}).get("name") != "after_close":
            return None
        return next((int(each["value"]) for each in parsed["entities"] if each["entity"] == "order"), None)
    return None


def _latest_answer(events: Sequence[Event]) -> Iterator[Event]:
    """Give the events between this message of the customer and the one before, newest first, that one included."""
    is_before = False
    for event in reversed(events):
        if is_before:
            yield event
        if event.get("event") == "user":
            if is_before:
                return
            is_before = True


def _options(data: dict[str, Any]) -> list[Option]:
    buttons = [Option(each["title"], each["payload"]) for each in data.get("buttons") or ()]
    sections = ((data.get("custom") or {}).get("list") or {}).get("sections", ())
    rows = [Option(row["title"], row["id"]) for section in sections for row in section["rows"]]
    return buttons or rows
