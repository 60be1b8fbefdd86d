"""What is in a message of WhatsApp, by its type (contract §3)."""

import math
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from openbot.whatsapp.items import Content, MessageKind
from openbot.whatsapp.json_reading import (
    Malformed,
    NotJson,
    maybe_name,
    maybe_part,
    maybe_words,
    name_of,
    objects,
    parse,
    part,
    several,
    words,
)

_LONGEST_WAMID = 255
_MOST = Decimal(10) ** 9
_MEDIA_WORDS = ("mime_type", "sha256", "filename", "url")


def read_content(message: Mapping[str, Any]) -> Content:
    """Read a message, or the message inside an edit. Raises Malformed; an unknown type is a kind of its own."""
    kind = maybe_words(message, "type")
    if not kind:
        raise Malformed("type is missing")
    content = _READERS.get(kind, _unknown)(message)
    around = _around(message)
    if not around:
        return content
    return Content(
        kind=content.kind, text=content.text, payload=content.payload, data={**around, **content.data}
    )


def errors_of(parent: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """Return the errors beside a message or status, each as {code, title, details}."""
    return tuple(
        {
            "code": error.get("code") if isinstance(error.get("code"), int) else None,
            "title": maybe_words(error, "title") or maybe_words(error, "message"),
            "details": maybe_words(maybe_part(error, "error_data"), "details")
            or maybe_words(error, "error_data"),
        }
        for error in objects(parent, "errors")
    )


def _around(message: Mapping[str, Any]) -> dict[str, Any]:
    context = maybe_part(message, "context")
    product = maybe_part(context, "referred_product")
    found: dict[str, Any] = {
        "reply_to": maybe_name(context, "id"),
        "forwarded": bool(context.get("forwarded") or context.get("frequently_forwarded")),
        "product": _filled(
            catalog_id=maybe_name(product, "catalog_id"), code=maybe_name(product, "product_retailer_id")
        ),
        "referral": maybe_part(message, "referral"),
        "errors": list(errors_of(message)),
    }
    return _filled(**found)


def _filled(**parts: Any) -> dict[str, Any]:
    return {key: value for key, value in parts.items() if value not in ("", None, False, [], {})}


def _text(message: Mapping[str, Any]) -> Content:
    return Content(kind=MessageKind.TEXT, text=words(part(message, "text"), "body"))


def _button(message: Mapping[str, Any]) -> Content:
    button = part(message, "button")
    title = maybe_words(button, "text")
    payload = maybe_words(button, "payload") or title
    if not payload:
        raise Malformed("button has neither payload nor text")
    if not payload.startswith("/"):
        # A template's quick reply: nobody but its author knows the payload, everybody understands the words.
        return Content(kind=MessageKind.TEXT, text=title or payload)
    return Content(kind=MessageKind.TAP, text=title or payload, payload=payload)


def _interactive(message: Mapping[str, Any]) -> Content:
    answer = message.get("interactive")
    if not isinstance(answer, dict):
        # Seen when a customer forwards an interactive message; `value.errors` says 131000.
        return Content(kind=MessageKind.UNSUPPORTED, data={"type": "interactive"})
    match maybe_words(answer, "type"):
        case "button_reply" | "list_reply" as which:
            reply = part(answer, which)
            data = _filled(description=maybe_words(reply, "description"))
            payload = words(reply, "id")
            return Content(kind=MessageKind.TAP, text=maybe_words(reply, "title"), payload=payload, data=data)
        case "nfm_reply":
            return _form_reply(part(answer, "nfm_reply"))
        case "call_permission_reply":
            return Content(kind=MessageKind.SYSTEM, data={"type": "call_permission_reply"})
        case other:
            return Content(kind=MessageKind.UNKNOWN, data={"type": f"interactive/{other}"[:60]})


def _form_reply(reply: Mapping[str, Any]) -> Content:
    response = maybe_words(reply, "response_json")
    try:
        form = parse(response)
    except NotJson:
        form = None
    found = {"form": form} if isinstance(form, dict) else _filled(response=response)
    data = {**_filled(name=maybe_words(reply, "name")), **found}
    return Content(kind=MessageKind.FORM_REPLY, text=maybe_words(reply, "body"), data=data)


def _medium(kind: MessageKind) -> Callable[[Mapping[str, Any]], Content]:
    def read(message: Mapping[str, Any]) -> Content:
        if kind.value not in message and objects(message, "errors"):
            return Content(kind=kind, data={"unavailable": True})
        medium = part(message, kind.value)
        media_id = maybe_name(medium, "id")
        data: dict[str, Any] = {"media_id": media_id} if media_id else {"unavailable": True}
        data |= _filled(**{key: maybe_words(medium, key) for key in _MEDIA_WORDS})
        data |= _filled(voice=medium.get("voice") is True, animated=medium.get("animated") is True)
        return Content(kind=kind, text=maybe_words(medium, "caption"), data=data)

    return read


def _location(message: Mapping[str, Any]) -> Content:
    place = part(message, "location")
    name, address = maybe_words(place, "name"), maybe_words(place, "address")
    data = {
        "latitude": _degrees(place, "latitude", most=90),
        "longitude": _degrees(place, "longitude", most=180),
        **_filled(name=name, address=address, url=maybe_words(place, "url")),
    }
    return Content(kind=MessageKind.LOCATION, text=name or address, data=data)


def _degrees(place: Mapping[str, Any], key: str, *, most: int) -> float:
    value = place.get(key)
    try:
        degrees = float(value) if isinstance(value, int | float | str) else math.nan
    except ValueError:
        degrees = math.nan
    if isinstance(value, bool) or not abs(degrees) <= most:
        raise Malformed(f"{key} is not a number of degrees")
    return degrees


def _cart(message: Mapping[str, Any]) -> Content:
    cart = part(message, "order")
    lines = [_cart_line(line) for line in several(cart, "product_items")]
    if not lines:
        raise Malformed("the cart is empty")
    data = {"items": lines, **_filled(catalog_id=maybe_name(cart, "catalog_id"))}
    return Content(kind=MessageKind.CART, text=maybe_words(cart, "text"), data=data)


def _cart_line(line: Any) -> dict[str, Any]:
    if not isinstance(line, dict):
        raise Malformed("a line of the cart is not an object")
    quantity = _decimal(line.get("quantity"))
    if quantity is None or quantity <= 0:
        raise Malformed("quantity is not a positive number")
    whole = quantity == quantity.to_integral_value()
    price = _decimal(line.get("item_price"))
    return {
        "code": name_of(line, "product_retailer_id", longest=200),
        "quantity": int(quantity) if whole else _plain(quantity),
        **_filled(price=None if price is None else _plain(price), currency=maybe_words(line, "currency")),
    }


def _decimal(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() and 0 <= number < _MOST else None


def _plain(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _contacts(message: Mapping[str, Any]) -> Content:
    cards = [_card(card) for card in several(message, "contacts") if isinstance(card, dict)]
    if not cards:
        raise Malformed("no contacts")
    names = ", ".join(card["name"] for card in cards if "name" in card)
    return Content(
        kind=MessageKind.CONTACTS, text=names, data={"contacts": cards, **_filled(own_phone=_own(cards))}
    )


def _card(card: Mapping[str, Any]) -> dict[str, Any]:
    phones = [
        _filled(
            phone=maybe_words(phone, "phone"),
            wa_id=maybe_name(phone, "wa_id"),
            type=maybe_words(phone, "type"),
        )
        for phone in objects(card, "phones")
    ]
    emails = [maybe_words(email, "email") for email in objects(card, "emails")]
    name = maybe_words(maybe_part(card, "name"), "formatted_name")
    return _filled(
        name=name,
        origin=maybe_words(card, "origin"),
        phones=[phone for phone in phones if phone],
        emails=[email for email in emails if email],
    )


def _own(cards: list[dict[str, Any]]) -> str:
    # Only this origin is the customer's own number; any other card is somebody's.
    own = [card for card in cards if card.get("origin") == "contact_request"]
    phones = [phone for card in own for phone in card.get("phones", [])]
    return str(phones[0].get("wa_id") or phones[0].get("phone", "")) if phones else ""


def _reaction(message: Mapping[str, Any]) -> Content:
    reaction = part(message, "reaction")
    emoji = maybe_words(reaction, "emoji")
    data = {"original_wamid": name_of(reaction, "message_id", longest=_LONGEST_WAMID), "emoji": emoji}
    return Content(kind=MessageKind.REACTION, text=emoji, data=data)


def _edit(message: Mapping[str, Any]) -> Content:
    edit = part(message, "edit")
    inner = part(edit, "message")
    # An edit inside an edit is nobody's; reading it would let a stranger choose the depth.
    content = _unknown(inner) if maybe_words(inner, "type") == "edit" else read_content(inner)
    data = {
        **content.data,
        "original_wamid": name_of(edit, "original_message_id", longest=_LONGEST_WAMID),
        "kind": content.kind.value,
    }
    return Content(kind=MessageKind.EDIT, text=content.text, data=data)


def _revoke(message: Mapping[str, Any]) -> Content:
    original = name_of(part(message, "revoke"), "original_message_id", longest=_LONGEST_WAMID)
    return Content(kind=MessageKind.REVOKE, data={"original_wamid": original})


def _system(message: Mapping[str, Any]) -> Content:
    system = maybe_part(message, "system")
    kind = maybe_words(system, "type") or maybe_words(message, "type")
    return Content(kind=MessageKind.SYSTEM, text=maybe_words(system, "body"), data={"type": kind[:60]})


def _request_welcome(_message: Mapping[str, Any]) -> Content:
    return Content(kind=MessageKind.REQUEST_WELCOME)


def _unsupported(message: Mapping[str, Any]) -> Content:
    hint = maybe_words(maybe_part(message, "unsupported"), "type")
    return Content(kind=MessageKind.UNSUPPORTED, data=_filled(type=hint[:60]))


def _unknown(message: Mapping[str, Any]) -> Content:
    return Content(kind=MessageKind.UNKNOWN, data={"type": maybe_words(message, "type")[:60]})


_READERS: Mapping[str, Callable[[Mapping[str, Any]], Content]] = {
    "text": _text,
    "button": _button,
    "interactive": _interactive,
    "image": _medium(MessageKind.IMAGE),
    "document": _medium(MessageKind.DOCUMENT),
    "audio": _medium(MessageKind.AUDIO),
    "video": _medium(MessageKind.VIDEO),
    "sticker": _medium(MessageKind.STICKER),
    "location": _location,
    "order": _cart,
    "contacts": _contacts,
    "reaction": _reaction,
    "edit": _edit,
    "revoke": _revoke,
    "system": _system,
    "customer_changed_number": _system,
    "customer_identity_changed": _system,
    "request_welcome": _request_welcome,
    "unsupported": _unsupported,
    "unknown": _unsupported,
}
