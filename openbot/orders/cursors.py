"""Where a page of a list ended, as an opaque text for whoever asks for the next one."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from openbot.errors import OpenbotError
from openbot.orders.criteria import LARGEST_ID

_LONGEST = 600


class BadCursor(OpenbotError):
    """The page to go on from is not one of this list."""

    code = "bad_cursor"


def write(place: Mapping[str, Any], *, sort: str) -> str:
    """Describe the last row of a page of a list sorted by `sort`."""
    plain = {
        name: str(value) if isinstance(value, Decimal | datetime) else value for name, value in place.items()
    }
    text = json.dumps([sort, plain], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(cursor: str, *, sort: str, kinds: Mapping[str, type]) -> dict[str, Any]:
    """Return the place; `kinds` are what it consists of. Raises BadCursor."""
    if len(cursor) > _LONGEST:
        raise BadCursor
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        written_for, plain = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if written_for != sort or plain.keys() != kinds.keys():
            raise BadCursor
        return {
            name: None if plain[name] is None else _READ[kind](plain[name]) for name, kind in kinds.items()
        }
    except (binascii.Error, ValueError, TypeError, AttributeError, InvalidOperation, RecursionError) as wrong:
        raise BadCursor from wrong


def _whole(value: Any) -> int:
    if type(value) is not int or abs(value) > LARGEST_ID:
        raise BadCursor
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise BadCursor
    value.encode()  # half a surrogate pair is a ValueError
    return value


def _money(value: Any) -> Decimal:
    amount = Decimal(_text(value))
    if not amount.is_finite() or abs(amount) > LARGEST_ID // 100 or amount != round(amount, 2):
        raise BadCursor
    return amount


def _time(value: Any) -> datetime:
    time = datetime.fromisoformat(_text(value))
    if time.tzinfo is None:
        raise BadCursor
    return time


_READ: dict[type, Callable[[Any], Any]] = {int: _whole, str: _text, Decimal: _money, datetime: _time}
