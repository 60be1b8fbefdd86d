"""Prices and what is sold: «¿cuánto sale la coca?», «¿tenés pan?», «¿qué venden?»."""

import re
from dataclasses import replace

from rasa_sdk.events import EventType

from actions import shown
from actions.open_questions import products_listed
from actions.order_questions import say_shelves
from actions.scene import Scene
from actions.turn_action import TurnAction
from openbot.catalogue.goods import Product
from openbot.catalogue.matching import Exact
from openbot.reading.reader import read
from openbot.reading.understood import Reading

SEVERAL = 12
_PROMOTIONS = re.compile(
    r"\bpromo|\boferta|\bdescuento|\brebaja|\bm[aá]s barat|\bmejor precio", re.IGNORECASE
)
_ASKING = re.compile(r"[¿?]|\b(?:y|cu[aá]nto|a cu[aá]nto|sale|vale|cuesta|est[aá]|precio)\b", re.IGNORECASE)
_HELLO = re.compile(r"\W*(?:hol[ai]|buen[ao]?s?\b|ola\b)", re.IGNORECASE)
_DO_YOU_HAVE = re.compile(r"\b(?:ten[eé]s|tendr[aá][ns]|tienen|hay|vend[eé][ns]|quedan?)\b", re.IGNORECASE)


class ShowProducts(TurnAction):
    """What is sold: the shelves as a list; a named shelf or product with its prices."""

    def name(self) -> str:
        return "action_show_products"

    def body(self, scene: Scene) -> list[EventType]:
        if scene.message.is_text and say_prices(scene, read_asked(scene)):
            return []
        if scene.in_form:
            categories = ", ".join(category.name for category in scene.catalogue.categories)
            scene.say("utter_categories", categories=categories)
        else:
            say_shelves(scene, "utter_products")
        return []


class ShowPrices(TurnAction):
    """Prices: «¿cuánto sale la coca?»."""

    def name(self) -> str:
        return "action_show_prices"

    def body(self, scene: Scene) -> list[EventType]:
        asks_for_promotions = _PROMOTIONS.search(scene.message.text)
        if asks_for_promotions:
            scene.say("utter_no_promotions")
        if not say_prices(scene, read_asked(scene)) and not asks_for_promotions:
            if scene.in_form:
                scene.say("utter_which_price")
            else:
                say_shelves(scene, "utter_which_price")
        return []


def read_asked(scene: Scene) -> Reading:
    """Read a text as a question about goods."""
    found = map(scene.catalogue.product, products_listed(scene))
    seen = tuple(product for product in found if product is not None)
    reading = read(scene.message.text, matcher=scene.matcher, intent="ask_prices", shown=seen)
    option = None if reading.mentioned or reading.items else _option_asked(scene)
    return reading if option is None else replace(reading, mentioned=(option,))


def _option_asked(scene: Scene) -> Product | None:
    """«¿Cuánto sale la de 1,5?» at «Tengo varias opciones para «coca»»."""
    question = scene.memory.question or {}
    if question.get("kind") != "which" or not question["said"]:
        return None
    asked = f"{question['said']} {_ASKING.sub(' ', scene.message.text)}"
    match scene.matcher.match_products(asked):
        case Exact(product) if product.id in question["options"]:
            return product
        case _:
            return None


def say_prices(scene: Scene, reading: Reading) -> bool:
    """Say the price of what the text names; False when it names nothing we sell."""
    text = scene.message.text
    products = reading.mentioned or tuple(item.product for item in reading.items)
    category = scene.matcher.match_category(text)
    if not products and category is not None:
        products = scene.catalogue.products_in(category.id)
    scene.memory.shown = [each.id for each in products[:SEVERAL]] or scene.memory.shown
    if products and not scene.in_form and _HELLO.match(text):
        scene.say("utter_hello")
    if gone := [each.name for each in products if not each.available]:
        scene.say("utter_sold_out", said=shown.joined(gone, "ni"))
    prices = [shown.price(each) for each in products[:SEVERAL] if each.available]
    if len(prices) == 1:
        is_there = _DO_YOU_HAVE.search(text) and not gone
        scene.say("utter_price_of_what_we_have" if is_there else "utter_price", price=prices[0])
    elif prices:
        scene.say("utter_prices", prices="\n".join(f"• {price}" for price in prices))
    return bool(products)
