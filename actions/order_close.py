"""Acts that end or restart an order: confirm, change a confirmed one, cancel, recover, empty. Each tap names its order."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from actions import shown, titles
from actions.draft import Draft
from actions.lists import button
from actions.order_steps import has_content, missing_for_delivery, next_step
from actions.order_taps import drop_questions
from actions.scene import Scene
from openbot.actor import CUSTOMER
from openbot.catalogue.goods import format_money
from openbot.orders import operations, queries
from openbot.orders.operations import ItemChange
from openbot.orders.queries import FullOrder, Item
from openbot.vocabulary import Delivery, State

RECOVERY_TIME = timedelta(minutes=30)


def confirm_order(scene: Scene) -> bool:
    """«Confirmar»: only the version the customer saw, only when nothing is missing and no price changed."""
    order = _named_order(scene)
    if order is None:
        return True
    if order.state is State.COMPLETE:
        scene.say("utter_already_confirmed", number=order.id)
        return True
    version = scene.message.entities.get("version")
    if _whole(version) != order.version:
        scene.say("utter_summary_is_old")
        return True
    return complete(scene)


def complete(scene: Scene) -> bool:
    """Confirm the open order as it is, unless something is missing or a price changed."""
    order = scene.need_order()
    scene.memory.questions, scene.memory.reopened = [], None
    if next_step(order, memory=scene.memory, catalogue=scene.catalogue) != "confirmed":
        return True
    if _reprice(scene, order):
        return True
    scene.move(State.COMPLETE, expires=True)
    contact = scene.lock_contact()
    contact.name = order.name
    scene.memory.forget_order()
    _say_confirmed(scene, order)
    return True


def confirm_change(scene: Scene) -> bool:
    """«Sí, cambialo»: the change that was asked about, on the version it was asked about."""
    order = _named_order(scene)
    question = next((each for each in scene.memory.questions if each["kind"] == "change"), None)
    if order is None:
        return True
    if question is None or order.state is not State.COMPLETE:
        scene.say("utter_nothing_to_change", number=order.id)
        return True
    if _whole(scene.message.entities.get("version")) != order.version:
        scene.say("utter_summary_is_old")
        return True
    return carry_out_change(scene)


def carry_out_change(scene: Scene) -> bool:
    """Change the confirmed order as asked; it stays confirmed."""
    order, question = scene.need_order(), scene.memory.question
    drop_questions(scene, "change")
    scene.memory.reopened = None
    if question is None:
        return True
    draft = Draft.stored(question)
    if not draft.after(order, scene.catalogue):
        scene.memory.ask_first({"kind": "cancel", "order": order.id})
        return True
    scene.change(fields=draft.full_fields(order, scene.catalogue), items=draft.item_changes(scene.catalogue))
    order = scene.need_order()
    missing = missing_for_delivery(order, catalogue=scene.catalogue)
    scene.say(
        "utter_change_done" if not missing else "utter_change_done_below_minimum",
        number=order.id,
        items=shown.lines(order.items),
        delivery=shown.delivery_line(order),
        total=format_money(order.total),
        missing=format_money(missing),
    )
    return True


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
    order = _named_order(scene)
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
    number = _whole(scene.message.entities.get("order"))
    closed = queries.full_order(scene.session, order_id=number)
    scene.ends = True
    if closed is None or closed.contact_id != scene.person.id:
        scene.say("utter_cannot_recover")
        return True
    if scene.order is not None and scene.order.id == number:
        scene.say("utter_still_open", number=number)
        return True
    if not _may_recover(scene, closed):
        scene.say("utter_cannot_recover")
        return True
    if scene.order is not None:
        scene.move(State.CANCELLED, reason=f"se recuperó el pedido {number}")
    operations.move(
        scene.session,
        order_id=number,
        to=State.INCOMPLETE,
        actor=CUSTOMER,
        now=scene.now,
        inbound_id=scene.inbound_id,
        expires_after=scene.expires_after,
    )
    scene.reload()
    for step in ("items", "comment", "cash_with"):
        scene.memory.finish(step)
    scene.say("utter_order_recovered", number=number)
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
    order = _named_order(scene)
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
    scene.change(fields=empty, items=[_without(item) for item in order.items])
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
    "confirm_order": confirm_order,
    "confirm_change": confirm_change,
    "confirm_cancel": confirm_cancel,
    "confirm_restart": confirm_restart,
    "recover_order": recover_order,
    "keep_order": keep_order,
    "cancel_order": cancel_order,
    "restart_order": restart_order,
}


def _named_order(scene: Scene) -> FullOrder | None:
    """The open order, if it is the one the tap names; otherwise say what became of that one."""
    number = _whole(scene.message.entities.get("order"))
    if scene.order is not None and scene.order.id == number:
        return scene.order
    scene.ends = True
    other = queries.full_order(scene.session, order_id=number)
    if other is None or other.contact_id != scene.person.id:
        scene.say("utter_order_unknown")
    else:
        scene.say("utter_order_is_closed", number=number, state=other.state.value.lower())
    return None


def _reprice(scene: Scene, order: FullOrder) -> bool:
    """Take today's prices, name what changed, and let the form show the new summary. False: nothing changed."""
    gone, dearer = [], []
    for item in order.items:
        product = scene.catalogue.product(item.product_id)
        if product is None or not product.available:
            gone.append(item)
        elif product.price != item.unit_price:
            dearer.append((item, product.price))
    if not gone and not dearer:
        return False
    changes = [_without(item) for item in gone]
    changes += [_priced(item, price) for item, price in dearer]
    scene.change(items=changes)
    if gone:
        scene.say("utter_items_gone", items=shown.joined([item.name for item in gone]))
    if dearer:
        news = [
            f"• {item.name}: {format_money(item.unit_price)} → {format_money(price)}"
            for item, price in dearer
        ]
        scene.say("utter_prices_changed", prices="\n".join(news))
    return True


def _say_confirmed(scene: Scene, order: FullOrder) -> None:
    branch = scene.catalogue.branch(order.branch_id) if order.branch_id else None
    method = scene.catalogue.payment_method(order.payment_method_id) if order.payment_method_id else None
    is_open = branch is None or shown.is_open_now(branch, scene.catalogue, now=scene.now)
    how = "delivery" if order.delivery is Delivery.DELIVERY else "pickup"
    scene.say(
        f"utter_confirmed_{how}" if is_open else f"utter_confirmed_{how}_closed",
        number=order.id,
        total=format_money(order.total),
        name=order.name.split()[0] if order.name else "",
        branch=f"{branch.name} ({branch.address})" if branch else "",
        opening=shown.hours_now(branch, scene.catalogue, now=scene.now) if branch else "",
        payment=method.text if method else "",
    )


def _may_recover(scene: Scene, closed: FullOrder) -> bool:
    in_time = closed.closed_at is not None and scene.now - closed.closed_at <= RECOVERY_TIME
    is_free = scene.order is None or (scene.order.state is State.INCOMPLETE and not has_content(scene.order))
    by_customer = queries.closed_by(scene.session, order_id=closed.id) == CUSTOMER.kind
    return closed.state is State.CANCELLED and in_time and is_free and by_customer


def _without(item: Item) -> ItemChange:
    return ItemChange(
        product_id=item.product_id,
        name=item.name,
        unit=item.unit,
        quantity=item.quantity * 0,
        unit_price=item.unit_price,
    )


def _priced(item: Item, price: Any) -> ItemChange:
    return ItemChange(
        product_id=item.product_id, name=item.name, unit=item.unit, quantity=item.quantity, unit_price=price
    )


def _whole(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0
