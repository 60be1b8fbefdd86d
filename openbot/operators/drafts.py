"""What an operator has typed and not saved, per form: it outlives the page, the browser and the session."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from openbot.database import Session
from openbot.errors import OpenbotError
from openbot.operators import desk
from openbot.schema import Draft

MOST = 100  #: of one operator; the oldest goes
LARGEST = 20_000  #: characters of JSON


class DraftNotFound(OpenbotError):
    """Nothing was typed there."""

    code = "draft_not_found"


class DraftTooLarge(OpenbotError):
    """A draft has at most 20 kB."""

    code = "draft_too_large"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A draft."""

    key: str
    body: Mapping[str, Any]
    updated_at: datetime


def drafts(session: Session, *, operator_id: int) -> list[Kept]:
    """Return all of an operator's, the latest first."""
    rows = session.scalars(
        select(Draft).where(Draft.operator_id == operator_id).order_by(Draft.updated_at.desc(), Draft.key)
    )
    return [_kept(row) for row in rows]


def draft(session: Session, *, operator_id: int, key: str) -> Kept:
    """Return one. Raises DraftNotFound."""
    row = session.get(Draft, (operator_id, key))
    if row is None:
        raise DraftNotFound
    return _kept(row)


def keep(session: Session, *, operator_id: int, key: str, body: Mapping[str, Any], now: datetime) -> Kept:
    """Keep what was typed, over what was there. Raises DraftTooLarge."""
    if len(json.dumps(body, ensure_ascii=False)) > LARGEST:
        raise DraftTooLarge
    desk.lock(session, operator_id=operator_id)
    row = session.merge(Draft(operator_id=operator_id, key=key, body=dict(body), updated_at=now))
    session.flush()
    old = [each.key for each in drafts(session, operator_id=operator_id)][MOST:]
    if old:
        session.execute(delete(Draft).where(Draft.operator_id == operator_id, Draft.key.in_(old)))
    return _kept(row)


def forget(session: Session, *, operator_id: int, key: str) -> bool:
    """Remove a draft; False when there was none."""
    query = delete(Draft).where(Draft.operator_id == operator_id, Draft.key == key).returning(Draft.key)
    return session.execute(query).first() is not None


def _kept(row: Draft) -> Kept:
    return Kept(key=row.key, body=row.body, updated_at=row.updated_at)
