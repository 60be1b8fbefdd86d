"""The customers' side over HTTP, for tests and for the page. All JSON; an error is {"error": name, "detail": text}.

    POST  /sim/customers {name, phone?, phone_visible?, username?, user_id?}   → customer; no phone: user id only
    GET   /sim/customers                                                       → [customer]
    PATCH /sim/customers/{id} {online?, reading?, blocked?, name?, phone_visible?}
    POST  /sim/customers/{id}/messages {kind: text|tap|image|document|audio|sticker|video|location|cart|reaction|
          contact|unsupported|raw, ...}                                        → message (fields: see actions.py)
    POST  /sim/customers/{id}/events {kind: call|change_number|echo, ...}      → what happens beside messages
    GET   /sim/customers/{id}/chat?after=seq&side=business&changed_after=revision&wait=seconds
          → {messages, last_seq, last_revision}; with wait it answers as soon as there is one, or empty at the end
    GET   /sim/media/{id}                                                      → the bytes of a file

A message: {id, seq, revision, side, type, content, text, options: [{id, title, kind}], timestamp, context, status,
error, tracker, pricing, reactions}. `seq` and `revision` count over all chats; status as in chat.py.
"""

import re
from typing import Annotated, Literal

from fastapi import APIRouter, Header, HTTPException, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from .actions import AnyAction, Reaction, Tap, shape
from .chat import Customer, Json, customer_json, message_json
from .webhooks import Update, contact, inbound
from .wiring import Parts, Simulator
from .world import World, new_wamid

router = APIRouter(prefix="/sim")

#: The demo's customers; the last one shows no phone.
DEMO = (
    ("Lucía Fernández", "5491123456789", True, None),
    ("Martín Ibáñez", "5493514567890", True, None),
    ("Caro 🌸", "5492215550134", False, "caro.suarez"),
)
#: Nothing of these opens the 24 h window.
OPENS_NOTHING = {"system", "reaction"}


class NewCustomer(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=80)
    phone: str | None = None  #: any spelling; digits are kept
    phone_visible: bool | None = None  #: default: visible when a phone is given
    username: str | None = None
    user_id: str | None = Field(default=None, pattern=r"^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$")


