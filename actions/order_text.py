"""Free text of the customer, taken into the order: an answer, several at once, a correction, or a plain wish."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from actions import order_close, order_intents
from actions.carrying_out import carry_out
from actions.draft import Draft
from actions.left_out import pass_over
from actions.memory import Question
from actions.open_questions import products_listed
from actions.order_answers import answer_question, answer_yes_or_no, step_named
from actions.order_fields import take_fields
from actions.order_goods import cart_of, put, refuse, show_shelf, take_goods
from actions.order_places import asks_for_nearest, take_nearest
from actions.order_taps import reopen
from actions.scene import Scene
from openbot.catalogue.goods import Product
from openbot.catalogue.quantities import Refusal, settle
from openbot.reading.items import Change
from openbot.reading.reader import read
from openbot.reading.understood import Reading
from openbot.vocabulary import State

#: Never for the form, whatever else is in them.
_LEFT = frozenset(
    {"human", "complaint", "menu", "insult", "bot_challenge", "goodbye", "show_cart", "order_status"}
)
#: For the rules when it is a question, or when nothing of the order was read.
_QUESTIONS = frozenset(
    {
        "ask_branches",
        "ask_hours",
        "ask_products",
        "ask_prices",
        "ask_delivery",
        "ask_payment_methods",
        "help",
        "out_of_scope",
    }
)
_WISHES = {
    "cancel_order": order_close.cancel_order,
    "restart_order": order_close.restart_order,
    "repeat_last": order_intents.repeat_last,
    "go_back": order_intents.go_back,
}
_ANSWERS = {
    "affirm": order_intents.affirm,
    "deny": order_intents.deny,
    "done": order_intents.done,
    "skip": order_intents.skip,
}
_LONGEST_FLOOR = 6  # words
_ONLY_A_FLOOR = re.compile(r"\W*(?:(?:es|el|la|en|un|ah|perd[oó]n|vivo)\W+)*", re.IGNORECASE)
_ASKED: dict[str, Any] = {"payment_method": "payment", "place": "address", "minimum": "items"}
_READABLE = frozenset(
    {"delivery", "branch", "address", "items", "payment", "cash_with", "comment", "name", "confirmed"}
)
#: At «¿alguna aclaración?» everything is one, but these: «ah, y una birra», «dale, confirmo».
_MORE_GOODS = re.compile(r"^\W*(?:ah|y |también|tambien|agreg|sum[aá]|otra cosa)", re.IGNORECASE)
_ASKING = re.compile(
    r"\?|^\W*(?:cu[aá]nt|qu[eé] |d[oó]nde|c[oó]mo|cu[aá]ndo|hasta qu|hacen |tienen |aceptan |hay )",
    re.IGNORECASE,
)


def is_left(scene: Scene) -> bool:
    """Say whether a text is for the rules, whatever else is in it."""
    message = scene.message
    if scene.asked == "branch" and asks_for_nearest(scene):
        return False
    return message.intent in _LEFT or (message.intent in _QUESTIONS and bool(_ASKING.search(message.text)))


def hear(scene: Scene, reading: Reading) -> bool:
    """Take a text; False when it is not about the order."""
    question, before = scene.memory.question, _goods_in_hand(scene)
    taken = _take(scene, reading)
    if taken and _goods_in_hand(scene) == before:
        pass_over(scene, question)
    return taken


def _goods_in_hand(scene: Scene) -> tuple[Any, int]:
    return scene.order.items if scene.order else (), len(scene.memory.questions)


def _take(scene: Scene, reading: Reading) -> bool:
    message = scene.message
    if reading.only_emoji and reading.yes is None:
        return scene.in_form  # a picture is no answer: the question is asked again
    if scene.asked == "branch" and take_nearest(scene):
        return True
    if message.intent in _WISHES and not reading.says_goods:
        return _WISHES[message.intent](scene)
    if answer_yes_or_no(scene, reading) or answer_question(scene, reading):
        return True
    draft, before = Draft(), _left_to_do(scene)
    if not _is_chance(scene, reading):
        take_goods(scene, reading, draft)
    take_fields(scene, reading, draft)
    _take_loose_quantity(scene, reading, draft)
    if draft:
        carry_out(scene, draft)
    elif reading.phone and not scene.said:
        scene.say("utter_item_noted", item=f"tel. {reading.phone}")
    if reading.payment_unknown:
        scene.say("utter_payment_not_taken", way=reading.payment_unknown)
    if reading.category is not None:
        show_shelf(scene, reading.category)
    return bool(draft) or before != _left_to_do(scene) or _plain_wish(scene, reading)


def _left_to_do(scene: Scene) -> tuple[object, ...]:
    """What a text may change besides the order itself."""
    memory = scene.memory
    return len(scene.said), tuple(each["kind"] for each in memory.questions), tuple(memory.done)


def read_text(scene: Scene) -> Reading:
    """Read a text as an answer to the question in hand."""
    question = scene.memory.question or {}
    asked = _asked(scene, question)
    candidates: list[int] = []
    if asked == "clarification":
        candidates = question["options"]
    elif asked == "quantity":
        candidates = [question["product"]]
    reading = read(
        scene.message.text,
        matcher=scene.matcher,
        asked=asked,
        intent=scene.message.intent,
        cart=cart_of(scene),
        candidates=_products(scene, candidates),
        shown=_products(scene, products_listed(scene)),
    )
    return _with_floor(scene, reading) if reading.comment and asked == "comment" else reading


def _with_floor(scene: Scene, reading: Reading) -> Reading:
    """«3ro B» at «¿Alguna aclaración?» belongs to the address, where there is one."""
    text, order = scene.message.text, scene.order
    if order is None or not order.address or len(text.split()) > _LONGEST_FLOOR:
        return reading
    detail = read(text, matcher=scene.matcher, intent="inform").address_detail
    is_all = detail and _ONLY_A_FLOOR.fullmatch(text.replace(detail, ""))
    return replace(reading, comment=None, address_detail=detail) if is_all else reading


def _products(scene: Scene, ids: Sequence[int]) -> tuple[Product, ...]:
    return tuple(found for found in map(scene.catalogue.product, ids) if found is not None)


def _asked(scene: Scene, question: Question) -> Any:
    """Name the open question in the reader's words, None when it reads nothing into it."""
    match question.get("kind"):
        case "which" | "which_item":
            return "clarification"
        case "quantity":
            return "quantity"
        case "shelves" | "products":
            return "items"
        case _:
            return _asked_by_step(scene)


