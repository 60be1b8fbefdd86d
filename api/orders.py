"""Orders: the list, one of them, and what people of the company do with it."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api import orders_changes, orders_files, orders_papers
from api.errors import DOCUMENTED
from api.notices import unread_notices
from api.orders_models import Counts, News, OrderDetail, OrderForm, OrderPage, Piece
from api.orders_query import Filters, Paged, Tab, reach_of
from api.orders_shown import detail_for, row_of
from api.panel_api import Db
from api.signed_in import SignedIn
from api.zone import zone_of
from openbot.conversations import alerts
from openbot.orders import choices, listing, news
from openbot.orders import detail as detail_of
from openbot.orders.criteria import LARGEST_ID, Criteria

OrderId = Annotated[int, Path(ge=1, le=LARGEST_ID)]


def router() -> APIRouter:
    """Build the routes."""
    routes = APIRouter(prefix="/api/orders", tags=["orders"], responses=DOCUMENTED)
    routes.get("", summary="Orders, filtered and sorted", response_model=OrderPage)(listed)
    routes.get("/counts", summary="How many orders wait for somebody")(counts)
    routes.get("/news", summary="What began to wait since the last look")(latest)
    routes.get("/form", summary="What filters and forms of orders offer")(form)
    orders_files.add_lists(routes)
    orders_changes.add_bulk(routes)
    orders_papers.add_routes(routes)
    routes.get("/{order_id}", summary="Everything of one order")(one)
    orders_changes.add_routes(routes)
    return routes


def listed(*, asked: Annotated[Paged, Query()], person: SignedIn, api: Db) -> Response:
    """Return a page of the orders that who asks reaches."""
    now = api.now
    with api.database.reading() as session:
        page = listing.page(
            session,
            criteria=asked.criteria(person=person, zone=zone_of(session, api.settings)),
            reach=reach_of(person),
            sort=asked.order,
            now=now,
            limit=asked.limit,
            after=asked.after or None,
        )
        moves = detail_of.moves_of(session, rows=page.rows, actor=person.actor, now=now)
    shown = OrderPage(
        rows=[row_of(row, moves=moves[row.id], person=person) for row in page.rows],
        next=page.next,
        total=page.total,
        total_is_capped=page.is_capped,
    )
    # Already checked: FastAPI would check it again, which takes longer than the query.
    return Response(shown.model_dump_json(), media_type="application/json")


def counts(*, asked: Annotated[Filters, Query()], person: SignedIn, api: Db) -> Counts:
    """Return the figure of «Para atender», within other filters if any."""
    waiting = asked.model_copy(update={"tab": Tab.ATTEND})
    with api.database.reading() as session:
        criteria = waiting.criteria(person=person, zone=zone_of(session, api.settings))
        total, is_capped = listing.count(session, criteria=criteria, reach=reach_of(person), now=api.now)
    return Counts(attend=total, attend_is_capped=is_capped)


def form(*, _person: SignedIn, api: Db) -> OrderForm:
    """Return branches, zones, payment methods, products, people and the company's own fields."""
    with api.database.reading() as session:
        return OrderForm.model_validate(asdict(choices.choices(session)))


def latest(
    *,
    person: SignedIn,
    api: Db,
    after: Annotated[str, Query(max_length=60, pattern=r"^(\d{1,18}\.\d{1,18})?$")] = "",
) -> News:
    """Return what is worth a sound: confirmed, asked for a person, wrote to me; and, each time, who is forgotten.

    Without `after` only the cursor and who is forgotten.
    """
    reach = reach_of(person)
    with api.database.reading() as session:
        found = news.since(session, after=after, reach=reach)
        waiting = alerts.forgotten(session, reach=reach, now=api.now)
        attend, _ = listing.count(session, criteria=Criteria(attend=True), reach=reach, now=api.now)
        notices = unread_notices(session, person=person, api=api)
    pieces = [
        Piece(order_id=each.order_id, kind=each.kind, name=each.name) for each in (*waiting, *found.pieces)
    ]
    return News(cursor=found.cursor, news=pieces, attend=attend, notices=notices)


def one(*, order_id: OrderId, person: SignedIn, api: Db) -> OrderDetail:
    """Return an order; of the contact's orders of other branches only number, time and state."""
    with api.database.reading() as session:
        return detail_for(session, order_id=order_id, reach=reach_of(person), person=person, now=api.now)
