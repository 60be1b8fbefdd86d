"""Confirming: the order itself, or a change of a confirmed one. Only what the customer saw is confirmed."""

from collections.abc import Callable
from decimal import Decimal

from actions import shown
from actions.draft import Draft
from actions.order_close import named_order, whole, without
from actions.order_steps import missing_for_delivery, next_step
from actions.order_taps import drop_questions
from actions.phones import without_phone
from actions.scene import Scene
from openbot.catalogue.goods import format_money
from openbot.contacts import operations as contacts
from openbot.orders.items import ItemChange
from openbot.orders.queries import FullOrder, Item
from openbot.vocabulary import Delivery, State


def confirm_order(scene: Scene) -> bool:
    """«Confirmar»: only the version the customer saw, only when nothing is missing and no price changed."""
    order = named_order(scene)
    if order is None:
        return True
    if order.state is State.COMPLETE:
        scene.say("utter_already_confirmed", number=order.id)
        return True
    version = scene.message.entities.get("version")
    if whole(version) != order.version:
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
    contacts.learn_name(scene.session, contact=contact, name=without_phone(order.name))
    scene.memory.forget_order()
    _say_confirmed(scene, order)
    return True


def confirm_change(scene: Scene) -> bool:
    """«Sí, cambialo»: the change that was asked about, on the version it was asked about."""
    order = named_order(scene)
    question = next((each for each in scene.memory.questions if each["kind"] == "change"), None)
    if order is None:
        return True
    if question is None or order.state is not State.COMPLETE:
        scene.say("utter_nothing_to_change", number=order.id)
        return True
    if whole(scene.message.entities.get("version")) != order.version:
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
        estimated=shown.estimated(order.items),
        missing=format_money(missing),
        details=shown.details(order, scene.catalogue),
    )
    return True


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
    changes = [without(item) for item in gone]
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
        estimated=shown.estimated(order.items),
        name=order.name.split()[0] if order.name else "",
        branch=f"{branch.name} ({branch.address})" if branch else "",
        opening=shown.hours_now(branch, scene.catalogue, now=scene.now) if branch else "",
        payment=method.text if method else "",
    )


def _priced(item: Item, price: Decimal) -> ItemChange:
    return ItemChange(
        product_id=item.product_id, name=item.name, unit=item.unit, quantity=item.quantity, unit_price=price
    )


CONFIRMATIONS: dict[str, Callable[[Scene], bool]] = {
    "confirm_order": confirm_order,
    "confirm_change": confirm_change,
}
