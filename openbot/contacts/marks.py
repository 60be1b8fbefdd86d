"""A block and an opt-out outlive the contact's deletion: a mark under a keyed hash, nothing that names anybody.

The key is the installation's (`Settings.mark_key`).
"""

import hmac
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Table, bindparam, delete, select

from openbot.database import Session
from openbot.schema import ContactMark

_MARKS = cast("Table", ContactMark.__table__)
_THESE = _MARKS.c.hashed.in_(bindparam("hashes", expanding=True))

# Built once: building a statement costs more than running it.
_FIND = select(_MARKS.c.hashed, _MARKS.c.blocked_at, _MARKS.c.opted_out_at).where(_THESE)
_FORGET = delete(_MARKS).where(_THESE)


@dataclass(frozen=True, slots=True)
class Marked:
    """What somebody who was deleted had asked for, or earned."""

    blocked_at: datetime | None
    opted_out_at: datetime | None


def keep(session: Session, *, key: bytes, identifiers: Collection[str], marked: Marked) -> None:
    """Remember the mark under each identifier (phone, WhatsApp's user id); nothing to remember: nothing is kept."""
    forget(session, key=key, identifiers=identifiers)
    if marked.blocked_at or marked.opted_out_at:
        session.add_all(
            ContactMark(
                hashed=_hash(key, one), blocked_at=marked.blocked_at, opted_out_at=marked.opted_out_at
            )
            for one in set(identifiers)
        )
    session.flush()


def find(session: Session, *, key: bytes, identifiers: Collection[str]) -> dict[str, Marked]:
    """Return the marks of those of these identifiers that have one."""
    by_hash = {_hash(key, one): one for one in identifiers}
    found = session.connection().execute(_FIND, {"hashes": list(by_hash)})
    return {by_hash[hashed]: Marked(blocked_at, opted_out_at) for hashed, blocked_at, opted_out_at in found}


def forget(session: Session, *, key: bytes, identifiers: Collection[str]) -> None:
    """Drop the marks of somebody whose contact carries them from here on."""
    session.connection().execute(_FORGET, {"hashes": [_hash(key, one) for one in identifiers]})


def joined(marks: Iterable[Marked]) -> Marked:
    """Return what holds of somebody with several identifiers: the earliest of each."""
    found = list(marks)
    return Marked(
        blocked_at=min((mark.blocked_at for mark in found if mark.blocked_at), default=None),
        opted_out_at=min((mark.opted_out_at for mark in found if mark.opted_out_at), default=None),
    )


def _hash(key: bytes, identifier: str) -> str:
    return hmac.digest(key, identifier.encode(), "sha256").hex()
