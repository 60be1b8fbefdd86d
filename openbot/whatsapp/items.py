"""The parts of a webhook as frozen data. WhatsApp's JSON goes no further than their `raw`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias


class MessageKind(StrEnum):
    """What a customer sent, in our words; the values are those of the inbox and of a turn."""

    TEXT = "text"
    TAP = "tap"  #: a reply button, a row of a list, or the quick reply of a template
    FORM_REPLY = "form_reply"  #: a finished Flow
    LOCATION = "location"
    CART = "cart"
    IMAGE = "image"
    DOCUMENT = "document"
    AUDIO = "audio"
    VIDEO = "video"
    STICKER = "sticker"
    CONTACTS = "contacts"
    REACTION = "reaction"
    EDIT = "edit"
    REVOKE = "revoke"
    SYSTEM = "system"
    REQUEST_WELCOME = "request_welcome"
    UNSUPPORTED = "unsupported"  #: WhatsApp itself could not hand it over
    UNKNOWN = "unknown"  #: a type that we have never heard of


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who a webhook says it is about. Each part may be missing; a message has at least one of the ids."""

    user_id: str | None = None  #: business-scoped, opaque, never a phone
    wa_id: str | None = None  #: digits
    parent_user_id: str | None = None
    profile_name: str | None = None  #: free text of the customer: may be spoofed
    username: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What is in a message.

    `data` by kind (keys are left out when WhatsApp does not say them):
    location: latitude, longitude, name, address · cart: items [{code, quantity, price, currency}], price and a
    fractional quantity as decimal text, catalog_id · image, document, audio, video, sticker: media_id, mime_type,
    sha256 (base64), filename, voice, animated, url; `unavailable` instead of media_id when it must be sent again ·
    contacts: contacts [{name, origin, phones [{phone, wa_id, type}], emails}], own_phone (the customer's own
    number, only when asked for with request_contact_info) · reaction: original_wamid, emoji ("" = taken back) ·
    edit: original_wamid, kind · revoke: original_wamid · form_reply: name, form (object) or response (text) ·
    system, unsupported, unknown: type · tap: description.
    Of any kind: reply_to (quoted wamid), forwarded, product {catalog_id, code}, referral (the ad, as it came),
    errors [{code, title, details}].
    """

    kind: MessageKind
    text: str = ""  #: text, caption, the title of what was tapped, emoji of a reaction, name of a place
    payload: str | None = None  #: the id of a tap: never from a typed text
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundMessage:
    """One message. It may be a repetition: unique by `number_id` and `wamid`."""

    number_id: str  #: the business number it was sent to
    wamid: str
    sender: Sender
    sent_at: datetime
    kind: MessageKind
    text: str
    payload: str | None
    data: Mapping[str, Any]  #: see Content
    group_id: str | None  #: a group's message is never answered
    raw: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusUpdate:
    """What became of a message of ours; in any order, repeated, perhaps before our own send was answered."""

    number_id: str
    wamid: str
    status: str  #: sent, delivered, read, played, failed; others may come
    at: datetime
    callback_data: str  #: our own tracker, empty when it was sent without one
    errors: tuple[Mapping[str, Any], ...]  #: {code, title, details} of a failed one
    pricing: Mapping[str, Any] | None
    recipient: Sender
    participant: str  #: member of a group, else empty
    raw: dict[str, Any]

    @property
    def error_code(self) -> int | None:
        """The first error's code."""
        code = self.errors[0].get("code") if self.errors else None
        return code if isinstance(code, int) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityChange:
    """A customer goes on under another phone or user id. Never answered; opens no window."""

    number_id: str  #: empty when WhatsApp does not say it
    wamid: str | None  #: of the system message; the field `user_id_update` has none
    old: Sender
    new: Sender
    at: datetime
    raw: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Echo:
    """The company answered from its own phone."""

    number_id: str
    wamid: str
    recipient: Sender
    sent_at: datetime
    kind: MessageKind
    text: str
    data: Mapping[str, Any]
    raw: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A customer calls: nobody takes it. One call gives several of these, with the same `call_id`."""

    number_id: str
    call_id: str
    sender: Sender
    at: datetime
    event: str  #: connect, terminate
    raw: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateStatus:
    """WhatsApp approved a template, paused it, disabled it or the like."""

    name: str
    language: str
    status: str  #: in the words of `GET /{WABA}/message_templates`
    raw: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """Something that asks for nothing: to be counted by reason and field."""

    reason: str
    field: str = ""
    number_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BadItem:
    """A part that is not what it claims to be: to be kept whole."""

    raw: str  #: JSON
    reason: str


Item: TypeAlias = (
    InboundMessage | StatusUpdate | IdentityChange | Echo | Call | TemplateStatus | Ignored | BadItem
)
Envelope: TypeAlias = tuple[Item, ...]
