"""From orders as the business has them to orders as JSON."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from api.orders_models import OrderDetail, OrderRow
from api.signed_in import Person
from openbot.database import Session
from openbot.orders import detail as detail_of
from openbot.orders.criteria import Reach
from openbot.orders.detail import Detail
from openbot.orders.items import plain_figure
from openbot.orders.listing import Row
from openbot.vocabulary import State

_LEFT_OUT = {"state_before", "expires_at"}


def row_of(row: Row, *, moves: Mapping[State, bool], person: Person) -> OrderRow:
    """Return a row of the list."""
    return OrderRow.model_validate(_row(row, moves=moves, person=person))


def detail_for(
    session: Session, *, order_id: int, reach: Reach, person: Person, now: datetime
) -> OrderDetail:
    """Return everything of an order. Raises OrderNotFound."""
    found = detail_of.detail(session, order_id=order_id, reach=reach, actor=person.actor, now=now)
    return shown(found, person=person)


def shown(found: Detail, *, person: Person) -> OrderDetail:
    """Return everything of an order."""
    row = _row(found.row, moves=found.moves, person=person)
    more = {name: getattr(found, name) for name in Detail.__slots__ if name not in {"row", "moves"}}
    return OrderDetail.model_validate(
        row
        | more
        | {
            "items": [asdict(line) | {"quantity": plain_figure(line.quantity)} for line in found.items],
            "history": [asdict(event) for event in found.history],
            "files": [asdict(file) for file in found.files],
            "earlier": [asdict(order) for order in found.earlier],
            "goods_total": found.goods_total,
            "total_is_estimated": found.is_estimated,
            "conversation_id": found.row.contact_id,
        }
    )


def _row(row: Row, *, moves: Mapping[State, bool], person: Person) -> dict[str, Any]:
    plain = {name: getattr(row, name) for name in Row.__slots__ if name not in _LEFT_OUT}
    return plain | {
        "number": row.id,
        "expires_at": row.expires_at if row.is_open else None,
        "is_new_work": row.is_work_of(person.id),
        "is_mine": row.operator_id == person.id,
        "moves": [{"to": to, "needs_reason": needs} for to, needs in moves.items()],
    }
