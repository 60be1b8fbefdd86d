"""Saving and moving orders, one or many."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path

from api.errors import ApiError
from api.orders_models import BulkResult, OrderDetail, Refused
from api.orders_query import reach_of
from api.orders_shown import detail_for
from api.orders_wishes import BulkWish, MoveWish, OrderWish
from api.panel_api import Db, PanelApi
from api.signed_in import Person, SignedIn
from openbot import company
from openbot.conversations import attending
from openbot.database import Session
from openbot.errors import OpenbotError
from openbot.orders import editing
from openbot.orders.criteria import LARGEST_ID, Reach
from openbot.schema import Order
from openbot.vocabulary import State

OrderId = Annotated[int, Path(ge=1, le=LARGEST_ID)]


def add_bulk(routes: APIRouter) -> None:
    """Add what is called without one order's number."""
    routes.post("/bulk", summary="Close up to 100 orders")(bulk)


def add_routes(routes: APIRouter) -> None:
    """Add what is called with one order's number."""
    routes.patch("/{order_id}", summary="Change what an order says")(save)
    routes.post("/{order_id}/move", summary="Change an order's state")(move)


def save(*, order_id: OrderId, wish: OrderWish, person: SignedIn, api: Db) -> OrderDetail:
    """Save the fields that are named. 409 with who changed what when it is not the version that was read."""
    now, reach = api.now, reach_of(person)
    values = wish.model_dump(exclude_unset=True, exclude={"version"})
    with api.database.transaction() as session:
        order = editing.edit(
            session,
            order_id=order_id,
            values=values,
            version=wish.version,
            reach=reach,
            actor=person.actor,
            now=now,
        )
        return _result(session, order, person=person, now=now)


def move(*, order_id: OrderId, wish: MoveWish, person: SignedIn, api: Db) -> OrderDetail:
    """Move an order to one of its `moves`."""
    values = wish.model_dump(exclude_unset=True, include={"reason", "amount"})
    with api.database.transaction() as session:
        order = _move(session, api, person, order_id, to=wish.to, version=wish.version, values=values)
        return _result(session, order, person=person, now=api.now)


def bulk(*, wish: BulkWish, person: SignedIn, api: Db) -> BulkResult:
    """Move orders, each by itself: one that cannot be moved stays as it is and is listed with the reason."""
    if wish.to not in attending.IN_BULK:
        raise ApiError(422, "invalid", fields={"to": "not_a_choice"})
    reason = attending.reason_of({"reason": wish.reason})  # wrong for one, wrong for all
    done: list[int] = []
    refused: list[Refused] = []
    for order_id in dict.fromkeys(wish.ids):
        try:
            with api.database.transaction() as session:
                _move(session, api, person, order_id, to=wish.to, version=None, values={"reason": reason})
        except OpenbotError as error:
            refused.append(Refused(id=order_id, code=error.code))
        else:
            done.append(order_id)
    return BulkResult(done=done, refused=refused)


def _move(
    session: Session,
    api: PanelApi,
    person: Person,
    order_id: int,
    *,
    to: State,
    version: int | None,
    values: Mapping[str, Any],
) -> Order:
    return attending.move(
        session,
        order_id=order_id,
        to=to,
        version=version,
        values=values,
        reach=reach_of(person),
        actor=person.actor,
        now=api.now,
        expires_after=company.expiry(session, default_hours=api.settings.order_expiry_hours),
    )


def _result(session: Session, order: Order, *, person: Person, now: datetime) -> OrderDetail:
    """Show who changed an order what became of it, also when it went out of their reach by that."""
    branch_ids = person.branch_ids
    if branch_ids is not None and order.branch_id is not None:
        branch_ids |= {order.branch_id}
    reach = Reach(operator_id=person.id, branch_ids=branch_ids)
    return detail_for(session, order_id=order.id, reach=reach, person=person, now=now)
