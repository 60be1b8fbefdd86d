"""Free text of the customer, taken into the order: an answer, several at once, a correction, or a plain wish."""

import re
from typing import Any

from actions import order_close, order_intents, shown
from actions.carrying_out import carry_out
from actions.draft import Draft
from actions.left_out import pass_over
from actions.order_answers import answer_question, answer_yes_or_no, step_named
from actions.order_fields import take_fields
from actions.order_goods import put, refuse, show_shelf, take_goods
from actions.order_places import asks_for_nearest, take_nearest
from actions.order_taps import drop_questions, reopen
from actions.scene import Scene
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
#: What a quantity without a thing does.
_LOOSE = {"change_order": Change.SET, "remove_item": Change.LESS}
_SO_MANY = re.compile(r"^\W*(?:dame|mandame|quiero|poneme|agreg\w+|anot\w+|sum\w+) \d", re.IGNORECASE)
_MYSELF = re.compile(
    r"\W*(?:(?:es |va )?(?:para|a nombre de|a) )?(?:m[ií]|m[ií]o|yo|mi nombre)\W*", re.IGNORECASE
)
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
    if reading.only_emoji and reading.yes is None:
        return scene.in_form  # a picture is no answer: the question is asked again
    answered = _answer(scene, reading)
    if answered is not None:
        return answered
    draft, before = Draft(), _left_to_do(scene)
    if reading.says_goods:
        drop_questions(scene, "shelves", "products")
    if not _is_chance(scene, reading):
        take_goods(scene, reading, draft)
    take_fields(scene, reading, draft)
    _take_loose_quantity(scene, reading, draft)
    if draft:
        carry_out(scene, draft)
    elif reading.phone and not scene.said:
        scene.say("utter_item_noted", item=f"tel. {reading.phone}")
    if reading.payment_unknown:
        scene.say("utter_payment_not_taken", way=shown.way_to_pay(reading.payment_unknown))
    if reading.category is not None:
        show_shelf(scene, reading.category)
    return bool(draft) or before != _left_to_do(scene) or _plain_wish(scene, reading)


def _answer(scene: Scene, reading: Reading) -> bool | None:
    """Take an answer to the very question that is open, or a wish about the whole order; None: it is neither."""
    intent = scene.message.intent
    if scene.asked == "branch" and take_nearest(scene):
        return True
    if scene.asked == "name" and _MYSELF.fullmatch(scene.message.text):
        return order_intents.own_name(scene)
    if intent in _WISHES and not reading.says_goods:
        return _WISHES[intent](scene)
    if answer_yes_or_no(scene, reading) or answer_question(scene, reading):
        return True
    return None


def _left_to_do(scene: Scene) -> tuple[object, ...]:
    """What a text may change besides the order itself."""
    memory = scene.memory
    return len(scene.said), tuple(each["kind"] for each in memory.questions), tuple(memory.done)


def _take_loose_quantity(scene: Scene, reading: Reading, draft: Draft) -> None:
    """«Mejor son tres», «sacale una»: of the product touched last."""
    order, intent = scene.order, scene.message.intent
    if draft.items or order is None or not order.items or intent not in _LOOSE:
        return
    said = reading.said
    if intent == "remove_item" and not reading.says_goods:
        said = read(scene.message.text, matcher=scene.matcher, intent="change_order").said
    held = [item.product_id for item in order.items]
    last = scene.memory.last_item or held[-1]
    product = scene.catalogue.product(last)
    if said is None or product is None or last not in held:
        return
    quantity = settle(said, product.unit, asked=True)
    if isinstance(quantity, Refusal):
        refuse(scene, quantity, product=product, phrase=product.name)
    else:
        put(scene, draft, product, quantity, _LOOSE[intent])


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
        if _SO_MANY.search(scene.message.text):
            scene.say("utter_so_many_of_what")
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
