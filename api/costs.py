"""What WhatsApp charges: an estimate for a month, by order, branch, day or step; administrators only."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from api.errors import DOCUMENTED
from api.panel_api import Db, PanelApi
from api.signed_in import Administrator
from openbot import company, costs, exports
from openbot.costs import By, Line, Month
from openbot.operators import audit

MOST_SHOWN = 100
MonthAsked = Annotated[
    str,
    Query(pattern=r"^(|20\d\d-(0[1-9]|1[0-2]))$", description="Like 2026-11; empty: this month"),
]
_TITLES = {By.DAY: "Día", By.ORDER: "Pedido", By.BRANCH: "Sucursal", By.STEP: "Paso de la conversación"}


class CostLine(BaseModel):
    """What was delivered for one order, say, or on one day."""

    key: date | int | str | None  #: day; number; branch; step of the dialogue; null: none
    title: str  #: of a branch
    messages: int
    free: int
    charged: int
    amount: Decimal
    merged: int  #: messages saved by joining replies


class Costs(BaseModel):
    """A month's costs; amounts in `currency`, exact, as texts."""

    month: date
    time_zone: str
    by: By
    currency: str
    rows: list[CostLine]
    is_cut: bool  #: there are more; the file has all
    total: CostLine
    categories: list[CostLine]
    free_left: int
    saved: Decimal  #: what joining replies saved


def router() -> APIRouter:
    """Build the routes."""
    routes = APIRouter(prefix="/api/costs", tags=["costs"], responses=DOCUMENTED)
    routes.get("", summary="What WhatsApp charges in a month, estimated")(month)
    routes.get(
        "/export.csv",
        summary="The same as CSV, all of it",
        response_class=StreamingResponse,
        responses={200: {"content": {"text/csv": {}}, "description": "UTF-8 with BOM, separated by `;`"}},
    )(as_csv)
    return routes


def month(*, _person: Administrator, api: Db, month: MonthAsked = "", by: By = By.DAY) -> Costs:
    """Add up what was delivered."""
    found, page = _month(api, month=month, by=by)
    return Costs(
        month=found.first,
        time_zone=page.time_zone,
        by=by,
        currency=found.currency,
        rows=[_shown(line) for line in found.lines[:MOST_SHOWN]],
        is_cut=len(found.lines) > MOST_SHOWN,
        total=_shown(found.total),
        categories=[_shown(line) for line in found.categories],
        free_left=found.free_left,
        saved=found.saved,
    )


def as_csv(*, person: Administrator, api: Db, month: MonthAsked = "", by: By = By.DAY) -> StreamingResponse:
    """Write every line."""
    found, page = _month(api, month=month, by=by)
    with api.database.transaction() as session:
        audit.note(
            session,
            operator_id=person.id,
            action="costs_exported",
            detail={"month": f"{found.first:%Y-%m}", "by": by.value},
            address=person.address,
            now=api.now,
        )
    header = (_TITLES[by], "Mensajes", "Sin cargo", "Con cargo", f"Importe ({found.currency})", "Ahorrados")
    chunks = exports.csv_chunks(header, _cells(found), zone=page.zone)
    headers = {
        "Content-Disposition": f'attachment; filename="costos-{found.first:%Y-%m}.csv"',
        "Cache-Control": "no-store",
    }
    return StreamingResponse(chunks, media_type=exports.CSV_TYPE, headers=headers)


def _cells(found: Month) -> Iterator[list[exports.Cell]]:
    for line in (*found.lines, found.total):
        name = "Total" if line is found.total else line.title or line.key
        yield [name, line.messages, line.free, line.charged, line.amount, line.merged]


def _month(api: PanelApi, *, month: str, by: By) -> tuple[Month, company.CompanyPage]:
    with api.database.reading() as session:
        page = company.read(session)
        first = (
            datetime.strptime(month, "%Y-%m").date()  # noqa: DTZ007 - a day of the calendar
            if month
            else api.now.astimezone(page.zone).date().replace(day=1)
        )
        return costs.month_of(session, first=first, by=by, page=page), page


def _shown(line: Line) -> CostLine:
    return CostLine(
        key=line.key,
        title=line.title,
        messages=line.messages,
        free=line.free,
        charged=line.charged,
        amount=line.amount,
        merged=line.merged,
    )
