"""What Meta posts to the webhook (contract §2-4): envelope, elements, bytes and signature. Pure."""

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from .chat import Customer, Json, Message
from .settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """One element of one webhook."""

    lane: str  #: customer id: updates of one customer are posted one after the other
    body: Json
    field: str = "messages"
    key: str = "messages"  #: list under `value` that the body belongs to
    contact: Json | None = None
    message_id: str | None = None  #: the customer's message whose tick this delivery gives


def encode(payload: Json) -> bytes:
    r"""JSON as Meta writes it: ASCII, `\u` escapes in lower case, every slash as `\/`."""
    return json.dumps(payload, separators=(",", ":")).replace("/", "\\/").encode("ascii")


def signature(body: bytes, *, app_secret: str) -> str:
    """Value of X-Hub-Signature-256 for these very bytes."""
    return "sha256=" + hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()


def envelope(updates: Sequence[Update], *, settings: Settings) -> Json:
    """One POST for these updates, in order: from four on two entries, at most two elements per change."""
    half = len(updates) if len(updates) < 4 else (len(updates) + 1) // 2  # noqa: PLR2004 - two entries
    parts = [part for part in (updates[:half], updates[half:]) if part]
    return {
        "object": "whatsapp_business_account",
        "entry": [_entry(part, settings=settings) for part in parts],
    }


def _entry(updates: Sequence[Update], *, settings: Settings) -> Json:
    runs = [list(run) for _, run in groupby(updates, key=lambda update: (update.field, update.key))]
    pairs = [run[start : start + 2] for run in runs for start in range(0, len(run), 2)]
    return {"id": settings.waba_id, "changes": [_change(pair, settings=settings) for pair in pairs]}


def _change(updates: Sequence[Update], *, settings: Settings) -> Json:
    value: Json = {
        "messaging_product": "whatsapp",
        "metadata": {
            "display_phone_number": settings.display_phone.lstrip("+"),
            "phone_number_id": settings.phone_number_id,
        },
    }
    contacts: list[Json] = []
    for update in updates:
        if update.contact is not None and update.contact not in contacts:
            contacts.append(update.contact)
    if contacts:
        value["contacts"] = contacts
    value[updates[0].key] = [update.body for update in updates]
    return {"value": value, "field": updates[0].field}


def contact(customer: Customer) -> Json:
    """Profile beside a message; `wa_id` only when the phone is visible."""
    profile = {"name": customer.name} | ({"username": customer.username} if customer.username else {})
    visible = {"wa_id": customer.phone} if customer.phone_visible else {}
    return {"profile": profile, **visible, "user_id": customer.user_id}


def inbound(customer: Customer, message: Message, *, extra: Json | None = None) -> Update:
    """Return a message of the customer; `extra` are siblings such as `errors` or `referral`."""
    visible = {"from": customer.phone} if customer.phone_visible else {}
    body = {
        **({"context": message.context} if message.context else {}),
        **visible,
        "from_user_id": customer.user_id,
        "id": message.id,
        "timestamp": str(message.timestamp),
        "type": message.type,
        message.type: message.content,
        **(extra or {}),
    }
    has_contact = message.type != "system"
    return Update(
        lane=customer.id, body=body, contact=contact(customer) if has_contact else None, message_id=message.id
    )


def status(customer: Customer, message: Message, *, name: str, now: float, pricing: Json | None) -> Update:
    """Return a receipt of our own message: sent, delivered, read or failed."""
    failed = name == "failed"
    by_phone = message.addressed_by == "to"
    body: Json = {"id": message.id, "status": name, "timestamp": str(int(now))}
    if by_phone or customer.phone_visible:
        body["recipient_id"] = customer.phone
    if not (failed and by_phone):
        body["recipient_user_id"] = customer.user_id
    if message.tracker is not None:
        body["biz_opaque_callback_data"] = message.tracker
    if pricing is not None:
        body["pricing"] = pricing
    if failed:
        body["errors"] = [message.error]
    return Update(lane=customer.id, body=body, key="statuses", contact=None if failed else contact(customer))
