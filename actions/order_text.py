"""Free text of the customer, taken into the order: an answer, several at once, a correction, or a plain wish."""

import re
from typing import Any

from actions import order_close, order_intents
from actions.carrying_out import carry_out
from actions.draft import Draft
from actions.memory import Question
from actions.message import says_yes
from actions.order_answers import answer_question, answer_yes_or_no, step_named
from actions.order_fields import take_fields
from actions.order_goods import cart_of, put, refuse, take_goods
from actions.order_taps import choose, reopen
from actions.scene import Scene
from openbot.catalogue.quantities import Refusal, settle
from openbot.reading.items import Change
from openbot.reading.reader import read
from openbot.reading.understood import Reading
from openbot.vocabulary import State

#: Never for the form, whatever else is in them.
_LEFT = frozenset({"human", "menu", "insult", "bot_challenge", "goodbye", "show_cart", "order_status"})
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


def hear(scene: Scene) -> bool:
    """Take a text; False when it is not about the order."""
    message = scene.message
    if message.intent in _LEFT or (message.intent in _QUESTIONS and _ASKING.search(message.text)):
        return False
    if scene.offers_person and says_yes(message):
        return False
    if _take_position(scene):
        return True
    reading = _read(scene)
    if message.intent in _WISHES and not reading.says_goods:
        return _WISHES[message.intent](scene)
    if answer_yes_or_no(scene, reading) or answer_question(scene, reading):
        return True
    draft = Draft()
    before = len(scene.said), len(scene.memory.questions), tuple(scene.memory.done)
    if not _is_chance(scene, reading):
        take_goods(scene, reading, draft)
    take_fields(scene, reading, draft)
    _take_loose_quantity(scene, reading, draft)
    if draft:
        carry_out(scene, draft)
        return True
    if before != (len(scene.said), len(scene.memory.questions), tuple(scene.memory.done)):
        return True
    return _plain_wish(scene, reading)


def _take_position(scene: Scene) -> bool:
    """«2» to a question with two buttons is the second of them."""
    text = scene.message.text.strip(" .)")
    if scene.memory.questions or not (text.isascii() and text.isdigit() and len(text) == 1):
        return False
    step = scene.memory.reopened or scene.asked
    match step:
        case "delivery":
            options = ["delivery", "pickup"]
        case "payment_method":
            options = [str(each.id) for each in scene.catalogue.payment_methods]
        case _:
            return False
    if not 1 <= int(text) <= len(options):
        return False
    scene.message.entities.clear()
    scene.message.entities["payment" if step == "payment_method" else step] = options[int(text) - 1]
    return choose(scene)


def _read(scene: Scene) -> Reading:
    question = scene.memory.question or {}
    asked = _asked(scene, question)
    candidates: list[Any] = []
    if asked == "clarification":
        candidates = [scene.catalogue.product(key) for key in question["options"]]
    elif asked == "quantity":
        candidates = [scene.catalogue.product(question["product"])]
    return read(
        scene.message.text,
        matcher=scene.matcher,
        asked=asked,
        intent=scene.message.intent,
        cart=cart_of(scene),
        candidates=tuple(each for each in candidates if each is not None),
    )


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
    if (step == "comment" and more_goods) or (not step and scene.memory.last_item):
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
