"""Writes about orders. Each passes the life cycle, raises the version and appends one line of history."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from openbot.actor import BOT, SYSTEM, Actor, ActorKind
from openbot.contacts import reach
from openbot.database import Session
from openbot.errors import OpenbotError
from openbot.orders import history, lifecycle, waiting
from openbot.orders import items as items_of
from openbot.orders.items import ItemChange
from openbot.schema import Order, OrderFile, OrderItem
from openbot.vocabulary import OPEN_STATES, OrderKind, State

#: What `change` may set; state moves only by `move`, totals follow from the items.
CHANGEABLE = frozenset(
    {
        "kind", "branch_id", "zone_id", "delivery", "address", "latitude", "longitude", "payment_method_id",
        "cash_with", "comment", "name", "delivery_fee", "amount", "needs_person", "person_reason",
        "payment_proof", "about_order_id", "custom",
    }
)  # fmt: skip
#: Of a closed order people of the company may still correct what it says of the sale.
CHANGEABLE_WHEN_CLOSED = frozenset({"amount", "payment_method_id", "comment", "custom"})

#: What stands beside an order and leaves it as it was confirmed.
MARKS = frozenset({"payment_proof", "needs_person", "person_reason"})


class OrderNotFound(OpenbotError):
    """There is no such order."""

    code = "order_not_found"


class OrderClosed(OpenbotError):
    """The order is closed and can no longer be changed."""

    code = "order_closed"


class AnotherOpenOrder(OpenbotError):
    """The contact has another open order already."""

    code = "another_open_order"

    def __init__(self, *, order_id: int) -> None:
        self.detail = {"order_id": order_id}
        super().__init__(f"Order {order_id} of the same contact is open.")


class OrderChanged(OpenbotError):
    """Somebody changed the order meanwhile."""

    code = "order_changed"

    def __init__(self, *, seen: int, current: int) -> None:
        self.seen, self.current = seen, current
        self.detail: dict[str, Any] = {"version": current}  # for the doors
        super().__init__(f"Version {seen} was read, the order is at {current}.")


def open_for(
    session: Session,
    *,
    contact_id: int,
    now: datetime,
    expires_after: timedelta,
    inbound_id: int | None = None,
) -> Order:
    """Open an INCOMPLETO order. The database refuses a second open one (IntegrityError)."""
    order = Order(
        contact_id=contact_id,
        kind=OrderKind.ORDER,
        state=State.INCOMPLETE,
        created_at=now,
        expires_at=now + expires_after,
        version=1,
        total=Decimal(0),
        delivery_fee=Decimal(0),
        address="",
        comment="",
        name="",
    )
    session.add(order)
    session.flush()
    reach.begin_anew(session, contact_ids=(contact_id,))
    history.append(
        session, order=order, actor=SYSTEM, now=now, to_state=State.INCOMPLETE, inbound_id=inbound_id
    )
    return order


def get(session: Session, *, order_id: int, seen_version: int | None = None) -> Order:
    """Load an order for writing (the contact is locked already). Raises OrderNotFound, OrderChanged."""
    order = session.get(Order, order_id, with_for_update=True, populate_existing=True)
    if order is None:
        raise OrderNotFound
    if seen_version is not None and order.version != seen_version:
        raise OrderChanged(seen=seen_version, current=order.version)
    return order


def change(
    session: Session,
    *,
    order_id: int,
    actor: Actor,
    now: datetime,
    fields: Mapping[str, Any] | None = None,
    items: Sequence[ItemChange] = (),
    seen_version: int | None = None,
    reason: str = "",
    inbound_id: int | None = None,
) -> Order:
    """Set fields and quantities in one step; the total follows. Nothing new: no version, no history.

    Raises OrderClosed (but for what CHANGEABLE_WHEN_CLOSED names, by people), OrderChanged for a stale version,
    ValueError for an unknown field.
    """
    order = get(session, order_id=order_id, seen_version=seen_version)
    if order.state not in OPEN_STATES:
        by_person = actor.kind is ActorKind.OPERATOR
        if not by_person or items or not CHANGEABLE_WHEN_CLOSED.issuperset(fields or ()):
            raise OrderClosed
    changed = _set_fields(order, fields or {})
    if items or "delivery_fee" in changed:
        changed.update(items_of.set_items(session, order=order, items=items))
    if not changed:
        return order
    order.version += 1
    if "needs_person" in changed:
        order.waiting_since = waiting.since(order, now=now)
    by_customer = actor.kind in (ActorKind.CUSTOMER, ActorKind.BOT)
    if order.state is State.COMPLETE and by_customer and not changed.keys() <= MARKS:
        order.changed_by_customer = True
    history.append(
        session, order=order, actor=actor, now=now, fields=changed, reason=reason, inbound_id=inbound_id
    )
    if "branch_id" in changed:
        reach.follow_order(session, contact_id=order.contact_id)
    return order


def move(
    session: Session,
    *,
    order_id: int,
    to: State,
    actor: Actor,
    now: datetime,
    seen_version: int | None = None,
    reason: str = "",
    inbound_id: int | None = None,
    expires_after: timedelta | None = None,
) -> Order:
    """Move an order along the life cycle. Raises MoveNotAllowed, ReasonMissing, OrderChanged, AnotherOpenOrder.

    `expires_after` sets the expiry anew (COMPLETO, and when reopened).
    """
    order = get(session, order_id=order_id, seen_version=seen_version)
    current = order.state
    lifecycle.check_move(
        current=current,
        wanted=to,
        actor=actor,
        now=now,
        reason=reason,
        state_before=order.state_before,
        closed_at=order.closed_at,
        closed_by_operator_id=history.closed_by(session, order_id=order.id)
        if current not in OPEN_STATES
        else None,
    )
    if current not in OPEN_STATES and to in OPEN_STATES:
        _check_alone(session, order=order)
    _enter(order, to=to, actor=actor, now=now)
    if expires_after is not None:
        order.expires_at = now + expires_after
    order.version += 1
    history.append(
        session,
        order=order,
        actor=actor,
        now=now,
        from_state=current,
        to_state=to,
        reason=reason,
        inbound_id=inbound_id,
    )
    if (current in OPEN_STATES) != (to in OPEN_STATES):
        reach.follow_order(session, contact_id=order.contact_id)
    return order


def expire(session: Session, *, order: Order, now: datetime, reason: str = "") -> Order:
    """Move an open order to VENCIDO, by the system."""
    return move(session, order_id=order.id, to=State.EXPIRED, actor=SYSTEM, now=now, reason=reason)


def ask_for_person(
    session: Session,
    *,
    order_id: int,
    reason: str,
    now: datetime,
    inbound_id: int | None = None,
    expires_after: timedelta | None = None,
) -> Order:
    """Put an order into the operators' queue: without items it becomes AYUDA and COMPLETO, else `needs_person`."""
    order = get(session, order_id=order_id)
    has_items = session.scalar(
        select(func.count()).select_from(OrderItem).where(OrderItem.order_id == order_id)
    )
    fields: dict[str, Any] = {"needs_person": True, "person_reason": reason[:500]}
    if not has_items and order.state is State.INCOMPLETE:
        fields["kind"] = OrderKind.HELP
    order = change(
        session,
        order_id=order_id,
        actor=BOT,
        now=now,
        fields=fields,
        reason=reason[:500],
        inbound_id=inbound_id,
    )
    if order.kind is OrderKind.HELP and order.state is State.INCOMPLETE:
        order = move(
            session,
            order_id=order_id,
            to=State.COMPLETE,
            actor=BOT,
            now=now,
            inbound_id=inbound_id,
            expires_after=expires_after,
        )
    return order


