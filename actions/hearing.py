"""A typed text as the reader of sentences understands it, with all we know about the moment it was written in."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from actions.memory import Question
from actions.open_questions import products_listed
from actions.order_goods import cart_of
from actions.scene import Scene
from openbot.catalogue.goods import Product
from openbot.reading.reader import read
from openbot.reading.understood import Reading

_ANSWERS = frozenset({"affirm", "deny", "done", "skip"})
_EXACT = re.compile(r"\b(?:justo|exacto)\b", re.IGNORECASE)
_SHORT = 6  # words
_AROUND_FLOOR = re.compile(r"\W*(?:(?:es|el|la|en|un|ah|perd[oó]n|vivo)\W+)*", re.IGNORECASE)
_AROUND_NAME = re.compile(
    r"\W*(?:(?:y|hola|soy|me|llamo|es|para|va|a|de|el|nombre|pedido)\W+)*", re.IGNORECASE
)
_ASKED: dict[str, Any] = {"payment_method": "payment", "place": "address", "minimum": "items"}
_READABLE = frozenset(
    {"delivery", "branch", "address", "items", "payment", "cash_with", "comment", "name", "confirmed"}
)
#: At «¿alguna aclaración?» everything is one, but these: «ah, y una birra», «dale, confirmo».
_MORE_GOODS = re.compile(r"^\W*(?:ah|y |también|tambien|agreg|sum[aá]|otra cosa)", re.IGNORECASE)


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
    reading = _with_exact_cash(scene, reading)
    return (
        _no_comment(scene, reading)
        if reading.comment and asked == "comment"
        else _with_last_line(scene, reading)
    )


def _no_comment(scene: Scene, reading: Reading) -> Reading:
    """«3ro B» at «¿Alguna aclaración?» belongs to the address, where there is one; «soy Ana» is the name."""
    text, order = scene.message.text, scene.order
    if len(text.split()) > _SHORT:
        return reading
    plain = read(text, matcher=scene.matcher, intent="inform")
    if plain.name and _AROUND_NAME.fullmatch(text.replace(plain.name, "")):
        return replace(reading, comment=None, name=plain.name)
    detail = plain.address_detail if order is not None and order.address else ""
    if detail and _AROUND_FLOOR.fullmatch(text.replace(detail, "")):
        return replace(reading, comment=None, address_detail=detail)
    return reading


def _with_exact_cash(scene: Scene, reading: Reading) -> Reading:
    """«Efectivo justo»: «justo» is nothing we could sell."""
    is_cash = reading.payment is not None and reading.payment.is_cash
    if not is_cash or not _EXACT.search(scene.message.text):
        return reading
    rest = tuple(each for each in reading.unknown if not _EXACT.search(each.phrase))
    return replace(reading, unknown=rest, cash_exact=True)


def _with_last_line(scene: Scene, reading: Reading) -> Reading:
    """«pan» and «1 kilo», sent one after the other."""
    last = reading.items[-1] if reading.items else None
    before, _, line = scene.message.text.rpartition("\n")
    if not before or last is None or last.quantity is not None:
        return reading
    amount = read(line, matcher=scene.matcher, asked="quantity", candidates=(last.product,)).quantity
    if not isinstance(amount, Decimal):
        return reading
    return replace(reading, items=(*reading.items[:-1], replace(last, quantity=amount)))


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
