"""The turn contract, version 1: what the worker sends, what the assistant answers. No Rasa in here."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

VERSION = 1
#: WhatsApp's own limit for a text; what lies behind is kept by the caller and not parsed.
LONGEST_TEXT = 4096
MOST_MESSAGES = 100
#: `step` of an answer (since version 1 was first spoken; a caller that does not know it reads past it).
LONGEST_STEP = 40
#: A message without readable words, or whose intent the designers took out of the domain.
FALLBACK_INTENT = "nlu_fallback"
UNKNOWN_TAP = "unknown_tap"
#: Rasa's own commands: as an intent each has an effect that no button of ours may have.
COMMANDS = frozenset({"restart", "back", "session_start"})
INTENT_OF_KIND = {
    kind: f"send_{kind}"
    for kind in (
        "location",
        "cart",
        "image",
        "document",
        "audio",
        "video",
        "sticker",
        "contacts",
        "unsupported",
    )
}
KINDS = frozenset({"text", "tap", *INTENT_OF_KIND})
INTENTS_WITHOUT_TEXT = frozenset({UNKNOWN_TAP, FALLBACK_INTENT, *INTENT_OF_KIND.values()})

_PAYLOAD = re.compile(r"/(?P<intent>\w+)(?P<entities>\{.*\})?\s*\Z", re.DOTALL)
#: Only spaces; zero-width signs are the normaliser's business.
_COMMAND_SIGN = "/"
_HARMLESS_SIGN = "\uff0f"


class UnreadableTurn(ValueError):
    """The request breaks the turn contract; `detail` names the field and what it should be."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


@dataclass(frozen=True)
class Message:
    """One message of the customer, as the worker sent it."""

    id: int
    kind: str  #: one of KINDS
    text: str
    payload: str  #: of a tap, else ""
    data: Mapping[str, Any] | None  #: of a location, cart or medium


@dataclass(frozen=True)
class Turn:
    """What the assistant is asked in one go."""

    turn_id: int
    contact_id: int
    order_id: int | None
    now: str  #: aware ISO 8601, as it came
    messages: tuple[Message, ...]
    dialogue_number: int
    events: list[dict[str, Any]]  #: Rasa's events; [] is a conversation that starts clean


@dataclass(frozen=True)
class Heard:
    """One message as Rasa takes it."""

    id: int
    text: str
    parse_data: dict[str, Any] | None  #: None: the text has to be understood first
    metadata: dict[str, Any]


def read_turn(body: Any) -> Turn:
    """Read the decoded JSON of a request; raise UnreadableTurn for anything the contract does not know."""
    fields = _fields(
        body, "request", {"version", "turn_id", "contact_id", "order_id", "now", "messages", "dialogue"}
    )
    if fields["version"] != VERSION:
        raise UnreadableTurn(f"version: {VERSION} is the only version spoken here")
    dialogue = _fields(fields["dialogue"], "dialogue", {"number", "events"})
    return Turn(
        turn_id=_whole(fields["turn_id"], "turn_id"),
        contact_id=_whole(fields["contact_id"], "contact_id"),
        order_id=None if fields["order_id"] is None else _whole(fields["order_id"], "order_id"),
        now=_moment(fields["now"]),
        messages=_messages(fields["messages"]),
        dialogue_number=_whole(dialogue["number"], "dialogue.number"),
        events=_events(dialogue["events"]),
    )


def hear(turn: Turn, *, intents: Collection[str]) -> list[Heard]:
    """Map each message to what Rasa is told; `intents` are those of the loaded domain."""
    return [
        Heard(
            id=message.id,
            text=_harmless(message.text) if message.kind == "text" else message.text,
            parse_data=_understood(message, intents),
            metadata=_metadata(turn, message, position),
        )
        for position, message in enumerate(turn.messages)
    ]


def as_reply(message: Mapping[str, Any]) -> dict[str, Any]:
    """One reply of the contract out of what Rasa hands to an output channel; nothing in it is dropped."""
    custom = message.get("custom")
    extra = dict(custom) if isinstance(custom, dict) else {"value": custom} if custom else {}
    for name in ("image", "attachment", "elements"):
        if message.get(name):
            extra[name] = message[name]
    return {
        "text": message.get("text") or "",
        "buttons": list(message.get("buttons") or message.get("quick_replies") or []),
        "custom": extra,
    }


