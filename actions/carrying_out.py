"""A sentence's draft becomes the order's change, and what was done is said."""

from actions.draft import Draft
from actions.order_changes import apply
from actions.order_goods import say_changes
from actions.order_places import say_zone
from actions.order_steps import next_step
from actions.order_taps import drop_questions
from actions.scene import Scene

#: Who says these with the goods has said it all: no «¿algo más?».
_LATER = frozenset({"address", "branch_id", "payment_method_id", "name"})


def carry_out(scene: Scene, draft: Draft) -> None:
    """Change the order, or ask about the change; the questions it answers fall away."""
    drop_questions(scene, "shelves", "products", "edit", "open_order", "cancel", "restart")
    is_said_with_goods = bool(draft.items and _LATER.intersection(draft.fields))
    address_before = scene.order.address if scene.order else ""
    method_before = scene.order.payment_method_id if scene.order else None
    zone_before = scene.order.zone_id if scene.order else None
    if apply(scene, draft):
        say_changes(scene, draft)
        _say_corrected(scene, address=address_before, method=method_before)
        zone_id = draft.fields.get("zone_id")
        say_zone(scene, scene.catalogue.zone(zone_id) if zone_id and zone_id != zone_before else None)
    if draft.fields and not draft.items and not scene.memory.questions and not scene.said:
        _say_noted(scene)
    if is_said_with_goods or (draft.items and scene.message.intent == "done"):
        scene.memory.finish("items")
    if scene.memory.reopened == "items" and scene.message.intent == "done":
        scene.memory.reopened = None


def _say_corrected(scene: Scene, *, address: str, method: int | None) -> None:
    """An address or a way to pay that was given before and is another now is said back."""
    order = scene.order
    if order is None:
        return
    if address and order.address and order.address != address and scene.asked != "place":
        scene.say("utter_item_noted", item=f"va a {order.address}")
    if method and order.payment_method_id and order.payment_method_id != method:
        scene.say("utter_item_noted", item=order.payment_method.lower())


def _say_noted(scene: Scene) -> None:
    """What was said is kept, though the question in hand is still to be answered."""
    step = next_step(scene.order, memory=scene.memory, catalogue=scene.catalogue)
    if step is not None and step == scene.asked:
        scene.say("utter_noted")
