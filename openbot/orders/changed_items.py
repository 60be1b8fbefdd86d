"""The quantities that people of the company type into an order, line by line."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from openbot.catalogue.goods import Unit
from openbot.database import Session
from openbot.fields import MOST_MONEY, Form, amount_of
from openbot.orders.criteria import LARGEST_ID
from openbot.orders.items import ItemChange, line_total
from openbot.schema import Order, OrderItem, Product

MOST_ITEMS = 200
_MOST_OF_ONE = 100_000


def read(session: Session, form: Form, order: Order) -> list[ItemChange]:
    """Read `items` of the form: [{"product_id": 3, "quantity": "1,5"}], 0 takes a line out.

    What the order has keeps its price; what is added has the catalogue's. Mistakes are noted as `items.2.quantity`.
    """
    values = form.values["items"]
    if not isinstance(values, list) or not all(isinstance(each, Mapping) for each in values):
        form.refuse("items", "not_a_list")
        return []
    if len(values) > MOST_ITEMS:
        form.refuse("items", "too_many")
        return []
    present = session.scalars(select(OrderItem).where(OrderItem.order_id == order.id))
    lines = {line.product_id: line for line in present}
    found = []
    for place, value in enumerate(values):
        goods = _goods(session, value.get("product_id"), lines)
        if goods is None:
            form.refuse(f"items.{place}.product_id", "unknown_product")
            continue
        quantity, wrong = _quantity(value.get("quantity"), unit=Unit(goods.unit), price=goods.unit_price)
        if quantity is None:
            form.refuse(f"items.{place}.quantity", wrong)
            continue
        found.append(
            ItemChange(
                product_id=goods.product_id,
                name=goods.name,
                unit=goods.unit,
                quantity=quantity,
                unit_price=goods.unit_price,
            )
        )
    return found


def _goods(
    session: Session, product_id: Any, lines: Mapping[int, OrderItem]
) -> OrderItem | ItemChange | None:
    if not isinstance(product_id, int) or isinstance(product_id, bool) or not 0 < product_id <= LARGEST_ID:
        return None
    if product_id in lines:
        return lines[product_id]
    product = session.get(Product, product_id)
    if product is None or not product.active:
        return None
    return ItemChange(
        product_id=product.id,
        name=product.name,
        unit=product.unit,
        quantity=Decimal(0),
        unit_price=product.price,
    )


def _quantity(value: Any, *, unit: Unit, price: Decimal) -> tuple[Decimal | None, str]:
    """Return the quantity, or None and what is wrong with it."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None, "missing" if value is None else "not_a_number"
    quantity = amount_of(value if isinstance(value, str) else f"{value}")
    if quantity is None:
        return None, "negative" if str(value).strip().startswith("-") else "not_a_number"
    if quantity > _MOST_OF_ONE or line_total(quantity=quantity, unit_price=price) > MOST_MONEY:
        return None, "too_much"
    if quantity % unit.step:
        return None, "not_divisible"
    return quantity, ""
