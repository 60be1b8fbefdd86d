"""The lines of an order: set quantities, recount the total. Called by `operations.change` alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import bindparam, select

from openbot.database import Session
from openbot.schema import Order, OrderItem

CENT = Decimal("0.01")
# Built once: building a statement costs more than running it.
_LINES = select(OrderItem).where(OrderItem.order_id == bindparam("of_order"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChange:
    """A product's new quantity in an order; 0 takes it out. Name, unit and price are frozen as shown."""

    product_id: int
    name: str
    unit: str
    quantity: Decimal
    unit_price: Decimal


def line_total(*, quantity: Decimal, unit_price: Decimal) -> Decimal:
    """Price of one line, rounded half up to the cent."""
    return (quantity * unit_price).quantize(CENT, rounding=ROUND_HALF_UP)


def set_items(session: Session, *, order: Order, items: Sequence[ItemChange]) -> dict[str, Any]:
    """Set the quantities and the total; returns what changed, as the history keeps it.

    {"item:Yerba 1 kg": [before, after]}
    """
    changed: dict[str, Any] = {}
    lines = {line.product_id: line for line in session.scalars(_LINES, {"of_order": order.id})}
    # Of several changes of one product the last counts: two lines of it cannot be.
    for item in {item.product_id: item for item in items}.values():
        line = lines.get(item.product_id)
        before = [plain_figure(line.quantity), plain(line.unit_price)] if line else None
        if item.quantity <= 0:
            if line:
                session.delete(lines.pop(item.product_id))
                changed[f"item:{item.name}"] = [before, None]
            continue
        if line is None:
            line = lines[item.product_id] = OrderItem(order_id=order.id, product_id=item.product_id)
            session.add(line)
        after = [plain_figure(item.quantity), plain(item.unit_price)]
        line.name, line.unit = item.name, item.unit
        line.quantity, line.unit_price = item.quantity, item.unit_price
        if before != after:
            changed[f"item:{item.name}"] = [before, after]
    goods = (line_total(quantity=line.quantity, unit_price=line.unit_price) for line in lines.values())
    order.total = sum(goods, Decimal(0)) + order.delivery_fee
    return changed


def plain_figure(quantity: Decimal) -> str:
    """Write a quantity without needless zeros: «2», «1.5»."""
    return format(quantity.normalize(), "f")  # never «1E+1»


def plain(value: Any) -> Any:
    """Return a value as the history keeps it in JSON."""
    if isinstance(value, Decimal):  # money; written alike, so that only another amount is a change
        return str(value.quantize(CENT))
    return str(value) if isinstance(value, datetime) else value
