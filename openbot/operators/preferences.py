"""What a person prefers on the screens: sound, columns and the like. The business never reads it."""

import json
from collections.abc import Mapping
from typing import Any

from openbot.database import Session
from openbot.errors import OpenbotError
from openbot.schema import Operator

MOST_CHARACTERS = 20_000


#: Preference: notices that the person has read (`see`).
SEEN = "notices_seen"
_MOST_SEEN = 12


class TooMuch(OpenbotError):
    """Preferences are small."""

    code = "too_long"


def of(session: Session, *, operator_id: int) -> dict[str, Any]:
    """Return what is kept."""
    return dict(session.get_one(Operator, operator_id).preferences or {})


def merge(session: Session, *, operator_id: int, wishes: Mapping[str, Any]) -> dict[str, Any]:
    """Put wishes over what is kept, None forgets a key; return all. Raises TooMuch."""
    person = session.get_one(Operator, operator_id, with_for_update=True)
    merged = {
        key: value for key, value in {**(person.preferences or {}), **wishes}.items() if value is not None
    }
    if len(json.dumps(merged)) > MOST_CHARACTERS:
        raise TooMuch
    person.preferences = merged
    session.flush()
    return merged


def see(session: Session, *, operator_id: int, notice: str) -> None:
    """Note that a person has read a notice; the last ones are kept."""
    seen = [each for each in of(session, operator_id=operator_id).get(SEEN) or () if each != notice]
    merge(session, operator_id=operator_id, wishes={SEEN: [*seen, notice][-_MOST_SEEN:]})


def has_seen(session: Session, *, operator_id: int, notice: str) -> bool:
    """Say whether a person has read it."""
    return notice in (of(session, operator_id=operator_id).get(SEEN) or ())
