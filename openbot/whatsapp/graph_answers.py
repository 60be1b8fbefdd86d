"""What the Cloud API's answers mean (contract §5.1, §6.1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeAlias

from openbot.whatsapp.json_reading import NotJson, maybe_name, maybe_part, maybe_words, objects, parse

_OK = 200
_SERVER_ERROR = 500
#: A gateway's own words: what stands behind it may have taken the message.
_GATEWAY = frozenset({502, 504})
_USAGE_HEADER = "x-business-use-case-usage"
_LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """WhatsApp took the message; whether it arrives, statuses tell."""

    wamid: str
    wa_id: str | None  #: the phone as WhatsApp spells it; None when addressed by user id
    message_status: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """It did not go out. Neither `code` nor `http_status`: there was no connection."""

    code: int | None
    http_status: int | None
    message: str
    details: str = ""
    is_transient: bool = False
    subcode: int | None = None
    regain_after: timedelta | None = None  #: WhatsApp's own estimate, when it limits us


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertain:
    """It may have gone out: do not repeat it before its status had time to come."""

    reason: str


SendResult: TypeAlias = Sent | Refused | Uncertain


def read_send(*, http_status: int, content: bytes, headers: Mapping[str, str]) -> SendResult:
    """Read the answer of a send. Never raises: pages of HTML, empty and cut bodies come too."""
    answer = _object(content)
    if isinstance(answer.get("error"), dict) or http_status >= 300:  # noqa: PLR2004 - the 2xx class
        if http_status in _GATEWAY and "error" not in answer:
            return Uncertain(reason=f"HTTP {http_status} of a gateway")
        return read_refusal(http_status=http_status, content=content, headers=headers)
    message = next(iter(objects(answer, "messages")), {})
    wamid = maybe_name(message, "id")
    if not wamid:
        return Uncertain(reason=f"HTTP {http_status} without a message id")
    contact = next(iter(objects(answer, "contacts")), {})
    return Sent(
        wamid=wamid,
        wa_id=maybe_name(contact, "wa_id") or None,
        message_status=maybe_words(message, "message_status"),
    )


def read_refusal(*, http_status: int, content: bytes, headers: Mapping[str, str]) -> Refused:
    """Read an error in Graph's shape, or make one of the HTTP status alone."""
    error = maybe_part(_object(content), "error")
    details = maybe_words(maybe_part(error, "error_data"), "details") or maybe_words(error, "error_data")
    return Refused(
        code=_number(error, "code"),
        http_status=http_status,
        message=(maybe_words(error, "message") or f"HTTP {http_status}")[:_LONGEST_NOTE],
        details=details[:_LONGEST_NOTE],
        is_transient=error.get("is_transient") is True or (not error and http_status >= _SERVER_ERROR),
        subcode=_number(error, "error_subcode"),
        regain_after=_regain_after(headers),
    )


def read_object(*, http_status: int, content: bytes, headers: Mapping[str, str]) -> dict[str, Any] | Refused:
    """Read the answer of anything that is not a send."""
    answer = _object(content)
    if http_status != _OK or not answer or "error" in answer:
        return read_refusal(http_status=http_status, content=content, headers=headers)
    return answer


def _object(content: bytes) -> dict[str, Any]:
    try:
        answer = parse(content)
    except NotJson:
        return {}
    return answer if isinstance(answer, dict) else {}


def _number(error: Mapping[str, Any], key: str) -> int | None:
    value = maybe_name(error, key)
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 10 else None  # noqa: PLR2004


def _regain_after(headers: Mapping[str, str]) -> timedelta | None:
    usage = _object(headers.get(_USAGE_HEADER, "").encode())
    minutes = [
        entry.get("estimated_time_to_regain_access") for account in usage for entry in objects(usage, account)
    ]
    longest = max((wait for wait in minutes if isinstance(wait, int) and 0 < wait <= 24 * 60), default=0)
    return timedelta(minutes=longest) if longest else None
