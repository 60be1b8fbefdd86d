"""Which keys name a person on WhatsApp, and what to call and show them (contract §3.9, §7)."""

import re
from dataclasses import dataclass

_USER_ID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}", re.ASCII)
_WA_ID = re.compile(r"\d{5,20}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a webhook says of a sender; each part may be missing."""

    user_id: str | None = None  #: business-scoped user id, opaque and case-sensitive
    wa_id: str | None = None  #: phone as WhatsApp spells it, digits only
    parent_user_id: str | None = None
    profile_name: str | None = None
    username: str | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """The values that find the contact, most stable first. Empty when nobody can be named."""
        return tuple(key for key in (self.user_id, self.wa_id) if key)


def clean(identity: Identity) -> Identity:
    """Drop keys that are not of WhatsApp's shape; a user id is never read as a phone."""
    return Identity(
        user_id=_shaped(identity.user_id, _USER_ID),
        wa_id=_shaped(identity.wa_id, _WA_ID),
        parent_user_id=_shaped(identity.parent_user_id, _USER_ID),
        profile_name=(identity.profile_name or "").strip()[:200] or None,
        username=(identity.username or "").strip()[:100] or None,
    )


def _shaped(key: str | None, shape: re.Pattern[str]) -> str | None:
    return key if key and shape.fullmatch(key) else None
