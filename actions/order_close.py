"""Acts on a whole order: cancel, recover, empty, keep. Each tap that acts names its order."""

from collections.abc import Callable
from typing import Any

from actions import titles
from actions.lists import button
from actions.order_steps import has_content
from actions.order_taps import drop_questions
from actions.recovery import may_recover, take_back
from actions.scene import Scene
from openbot.orders import queries
from openbot.orders.items import ItemChange
from openbot.orders.queries import FullOrder, Item
from openbot.vocabulary import State


def cancel_order(scene: Scene) -> bool:
    """«Cancelá»: asks first; an order without anything in it is closed at once."""
    order = scene.order
    drop_questions(scene, "cancel", "open_order", "edit", "change")
    if order is not None and (has_content(order) or order.state is State.COMPLETE):
        scene.memory.ask_first({"kind": "cancel", "order": order.id})
        return True
    scene.say("utter_nothing_to_cancel")
    scene.ends = True
    scene.memory.forget_order()
    return True


def confirm_cancel(scene: Scene) -> bool:
    """«Sí, cancelarlo»."""
    order = named_order(scene)
    return True if order is None else carry_out_cancel(scene)


def carry_out_cancel(scene: Scene) -> bool:
    """Close the open order and offer to take it back."""
    order = scene.need_order()
    scene.move(State.CANCELLED)
    scene.memory.forget_order()
    scene.say(
        "utter_order_cancelled",
        number=order.id,
        buttons=[
            button(titles.RECOVER, "recover_order", order=order.id),
            button(titles.NEW_ORDER, "new_order"),
        ],
    )
    return True


def recover_order(scene: Scene) -> bool:
    """«Recuperarlo»: within 30 minutes of the customer's own cancellation, if nothing else was begun."""
    number = whole(scene.message.entities.get("order"))
    closed = queries.full_order(scene.session, order_id=number)
    scene.ends = True
    if closed is None or closed.contact_id != scene.person.id:
        scene.say("utter_cannot_recover")
        return True
    if scene.order is not None and scene.order.id == number:
        scene.say("utter_still_open", number=number)
        return True
    if not may_recover(scene, closed):
        scene.say("utter_cannot_recover")
        return True
    take_back(scene, closed)
    return True


def restart_order(scene: Scene) -> bool:
    """«Empecemos de nuevo»: asks first when there is something to lose."""
    order = scene.order
    if order is not None and order.state is State.COMPLETE:
        scene.memory.ask_first({"kind": "open_order"})
        return True
    if order is None or not has_content(order):
        scene.memory.forget_order()
        scene.say("utter_order_restarted")
        return True
    scene.memory.ask_first({"kind": "restart", "order": order.id})
    return True


def confirm_restart(scene: Scene) -> bool:
    """«Sí, vaciarlo»."""
    order = named_order(scene)
    return True if order is None else carry_out_restart(scene)


def carry_out_restart(scene: Scene) -> bool:
    """Empty the open order; its number stays."""
    order = scene.need_order()
    if order.state is State.COMPLETE:
        scene.say("utter_already_confirmed", number=order.id)
        return True
    empty: dict[str, Any] = dict.fromkeys(
        ("delivery", "zone_id", "branch_id", "latitude", "longitude", "payment_method_id", "cash_with")
    )
    empty |= {"address": "", "comment": "", "name": "", "delivery_fee": 0}
    scene.change(fields=empty, items=[without(item) for item in order.items])
    scene.memory.forget_order()
    scene.say("utter_order_restarted")
    return True


def keep_order(scene: Scene) -> bool:
    """«No, seguir»: the question falls away, nothing changes."""
    drop_questions(scene, "cancel", "restart", "open_order", "change", "edit")
    scene.memory.reopened = None
    if scene.order is not None and scene.order.state is State.COMPLETE:
        scene.say("utter_order_stays", number=scene.order.id)
    return True


ACTS: dict[str, Callable[[Scene], bool]] = {
    "confirm_cancel": confirm_cancel,
    "confirm_restart": confirm_restart,
    "recover_order": recover_order,
    "keep_order": keep_order,
    "cancel_order": cancel_order,
    "restart_order": restart_order,
}


def named_order(scene: Scene) -> FullOrder | None:
    """The open order, if it is the one the tap names; otherwise say what became of that one."""
    number = whole(scene.message.entities.get("order"))
    if scene.order is not None and scene.order.id == number:
        return scene.order
    scene.ends = True
    other = queries.full_order(scene.session, order_id=number)
    if other is None or other.contact_id != scene.person.id:
        scene.say("utter_order_unknown")
    else:
        scene.say("utter_order_is_closed", number=number, state=other.state.value.lower())
    return None


def without(item: Item) -> ItemChange:
    return ItemChange(
        product_id=item.product_id,
        name=item.name,
        unit=item.unit,
        quantity=item.quantity * 0,
        unit_price=item.unit_price,
    )


def whole(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0
