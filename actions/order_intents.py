"""What a plain wish means at the step where it is said: yes, no, nothing more, back, order, the same as last time."""

import re
from collections.abc import Callable

from actions import order_close, order_confirm, shown
from actions.draft import Draft
from actions.left_out import leave_out_all, leave_out_first
from actions.order_changes import apply
from actions.order_questions import CLOSED_STATES
from actions.order_steps import OPTIONAL, STEPS, has_content, is_filled, next_step
from actions.order_taps import STEPS_TO_EDIT, choose, drop_questions, reopen
from actions.scene import Scene, is_bare_request
from openbot.orders import queries
from openbot.vocabulary import Delivery, State

_BARE_YES = re.compile(r"\W*s[ií]+\W*", re.IGNORECASE)


def order(scene: Scene) -> bool:
    """«Hacer un pedido»: an open one with something in it is offered first."""
    if is_bare_request(scene.order):
        scene.order_to_fill()
    current = scene.order
    if (current is not None and current.state is State.COMPLETE) or (
        has_content(current) and (not scene.in_form or not scene.message.is_text)
    ):
        scene.memory.ask_first({"kind": "open_order"})
    else:
        scene.need_order()
    return True


def new_order(scene: Scene) -> bool:
    """«Pedido nuevo»: begins at once, unless one with something in it is open."""
    scene.ends = scene.message.more > 0  # what was written before the tap follows, and says what it is about
    return scene.ends or order(scene)


def affirm(scene: Scene) -> bool:
    """«Sí»: to the question that is open."""
    question = scene.memory.question
    if question is not None:
        return _affirm_question(scene, question["kind"])
    match scene.asked:
        case "confirmed":
            return _affirm_summary(scene)
        case "address" if "address_offer" not in scene.memory.done:
            return _as_tap(scene, address="last")
        case "name" if "name_offer" not in scene.memory.done and scene.person.profile_name:
            return _as_tap(scene, name="profile")
        case "items" if scene.order is not None and scene.order.items:
            return _as_tap(scene, more="1")
        case "minimum":
            return _as_tap(scene, more="1")
        case "comment" if not _BARE_YES.fullmatch(scene.message.text):
            return skip(scene)  # «ok», «dale, confirmo»
        case "comment":
            scene.say("utter_tell_me")  # a bare «sí»: there is one
            return True
        case _:
            return False


def own_name(scene: Scene) -> bool:
    """«Para mí»: the name of the profile, else it is asked again."""
    return _as_tap(scene, name="profile") if scene.person.profile_name.strip() else True


def deny(scene: Scene) -> bool:
    """«No»: to the question that is open."""
    question = scene.memory.question
    if question is not None:
        return _deny_question(scene, question["kind"])
    match scene.asked:
        case "confirmed":
            scene.memory.ask_first({"kind": "edit"})
            return True
        case "address" if "address_offer" not in scene.memory.done:
            return _as_tap(scene, address="other")
        case "name" if "name_offer" not in scene.memory.done:
            return _as_tap(scene, name="other")
        case "minimum":
            return _as_tap(scene, delivery="pickup")
        case _:
            return done(scene)


def done(scene: Scene) -> bool:
    """«Eso es todo», «listo»: the step is through, if it may be."""
    drop_questions(scene, "products", "shelves")
    leave_out_all(scene)
    step = scene.memory.reopened or scene.asked
    match step:
        case "items" if scene.order is not None and not scene.order.items:
            scene.say("utter_cart_is_empty")
        case "confirmed":
            return _affirm_summary(scene)
        case "cash_with" | "comment" | "phone":
            return skip(scene)
        case _ if scene.order is None or not scene.order.items:
            return scene.memory.question is None and scene.order is not None and step is not None
        case _:
            scene.memory.finish("items")
    if scene.memory.reopened == "items":
        scene.memory.reopened = None
    return True


def skip(scene: Scene) -> bool:
    """«Sin comentarios», «justo»: an optional step is left out."""
    step = scene.memory.reopened or scene.asked
    if step not in OPTIONAL or step is None:
        return done(scene)
    if step == "comment" and scene.order is not None and scene.order.comment:
        apply(scene, Draft(fields={"comment": ""}))
    scene.memory.finish(step)
    scene.memory.reopened = None
    return True


