"""The log of the panel: who did what, when and from where. Only ever appended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from openbot.database import Session
from openbot.schema import AuditEntry, Operator


def note(
    session: Session,
    *,
    operator_id: int | None,
    action: str,
    now: datetime,
    subject: str = "",
    detail: Mapping[str, Any] | None = None,
    address: str = "",
) -> None:
    """Append one line. `detail` holds no secret, phone number or message; `subject` is like "order 123"."""
    session.add(
        AuditEntry(
            at=now,
            operator_id=operator_id,
            action=action[:40],
            subject=subject[:40],
            detail=dict(detail) if detail else None,
            address=address[:60],
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the log."""

    id: int
    at: datetime
    operator_id: int | None
    operator: str  #: name, also of somebody deleted; empty: the system, or nobody known
    action: str
    subject: str
    detail: dict[str, Any]
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which lines; everything that is said must hold."""

    operator_id: int | None = None
    actions: Sequence[str] = ()
    subject: str = ""
    since: datetime | None = None
    before: datetime | None = None


def lines(session: Session, *, wanted: Wanted, limit: int, below: int | None = None) -> list[Line]:
    """Return lines, newest first, of ids below a given one: a page at any depth costs the same."""
    found = session.execute(
        select(AuditEntry, Operator.name)
        .outerjoin(Operator, Operator.id == AuditEntry.operator_id)
        .where(*_conditions(session, wanted), AuditEntry.id < (below or 2**63 - 1))
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    return [
        Line(
            id=entry.id,
            at=entry.at,
            operator_id=entry.operator_id,
            operator=name or "",
            action=entry.action,
            subject=entry.subject,
            detail=entry.detail or {},
            address=entry.address,
        )
        for entry, name in found
    ]


def count(session: Session, *, wanted: Wanted, most: int) -> int:
    """Return how many lines there are, but count no further than `most`."""
    some = select(AuditEntry.id).where(*_conditions(session, wanted)).limit(most)
    return len(session.scalars(some).all())


def _conditions(session: Session, wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.operator_id is not None:
        conditions.append(AuditEntry.operator_id == wanted.operator_id)
    if wanted.actions:
        conditions.append(AuditEntry.action.in_(wanted.actions))
    if wanted.subject:
        conditions.append(AuditEntry.subject == wanted.subject)
    # Lines are appended in order of time, so that a time is a place among the ids, which the list walks.
    if wanted.since is not None:
        first = _first_since(session, wanted.since)
        conditions += [AuditEntry.id >= first if first is not None else AuditEntry.id < 0]
    if wanted.before is not None:
        first = _first_since(session, wanted.before)
        conditions += [AuditEntry.id < first] if first is not None else []
    return conditions


def _first_since(session: Session, instant: datetime) -> int | None:
    return session.scalar(
        select(AuditEntry.id).where(AuditEntry.at >= instant).order_by(AuditEntry.at, AuditEntry.id).limit(1)
    )
