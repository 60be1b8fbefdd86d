"""Reads about the people of the panel."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from openbot import company
from openbot.database import Session
from openbot.schema import Operator, OperatorBranch, PanelSession
from openbot.vocabulary import Enabled, Role


def enabled_administrators(session: Session) -> int:
    """Return how many administrators may sign in."""
    found = select(func.count()).where(Operator.role == Role.ADMINISTRATOR, Operator.enabled == Enabled.YES)
    return session.scalar(found) or 0


#: Where there is no company yet.
OVERTIME = timedelta(minutes=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A person of the list «Usuarios»."""

    id: int
    created_at: datetime
    name: str
    email: str
    phone: str  #: digits with the country; may be empty
    role: Role
    enabled: Enabled
    shift: list[dict[str, Any]]  #: empty: always
    branch_ids: tuple[int, ...]  #: empty: all
    must_change_password: bool
    signed_in_since: datetime | None
    version: int


def working_time(session: Session, *, default: ZoneInfo) -> tuple[ZoneInfo, timedelta]:
    """Return the company's zone, and how long after a shift people may finish what is theirs already.

    `default` is the zone where there is no company yet: its administrator may come first.
    """
    try:
        page = company.read(session)
    except company.NoCompany:
        return default, OVERTIME
    return page.zone, timedelta(minutes=page.overtime_minutes)


def listed(session: Session, *, only: int | None = None) -> list[Listed]:
    """Return everybody who was not deleted, or one of them."""
    query = select(Operator).where(Operator.deleted_at.is_(None))
    people = session.scalars(query if only is None else query.where(Operator.id == only)).all()
    ids = [person.id for person in people]
    branches: dict[int, list[int]] = {each: [] for each in ids}
    links = select(OperatorBranch).where(OperatorBranch.operator_id.in_(ids))
    for link in session.scalars(links.order_by(OperatorBranch.branch_id)):
        branches[link.operator_id].append(link.branch_id)
    alive = select(PanelSession.operator_id, PanelSession.created_at).where(
        PanelSession.ended_at.is_(None), PanelSession.operator_id.in_(ids)
    )
    since = {row.operator_id: row.created_at for row in session.execute(alive)}
    return [_listed(person, branches[person.id], since.get(person.id)) for person in people]


def _listed(person: Operator, branch_ids: list[int], since: datetime | None) -> Listed:
    return Listed(
        id=person.id,
        created_at=person.created_at,
        name=person.name,
        email=person.email or "",
        phone=person.phone,
        role=person.role,
        enabled=person.enabled,
        shift=person.shift or [],
        branch_ids=tuple(branch_ids),
        must_change_password=person.must_change_password,
        signed_in_since=since,
        version=person.version,
    )
