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

_WHERE = frozenset({"delivery", "address", "zone_id", "branch_id"})
_HOW_PAID = frozenset({"payment_method_id", "cash_with"})
#: Which fields answer a step.
_ANSWERED_BY = {
    "delivery": _WHERE,
    "address": _WHERE,
    "place": _WHERE,
    "branch": _WHERE,
    "payment_method": _HOW_PAID,
    "cash_with": _HOW_PAID,
    "comment": frozenset({"comment"}),
    "name": frozenset({"name"}),
}
#: Who says these with the goods has said it all: no «¿algo más?».
_LATER = frozenset({"address", "branch_id", "payment_method_id", "name"})


def carry_out(scene: Scene, draft: Draft) -> None:
    """Change the order, or ask about the change; the questions it answers fall away."""
    drop_questions(scene, "shelves", "products", "edit", "open_order", "cancel", "restart")
    is_said_with_goods = bool(draft.items and _LATER.intersection(draft.fields))
    before, question = scene.order, scene.memory.question
    if apply(scene, draft):
        say_changes(scene, draft)
        if draft.items and "comment" in draft.fields:
            scene.say("utter_item_noted", item=draft.fields["comment"])
        if not _say_corrected(scene, before) and not draft.items:
            _say_noted(scene, draft, before, question)
        _say_delivery(scene, draft, before)
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


def _say_noted(scene: Scene, draft: Draft, before: FullOrder | None, question: Question | None) -> None:
    """What was told beside the question in hand is said back; the answer to it is not, the next question shows it."""
    step = next_step(scene.order, memory=scene.memory, catalogue=scene.catalogue)
    if scene.said or step == "confirmed":
        return  # the summary tells everything
    is_passed_over = question is not None and scene.memory.question == question
    is_asked_again = is_passed_over or step == scene.asked
    answered = frozenset() if is_asked_again else _ANSWERED_BY.get(scene.asked or "", frozenset())
    told = {name: value for name, value in draft.fields.items() if name not in answered}
    facts = shown.facts(told, before, scene.catalogue)
    if facts:
        scene.say("utter_item_noted", item=shown.joined(facts))


def _say_delivery(scene: Scene, draft: Draft, before: FullOrder | None) -> None:
    """Say what the delivery costs; late in the order the summary says it."""
    zone_id = draft.fields.get("zone_id")
    zone_before = before.zone_id if before else None
    is_late = zone_before is not None and before is not None and before.payment_method_id is not None
    if zone_id and zone_id != zone_before and not is_late:
        say_zone(scene, scene.catalogue.zone(zone_id))
