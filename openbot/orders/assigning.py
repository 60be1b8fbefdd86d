"""An order that a person attends passes to another person: its state stays, its history says so."""

from datetime import datetime

from openbot.actor import Actor
from openbot.database import Session
from openbot.orders import history, operations
from openbot.orders.lifecycle import MoveNotAllowed
from openbot.schema import Operator, Order
from openbot.vocabulary import State


def assign(session: Session, *, order_id: int, operator_id: int, actor: Actor, now: datetime) -> Order:
    """Let another person attend an order EN PROCESO. The contact is locked. Raises OrderNotFound, MoveNotAllowed."""
    order = operations.get(session, order_id=order_id)
    if order.state is not State.IN_PROGRESS:
        raise MoveNotAllowed(current=order.state, wanted=State.IN_PROGRESS)
    if order.operator_id == operator_id:
        return order
    before = session.get(Operator, order.operator_id) if order.operator_id else None
    after = session.get_one(Operator, operator_id)
    order.operator_id = operator_id
    order.version += 1
    names = {"operator": [before.name if before else None, after.name]}
    history.append(session, order=order, actor=actor, now=now, fields=names)
    return order
