"""Who wrote: the ids in a message and the profile beside it (contract §3.1, §3.9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from openbot.whatsapp.items import Sender
from openbot.whatsapp.json_reading import Malformed, maybe_name, maybe_part, maybe_words, objects

_Card = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profiles:
    """The `contacts` beside messages, found by id: the order of the two lists is not promised."""

    by_user_id: Mapping[str, _Card]
    by_wa_id: Mapping[str, _Card]
    only: _Card  #: the one card of a webhook that has one, else empty

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> Self:
        """Index them once: a batch may hold a thousand."""
        cards = objects(value, "contacts")
        return cls(
            by_user_id={maybe_name(card, "user_id"): card for card in reversed(cards)},
            by_wa_id={maybe_name(card, "wa_id"): card for card in reversed(cards)},
            only=cards[0] if len(cards) == 1 else {},
        )

    def sender_of(self, message: Mapping[str, Any]) -> Sender:
        """Put the ids of the message and its profile together; raises Malformed when nobody is named."""
        user_id, wa_id = maybe_name(message, "from_user_id"), maybe_name(message, "from")
        card = self._card(user_id=user_id, wa_id=wa_id)
        user_id = user_id or maybe_name(card, "user_id")
        wa_id = wa_id or maybe_name(card, "wa_id")
        if not (user_id or wa_id):
            raise Malformed("nobody is named as the sender")
        profile = maybe_part(card, "profile")
        parent = maybe_name(message, "from_parent_user_id") or maybe_name(card, "parent_user_id")
        return Sender(
            user_id=user_id or None,
            wa_id=wa_id or None,
            parent_user_id=parent or None,
            profile_name=maybe_words(profile, "name").strip() or None,
            username=maybe_words(profile, "username").strip() or None,
        )

    def _card(self, *, user_id: str, wa_id: str) -> _Card:
        if not (user_id or wa_id):
            return self.only
        if user_id and user_id in self.by_user_id:
            return self.by_user_id[user_id]
        card = self.by_wa_id.get(wa_id, {}) if wa_id else {}
        # The phone's card under another user id is somebody else's (a phone that changed hands).
        other = maybe_name(card, "user_id")
        return {} if user_id and other and other != user_id else card
