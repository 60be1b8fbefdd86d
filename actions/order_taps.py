"""Taps on the form's own buttons and rows: `choose` with the step it answers."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from actions.draft import Draft
from actions.order_changes import apply, put_item
from actions.order_questions import last_delivery
from actions.scene import Scene
from openbot.catalogue.goods import Product
from openbot.vocabulary import Delivery

MOST = Decimal(9999)


def choose(scene: Scene) -> bool:
    """Take a tap on a button or row of the form; False when it says nothing we know."""
    entities = scene.message.entities
    for name, take in _TAKE.items():
        if name in entities:
            return take(scene, entities)
    return False


def _delivery(scene: Scene, entities: dict[str, Any]) -> bool:
    chosen = {"delivery": Delivery.DELIVERY, "pickup": Delivery.PICKUP}.get(entities["delivery"])
    if chosen is None:
        return False
    _answered(scene, "delivery", "outside")
    apply(scene, Draft(fields={"delivery": chosen}))
    return True


def _zone(scene: Scene, entities: dict[str, Any]) -> bool:
    zone = scene.catalogue.zone(_whole(entities["zone"]))
    if zone is None:
        return False
    _answered(scene, "place", "outside")
    fields: dict[str, Any] = {"delivery": Delivery.DELIVERY, "zone_id": zone.id}
    apply(scene, Draft(fields=fields))
    return True


def _branch(scene: Scene, entities: dict[str, Any]) -> bool:
    branch = scene.catalogue.branch(_whole(entities["branch"]))
    if branch is None:
        return False
    _answered(scene, "branch", "outside")
    apply(scene, Draft(fields={"delivery": Delivery.PICKUP, "branch_id": branch.id}))
    return True


def _payment(scene: Scene, entities: dict[str, Any]) -> bool:
    method = scene.catalogue.payment_method(_whole(entities["payment"]))
    if method is None:
        return False
    _answered(scene, "payment_method")
    apply(scene, Draft(fields={"payment_method_id": method.id}))
    return True


def _category(scene: Scene, entities: dict[str, Any]) -> bool:
    category = scene.catalogue.category(_whole(entities["category"]))
    if category is None:
        return False
    drop_questions(scene, "shelves", "quantity")
    page = _whole(entities.get("page", 0))
    scene.memory.ask_first({"kind": "products", "category": category.id, "page": page})
    return True


def _product(scene: Scene, entities: dict[str, Any]) -> bool:
    product = scene.catalogue.product(_whole(entities["product"]))
    if product is None or not product.available:
        scene.say("utter_product_gone", product=product.name if product else "")
        return True
    drop_questions(scene, "products", "shelves")
    if "quantity" not in entities:
        scene.memory.ask_first({"kind": "quantity", "product": product.id})
        return True
    quantity = _amount(entities["quantity"]) + _amount(entities.get("before", 0))
    if not _sells(product, quantity):
        return False
    drop_questions(scene, "quantity")
    put_item(scene, product, quantity)
    return True


def _option(scene: Scene, entities: dict[str, Any]) -> bool:
    question = next((each for each in scene.memory.questions if each["kind"] == "which"), None)
    if question is not None:
        scene.memory.questions = [each for each in scene.memory.questions if each is not question]
    if entities["option"] == "none":
        scene.memory.ask_first({"kind": "shelves"})
        return True
    product = scene.catalogue.product(_whole(entities["option"]))
    if product is None or not product.available:
        scene.say("utter_product_gone", product=product.name if product else "")
        return True
    quantity = _amount(entities.get("quantity", 0)) + _amount(entities.get("before", 0))
    if "quantity" not in entities or not _sells(product, quantity):
        scene.memory.ask_first({"kind": "quantity", "product": product.id})
        return True
    put_item(scene, product, quantity)
    return True


def _item(scene: Scene, entities: dict[str, Any]) -> bool:
    order, question = scene.order, scene.memory.question
    product = scene.catalogue.product(_whole(entities["item"]))
    lines = {item.product_id: item for item in order.items} if order else {}
    if product is None or product.id not in lines:
        scene.say("utter_item_not_there", item=product.name if product else scene.message.text)
        return True
    drop_questions(scene, "which_item")
    wanted = (question or {}).get("quantity")
    if question is None or question["kind"] != "which_item" or wanted is None:
        scene.memory.ask_first({"kind": "quantity", "product": product.id, "sets": True})
        return True
    put_item(scene, product, _amount(wanted))
    return True


def _edit(scene: Scene, entities: dict[str, Any]) -> bool:
    drop_questions(scene, "edit", "open_order")
    reopen(scene, str(entities["edit"]))
    return True


def _more(scene: Scene, _entities: dict[str, Any]) -> bool:
    drop_questions(scene, "products", "quantity")
    scene.memory.unfinish("items")
    scene.memory.ask_first({"kind": "shelves"})
    return True


def _address(scene: Scene, entities: dict[str, Any]) -> bool:
    before = last_delivery(scene)
    drop_questions(scene, "outside")
    if entities["address"] != "last" or before is None:
        scene.memory.finish("address_offer")
        scene.memory.reopened = "address"
        return True
    _answered(scene, "address")
    fields: dict[str, Any] = {"delivery": Delivery.DELIVERY, "address": before.address}
    fields |= {"zone_id": before.zone_id, "latitude": before.latitude, "longitude": before.longitude}
    apply(scene, Draft(fields=fields))
    return True


def _name(scene: Scene, entities: dict[str, Any]) -> bool:
    offered = " ".join(scene.person.profile_name.split())[:60]
    if entities["name"] != "profile" or not offered:
        scene.memory.finish("name_offer")
        scene.memory.reopened = "name"
        return True
    _answered(scene, "name")
    apply(scene, Draft(fields={"name": offered}))
    return True


def _open(scene: Scene, _entities: dict[str, Any]) -> bool:
    drop_questions(scene, "open_order")
    return True


_TAKE: dict[str, Callable[[Scene, dict[str, Any]], bool]] = {
    "delivery": _delivery,
    "zone": _zone,
    "branch": _branch,
    "payment": _payment,
    "category": _category,
    "option": _option,
    "product": _product,
    "item": _item,
    "edit": _edit,
    "more": _more,
    "address": _address,
    "name": _name,
    "open": _open,
}
STEPS_TO_EDIT = frozenset({"items", "delivery", "address", "branch", "payment_method", "comment", "name"})


def reopen(scene: Scene, step: str) -> None:
    """Ask a filled step again; what it holds stays until it is answered."""
    if step not in STEPS_TO_EDIT:
        return
    if step in {"address", "name"}:
        scene.memory.finish(f"{step}_offer")
    scene.memory.unfinish(step)
    scene.memory.reopened = step


def drop_questions(scene: Scene, *kinds: str) -> None:
    """These questions are no longer open."""
    scene.memory.questions = [each for each in scene.memory.questions if each["kind"] not in kinds]


def _answered(scene: Scene, step: str, *kinds: str) -> None:
    drop_questions(scene, "edit", "open_order", *kinds)
    if scene.memory.reopened == step or (scene.memory.reopened and step in {"delivery", "branch", "place"}):
        scene.memory.reopened = None


def _sells(product: Product, quantity: Decimal) -> bool:
    return 0 < quantity <= MOST and quantity % product.unit.step == 0


def _whole(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0


def _amount(value: Any) -> Decimal:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return Decimal(0)
