"""One order on paper, or in a few lines."""

from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from api.orders_models import Summary
from api.orders_query import reach_of
from api.panel_api import Db
from api.signed_in import SignedIn
from openbot import company
from openbot.operators import audit
from openbot.orders import detail, written
from openbot.orders.criteria import LARGEST_ID

OrderId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
PDF_TYPE = "application/pdf"
_AS_PDF: dict[int | str, dict[str, Any]] = {
    200: {"content": {PDF_TYPE: {}}, "description": "The order on paper"}
}


class Format(StrEnum):
    """The paper."""

    A4 = "a4"
    TICKET = "ticket"  #: a roll of 80 mm


def add_routes(routes: APIRouter) -> None:
    """Add the routes; before that of an order, which would take «12.pdf» for a number."""
    routes.get("/{order_id}.pdf", summary="An order on paper", response_class=Response, responses=_AS_PDF)(
        as_pdf
    )
    routes.get("/{order_id}/summary", summary="An order in a few lines")(summary)


def as_pdf(
    *,
    order_id: OrderId,
    person: SignedIn,
    api: Db,
    paper: Annotated[Format, Query(alias="format")] = Format.A4,
) -> Response:
    """Return the order as PDF: a page (or roll), and its history on the last one of A4."""
    from openbot.orders import pdf, ticket  # slow to import, and few calls need it

    now = api.now
    with api.database.transaction() as session:
        page = company.read(session)
        found = detail.detail(session, order_id=order_id, reach=reach_of(person), actor=person.actor, now=now)
        audit.note(
            session,
            operator_id=person.id,
            action="order_exported",
            subject=f"order {order_id}",
            detail={"format": paper.value},
            address=person.address,
            now=now,
        )
    rendered = pdf.render(found, page, now=now) if paper is Format.A4 else ticket.render(found, page, now=now)
    name = f"pedido-{order_id}.pdf" if paper is Format.A4 else f"ticket-{order_id}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"}
    return Response(rendered, media_type=PDF_TYPE, headers=headers)


def summary(*, order_id: OrderId, person: SignedIn, api: Db) -> Summary:
    """Return the text of «Copiar resumen»."""
    with api.database.reading() as session:
        found = detail.detail(
            session, order_id=order_id, reach=reach_of(person), actor=person.actor, now=api.now
        )
    return Summary(text=written.summary(found))