def _understood(message: Message, intents: Collection[str]) -> dict[str, Any] | None:
    if message.kind == "text":
        return None if message.text.strip() else _parsed("", FALLBACK_INTENT)
    if message.kind == "tap":
        intent, entities = _read_payload(message.payload, intents)
        return _parsed(message.text, intent, entities)
    intent = INTENT_OF_KIND[message.kind]
    return _parsed(message.text, intent if intent in intents else FALLBACK_INTENT)


def _read_payload(payload: str, intents: Collection[str]) -> tuple[str, list[dict[str, Any]]]:
    match = _PAYLOAD.match(payload)
    unknown = UNKNOWN_TAP if UNKNOWN_TAP in intents else FALLBACK_INTENT
    if match is None or match["intent"] in COMMANDS or match["intent"] not in intents:
        return unknown, []
    try:
        values = json.loads(match["entities"] or "{}")
    except (ValueError, RecursionError):
        return unknown, []
    entities = []
    for name, value in values.items():
        several = value if isinstance(value, list) else [value]
        if not all(isinstance(one, (str, int, float, bool)) for one in several):
            return unknown, []
        entities += [{"entity": name, "value": one} for one in several]
    return match["intent"], entities


def _parsed(text: str, intent: str, entities: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {"text": text, "intent": {"name": intent, "confidence": 1.0}, "entities": entities or []}


def _harmless(text: str) -> str:
    # Rasa strips the text and then obeys what begins with "/"; the normaliser maps the sign back.
    text = text.strip()[:LONGEST_TEXT]
    return _HARMLESS_SIGN + text[1:] if text.startswith(_COMMAND_SIGN) else text


def _metadata(turn: Turn, message: Message, position: int) -> dict[str, Any]:
    # It is stored in the dialogue and sent with every action call: nothing more than actions need.
    metadata: dict[str, Any] = {
        "turn_id": turn.turn_id,
        "position": position,
        "message_id": message.id,
        "kind": message.kind,
        "order_id": turn.order_id,
        "now": turn.now,
    }
    more = len(turn.messages) - position - 1
    if more:
        metadata["more"] = more  # the question is asked after the last one
    if message.data:
        metadata["data"] = dict(message.data)
    return metadata


def _messages(value: Any) -> tuple[Message, ...]:
    if not isinstance(value, list) or not 0 < len(value) <= MOST_MESSAGES:
        raise UnreadableTurn(f"messages: a list of 1 to {MOST_MESSAGES} messages")
    return tuple(_message(one, f"messages[{position}]") for position, one in enumerate(value))


def _message(value: Any, where: str) -> Message:
    if not isinstance(value, dict):
        raise UnreadableTurn(f"{where}: an object")
    kind, text, data = value.get("kind"), value.get("text"), value.get("data")
    if not isinstance(kind, str) or kind not in KINDS:
        raise UnreadableTurn(f"{where}.kind: one of {', '.join(sorted(KINDS))}")
    if not isinstance(text, str):
        raise UnreadableTurn(f"{where}.text: a string")
    if data is not None and not isinstance(data, dict):
        raise UnreadableTurn(f"{where}.data: an object")
    payload = value.get("payload")
    if (kind == "tap") != isinstance(payload, str):
        raise UnreadableTurn(f"{where}.payload: a string for a tap, and for nothing else")
    return Message(
        id=_whole(value.get("id"), f"{where}.id"),
        kind=kind,
        text=text,
        payload=payload or "",
        data=data,
    )


def _events(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(
        isinstance(event, dict) and isinstance(event.get("event"), str) for event in value
    ):
        raise UnreadableTurn("dialogue.events: a list of Rasa events")
    return value


def _fields(value: Any, where: str, names: Collection[str]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise UnreadableTurn(f"{where}: an object")
    if set(value) != set(names):
        odd = sorted(set(value).symmetric_difference(names))
        raise UnreadableTurn(f"{where}: missing or unknown field {', '.join(map(str, odd))}")
    return value


def _whole(value: Any, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise UnreadableTurn(f"{where}: a whole number, not negative")
    return value


def _moment(value: Any) -> str:
    try:
        moment = datetime.fromisoformat(value.replace("Z", "+00:00"))  # noqa: FURB162  Python 3.10 knows no Z
    except (AttributeError, TypeError, ValueError):
        raise UnreadableTurn("now: a time in ISO 8601") from None
    if moment.tzinfo is None:
        raise UnreadableTurn("now: a time with its offset")
    return value
