"""The history of an order: one line for each change of state or fields, only ever appended."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from openbot.actor import Actor
from openbot.database import Session
from openbot.schema import Order, OrderChange
from openbot.vocabulary import State


def append(
    session: Session,
    *,
    order: Order,
    actor: Actor,
    now: datetime,
    from_state: State | None = None,
    to_state: State | None = None,
    fields: dict[str, Any] | None = None,
    reason: str = "",
    inbound_id: int | None = None,
) -> None:
    """Append a line for the order's present version."""
    session.add(
        OrderChange(
            order_id=order.id,
            at=now,
            actor=actor.kind.value,
            operator_id=actor.operator_id,
            version=order.version,
            from_state=from_state,
            to_state=to_state,
            fields=fields or {},
            reason=reason[:500],
            inbound_id=inbound_id,
        )
    )
    session.flush()


def closed_by(session: Session, *, order_id: int) -> int | None:
    """Return the operator who made the last move."""
    return session.scalar(
        select(OrderChange.operator_id)
        .where(OrderChange.order_id == order_id, OrderChange.to_state.is_not(None))
        .order_by(OrderChange.id.desc())
        .limit(1)
    )
