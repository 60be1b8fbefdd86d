"""JSON of a stranger: bytes into plain values that both databases can store, and strict or lenient looks at them."""

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from openbot.errors import OpenbotError

#: Below this depth a value is cut: nothing that WhatsApp sends is as deep, and a deep one cannot be stored.
DEEPEST = 48
CUT = "…"
_LONGEST_WHOLE = 18
_TIMESTAMP = re.compile(r"\d{9,11}", re.ASCII)
_EARLIEST = datetime(2009, 1, 1, tzinfo=UTC)
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)


class NotJson(OpenbotError):
    """These bytes are not JSON."""

    code = "not_json"


class Malformed(OpenbotError):
    """A part of the JSON is not what it must be."""

    code = "malformed"


def parse(raw: bytes | str) -> Any:
    """Read JSON into storable values: no NUL, no lone surrogate, no NaN, no number too big. Raises NotJson."""
    try:
        text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else raw
        value = json.loads(text, parse_int=_whole, parse_float=_fraction, parse_constant=str)
    except (ValueError, RecursionError) as wrong:
        raise NotJson(f"These bytes are not JSON: {type(wrong).__name__}") from None
    return storable(value)


def storable(value: Any, *, depth: int = 0) -> Any:
    """Copy a JSON value without what a database refuses."""
    match value:
        case str():
            return clean(value)
        case dict() | list() if depth >= DEEPEST:
            return CUT
        case dict():
            return {clean(key): storable(part, depth=depth + 1) for key, part in value.items()}
        case list():
            return [storable(part, depth=depth + 1) for part in value]
        case _:
            return value


def clean(text: str) -> str:
    """Drop NUL (PostgreSQL refuses it) and lone surrogates (no encoding has them)."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "ignore").decode()
    return text


def part(parent: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Return the object at `key`; raises Malformed."""
    value = parent.get(key)
    if not isinstance(value, dict):
        raise Malformed(f"{key} is not an object")
    return value


def maybe_part(parent: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Return the object at `key`, or an empty one."""
    value = parent.get(key)
    return value if isinstance(value, dict) else {}


def several(parent: Mapping[str, Any], key: str) -> list[Any]:
    """Return the list at `key`, empty when absent or null; raises Malformed for anything else."""
    value = parent.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise Malformed(f"{key} is not a list")
    return value


def objects(parent: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """Return the objects in the list at `key`, leaving out whatever else is there."""
    value = parent.get(key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def words(parent: Mapping[str, Any], key: str) -> str:
    """Return the string at `key`; raises Malformed."""
    value = parent.get(key)
    if not isinstance(value, str):
        raise Malformed(f"{key} is not a string")
    return value


def maybe_words(parent: Mapping[str, Any], key: str) -> str:
    """Return the string at `key`, or an empty one."""
    value = parent.get(key)
    return value if isinstance(value, str) else ""


def name_of(parent: Mapping[str, Any], key: str, *, longest: int) -> str:
    """Return an identifier (a string, or a whole number written as one); raises Malformed when empty or long."""
    name = maybe_name(parent, key)
    if not name:
        raise Malformed(f"{key} is missing")
    if len(name) > longest:
        raise Malformed(f"{key} is longer than {longest}")
    return name


def maybe_name(parent: Mapping[str, Any], key: str) -> str:
    """Return an identifier, or an empty string."""
    value = parent.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value.strip() if isinstance(value, str) else ""


def moment(parent: Mapping[str, Any], key: str = "timestamp") -> datetime:
    """Return WhatsApp's seconds since 1970 (a string; a number is taken too) as UTC; raises Malformed."""
    seconds = maybe_name(parent, key)
    if _TIMESTAMP.fullmatch(seconds) is None:
        raise Malformed(f"{key} is not a number of seconds")
    when = datetime.fromtimestamp(int(seconds), tz=UTC)
    if not _EARLIEST <= when < _LATEST:
        raise Malformed(f"{key} is out of range")
    return when


def _whole(digits: str) -> int | str:
    return int(digits) if len(digits) <= _LONGEST_WHOLE else digits


def _fraction(digits: str) -> float | str:
    number = float(digits)
    return number if math.isfinite(number) else digits
