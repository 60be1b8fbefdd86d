"""What POST /{phone-number-id}/messages may say: read strictly, every limit of contract §5. Pure."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from . import interactive, templates
from .chat import Json
from .graph_errors import GraphError
from .limits import Fields
from .media import KINDS, Medium
from .templates import Template

TYPES = (*KINDS, "text", "location", "contacts", "reaction", "interactive", "template")
USER_ID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}")
_PHONE = re.compile(r"\+?\d{6,15}")
CAPTION = 1024
STATIC_STICKER = 100 << 10

FindMedium = Callable[[str], Medium | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """A message that Meta would take."""

    type: str
    content: Json | list[Json]
    named: str  #: the customer as written in `to` or `recipient`
    phone: str | None = None  #: digits of `to`
    user_id: str | None = None  #: only when there is no `to`
    context_id: str | None = None
    tracker: str | None = None
    category: str = "service"


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """Mark as read, perhaps with the typing indicator."""

    message_id: str
    typing: bool


def parse(body: object, *, medium: FindMedium, known_templates: Sequence[Template]) -> Send | Read:
    """Read a body of /messages; anything that Meta refuses raises GraphError."""
    fields = Fields(body, "")
    fields.choice("messaging_product", ["whatsapp"])
    if fields.has("status"):
        return _read(fields)
    fields.choice("recipient_type", ["individual"], required=False)
    named, phone, user_id = _recipient(fields)
    kind = fields.choice("type", TYPES, required=False) or "text"
    tracker = fields.text("biz_opaque_callback_data", longest=512, required=False, code=100) or None
    fields.ignore("recipient_identity_key_hash")
    context_id = _context(fields) if fields.has("context") else None
    content: Json | list[Json] = fields.raw(kind)
    category = "service"
    if kind == "template":
        template, content = templates.fill(fields.inner(kind), known=known_templates)
        category = template.category
    elif kind == "contacts":
        _cards(fields)
    else:
        _check(kind, fields.inner(kind), medium)
    fields.no_more()
    return Send(
        type=kind,
        content=content,
        named=named,
        phone=phone,
        user_id=user_id,
        context_id=context_id,
        tracker=tracker,
        category=category,
    )


def _read(fields: Fields) -> Read:
    fields.choice("status", ["read"])
    message_id = fields.text("message_id")
    typing = fields.has("typing_indicator")
    if typing:
        indicator = fields.inner("typing_indicator")
        indicator.choice("type", ["text"])
        indicator.no_more()
    fields.no_more()
    return Read(message_id=message_id, typing=typing)


def _recipient(fields: Fields) -> tuple[str, str | None, str | None]:
    if fields.has("to"):
        named = fields.text("to", code=100)
        fields.ignore("recipient")
        digits = re.sub(r"[\s()\-]", "", named)
        if not _PHONE.fullmatch(digits):
            raise GraphError(100, "Param to must be a phone number.")
        return named, digits.lstrip("+"), None
    if not fields.has("recipient"):
        raise GraphError(100, "The parameter to is required.")
    named = fields.text("recipient", code=100)
    if not USER_ID.fullmatch(named):
        raise GraphError(100, "Param recipient must be a business-scoped user id.")
    return named, None, named


def _context(fields: Fields) -> str:
    context = fields.inner("context")
    message_id = context.text("message_id")
    context.no_more()
    return message_id


def _check(kind: str, part: Fields, medium: FindMedium) -> None:
    match kind:
        case "text":
            part.text("body", longest=4096, code=100)
            part.flag("preview_url")
        case "location":
            part.number("latitude", low=-90, high=90)
            part.number("longitude", low=-180, high=180)
            part.text("name", required=False)
            part.text("address", required=False)
        case "reaction":
            part.text("message_id")
            if not isinstance(part.raw("emoji"), str):
                raise GraphError(131008, "The parameter reaction['emoji'] is required.")
            part.ignore("emoji")
        case "interactive":
            header = interactive.check(part)
            if header is not None:
                _file(*header, medium)
        case _:
            _file(kind, part, medium)
            return
    part.no_more()


def _file(kind: str, part: Fields, medium: FindMedium) -> None:
    if part.has("id") == part.has("link"):
        raise GraphError(100, "Exactly one of id and link is required.")
    if part.has("id"):
        _stored(kind, part, medium)
    elif not part.text("link").startswith(("https://", "http://")):
        raise GraphError(100, "Param link must be an http or https address.")
    if kind in {"image", "video", "document"}:
        part.text("caption", longest=CAPTION, required=False, code=100)
    if kind == "document":
        part.text("filename", longest=240, required=False)
    if kind == "audio":
        part.flag("voice")
    part.no_more()


def _stored(kind: str, part: Fields, medium: FindMedium) -> None:
    media_id = part.text("id")
    found = medium(media_id)
    if found is None:
        raise GraphError(131009, f"Media id {media_id} does not exist or expired.")
    types, largest = KINDS[kind]
    if found.plain_type not in types or len(found.data) > largest:
        raise GraphError(
            131053, f"A file of type {found.mime_type} and {len(found.data)} bytes cannot be sent as {kind}."
        )
    if part.raw("voice") is True and found.plain_type != "audio/ogg":
        raise GraphError(131053, "A voice message must be audio/ogg with the opus codec.")
    if kind == "sticker" and b"ANIM" not in found.data[:64] and len(found.data) > STATIC_STICKER:
        raise GraphError(131053, "A static sticker has at most 100 KB.")


def _cards(fields: Fields) -> None:
    for card in fields.objects("contacts", low=1, high=257):
        name = card.inner("name")
        name.text("formatted_name")
        others = ("first_name", "last_name", "middle_name", "suffix", "prefix")
        if not any(name.has(other) for other in others):
            raise GraphError(131009, "A contact's name needs one more part beside formatted_name.")
        name.no_more()
        for phone in card.objects("phones", low=0, high=20, required=False):
            phone.ignore("phone", "type", "wa_id")
            phone.no_more()
        card.ignore("addresses", "birthday", "emails", "org", "urls")
        card.no_more()
