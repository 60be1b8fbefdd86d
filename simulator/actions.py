"""What a customer does on the phone, and the message that comes of it (contract §3). Bodies of the HTTP API."""

import base64
import binascii
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from .chat import Customer, Json, Message, options_of
from .media import SAMPLES
from .world import World

#: kind → file in samples/, mime type, file name shown
SAMPLE_FILES = {
    "image": ("comprobante.jpg", "image/jpeg", None),
    "document": ("comprobante.pdf", "application/pdf", "comprobante.pdf"),
    "audio": ("nota-de-voz.ogg", "audio/ogg; codecs=opus", None),
    "sticker": ("mate.webp", "image/webp", None),
}


class ActionNotPossible(ValueError):
    """The phone would not let the customer do that."""


class Action(BaseModel):
    """Common to all: `reply_to` quotes a message, `timestamp` (unix seconds) may lie in the past.

    `id` forces a wamid; `extra` is merged into the webhook's message, such as {"referral": {...}}.
    """

    model_config = ConfigDict(extra="forbid")

    reply_to: str | None = None
    timestamp: int | None = None
    id: str | None = None
    extra: dict[str, object] = Field(default_factory=dict)


class Text(Action):
    kind: Literal["text"]
    text: str


class Tap(Action):
    """A tap on an option of a message of the business: by option id, or by its title when no id is given."""

    kind: Literal["tap"]
    message: str
    option: str | None = None
    title: str | None = None


class File(Action):
    """A file: our sample of that kind, or `data` in base64 with its `mime_type`."""

    kind: Literal["image", "document", "audio", "sticker", "video"]
    data: str | None = None
    mime_type: str | None = None
    filename: str | None = None
    caption: str | None = None


class Location(Action):
    kind: Literal["location"]
    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    name: str | None = None
    address: str | None = None


class CartLine(BaseModel):
    code: str
    quantity: int | float = 1
    price: int | float = 0
    currency: str = "ARS"


class Cart(Action):
    kind: Literal["cart"]
    items: list[CartLine] = Field(min_length=1)
    text: str = ""
    catalog_id: str = "194836987003835"


class Reaction(Action):
    """An empty emoji takes the reaction back."""

    kind: Literal["reaction"]
    message: str
    emoji: str


class Contact(Action):
    """A contact card; without phone the customer's own, as an answer to request_contact_info."""

    kind: Literal["contact"]
    name: str | None = None
    phone: str | None = None


class Unsupported(Action):
    kind: Literal["unsupported"]
    hint: str = "poll_creation"


class Raw(Action):
    """Any type with any content, for shapes that the phone does not offer."""

    kind: Literal["raw"]
    type: str
    content: Json | list[Json] = Field(default_factory=dict)


AnyAction = Annotated[
    Text | Tap | File | Location | Cart | Reaction | Contact | Unsupported | Raw, Field(discriminator="kind")
]
#: type, content, siblings of the content in the webhook
Shape = tuple[str, Json | list[Json], Json]


def shape(world: World, customer: Customer, action: AnyAction) -> Shape:
    """Return type, content and siblings of the message; ActionNotPossible when there is nothing to tap."""
    result: Shape
    match action:
        case Text():
            result = "text", {"body": action.text}, {}
        case Tap():
            result = _tap(world.message_of(customer, action.message), action)
        case File():
            result = action.kind, _file(world, action), {}
        case Location():
            place = action.model_dump(include={"latitude", "longitude", "name", "address"}, exclude_none=True)
            result = "location", place, {}
        case Cart():
            result = "order", _cart(action), {}
        case Reaction():
            emoji = {"emoji": action.emoji} if action.emoji else {}
            result = "reaction", {"message_id": action.message, **emoji}, {}
        case Contact():
            result = "contacts", [_card(customer, action)], {}
        case Unsupported():
            result = "unsupported", {"type": action.hint}, {"errors": [_UNSUPPORTED]}
        case Raw():
            result = action.type, action.content, {}
    return result


_UNSUPPORTED = {
    "code": 131051,
    "title": "Message type unknown",
    "message": "Message type unknown",
    "error_data": {"details": "Message type is currently not supported."},
}


def _tap(message: Message, action: Tap) -> Shape:
    wanted = [
        option
        for option in options_of(message)
        if (action.option is not None and option["id"] == action.option)
        or (action.option is None and option["title"] == action.title)
    ]
    if not wanted:
        raise ActionNotPossible("That message has no such option.")
    option = wanted[0]
    reply = {key: option[key] for key in ("id", "title", "description") if key in option}
    match option["kind"]:
        case "template":
            return "button", {"payload": option["id"], "text": option["title"]}, {}
        case "list":
            return "interactive", {"type": "list_reply", "list_reply": reply}, {}
        case _:
            return "interactive", {"type": "button_reply", "button_reply": reply}, {}


def _file(world: World, action: File) -> Json:
    now = world.clock.now()
    if action.data is None:
        if action.kind not in SAMPLE_FILES:
            raise ActionNotPossible("There is no sample of that kind: send data and mime_type.")
        sample, mime_type, filename = SAMPLE_FILES[action.kind]
        data = (SAMPLES / sample).read_bytes()
    else:
        try:
            data = base64.b64decode(action.data, validate=True)
        except binascii.Error:
            raise ActionNotPossible("data is not base64.") from None
        mime_type, filename = action.mime_type or "application/octet-stream", None
    filename = action.filename or filename
    medium = world.media.receive(data=data, mime_type=mime_type, filename=filename, now=now)
    content = world.media.in_webhook(medium, now=now, with_url=world.behaviour.media_url_in_webhook)
    if action.caption and action.kind in {"image", "document", "video"}:
        content["caption"] = action.caption
    if action.kind == "document":
        content["filename"] = filename or "documento"
    if action.kind == "audio":
        content["voice"] = mime_type.startswith("audio/ogg")
    if action.kind == "sticker":
        content["animated"] = b"ANIM" in data[:64]
    return content


def _cart(action: Cart) -> Json:
    lines = [
        {
            "product_retailer_id": line.code,
            "quantity": line.quantity,
            "item_price": line.price,
            "currency": line.currency,
        }
        for line in action.items
    ]
    return {"catalog_id": action.catalog_id, "text": action.text, "product_items": lines}


def _card(customer: Customer, action: Contact) -> Json:
    own = action.phone is None
    digits = customer.phone if action.phone is None else "".join(filter(str.isdigit, action.phone))
    name = action.name or customer.name
    return {
        "origin": "contact_request" if own else "other",
        "name": {"formatted_name": name, "first_name": name},
        "phones": [{"phone": "+" + digits, "wa_id": digits, "type": "CELL"}],
    }
