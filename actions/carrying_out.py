"""A sentence's draft becomes the order's change, and what was done is said."""

from actions import shown, titles
from actions.draft import Draft
from actions.memory import Question
from actions.order_changes import apply
from actions.order_goods import say_changes
from actions.order_places import say_zone
from actions.order_steps import next_step
from actions.order_taps import drop_questions
from actions.scene import Scene
from openbot.orders.queries import FullOrder

#: Who says these with the goods has said it all: no «¿algo más?».
_LATER = frozenset({"address", "branch_id", "payment_method_id", "name"})


def carry_out(scene: Scene, draft: Draft) -> None:
    """Change the order, or ask about the change; the questions it answers fall away."""
    drop_questions(scene, "shelves", "products", "edit", "open_order", "cancel", "restart")
    is_said_with_goods = bool(draft.items and _LATER.intersection(draft.fields))
    before, question = scene.order, scene.memory.question
    if apply(scene, draft):
        say_changes(scene, draft)
        if not _say_corrected(scene, before) and not draft.items:
            _say_noted(scene, draft, question)
        zone_id = draft.fields.get("zone_id")
        if zone_id and zone_id != (before.zone_id if before else None):
            say_zone(scene, scene.catalogue.zone(zone_id))
    if is_said_with_goods or (draft.items and scene.message.intent == "done"):
        scene.memory.finish("items")
    if scene.memory.reopened == "items" and scene.message.intent == "done":
        scene.memory.reopened = None


def _say_corrected(scene: Scene, before: FullOrder | None) -> bool:
    """An address or a way to pay that was given before and is another now is said back."""
    order = scene.order
    if order is None or before is None:
        return False
    news = []
    if before.address and order.address not in ("", before.address) and scene.asked != "place":
        news.append(f"{titles.GOES_TO} {order.address}")
    if before.payment_method_id not in (None, order.payment_method_id) and order.payment_method_id:
        news.append(shown.method(order.payment_method))
    if news:
        scene.say("utter_item_noted", item=shown.joined(news))
    return bool(news)


def _say_noted(scene: Scene, draft: Draft, question: Question | None) -> None:
    """What was said is kept, though the question in hand is still to be answered."""
    is_still_asked = question is not None and scene.memory.question == question
    if not is_still_asked:
        step = next_step(scene.order, memory=scene.memory, catalogue=scene.catalogue)
        is_still_asked = step is not None and step == scene.asked and not scene.memory.questions
    facts = shown.facts(draft.fields, scene.catalogue) if is_still_asked and not scene.said else []
    if facts:
        scene.say("utter_item_noted", item=shown.joined(facts))
