"""Reads about orders, as frozen data."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import BindParameter, RowMapping, Table, bindparam, func, select, text

from openbot.database import Session
from openbot.schema import Branch, Contact, Order, OrderChange, OrderFile, OrderItem, PaymentMethod
from openbot.vocabulary import OPEN_STATES, Delivery, OrderKind, State

# States are written out: only then do both databases see that the partial index fits.
_OPEN = text(f"orders.state IN {tuple(str(state) for state in OPEN_STATES)}")
_OPEN_ORDER_ID = select(Order.id).where(Order.contact_id == bindparam("contact_id"), _OPEN)
_OPEN_ORDER_STATE = select(Order.state).where(Order.contact_id == bindparam("contact_id"), _OPEN)

_COPIED = (
    "id", "contact_id", "kind", "state", "version", "created_at", "completed_at", "closed_at", "expires_at",
    "branch_id", "zone_id", "delivery", "address", "latitude", "longitude", "payment_method_id", "cash_with",
    "comment", "name", "delivery_fee", "total", "amount", "needs_person", "person_reason",
    "changed_by_customer", "payment_proof", "operator_id",
)  # fmt: skip
# Plain columns, not mapped rows: an order is read several times for each message of its customer.
_ORDERS = cast("Table", Order.__table__)
_LINES = cast("Table", OrderItem.__table__)
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_ORDER = (
    select(
        *(_ORDERS.c[name] for name in _COPIED),
        func.coalesce(Branch.name, "").label("branch"),
        func.coalesce(PaymentMethod.name, "").label("payment_method"),
        func.coalesce(Contact.wa_id, "").label("phone"),
        select(func.count())
        .where(OrderFile.order_id == _ORDERS.c.id)
        .correlate(_ORDERS)
        .scalar_subquery()
        .label("files"),
    )
    .select_from(_ORDERS)
    .join(Contact, Contact.id == _ORDERS.c.contact_id)
    .outerjoin(Branch, Branch.id == _ORDERS.c.branch_id)
    .outerjoin(PaymentMethod, PaymentMethod.id == _ORDERS.c.payment_method_id)
)
_FULL_ORDERS = _ORDER.where(_ORDERS.c.id.in_(_IDS)).order_by(_ORDERS.c.id.desc())
_OPEN_ORDER = _ORDER.where(_ORDERS.c.contact_id == bindparam("contact_id"), _OPEN)
_ITEM_COLUMNS = ("product_id", "name", "unit", "quantity", "unit_price")
_ITEMS = (
    select(_LINES.c.order_id, *(_LINES.c[name] for name in _ITEM_COLUMNS))
    .where(_LINES.c.order_id.in_(_IDS))
    .order_by(_LINES.c.id)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of an order."""

    product_id: int
    name: str
    unit: str
    quantity: Decimal
    unit_price: Decimal  #: of one unit, frozen when it was shown


@dataclass(frozen=True, slots=True, kw_only=True)
class FullOrder:
    """An order with everything it has but its history."""

    id: int
    contact_id: int
    kind: OrderKind
    state: State
    version: int
    created_at: datetime
    completed_at: datetime | None
    closed_at: datetime | None
    expires_at: datetime
    branch_id: int | None
    branch: str
    zone_id: int | None
    delivery: Delivery | None
    address: str
    latitude: float | None
    longitude: float | None
    payment_method_id: int | None
    payment_method: str
    cash_with: Decimal | None
    comment: str
    name: str
    delivery_fee: Decimal
    total: Decimal  #: items + delivery
    amount: Decimal | None
    needs_person: bool
    person_reason: str
    changed_by_customer: bool
    payment_proof: bool
    operator_id: int | None
    phone: str  #: digits as WhatsApp gave them; may be empty
    items: tuple[Item, ...]
    files: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One line of an order's history."""

    at: datetime
    actor: str
    version: int
    from_state: State | None
    to_state: State | None
    fields: dict[str, Any]
    reason: str
    inbound_id: int | None


def open_order_id(session: Session, *, contact_id: int) -> int | None:
    """Return the number of the contact's open order."""
    return session.scalar(_OPEN_ORDER_ID, {"contact_id": contact_id})


def open_order_state(session: Session, *, contact_id: int) -> State | None:
    """Return the state of the contact's open order."""
    return session.scalar(_OPEN_ORDER_STATE, {"contact_id": contact_id})


def state_of(session: Session, *, order_id: int) -> State | None:
    """Return the state of an order, None when there is none."""
    return session.scalar(select(Order.state).where(Order.id == order_id))


def closed_by(session: Session, *, order_id: int) -> str | None:
    """Return who made the order's last move: a value of ActorKind."""
    return session.scalar(
        select(OrderChange.actor)
        .where(OrderChange.order_id == order_id, OrderChange.to_state.is_not(None))
        .order_by(OrderChange.id.desc())
        .limit(1)
    )


def full_order(session: Session, *, order_id: int) -> FullOrder | None:
    """Return one order with its items, None when there is none."""
    found = full_orders(session, order_ids=[order_id])
    return found[0] if found else None


def latest(
    session: Session, *, contact_id: int, states: Sequence[State], with_items: bool = False
) -> FullOrder | None:
    """Return the contact's newest order in one of `states`."""
    query = select(Order.id).where(Order.contact_id == contact_id, Order.state.in_(states))
    if with_items:
        query = query.where(select(OrderItem.id).where(OrderItem.order_id == Order.id).exists())
    order_id = session.scalar(query.order_by(Order.id.desc()).limit(1))
    return None if order_id is None else full_order(session, order_id=order_id)


def find(
    session: Session, *, phone: str = "", state: State | None = None, limit: int = 1000
) -> list[FullOrder]:
    """Return orders, newest first; `phone` matches any part of the digits."""
    query = select(Order.id).join(Contact, Contact.id == Order.contact_id)
    if phone:
        query = query.where(Contact.wa_id.contains(phone, autoescape=True))
    if state is not None:
        query = query.where(Order.state == state)
    return full_orders(session, order_ids=list(session.scalars(query.order_by(Order.id.desc()).limit(limit))))


def open_order(session: Session, *, contact_id: int) -> FullOrder | None:
    """Return the contact's open order with its items, None without one."""
    found = _full(session, session.execute(_OPEN_ORDER, {"contact_id": contact_id}).mappings().all())
    return found[0] if found else None


def full_orders(session: Session, *, order_ids: Sequence[int]) -> list[FullOrder]:
    """Return these orders, newest first, in two queries."""
    return _full(session, session.execute(_FULL_ORDERS, {"ids": list(order_ids)}).mappings().all())


def _full(session: Session, rows: Sequence[RowMapping]) -> list[FullOrder]:
    items: dict[int, list[Item]] = {row["id"]: [] for row in rows}
    if rows:
        for order_id, *line in session.execute(_ITEMS, {"ids": list(items)}):
            items[order_id].append(Item(**dict(zip(_ITEM_COLUMNS, line, strict=True))))
    return [FullOrder(**row, items=tuple(items[row["id"]])) for row in rows]


def history(session: Session, *, order_id: int) -> list[Change]:
    """Return the history of an order, oldest first."""
    lines = session.scalars(
        select(OrderChange).where(OrderChange.order_id == order_id).order_by(OrderChange.id)
    )
    return [
        Change(
            at=line.at,
            actor=line.actor,
            version=line.version,
            from_state=line.from_state,
            to_state=line.to_state,
            fields=line.fields,
            reason=line.reason,
            inbound_id=line.inbound_id,
        )
        for line in lines
    ]
