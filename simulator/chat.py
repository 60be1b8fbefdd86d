"""Who the customers are and what was said: the data that the page and the tests look at."""

import json
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

#: How far a message got; a status never goes back.
TICKS = ("accepted", "sent", "delivered", "read", "played")


@dataclass(slots=True, kw_only=True)
class Message:
    """One message of a chat, of either side, as it went over the wire."""

    id: str  #: wamid
    seq: int  #: order of creation, over all chats
    revision: int  #: grows whenever anything of the message changes, over all chats
    side: str  #: "customer" or "business"
    type: str
    content: Json | list[Any]  #: what stands under the key named as the type
    timestamp: int
    context: Json | None = None
    #: Of the business: accepted, sent, delivered, read, failed.
    #: Of the customer: sent (the webhook did not take it yet), delivered, read.
    status: str = "accepted"
    error: Json | None = None
    tracker: str | None = None
    addressed_by: str = "to"  #: how the business named the customer: "to" or "recipient"
    category: str = "service"
    pricing: Json | None = None
    reactions: dict[str, str] = field(default_factory=dict)  #: side → emoji


@dataclass(slots=True, kw_only=True)
class Customer:
    """A person with a phone; when it is not visible, the business is told only a business-scoped user id."""

    id: str
    name: str
    phone: str  #: digits; always there, but told only when `phone_visible`
    phone_visible: bool
    user_id: str
    username: str | None = None
    online: bool = True  #: a phone that is off receives nothing: its messages stay at one tick
    reading: bool = True  #: the chat is open on the phone: what arrives is read
    blocked: bool = False  #: the customer blocked the business: sends fail with 131026
    window_from: float | None = None  #: unix seconds of the last thing that opens the 24 h window
    typing_until: float = 0.0
    chat: list[Message] = field(default_factory=list)


def text_of(message: Message) -> str:
    """What a person reads in the message, without its options; empty for media without caption."""
    content = message.content
    if not isinstance(content, dict):
        return ", ".join(card.get("name", {}).get("formatted_name", "") for card in content)
    if message.type == "interactive":
        reply = content.get("button_reply") or content.get("list_reply")
        return str(reply["title"]) if reply else str(content.get("body", {}).get("text", ""))
    key = {
        "text": "body",
        "template": "body",
        "location": "name",
        "button": "text",
        "order": "text",
        "reaction": "emoji",
    }
    return str(content.get(key.get(message.type, "caption")) or "")


def options_of(message: Message) -> list[dict[str, str]]:
    """What the customer may tap: id, title and kind (`button`, `list` or `template`)."""
    content = message.content
    if message.side != "business" or not isinstance(content, dict):
        return []
    if message.type == "template":
        return [{**button, "kind": "template"} for button in content.get("buttons", [])]
    if message.type != "interactive":
        return []
    action = content.get("action", {})
    buttons = [{**button["reply"], "kind": "button"} for button in action.get("buttons", [])]
    sections = action.get("sections", []) if content.get("type") == "list" else []
    return buttons + [{**row, "kind": "list"} for section in sections for row in section["rows"]]


def message_json(message: Message) -> Json:
    """The message as the HTTP API and the page see it."""
    return {
        "id": message.id,
        "seq": message.seq,
        "revision": message.revision,
        "side": message.side,
        "type": message.type,
        "content": message.content,
        "text": text_of(message),
        "options": options_of(message),
        "timestamp": message.timestamp,
        "context": message.context,
        "status": message.status,
        "error": message.error,
        "tracker": message.tracker,
        "pricing": message.pricing,
        "reactions": message.reactions,
    }


def customer_json(customer: Customer, *, now: float) -> Json:
    """The customer as the HTTP API and the page see it; `typing_seconds`, `window_seconds`: what is left."""
    window = None if customer.window_from is None else max(0, round(customer.window_from + 86400 - now))
    return {
        "id": customer.id,
        "name": customer.name,
        "phone": customer.phone,
        "phone_visible": customer.phone_visible,
        "user_id": customer.user_id,
        "username": customer.username,
        "online": customer.online,
        "reading": customer.reading,
        "blocked": customer.blocked,
        "window_seconds": window,
        "typing_seconds": max(0.0, round(customer.typing_until - now, 1)),
        "last_seq": customer.chat[-1].seq if customer.chat else 0,
    }


def copied(value: Json) -> Json:
    """Return a deep copy of a JSON object."""
    result: Json = json.loads(json.dumps(value))
    return result