def attach_file(session: Session, *, order_id: int, inbound_id: int, kind: str) -> bool:
    """Attach a received image or document; False when it is attached already."""
    known = select(OrderFile.id).where(OrderFile.order_id == order_id, OrderFile.inbound_id == inbound_id)
    if session.scalar(known) is not None:
        return False
    session.add(OrderFile(order_id=order_id, inbound_id=inbound_id, kind=kind))
    session.flush()
    return True


def _set_fields(order: Order, fields: Mapping[str, Any]) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    for field, value in fields.items():
        if field not in CHANGEABLE:
            raise ValueError(f"{field} is not changed this way")
        before = getattr(order, field)
        if before != value:
            changed[field] = [items_of.plain(before), items_of.plain(value)]
            setattr(order, field, value)
    return changed


def _enter(order: Order, *, to: State, actor: Actor, now: datetime) -> None:
    match to:
        case State.IN_PROGRESS:
            order.state_before = order.state if order.state in OPEN_STATES else State.COMPLETE
            order.operator_id = actor.operator_id
            order.closed_at = order.waiting_since = None
            order.changed_by_customer = False
        case State.INCOMPLETE | State.COMPLETE:
            if order.state is State.IN_PROGRESS:
                order.operator_id = None
            order.closed_at = None
            if to is State.COMPLETE and order.completed_at is None:
                order.completed_at = now
        case _:
            order.closed_at = now
            order.needs_person = False
    order.state = to
    order.waiting_since = waiting.since(order, now=now)


def _check_alone(session: Session, *, order: Order) -> None:
    open_one = session.scalar(
        select(Order.id).where(Order.contact_id == order.contact_id, Order.state.in_(OPEN_STATES)).limit(1)
    )
    if open_one is not None:
        raise AnotherOpenOrder(order_id=open_one)
