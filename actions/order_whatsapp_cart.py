"""A cart made in WhatsApp's catalogue: its products by code, at our prices."""

from decimal import Decimal, InvalidOperation
from typing import Any

from actions import shown
from actions.draft import Draft
from actions.order_changes import apply
from actions.order_taps import MOST
from actions.scene import Scene


def take_cart(scene: Scene) -> bool:
    """Put the cart's products into the order; say which ones we do not have."""
    items: dict[int, Decimal] = {}
    named, unknown = [], []
    for line in scene.message.data.get("items") or ():
        product = scene.catalogue.product_by_code(str(line.get("code")))
        quantity = _amount(line.get("quantity"))
        if product is None or not product.available or quantity is None:
            unknown.append(str(line.get("code")))
            continue
        items[product.id] = quantity
        named.append(shown.quantity_of(product.name, product.unit.value, quantity))
    if unknown:
        scene.say("utter_cart_unknown", count=len(unknown))
    if not items:
        return True
    scene.memory.unfinish("items")
    if apply(scene, Draft(items=items)):
        scene.say("utter_item_noted", item=shown.joined(named))
    return True


def _amount(value: Any) -> Decimal | None:
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return None
    return amount if 0 < amount <= MOST and amount == amount.to_integral_value() else None
