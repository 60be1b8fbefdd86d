"""The customer's message as an action sees it: what the channel says about it, and what was understood."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from openbot.errors import OpenbotError

#: The channel hides a typed leading slash from Rasa; people never see the hidden one.
_HIDDEN_SLASH = "\uff0f"


class TurnUnknown(OpenbotError):
    """The action was called without the turn's metadata: only the channel `whatsapp` can talk to it."""

    code = "turn_unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of a turn."""

    turn_id: int
    position: int  #: which message of the turn
    id: int  #: of the inbox row
    kind: str  #: text, tap, location, cart, image …
    order_id: int | None  #: the open order when the turn was frozen
    text: str
    intent: str
    now: datetime
    entities: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    more: int = 0  #: messages of the turn still to come; the last one gets the question

    @property
    def is_text(self) -> bool:
        """Whether the customer typed it."""
        return self.kind == "text"


def read_message(latest: dict[str, Any], *, now: datetime) -> Message:
    """Read the tracker's latest message. `now` stands in for a turn without its own. Raises TurnUnknown."""
    metadata = latest.get("metadata") or {}
    if not isinstance(metadata.get("turn_id"), int):
        raise TurnUnknown
    text = latest.get("text") or ""
    if text.startswith(_HIDDEN_SLASH):
        text = "/" + text[1:]
    return Message(
        turn_id=metadata["turn_id"],
        position=metadata.get("position", 0),
        id=metadata.get("message_id", 0),
        kind=metadata.get("kind", "text"),
        order_id=metadata.get("order_id"),
        text=text,
        intent=(latest.get("intent") or {}).get("name") or "",
        now=_moment(metadata.get("now")) or now,
        entities={each["entity"]: each["value"] for each in latest.get("entities") or ()},
        data=metadata.get("data") or {},
        more=metadata.get("more", 0),
    )


def _moment(value: Any) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else None


_YES = re.compile(r"^\W*(?:s[ií]+|dale|bueno|ok(?:ey)?|obvio|claro|por favor|recuper\w*)\b", re.IGNORECASE)


def says_yes(text: str) -> bool:
    """Say whether a text agrees to what was offered: «sí por favor», «dale»."""
    return _YES.search(text) is not None
