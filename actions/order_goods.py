"""The goods of a sentence into the order: what is clear at once, the rest as questions."""

from collections.abc import Sequence
from decimal import Decimal
from typing import assert_never

from actions import shown
from actions.draft import Draft
from actions.memory import Question
from actions.scene import Scene
from openbot.catalogue.goods import Category, Product, Unit
from openbot.catalogue.quantities import Refusal, Said, settle
from openbot.reading.items import AmbiguousItem, CartLine, Change, ItemRead, UnknownItem
from openbot.reading.understood import Reading

_CORRECTS = frozenset({"change_order", "deny"})
_REFUSALS = {
    Refusal.ZERO: "utter_refused_zero",
    Refusal.NEGATIVE: "utter_refused_zero",
    Refusal.TOO_MANY: "utter_refused_too_many",
    Refusal.NOT_DIVISIBLE: "utter_refused_parts",
    Refusal.OTHER_UNIT: "utter_refused_unit",
}


def cart_of(scene: Scene) -> tuple[CartLine, ...]:
    """The order as the sentence reader wants it: the line touched last at the end."""
    lines = scene.order.items if scene.order else ()
    ordered = sorted(lines, key=lambda item: item.product_id == scene.memory.last_item)
    return tuple(CartLine(product_id=item.product_id, quantity=item.quantity) for item in ordered)


def take_goods(scene: Scene, reading: Reading, draft: Draft) -> None:
    """Put what is clear into the draft; ask about the rest, and say what cannot be."""
    for item in sorted(reading.items, key=lambda item: item.change is Change.GONE):
        put(scene, draft, item.product, item.quantity, _change_meant(scene, item))
    for ambiguous in reading.ambiguous:
        if not _takes_the_one_held(scene, draft, ambiguous):
            _ask_which(scene, draft, ambiguous)
    _take_unknown(scene, reading.unknown)
    for refused in reading.refused:
        refuse(scene, refused.refusal, product=refused.product, phrase=refused.phrase)
        if refused.product is not None:
            scene.memory.ask_last(_quantity_question(refused.product, refused.change))


def show_shelf(scene: Scene, category: Category) -> None:
    """Ask what of a shelf it shall be, in place of a «¿cuál?» that the customer passes over."""
    if scene.memory.question is not None and scene.memory.question["kind"] in {
        "which",
        "shelves",
        "products",
    }:
        scene.memory.settle()
    scene.memory.ask_first({"kind": "products", "category": category.id, "page": 0})


def put(scene: Scene, draft: Draft, product: Product, quantity: Decimal | None, change: Change) -> None:
    """Put one product's new quantity into the draft; without a quantity, ask for it."""
    held = draft.items.get(product.id, held_of(scene, product.id))
    if change is Change.GONE and quantity is None:
        new: Decimal | None = Decimal(0)
    elif quantity is None:
        scene.memory.ask_last(_quantity_question(product, change))
        return
    else:
        new = _changed(held, quantity, change)
    if new == 0 and held == 0:
        _say_not_there(scene, draft, product.name)
        return
    draft.items[product.id] = new or Decimal(0)
    if new:
        scene.memory.last_item = product.id


def held_of(scene: Scene, product_id: int) -> Decimal:
    """How much of a product the order holds."""
    lines = scene.order.items if scene.order else ()
    return next((item.quantity for item in lines if item.product_id == product_id), Decimal(0))


def quantity_said(question: Question, product: Product) -> Decimal | None:
    """The quantity that was said with a phrase, in the unit of the product chosen for it."""
    said = said_of(question)
    amount = settle(said, product.unit) if said else None
    if isinstance(amount, Decimal):
        return amount
    return None if said or product.unit.weighed else Decimal(1)


def said_of(question: Question) -> Said | None:
    """Read a quantity kept in a question."""
    if "amount" not in question:
        return None
    unit = Unit(question["unit"]) if question.get("unit") else None
    return Said(Decimal(question["amount"]), unit, question.get("container", ""))


def refuse(scene: Scene, refusal: Refusal, *, product: Product | None, phrase: str) -> None:
    """Say why a quantity cannot be."""
    scene.say(
        _REFUSALS[refusal],
        product=product.name if product else phrase,
        unit=product.unit.plural if product else "",
    )


