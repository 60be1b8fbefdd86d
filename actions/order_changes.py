"""Carries out what a message wants of the order: at once while it is open, after a yes once it is confirmed."""

import re
from decimal import Decimal

from actions import shown
from actions.draft import Draft
from actions.phones import with_phone
from actions.scene import Scene
from openbot.catalogue.goods import Product
from openbot.orders.queries import FullOrder
from openbot.vocabulary import Delivery, State

_PAID = re.compile(r"\b(?:transfer[ií]|pagu[eé]|deposit[eé]|hice la transferencia)\b", re.IGNORECASE)


def apply(scene: Scene, draft: Draft) -> bool:
    """Change the order; a confirmed one is only changed after the customer's yes. True: it is done."""
    order = scene.order_to_fill()
    if "name" in draft.fields:
        draft.fields["name"] = with_phone(draft.fields["name"], scene.memory.phone)
    if order.state is State.COMPLETE:
        _ask_before(scene, draft, order)
        return False
    scene.change(fields=draft.full_fields(order, scene.catalogue), items=draft.item_changes(scene.catalogue))
    return True


def _is_news(draft: Draft, order: FullOrder) -> bool:
    held = {item.product_id: item.quantity for item in order.items}
    new_items = any(held.get(key, 0) != quantity for key, quantity in draft.items.items())
    return new_items or any(getattr(order, name) != value for name, value in draft.fields.items())


def _ask_before(scene: Scene, draft: Draft, order: FullOrder) -> None:
    """Ask «¿Cambio tu pedido?», or first for what the change needs: where to send it, where to pick it up."""
    says_paid = _PAID.search(scene.message.text) and draft.fields.keys() == {"payment_method_id"}
    if says_paid or not _is_news(draft, order):
        scene.say("utter_send_proof" if says_paid else "utter_already_so")
        return
    after = draft.full_fields(order, scene.catalogue)
    if after.get("delivery", order.delivery) is Delivery.PICKUP:
        step = "" if after.get("branch_id", order.branch_id) else "branch"
    else:
        has_place = after.get("address", order.address) and after.get("zone_id", order.zone_id)
        step = "" if has_place else "address"
        if step and draft.fields.get("address"):
            scene.say("utter_address_needs_place")
    if step and {"delivery", "address", "zone_id", "branch_id"} & draft.fields.keys():
        scene.memory.reopened = step
        scene.memory.finish("address_offer")
    else:
        scene.memory.ask_first(draft.question())


def put_item(scene: Scene, product: Product, quantity: Decimal) -> None:
    """Set a product's quantity, 0 takes it out, and say so."""
    scene.memory.last_item = product.id
    if not apply(scene, Draft(items={product.id: quantity})):
        return
    if quantity > 0:
        scene.say("utter_item_noted", item=shown.quantity_of(product.name, product.unit.value, quantity))
    else:
        scene.say("utter_item_removed", item=product.name)