def go_back(scene: Scene) -> bool:
    """«Volver»: drop the question in hand, or ask the step before again. Nothing is lost."""
    memory, current = scene.memory, scene.order
    if memory.questions:
        memory.settle()
        return True
    if current is None or current.state is not State.INCOMPLETE:
        return False
    step = memory.reopened or next_step(current, memory=memory, catalogue=scene.catalogue) or "confirmed"
    before = [*STEPS, "confirmed"]
    for candidate in reversed(before[: before.index(step)]):
        if _was_asked(scene, candidate):
            reopen(scene, candidate)
            return True
    memory.reopened = None
    scene.say("utter_first_step")
    return True


def edit_order(scene: Scene) -> bool:
    """«Cambiar algo»: which part?"""
    drop_questions(scene, "open_order", "cancel", "change")
    if scene.order is None:
        scene.say("utter_order_unknown")
    else:
        scene.memory.ask_first({"kind": "edit"})
    return True


def repeat_last(scene: Scene) -> bool:
    """«Lo mismo que la vez pasada»: goods at today's prices, address and payment as then, straight to the summary."""
    if is_bare_request(scene.order):
        scene.order_to_fill()
    if scene.order is not None and (scene.order.items or scene.order.state is State.COMPLETE):
        scene.memory.ask_first({"kind": "open_order"})
        return True
    before = queries.latest(scene.session, contact_id=scene.person.id, states=CLOSED_STATES, with_items=True)
    if before is None:
        scene.say("utter_no_last_order")
        scene.need_order()
        return True
    current = scene.need_order()
    still = {
        item.product_id: item.quantity
        for item in before.items
        if (product := scene.catalogue.product(item.product_id)) and product.available
    }
    draft = Draft(items=still, fields=_repeated_fields(scene, before))
    scene.change(
        fields=draft.full_fields(current, scene.catalogue), items=draft.item_changes(scene.catalogue)
    )
    gone = [item.name for item in before.items if item.product_id not in still]
    if gone:
        scene.say("utter_items_gone", items=shown.joined(gone))
    scene.say("utter_repeated", number=before.id)
    if still:
        for step in ("items", "comment", "cash_with"):
            scene.memory.finish(step)
    return True


INTENTS: dict[str, Callable[[Scene], bool]] = {
    "order": order,
    "new_order": new_order,
    "affirm": affirm,
    "deny": deny,
    "done": done,
    "skip": skip,
    "go_back": go_back,
    "edit_order": edit_order,
    "repeat_last": repeat_last,
}


def _repeated_fields(scene: Scene, before: queries.FullOrder) -> dict[str, object]:
    fields: dict[str, object] = {"name": before.name}
    if before.payment_method_id and scene.catalogue.payment_method(before.payment_method_id):
        fields["payment_method_id"] = before.payment_method_id
    if before.delivery is Delivery.PICKUP and scene.catalogue.branch(before.branch_id or 0):
        fields |= {"delivery": Delivery.PICKUP, "branch_id": before.branch_id}
    elif before.zone_id and scene.catalogue.zone(before.zone_id):
        names = ("delivery", "address", "zone_id", "latitude", "longitude")
        fields |= {name: getattr(before, name) for name in names}
    return fields


def _affirm_summary(scene: Scene) -> bool:
    current = scene.order
    if current is None:
        return False
    if scene.memory.summary != [current.id, current.version]:
        scene.say("utter_summary_is_old")
        return True
    return order_confirm.complete(scene)


def _affirm_question(scene: Scene, kind: str) -> bool:
    match kind:
        case "cancel":
            return order_close.carry_out_cancel(scene)
        case "restart":
            return order_close.carry_out_restart(scene)
        case "change":
            return order_confirm.carry_out_change(scene)
        case "open_order":
            return order_close.keep_order(scene)
        case "which" if len(scene.memory.questions[0]["options"]) == 1:
            return _as_tap(scene, option=str(scene.memory.questions[0]["options"][0]))
        case _:
            return False


def _deny_question(scene: Scene, kind: str) -> bool:
    match kind:
        case "cancel" | "restart" | "open_order" | "change":
            return order_close.keep_order(scene)
        case "outside":
            return _as_tap(scene, address="other")
        case _:
            leave_out_first(scene)
            return True


def _as_tap(scene: Scene, **entities: str) -> bool:
    scene.message.entities.clear()
    scene.message.entities.update(entities)
    return choose(scene)


def _was_asked(scene: Scene, step: str) -> bool:
    if step not in STEPS_TO_EDIT or scene.order is None:
        return False
    if step == "address" and scene.order.delivery is not Delivery.DELIVERY:
        return False
    if step == "branch" and scene.order.delivery is not Delivery.PICKUP:
        return False
    return is_filled(step, scene.order, memory=scene.memory, catalogue=scene.catalogue)