class CustomerChange(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str | None = None
    online: bool | None = None
    reading: bool | None = None
    blocked: bool | None = None
    phone_visible: bool | None = None


class Event(BaseModel):
    """`change_number` needs `phone` (a new user id comes with it), `echo` needs `text`."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["call", "change_number", "echo"]
    phone: str | None = None
    text: str | None = None


@router.post("/customers", status_code=201)
async def create(parts: Parts, wish: NewCustomer) -> Json:
    digits = re.sub(r"\D", "", wish.phone or "") or None
    customer = parts.world.add_customer(
        name=wish.name,
        phone=digits,
        phone_visible=digits is not None if wish.phone_visible is None else wish.phone_visible,
        username=wish.username,
        user_id=wish.user_id,
    )
    return as_json(parts.world, customer)


@router.post("/customers/demo", status_code=201)
async def create_demo(parts: Parts) -> list[Json]:
    """Add the demo's customers that are not there yet."""
    add_demo(parts.world, count=len(DEMO))
    return await customers(parts)


@router.get("/customers")
async def customers(parts: Parts) -> list[Json]:
    return [as_json(parts.world, customer) for customer in parts.world.customers.values()]


@router.patch("/customers/{customer_id}")
async def change(parts: Parts, customer_id: str, wish: CustomerChange) -> Json:
    customer = parts.world.customer(customer_id)
    for name, value in wish.model_dump(exclude_none=True).items():
        setattr(customer, name, value)
    if wish.online or wish.reading:
        parts.receipts.catch_up(customer)
    parts.world.show_customer(customer)
    return as_json(parts.world, customer)


@router.post("/customers/{customer_id}/messages", status_code=201)
async def act(parts: Parts, customer_id: str, action: AnyAction) -> Json:
    world = parts.world
    customer = world.customer(customer_id)
    kind, content, extra = shape(world, customer, action)
    quoted = action.message if isinstance(action, Tap) else action.reply_to
    message = world.add_message(
        customer,
        side="customer",
        kind=kind,
        content=content,
        context=_context(world, customer, quoted),
        timestamp=action.timestamp,
        wamid=action.id,
    )
    if isinstance(action, Reaction):
        target = world.message_of(customer, action.message)
        target.reactions["customer"] = action.emoji
        world.show_message(customer, target)
    if kind not in OPENS_NOTHING:
        world.open_window(customer, at=message.timestamp)
    parts.delivery.submit(inbound(customer, message, extra={**extra, **action.extra}))
    return message_json(message)


@router.post("/customers/{customer_id}/events", status_code=202)
async def event(parts: Parts, customer_id: str, wish: Event) -> Json:
    customer = parts.world.customer(customer_id)
    match wish.kind:
        case "call":
            _call(parts, customer)
        case "change_number":
            digits = re.sub(r"\D", "", wish.phone or "")
            if not digits:
                raise HTTPException(422, "phone is required")
            _change_number(parts, customer, digits)
        case "echo":
            _echo(parts, customer, wish.text or "")
    return as_json(parts.world, customer)


@router.get("/customers/{customer_id}/chat")
async def chat(
    parts: Parts,
    customer_id: str,
    *,
    after: int = 0,
    changed_after: int = 0,
    side: Literal["customer", "business"] | None = None,
    wait: Annotated[float, Query(ge=0, le=120)] = 0,
) -> Json:
    """Return messages with a later seq (and a later revision), of one side or both, in order."""
    customer = parts.world.customer(customer_id)

    def news() -> list[Json]:
        return [
            message_json(message)
            for message in customer.chat
            if message.seq > after and message.revision > changed_after and side in {None, message.side}
        ]

    await parts.world.bell.until(lambda: bool(news()), seconds=wait)
    return {
        "messages": news(),
        "last_seq": max((message.seq for message in customer.chat), default=0),
        "last_revision": max((message.revision for message in customer.chat), default=0),
    }


@router.get("/media/{media_id}")
async def medium(parts: Parts, media_id: str, wanted: Annotated[str, Header(alias="Range")] = "") -> Response:
    """Return the bytes, or the one range that was asked for (a player needs it to know how long a sound is)."""
    found = parts.world.media.get(media_id, now=parts.world.clock.now())
    if found is None:
        raise HTTPException(404, "no such file")
    size = len(found.data)
    headers = {
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox",
        "Accept-Ranges": "bytes",
    }
    asked = re.fullmatch(r"bytes=(\d+)-(\d*)", wanted)
    if asked is None or int(asked[1]) >= size:
        return Response(found.data, media_type=found.mime_type, headers=headers)
    first, last = int(asked[1]), min(int(asked[2] or size - 1), size - 1)
    headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return Response(found.data[first : last + 1], 206, headers=headers, media_type=found.mime_type)


def as_json(world: World, customer: Customer) -> Json:
    return customer_json(customer, now=world.clock.now())


def add_demo(world: World, *, count: int) -> None:
    """Add so many of the demo's customers, without those that are there."""
    for name, phone, visible, username in DEMO[:count]:
        if world.find(phone=phone) is None:
            world.add_customer(name=name, phone=phone, phone_visible=visible, username=username, user_id=None)


def _context(world: World, customer: Customer, quoted: str | None) -> Json | None:
    if quoted is None:
        return None
    author = world.message_of(customer, quoted).side
    business = world.settings.display_phone.lstrip("+")
    return {"from": business if author == "business" else customer.phone, "id": quoted}


def _call(parts: Simulator, customer: Customer) -> None:
    world = parts.world
    now = world.clock.now()
    body = {
        "id": new_wamid(customer).replace("wamid.", "wacid."),
        "from_user_id": customer.user_id,
        "to": world.settings.display_phone.lstrip("+"),
        "event": "connect",
        "direction": "USER_INITIATED",
        "timestamp": str(int(now)),
    } | ({"from": customer.phone} if customer.phone_visible else {})
    world.open_window(customer, at=now)
    parts.delivery.submit(
        Update(lane=customer.id, field="calls", key="calls", body=body, contact=contact(customer))
    )


def _change_number(parts: Simulator, customer: Customer, digits: str) -> None:
    world = parts.world
    now = str(int(world.clock.now()))
    old_id, old_phone = customer.user_id, customer.phone
    new_id = f"AR.{int(old_id.encode().hex(), 16) % 10**16 + int(digits)}"
    common: Json = {"from_user_id": old_id, "timestamp": now, "type": "system"}
    visible = {"from": old_phone} if customer.phone_visible else {}
    for kind in ("user_changed_number", "user_changed_user_id"):
        told = {"wa_id": digits} if customer.phone_visible else {}
        system = {"type": kind, "body": f"User {customer.name} changed", **told, "user_id": new_id}
        body = {**visible, **common, "id": new_wamid(customer), "system": system}
        parts.delivery.submit(Update(lane=customer.id, body=body))
    update: Json = {"detail": "changed", "user_id": {"previous": old_id, "current": new_id}, "timestamp": now}
    if customer.phone_visible:
        update["wa_id"] = digits
    parts.delivery.submit(Update(lane=customer.id, field="user_id_update", key="user_id_update", body=update))
    customer.phone, customer.user_id = digits, new_id
    world.show_customer(customer)


def _echo(parts: Simulator, customer: Customer, text: str) -> None:
    world = parts.world
    message = world.add_message(customer, side="business", kind="text", content={"body": text})
    world.advance(customer, message, "delivered")
    body = {
        "from": world.settings.display_phone.lstrip("+"),
        **({"to": customer.phone} if customer.phone_visible else {}),
        "to_user_id": customer.user_id,
        "id": message.id,
        "timestamp": str(message.timestamp),
        "type": "text",
        "text": {"body": text},
    }
    parts.delivery.submit(
        Update(lane=customer.id, field="smb_message_echoes", key="message_echoes", body=body)
    )
