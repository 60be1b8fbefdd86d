"""A webhook's bytes into every message, status and event of the batch (contract §2.2, §3, §4)."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from openbot.errors import OpenbotError
from openbot.whatsapp.content import errors_of, read_content
from openbot.whatsapp.identity_change import is_identity_change, read_system_change, read_update
from openbot.whatsapp.items import (
    BadItem,
    Call,
    Content,
    Echo,
    Envelope,
    IdentityChange,
    Ignored,
    InboundMessage,
    Item,
    MessageKind,
    Sender,
    StatusUpdate,
    TemplateStatus,
)
from openbot.whatsapp.json_reading import (
    Malformed,
    NotJson,
    maybe_name,
    maybe_part,
    maybe_words,
    moment,
    name_of,
    objects,
    parse,
    part,
    several,
)
from openbot.whatsapp.senders import Profiles

__all__ = [
    "BadItem",
    "Call",
    "Content",
    "Echo",
    "Envelope",
    "IdentityChange",
    "Ignored",
    "InboundMessage",
    "Item",
    "MessageKind",
    "Sender",
    "StatusUpdate",
    "TemplateStatus",
    "UnreadableEnvelope",
    "read",
]

_WHATSAPP = "whatsapp_business_account"
_TEMPLATE_STATUS = "message_template_status_update"
_LONGEST_WAMID = 255
_LONGEST_TRACKER = 512
_JSON: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Around:
    """What the items of one change share."""

    value: _JSON
    profiles: Profiles

    @property
    def number_id(self) -> str:
        return name_of(part(self.value, "metadata"), "phone_number_id", longest=32)


_Reader: TypeAlias = Callable[[_Around, _JSON], Item]


class UnreadableEnvelope(OpenbotError):
    """This webhook is not a JSON object."""

    code = "unreadable_envelope"


def read(raw: bytes) -> Envelope:
    """Read a whole webhook, in the order in which it was written. Raises only UnreadableEnvelope.

    What is malformed becomes a BadItem and takes nothing else with it. Strings are free of NUL and of lone
    surrogates, so that every part can be stored.
    """
    try:
        webhook = parse(raw)
    except NotJson as wrong:
        raise UnreadableEnvelope(str(wrong)) from None
    if not isinstance(webhook, dict):
        raise UnreadableEnvelope
    if webhook.get("object") != _WHATSAPP:
        return (Ignored(reason="other_object", field=maybe_words(webhook, "object")[:60]),)
    return tuple(_items(webhook)) or (Ignored(reason="empty"),)


def _items(webhook: _JSON) -> Iterator[Item]:
    for entry in _each(webhook, "entry"):
        if isinstance(entry, BadItem):
            yield entry
            continue
        for change in _each(entry, "changes"):
            if isinstance(change, BadItem):
                yield change
            else:
                yield from _items_of_change(change)


def _each(parent: _JSON, key: str) -> Iterator[dict[str, Any] | BadItem]:
    value = parent.get(key)
    if not isinstance(value, list):
        yield _bad(parent, f"{key} is not a list")
        return
    for item in value:
        yield item if isinstance(item, dict) else _bad(item, f"{key} holds something that is no object")


def _items_of_change(change: _JSON) -> Iterator[Item]:
    field = maybe_words(change, "field")[:60]
    value = change.get("value")
    readers = _FIELDS.get(field)
    if field == _TEMPLATE_STATUS and isinstance(value, dict):
        yield _read_one(_Around(value, Profiles.of({})), value, _read_template_status)
    elif readers is None:
        yield Ignored(reason="unknown_field", field=field, number_id=_number_id(value))
    elif not isinstance(value, dict):
        yield _bad(change, "value is not an object")
    else:
        read_any = False
        around = _Around(value, Profiles.of(value))
        for key, reader in readers.items():
            for item in _read_list(around, key, reader):
                read_any = True
                yield item
        for reason in _other_parts(value):
            read_any = True
            yield Ignored(reason=reason, field=field, number_id=_number_id(value))
        if not read_any:
            yield Ignored(reason="empty", field=field, number_id=_number_id(value))


def _read_list(around: _Around, key: str, reader: _Reader) -> Iterator[Item]:
    try:
        raws = several(around.value, key)
    except Malformed as wrong:
        yield _bad(around.value, str(wrong))
        return
    for raw in raws:
        yield _read_one(around, raw, reader)


def _read_one(around: _Around, raw: Any, reader: _Reader) -> Item:
    if not isinstance(raw, dict):
        return _bad(raw, "not an object")
    try:
        return reader(around, raw)
    except Malformed as wrong:
        return _bad(raw, str(wrong))
    except Exception as bug:  # noqa: BLE001 - contract §2.4: a fault of ours in one item must not lose the others
        return _bad(raw, f"the reader failed: {type(bug).__name__}")


def _bad(raw: Any, reason: str) -> BadItem:
    return BadItem(raw=json.dumps(raw, ensure_ascii=False), reason=reason[:200])


def _other_parts(value: _JSON) -> Iterator[str]:
    for error in errors_of(value):
        yield f"error_{error['code']}"
    if objects(value, "user_actions"):
        yield "user_actions"


def _number_id(value: Any) -> str:
    return (
        maybe_name(maybe_part(value, "metadata"), "phone_number_id")[:32] if isinstance(value, dict) else ""
    )


def _read_message(around: _Around, raw: _JSON) -> Item:
    wamid = name_of(raw, "id", longest=_LONGEST_WAMID)
    number_id = around.number_id
    sent_at = moment(raw)
    if is_identity_change(raw):
        return read_system_change(raw, number_id=number_id, wamid=wamid, at=sent_at)
    content = read_content(raw)
    return InboundMessage(
        number_id=number_id,
        wamid=wamid,
        sender=around.profiles.sender_of(raw),
        sent_at=sent_at,
        kind=content.kind,
        text=content.text,
        payload=content.payload,
        data=content.data,
        group_id=maybe_name(raw, "group_id") or None,
        raw=raw,
    )


def _read_status(around: _Around, raw: _JSON) -> Item:
    tracker = maybe_words(raw, "biz_opaque_callback_data")
    participant = maybe_name(raw, "recipient_participant_user_id") or maybe_name(
        raw, "recipient_participant_id"
    )
    parent = maybe_name(raw, "recipient_parent_user_id") or maybe_name(raw, "parent_recipient_user_id")
    return StatusUpdate(
        number_id=around.number_id,
        wamid=name_of(raw, "id", longest=_LONGEST_WAMID),
        status=name_of(raw, "status", longest=20),
        at=moment(raw),
        # A longer one was never ours.
        callback_data=tracker if len(tracker) <= _LONGEST_TRACKER else "",
        errors=errors_of(raw),
        pricing=maybe_part(raw, "pricing") or None,
        recipient=Sender(
            user_id=maybe_name(raw, "recipient_user_id") or None,
            wa_id=maybe_name(raw, "recipient_id") or None,
            parent_user_id=parent or None,
        ),
        participant=participant[:140],
        raw=raw,
    )


def _read_echo(around: _Around, raw: _JSON) -> Item:
    recipient = Sender(user_id=maybe_name(raw, "to_user_id") or None, wa_id=maybe_name(raw, "to") or None)
    if not (recipient.user_id or recipient.wa_id):
        raise Malformed("nobody is named as the recipient")
    try:
        content = read_content(raw)
    except Malformed:
        # The bot must be silent all the same: what the company wrote does not matter for that.
        content = Content(kind=MessageKind.UNKNOWN, data={"type": maybe_words(raw, "type")[:60]})
    return Echo(
        number_id=around.number_id,
        wamid=name_of(raw, "id", longest=_LONGEST_WAMID),
        recipient=recipient,
        sent_at=moment(raw),
        kind=content.kind,
        text=content.text,
        data=content.data,
        raw=raw,
    )


def _read_call(around: _Around, raw: _JSON) -> Item:
    number_id = around.number_id
    if maybe_words(raw, "direction") == "BUSINESS_INITIATED":
        return Ignored(reason="our_own_call", field="calls", number_id=number_id)
    return Call(
        number_id=number_id,
        call_id=name_of(raw, "id", longest=_LONGEST_WAMID),
        sender=around.profiles.sender_of(raw),
        at=moment(raw),
        event=maybe_words(raw, "event")[:20],
        raw=raw,
    )


def _read_template_status(_around: _Around, raw: _JSON) -> Item:
    return TemplateStatus(
        name=name_of(raw, "message_template_name", longest=512),
        language=name_of(raw, "message_template_language", longest=20),
        status=name_of(raw, "event", longest=30),
        raw=raw,
    )


def _read_user_id_update(around: _Around, raw: _JSON) -> Item:
    return read_update(raw, number_id=_number_id(around.value))


_FIELDS: Mapping[str, Mapping[str, _Reader]] = {
    "messages": {"messages": _read_message, "statuses": _read_status},
    "smb_message_echoes": {"message_echoes": _read_echo},
    "message_echoes": {"message_echoes": _read_echo},
    "user_id_update": {"user_id_update": _read_user_id_update},
    "calls": {"calls": _read_call},
}