def say_changes(scene: Scene, draft: Draft) -> None:
    """Say what was noted and what was taken out."""
    noted, gone = [], []
    for key, quantity in draft.items.items():
        product = scene.catalogue.product(key)
        if product is None:
            continue
        if quantity > 0:
            noted.append(shown.quantity_of(product.name, product.unit.value, quantity))
        else:
            gone.append(product.name)
    if gone:
        scene.say("utter_item_removed", item=shown.joined(gone))
    if noted:
        scene.say("utter_item_noted", item=shown.joined(noted))


def _changed(held: Decimal, quantity: Decimal, change: Change) -> Decimal:
    match change:
        case Change.ADD:
            return held + quantity
        case Change.SET:
            return quantity
        case Change.LESS | Change.GONE:
            return max(held - quantity, Decimal(0))
        case _ as unreachable:
            assert_never(unreachable)


def _takes_the_one_held(scene: Scene, draft: Draft, item: AmbiguousItem) -> bool:
    """«No, 4 de papa» means the papa of the order, not the other ones we sell."""
    held = [each for each in item.candidates if held_of(scene, each.id)]
    if scene.message.intent not in _CORRECTS or len(held) != 1 or item.said is None:
        return False
    quantity = settle(item.said, held[0].unit, asked=True)
    if isinstance(quantity, Refusal) or item.change not in {Change.ADD, Change.SET}:
        return False
    put(scene, draft, held[0], quantity, Change.SET)
    return True


def _change_meant(scene: Scene, item: ItemRead) -> Change:
    """«No, cebolla no» takes it out; «tinto», just noted, is no second bottle."""
    if item.change is not Change.ADD or not held_of(scene, item.product.id):
        return item.change
    if item.quantity is None and scene.message.intent == "deny":
        return Change.GONE
    says_only_that = item.phrase.lower() == scene.message.text.strip(" .!¡").lower()
    is_last = item.product.id == scene.memory.last_item
    return Change.SET if says_only_that and is_last and item.quantity is not None else item.change


def _say_not_there(scene: Scene, draft: Draft, name: str) -> None:
    """«No quiero coca, dame sprite» without any: what matters is the sprite."""
    if not draft.items:
        scene.say("utter_item_not_there", item=name)


def _ask_which(scene: Scene, draft: Draft, item: AmbiguousItem) -> None:
    if item.change in {Change.GONE, Change.LESS}:
        held = [each.id for each in item.candidates if held_of(scene, each.id)]
        if not held:
            _say_not_there(scene, draft, item.phrase)
            return
        scene.memory.ask_last({"kind": "which_item", "said": item.phrase, "options": held, "quantity": "0"})
        return
    scene.memory.ask_last(
        {
            "kind": "which",
            "said": item.phrase,
            "options": [each.id for each in item.candidates],
            "change": item.change.value,
            **_kept(item.said),
        }
    )


def _take_unknown(scene: Scene, unknown: Sequence[UnknownItem]) -> None:
    strangers, gone = [], []
    for item in unknown:
        if item.sold_out:
            gone.append(_name_of_gone(item))
        if not item.nearest:
            strangers += [] if item.sold_out else [item.phrase]
            continue
        scene.memory.ask_last(
            {
                "kind": "which",
                "said": item.phrase,
                "options": [each.id for each in item.nearest],
                "nearest": "sold_out" if item.sold_out else "unknown",
                **_kept(item.said),
            }
        )
    if strangers:
        scene.say("utter_not_sold", said=shown.joined(strangers, "ni"))
    if gone:
        scene.say("utter_sold_out", said=shown.joined(gone, "ni"))


def _name_of_gone(item: UnknownItem) -> str:
    return item.sold_out[0].name if len(item.sold_out) == 1 else item.phrase


def _kept(said: Said | None) -> Question:
    if said is None:
        return {}
    unit = {"unit": said.unit.value} if said.unit else {}
    container = {"container": said.container} if said.container else {}
    return {"amount": str(said.amount), **unit, **container}


def _quantity_question(product: Product, change: Change) -> Question:
    sets = {"sets": True} if change is Change.SET else {}
    return {"kind": "quantity", "product": product.id, **sets}
