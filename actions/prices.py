"""Prices and what is sold: «¿cuánto sale la coca?», «¿tenés pan?», «¿qué venden?»."""

import re

from rasa_sdk.events import EventType

from actions import shown
from actions.order_questions import say_shelves
from actions.scene import Scene
from actions.turn_action import TurnAction
from openbot.reading.reader import read
from openbot.reading.understood import Reading

SEVERAL = 12
_PROMOTIONS = re.compile(r"\bpromo|\boferta|\bdescuento|\brebaja", re.IGNORECASE)
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
    found = map(scene.catalogue.product, scene.memory.shown)
    seen = tuple(product for product in found if product is not None)
    return read(scene.message.text, matcher=scene.matcher, intent="ask_prices", shown=seen)


def say_prices(scene: Scene, reading: Reading) -> bool:
    """Say the price of what the text names; False when it names nothing we sell."""
    text = scene.message.text
    products = reading.mentioned or tuple(item.product for item in reading.items)
    category = scene.matcher.match_category(text)
    if not products and category is not None:
        products = scene.catalogue.products_in(category.id)
    scene.memory.shown = [each.id for each in products[:SEVERAL]] or scene.memory.shown
    prices = [shown.price(each) for each in products[:SEVERAL]]
    if len(products) == 1:
        scene.say(
            "utter_price_of_what_we_have" if _DO_YOU_HAVE.search(text) else "utter_price", price=prices[0]
        )
    elif products:
        scene.say("utter_prices", prices="\n".join(f"• {price}" for price in prices))
    return bool(products)
