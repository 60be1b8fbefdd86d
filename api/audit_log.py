"""Who did what in the panel, when and from where. For administrators only."""

from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.errors import DOCUMENTED, ApiError
from api.panel_api import Db
from api.signed_in import Administrator
from api.zone import zone_of
from openbot.operators import audit

MOST_COUNTED = 10_000
Day = Annotated[date | None, Query(description="Of the company's time zone")]


class Row(BaseModel):
    """A line of the log."""

    id: int
    at: datetime
    operator_id: int | None
    operator: str = Field(description="Name; empty: the system, or nobody known")
    action: str = Field(examples=["signed_in"])
    subject: str = Field(examples=["order 123"])
    detail: dict[str, Any]
    address: str


class Rows(BaseModel):
    """A page of the log, newest first."""

    rows: list[Row]
    next: str | None
    total: int
    total_is_capped: bool


def router() -> APIRouter:
    """Build the route."""
    routes = APIRouter(prefix="/api/audit", tags=["audit"], responses=DOCUMENTED)
    routes.get("")(list_lines)
    return routes


def list_lines(
    panel: Db,
    _person: Administrator,
    operator_id: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
    action: Annotated[list[str] | None, Query(max_length=100)] = None,
    subject: Annotated[str, Query(max_length=40)] = "",
    at_from: Day = None,
    at_to: Day = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    after: Annotated[str, Query(max_length=30)] = "",
) -> Rows:
    """List what was done, newest first."""
    with panel.database.reading() as session:
        zone = zone_of(session, panel.settings)

        def midnight(day: date) -> datetime:
            return datetime.combine(day, time(), tzinfo=zone)

        wanted = audit.Wanted(
            operator_id=operator_id,
            actions=action or (),
            subject=subject,
            since=midnight(at_from) if at_from else None,
            before=midnight(_next_day(at_to)) if at_to else None,
        )
        found = audit.lines(session, wanted=wanted, limit=limit + 1, below=_place(after))
        total = audit.count(session, wanted=wanted, most=MOST_COUNTED + 1)
    return Rows(
        rows=[Row(**asdict(line)) for line in found[:limit]],
        next=str(found[limit - 1].id) if len(found) > limit else None,
        total=min(total, MOST_COUNTED),
        total_is_capped=total > MOST_COUNTED,
    )


def _next_day(day: date) -> date:
    return day if day == date.max else day + timedelta(days=1)


def _place(after: str) -> int | None:
    if not after:
        return None
    if not after.isdecimal() or not after.isascii() or int(after) >= 2**63:
        raise ApiError(422, "bad_cursor", fields={"after": "bad_cursor"})
    return int(after)
