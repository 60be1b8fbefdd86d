"""The history of an order: one line for each change of state or fields, only ever appended."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

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


def closed_by_whom(session: Session, *, order_ids: Collection[int]) -> dict[int, int | None]:
    """Return the operator who made the last move, by order."""
    if not order_ids:
        return {}
    newest = (
        select(func.max(OrderChange.id))
        .where(OrderChange.order_id.in_(order_ids), OrderChange.to_state.is_not(None))
        .group_by(OrderChange.order_id)
    )
    rows = session.execute(
        select(OrderChange.order_id, OrderChange.operator_id).where(OrderChange.id.in_(newest))
    )
    return dict(rows.all())


def closed_by(session: Session, *, order_id: int) -> int | None:
    """Return the operator who made the last move."""
    return session.scalar(
        select(OrderChange.operator_id)
        .where(OrderChange.order_id == order_id, OrderChange.to_state.is_not(None))
        .order_by(OrderChange.id.desc())
        .limit(1)
    )
