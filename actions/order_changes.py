"""Carries out what a message wants of the order: at once while it is open, after a yes once it is confirmed."""

from decimal import Decimal

from actions import shown
from actions.draft import Draft
from actions.phones import with_phone
from actions.scene import Scene
from openbot.catalogue.goods import Product
from openbot.vocabulary import State


def apply(scene: Scene, draft: Draft) -> bool:
    """Change the order; a confirmed one is only changed after the customer's yes. True: it is done."""
    order = scene.need_order()
    if "name" in draft.fields:
        draft.fields["name"] = with_phone(draft.fields["name"], scene.memory.phone)
    if order.state is State.COMPLETE:
        scene.memory.ask_first(draft.question())
        return False
    scene.change(fields=draft.full_fields(order, scene.catalogue), items=draft.item_changes(scene.catalogue))
    return True


def put_item(scene: Scene, product: Product, quantity: Decimal) -> None:
    """Set a product's quantity, 0 takes it out, and say so."""
    scene.memory.last_item = product.id
    if not apply(scene, Draft(items={product.id: quantity})):
        return
    if quantity > 0:
        scene.say("utter_item_noted", item=shown.quantity_of(product.name, product.unit.value, quantity))
    else:
        scene.say("utter_item_removed", item=product.name)
