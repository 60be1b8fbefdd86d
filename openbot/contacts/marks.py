"""A block and an opt-out outlive the contact's deletion: a mark under a keyed hash, nothing that names anybody."""

import hashlib
import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from openbot.database import Session
from openbot.schema import ContactMark

_PURPOSE = b"openbot: marks of deleted contacts"


@dataclass(frozen=True, slots=True)
class Marked:
    """What somebody who was deleted had asked for, or earned."""

    blocked_at: datetime | None
    opted_out_at: datetime | None


def key_from(app_secret: str) -> bytes:
    """Derive the key of the hashes. With another app secret earlier marks are no longer recognised."""
    return hmac.digest(app_secret.encode(), _PURPOSE, "sha256")


def keep(session: Session, *, key: bytes, identifiers: Collection[str], marked: Marked) -> None:
    """Remember the mark under each identifier (phone, WhatsApp's user id); nothing to remember: nothing is kept."""
    _forget(session, key=key, identifiers=identifiers)
    if marked.blocked_at or marked.opted_out_at:
        session.add_all(
            ContactMark(hashed=hashed, blocked_at=marked.blocked_at, opted_out_at=marked.opted_out_at)
            for hashed in _hashes(key, identifiers)
        )
    session.flush()


def take(session: Session, *, key: bytes, identifiers: Collection[str]) -> Marked | None:
    """Return the mark of somebody who writes for the first time, or again; from here on their contact carries it."""
    hashes = _hashes(key, identifiers)
    found = session.scalars(select(ContactMark).where(ContactMark.hashed.in_(hashes))).all()
    if not found:
        return None
    marked = Marked(
        blocked_at=min((mark.blocked_at for mark in found if mark.blocked_at), default=None),
        opted_out_at=min((mark.opted_out_at for mark in found if mark.opted_out_at), default=None),
    )
    _forget(session, key=key, identifiers=identifiers)
    return marked


def _forget(session: Session, *, key: bytes, identifiers: Collection[str]) -> None:
    session.execute(delete(ContactMark).where(ContactMark.hashed.in_(_hashes(key, identifiers))))


def _hashes(key: bytes, identifiers: Collection[str]) -> list[str]:
    return sorted({hmac.digest(key, one.encode(), hashlib.sha256).hex() for one in identifiers})
