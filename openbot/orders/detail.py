"""One order with everything there is of it, for whoever of the panel reaches it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from openbot.actor import Actor
from openbot.catalogue.goods import Unit
from openbot.database import Session
from openbot.orders import history as history_of
from openbot.orders import lifecycle, listing
from openbot.orders.conditions import is_reached
from openbot.orders.criteria import LARGEST_ID, Reach
from openbot.orders.items import line_total
from openbot.orders.listing import Row
from openbot.orders.operations import OrderNotFound
from openbot.orders.past import Event, past
from openbot.schema import Inbound, Order, OrderFile, OrderItem, Product, Zone
from openbot.vocabulary import State

EARLIER_SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One item."""

    product_id: int
    code: str
    name: str
    unit: str
    step: Decimal  #: smallest part that is sold
    is_weighed: bool  #: what it really weighs is known only at the scale
    quantity: Decimal
    unit_price: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """An image or document the customer sent for the order; the file itself is not kept yet."""

    id: int
    kind: str
    name: str
    mime_type: str
    text: str  #: the customer's words with it
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """Another order of the same contact; of one out of reach only number, time and state."""

    id: int
    created_at: datetime
    state: State
    is_reached: bool
    branch: str | None
    total: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """All of it."""

    row: Row
    moves: Mapping[State, bool]  #: where who asks may move it, and whether that needs a reason
    items: tuple[Line, ...]
    delivery_fee: Decimal
    address: str
    latitude: float | None
    longitude: float | None
    zone_id: int | None
    zone: str | None
    cash_with: Decimal | None
    comment: str
    order_name: str  #: «a nombre de»
    custom: Mapping[str, Any]
    about_order_id: int | None
    history: tuple[Event, ...]
    files: tuple[File, ...]
    earlier: tuple[Earlier, ...]

    @property
    def goods_total(self) -> Decimal:
        """Without the delivery."""
        return sum((line.total for line in self.items), Decimal("0.00"))

    @property
    def is_estimated(self) -> bool:
        """Whether the scale decides what is really paid."""
        return any(line.is_weighed for line in self.items)


def detail(session: Session, *, order_id: int, reach: Reach, actor: Actor, now: datetime) -> Detail:
    """Return an order. Raises OrderNotFound also for one out of reach."""
    order = find(session, order_id=order_id, reach=reach)
    (row,) = listing.rows(session, ids=[order.id])
    return Detail(
        row=row,
        moves=moves_of(session, rows=[row], actor=actor, now=now)[row.id],
        items=_lines(session, order.id),
        delivery_fee=order.delivery_fee,
        address=order.address,
        latitude=order.latitude,
        longitude=order.longitude,
        zone_id=order.zone_id,
        zone=session.scalar(select(Zone.name).where(Zone.id == order.zone_id)) if order.zone_id else None,
        cash_with=order.cash_with,
        comment=order.comment,
        order_name=order.name,
        custom=order.custom or {},
        about_order_id=order.about_order_id,
        history=past(session, order_id=order.id),
        files=_files(session, order.id),
        earlier=_earlier(session, order, reach),
    )


def find(session: Session, *, order_id: int, reach: Reach) -> Order:
    """Return the row of an order within reach. Raises OrderNotFound."""
    known = 0 < order_id <= LARGEST_ID
    order = session.scalar(select(Order).where(Order.id == order_id, is_reached(reach))) if known else None
    if order is None:
        raise OrderNotFound
    return order


def moves_of(
    session: Session, *, rows: Collection[Row], actor: Actor, now: datetime
) -> dict[int, dict[State, bool]]:
    """Return for each order where `actor` may move it now, and whether that needs a reason."""
    recent = [row.id for row in rows if row.closed_at and now - row.closed_at <= lifecycle.REOPEN_OWN_CLOSE]
    closed_by = history_of.closed_by_whom(session, order_ids=recent)
    known: dict[tuple[Any, ...], dict[State, bool]] = {}  # most orders of a list are alike
    found: dict[int, dict[State, bool]] = {}
    for row in rows:
        closed_by_operator_id = closed_by.get(row.id)
        closed_at = None if closed_by_operator_id is None else row.closed_at
        alike = (row.state, row.state_before, closed_at, closed_by_operator_id)
        if alike not in known:
            known[alike] = lifecycle.moves_of(
                current=row.state,
                actor=actor,
                now=now,
                state_before=row.state_before,
                closed_at=closed_at,
                closed_by_operator_id=closed_by_operator_id,
            )
        found[row.id] = known[alike]
    return found


def _lines(session: Session, order_id: int) -> tuple[Line, ...]:
    found = session.execute(
        select(OrderItem, Product.code)
        .join(Product, Product.id == OrderItem.product_id)
        .where(OrderItem.order_id == order_id)
        .order_by(OrderItem.id)
    )
    return tuple(_line(item, code) for item, code in found)


def _line(item: OrderItem, code: str) -> Line:
    unit = Unit(item.unit)
    return Line(
        product_id=item.product_id,
        code=code,
        name=item.name,
        unit=item.unit,
        step=unit.step,
        is_weighed=unit.weighed,
        quantity=item.quantity,
        unit_price=item.unit_price,
        total=line_total(quantity=item.quantity, unit_price=item.unit_price),
    )


def _files(session: Session, order_id: int) -> tuple[File, ...]:
    found = session.execute(
        select(OrderFile.id, OrderFile.kind, Inbound.data, Inbound.text, Inbound.received_at)
        .join(Inbound, Inbound.id == OrderFile.inbound_id)
        .where(OrderFile.order_id == order_id)
        .order_by(OrderFile.id)
    )
    return tuple(
        File(
            id=file_id,
            kind=kind,
            name=str((data or {}).get("filename") or ""),
            mime_type=str((data or {}).get("mime_type") or ""),
            text=text,
            received_at=received_at,
        )
        for file_id, kind, data, text, received_at in found
    )


def _earlier(session: Session, order: Order, reach: Reach) -> tuple[Earlier, ...]:
    ids: Sequence[int] = session.scalars(
        select(Order.id)
        .where(Order.contact_id == order.contact_id, Order.id != order.id)
        .order_by(Order.id.desc())
        .limit(EARLIER_SHOWN)
    ).all()
    found = []
    for row in listing.rows(session, ids=ids):
        reached = reach.sees(branch_id=row.branch_id, operator_id=row.operator_id)
        found.append(
            Earlier(
                id=row.id,
                created_at=row.created_at,
                state=row.state,
                is_reached=reached,
                branch=row.branch if reached else None,
                total=row.total if reached else None,
            )
        )
    return tuple(found)
