"""Pages of the lists of the catalogue, which are short: searched and sorted in memory, where accents do not count."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from openbot.catalogue.words import fold
from openbot.errors import OpenbotError

_Line = TypeVar("_Line")


class BadCursor(OpenbotError):
    """That is no place of this list."""

    code = "bad_cursor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[_Line]):
    """A part of a list."""

    rows: list[_Line]
    next: str | None
    total: int
    total_is_capped: bool = False


def page(
    lines: Sequence[_Line],
    *,
    key: Callable[[_Line], list[Any]],
    descending: bool,
    limit: int,
    after: str,
) -> Page[_Line]:
    """Cut a page out of a list sorted by `key`, whose last part tells equal rows apart. Raises BadCursor."""
    ordered = sorted(lines, key=key, reverse=descending)
    start = 0
    if after:
        place = _place(after)
        try:
            start = sum((key(line) >= place) if descending else (key(line) <= place) for line in ordered)
        except TypeError:
            raise BadCursor from None
    rows = ordered[start : start + limit]
    more = start + limit < len(ordered)
    return Page(rows=rows, next=_cursor(key(rows[-1])) if more else None, total=len(ordered))


def containing(texts: Mapping[int, str], wanted: str) -> set[int]:
    """Give the ids of texts that have every word of what was typed."""
    words = fold(wanted).split()
    return {each for each, text in texts.items() if all(word in text for word in words)}


def _cursor(place: list[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def _place(cursor: str) -> list[Any]:
    try:
        place = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        raise BadCursor from None
    if not isinstance(place, list):
        raise BadCursor
    return place
