"""A customer goes on under another phone or user id (contract §3.4)."""

from datetime import datetime
from typing import Any

from openbot.whatsapp.items import IdentityChange, Sender
from openbot.whatsapp.json_reading import Malformed, maybe_name, maybe_part, maybe_words, moment, part

_CHANGES = frozenset({"user_changed_number", "customer_changed_number", "user_changed_user_id"})


def is_identity_change(message: dict[str, Any]) -> bool:
    """Tell such a system message from every other message."""
    return _type_of(message) in _CHANGES


def read_system_change(
    message: dict[str, Any], *, number_id: str, wamid: str, at: datetime
) -> IdentityChange:
    """Read the system message; raises Malformed when it does not say both who was and who is."""
    system = part(message, "system")
    old = Sender(
        user_id=maybe_name(message, "from_user_id") or None,
        wa_id=maybe_name(message, "from") or maybe_name(system, "customer") or None,
        parent_user_id=maybe_name(message, "from_parent_user_id") or None,
    )
    new = Sender(
        user_id=maybe_name(system, "user_id") or None,
        wa_id=maybe_name(system, "wa_id") or maybe_name(system, "new_wa_id") or None,
        parent_user_id=maybe_name(system, "parent_user_id") or None,
    )
    return _change(old=old, new=new, number_id=number_id, wamid=wamid, at=at, raw=message)


def read_update(update: dict[str, Any], *, number_id: str) -> IdentityChange:
    """Read one of the field `user_id_update`; raises Malformed. Its phone, if any, belongs to both sides."""
    ids, parents = part(update, "user_id"), maybe_part(update, "parent_user_id")
    wa_id = maybe_name(update, "wa_id") or None
    old = Sender(
        user_id=maybe_name(ids, "previous") or None,
        wa_id=wa_id,
        parent_user_id=maybe_name(parents, "previous") or None,
    )
    new = Sender(
        user_id=maybe_name(ids, "current") or None,
        wa_id=wa_id,
        parent_user_id=maybe_name(parents, "current") or None,
    )
    return _change(old=old, new=new, number_id=number_id, wamid=None, at=moment(update), raw=update)


def _change(
    *, old: Sender, new: Sender, number_id: str, wamid: str | None, at: datetime, raw: dict[str, Any]
) -> IdentityChange:
    if not (old.user_id or old.wa_id):
        raise Malformed("who changed is not said")
    if not (new.user_id or new.wa_id):
        raise Malformed("the new id is not said")
    return IdentityChange(number_id=number_id, wamid=wamid, old=old, new=new, at=at, raw=raw)


def _type_of(message: dict[str, Any]) -> str:
    kind = maybe_words(message, "type")
    if kind == "system":
        return maybe_words(maybe_part(message, "system"), "type")
    return kind
