"""Texts that answer an open question: «¿cuál?», «¿cuántas?», «¿en qué barrio?», «¿lo cancelo?»."""

import re
from dataclasses import replace
from typing import Any

from actions import order_intents
from actions.carrying_out import carry_out
from actions.draft import Draft
from actions.left_out import leave_out_first
from actions.memory import Question
from actions.order_goods import put, quantity_said, refuse, take_goods
from actions.order_places import take_place_name
from actions.order_taps import drop_questions, reopen
from actions.scene import Scene
from openbot.catalogue.goods import Product
from openbot.catalogue.matching import Ambiguous, Exact, NotFound
from openbot.catalogue.quantities import Refusal, settle
from openbot.reading.items import Change
from openbot.reading.understood import Reading

_THAT_ONE = re.compile(
    r"^\W*(?:(?:s[ií]|dale|bueno|ok|dame|quiero|mandame|poneme)\W+){0,2}(?:es[aeo]|s[ií]|dale)\b",
    re.IGNORECASE,
)
_YES_OR_NO = frozenset({"cancel", "restart", "change", "open_order"})


_FIELD_WORDS = {
    "branch": re.compile(r"sucursal|local\b"),
    "address": re.compile(r"direcci[oó]n|domicilio"),
    "payment_method": re.compile(r"pag[oa]"),
    "name": re.compile(r"nombre"),
    "delivery": re.compile(r"env[ií]o|retir"),
    "comment": re.compile(r"comentario|aclaraci[oó]n"),
    "items": re.compile(r"producto|carrito|lista"),
}


def step_named(text: str) -> str | None:
    """Which part of the order a text speaks of: «cambiá la sucursal», «el pago»."""
    return next((step for step, words in _FIELD_WORDS.items() if words.search(text.lower())), None)


def answer_question(scene: Scene, reading: Reading) -> bool:
    """Take a text that answers the question in hand; False when it says something else."""
    question = scene.memory.question
    match question["kind"] if question else None:
        case "quantity" if question and reading.quantity is not None:
            return _answer_quantity(scene, reading, question)
        case "which" | "which_item" if question and reading.chosen is not None:
            return _answer_which(scene, reading, question)
        case "which" if question and (reading.chosen_all or _names_option(reading, question)):
            scene.memory.settle()
            return _with_the_rest(scene, reading, Draft())
        case "which" if not reading.says_goods and scene.message.intent in {"deny", "skip"}:
            leave_out_first(scene)  # «ninguna»
            return True
        case "which" if question and not reading.says_goods:
            meant = _meant(scene, reading, question)
            return _answer_which(scene, meant, question) if meant else scene.memory.question is not question
        case "edit" if not reading.says_goods and (step := step_named(scene.message.text)):
            drop_questions(scene, "edit")
            reopen(scene, step)
            return True
        case None if scene.asked == "place":
            return take_place_name(scene, reading)
        case _:
            return False


def _answer_quantity(scene: Scene, reading: Reading, question: Question) -> bool:
    product = scene.catalogue.product(question["product"])
    if product is None or reading.quantity is None:
        return False
    if isinstance(reading.quantity, Refusal):
        refuse(scene, reading.quantity, product=product, phrase=product.name)
        return True
    scene.memory.settle()
    draft = Draft()
    put(scene, draft, product, reading.quantity, Change.SET if question.get("sets") else Change.ADD)
    return _with_the_rest(scene, reading, draft)


def _answer_which(scene: Scene, reading: Reading, question: Question) -> bool:
    scene.memory.settle()
    draft = Draft()
    _take_choice(scene, reading, question, draft)
    return _with_the_rest(scene, reading, draft)


def _with_the_rest(scene: Scene, reading: Reading, draft: Draft) -> bool:
    take_goods(scene, reading, draft)
    if draft:
        carry_out(scene, draft)
    return True


def answer_yes_or_no(scene: Scene, reading: Reading) -> bool:
    """Take «sí», «no, dejalo así» as the answer to «¿lo cancelo?» and the like, whatever its intent seems to be."""
    question = scene.memory.question
    says_more = reading.says_goods or reading.address or reading.payment or reading.branch
    if question is None or question["kind"] not in _YES_OR_NO or says_more:
        return False
    says_no = reading.yes is False or scene.message.intent in {"deny", "skip", "done", "go_back"}
    if reading.yes is None and not says_no and scene.message.intent != "affirm":
        return False
    return (order_intents.deny if says_no else order_intents.affirm)(scene)


def _names_option(reading: Reading, question: Question) -> bool:
    """«Carne x 6»: an answer in the form of a wish."""
    return any(item.product.id in question["options"] for item in reading.items)


def _meant(scene: Scene, reading: Reading, question: Question) -> Reading | None:
    product = _of_unit(scene, reading, question) or _just_priced(scene, question)
    if product is not None:
        return replace(reading, chosen=product)
    product = _narrowed(scene, question)
    return replace(reading, chosen=product, said=None) if product is not None else None


def _just_priced(scene: Scene, question: Question) -> Product | None:
    """«¿Cuánto sale la de 1,5?» … «dame esa»."""
    priced = scene.memory.shown
    if len(priced) != 1 or priced[0] not in question["options"] or not _THAT_ONE.search(scene.message.text):
        return None
    return scene.catalogue.product(priced[0])


def _of_unit(scene: Scene, reading: Reading, question: Question) -> Product | None:
    """«Media docena»: the one of them that is sold by the dozen."""
    unit = reading.said.unit if reading.said else None
    products = [scene.catalogue.product(key) for key in question["options"]] if unit else []
    found = [each for each in products if each is not None and each.unit is unit]
    return found[0] if len(found) == 1 else None


def _narrowed(scene: Scene, question: dict[str, Any]) -> Product | None:
    """Read the answer together with what was asked about: «cocas» «la de 2,25». Fewer options are asked again."""
    options: list[int] = question["options"]
    first = scene.catalogue.product(options[0])
    said = question["said"] or (first.name.split()[0] if first else "")
    found = scene.matcher.match_products(f"{said} {scene.message.text}")
    match found:
        case Exact(product) if product.id in options:
            return product
        case Ambiguous(_, candidates):
            fewer = [each.id for each in candidates if each.id in options]
            if fewer and len(fewer) < len(options):
                scene.memory.settle()
                scene.memory.ask_first({**question, "options": fewer})
        case Exact() | NotFound():
            pass
    return None


def _take_choice(scene: Scene, reading: Reading, question: dict[str, Any], draft: Draft) -> None:
    product = reading.chosen
    if product is None:
        return
    if question["kind"] == "which_item":
        put(scene, draft, product, None, Change.GONE)
        return
    quantity = quantity_said(question, product)
    if reading.said is not None:  # «10 empanadas»: «5 de carne…»
        settled = settle(reading.said, product.unit)
        quantity = None if isinstance(settled, Refusal) else settled
    put(scene, draft, product, quantity, Change(question.get("change", Change.ADD)))