def _asked_by_step(scene: Scene) -> Any:
    step = scene.memory.reopened or scene.asked or ""
    more_goods = _MORE_GOODS.search(scene.message.text) or scene.message.intent in _ANSWERS
    if (step == "comment" and more_goods) or (not step and scene.memory.shown):
        return "items"
    asked = _ASKED.get(step, step)
    return asked if asked in _READABLE else None


def _take_loose_quantity(scene: Scene, reading: Reading, draft: Draft) -> None:
    """«Mejor son tres»: of the product touched last."""
    order = scene.order
    if reading.said is None or draft.items or order is None:
        return
    held = [item.product_id for item in order.items]
    last = scene.memory.last_item or (held[-1] if held else 0)
    product = scene.catalogue.product(last)
    corrects = scene.message.intent == "change_order" and last in held
    wants = scene.message.intent in {"order", "inform"} and last not in held  # «¿cuánto sale?» «dame 2»
    if product is None or not (corrects or wants):
        return
    quantity = settle(reading.said, product.unit, asked=True)
    if isinstance(quantity, Refusal):
        refuse(scene, quantity, product=product, phrase=product.name)
    else:
        put(scene, draft, product, quantity, Change.SET)


def _is_chance(scene: Scene, reading: Reading) -> bool:
    """Whether words that look like goods are something else: nothing of them is sold and nobody asked for goods."""
    if reading.items or reading.ambiguous or reading.refused:
        return False
    wants = scene.message.intent in {"order", "inform", "change_order", "remove_item"}
    at_goods = scene.asked in {"items", "minimum", None} or bool(scene.memory.questions)
    return not (wants and at_goods)


def _plain_wish(scene: Scene, reading: Reading) -> bool:
    """Nothing of the order was read: yes, no, «listo», «quiero pedir», «cambiá la sucursal»."""
    intent = scene.message.intent
    if intent in _ANSWERS:
        return _ANSWERS[intent](scene)
    if reading.yes is not None and intent in {"inform", "nlu_fallback"}:
        return (order_intents.affirm if reading.yes else order_intents.deny)(scene)
    if intent in {"change_order", "remove_item"}:
        return _open_field(scene)
    if intent == "order":
        return order_intents.order(scene)
    return False


def _open_field(scene: Scene) -> bool:
    order = scene.order
    if order is None or (order.state is State.INCOMPLETE and not (order.items or order.delivery)):
        return False
    step = step_named(scene.message.text)
    if step is None:
        scene.memory.ask_first({"kind": "edit"})
    else:
        reopen(scene, step)
    return True
