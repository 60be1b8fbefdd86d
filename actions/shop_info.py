"""Questions about the shop and about one's own order, answered from the database at any moment."""

from decimal import Decimal

from rasa_sdk.events import EventType

from actions import shown
from actions.handover import LEAVE_FORM
from actions.menu import say_menu
from actions.order_questions import CLOSED_STATES, say_shelves
from actions.order_steps import missing_for_delivery
from actions.scene import Scene
from actions.turn_action import TurnAction
from openbot.catalogue.goods import format_money
from openbot.orders import queries
from openbot.reading.reader import read
from openbot.vocabulary import State

SEVERAL = 12


class ShowMenu(TurnAction):
    """The main menu. The order in hand stays as it is."""

    def name(self) -> str:
        return "action_show_menu"

    def body(self, scene: Scene) -> list[EventType]:
        say_menu(scene, "utter_menu")
        scene.memory.questions = []
        return LEAVE_FORM


class Greet(TurnAction):
    """A greeting with the menu: by name, and with the order in hand if there is one."""

    def name(self) -> str:
        return "action_greet"

    def body(self, scene: Scene) -> list[EventType]:
        if scene.in_form:
            scene.say("utter_greet_again")
            return []
        say_menu(scene, "utter_greet_by_name" if scene.person.first_name else "utter_greet")
        return []


class ShowBranches(TurnAction):
    """All branches with address, phone and hours; a named one alone."""

    def name(self) -> str:
        return "action_show_branches"

    def body(self, scene: Scene) -> list[EventType]:
        named = scene.matcher.match_branch(scene.message.text) if scene.message.is_text else None
        branches = [named] if named else scene.catalogue.branches
        cards = [shown.branch_card(branch, scene.catalogue, now=scene.now) for branch in branches]
        scene.say("utter_branches", branches="\n\n".join(cards))
        return []


class ShowHours(TurnAction):
    """When is it open: the order's branch, the named one, or all, a line each."""

    def name(self) -> str:
        return "action_show_hours"

    def body(self, scene: Scene) -> list[EventType]:
        named = scene.matcher.match_branch(scene.message.text) if scene.message.is_text else None
        own = scene.catalogue.branch(scene.order.branch_id) if scene.order and scene.order.branch_id else None
        chosen = named or own
        branches = [chosen] if chosen else scene.catalogue.branches
        hours = [
            f"*{each.name}*: {shown.hours(each)} ({shown.hours_now(each, scene.catalogue, now=scene.now)})"
            for each in branches
        ]
        scene.say("utter_hours", hours="\n".join(hours))
        return []


class ShowProducts(TurnAction):
    """What is sold: the shelves as a list; a named shelf or product with its prices."""

    def name(self) -> str:
        return "action_show_products"

    def body(self, scene: Scene) -> list[EventType]:
        if scene.message.is_text and _say_prices(scene):
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
        if not _say_prices(scene):
            if scene.in_form:
                scene.say("utter_which_price")
            else:
                say_shelves(scene, "utter_which_price")
        return []


class ShowDelivery(TurnAction):
    """Where the company delivers, for how much and from which amount on."""

    def name(self) -> str:
        return "action_show_delivery"

    def body(self, scene: Scene) -> list[EventType]:
        zone = scene.matcher.match_zone(scene.message.text) if scene.message.is_text else None
        place = read(scene.message.text, matcher=scene.matcher).place if zone else ""
        if not scene.catalogue.zones:
            scene.say("utter_no_delivery")
        elif zone is not None:
            scene.say(
                "utter_delivery_zone",
                zone=place or zone.name,
                fee=format_money(zone.fee),
                minimum=format_money(zone.minimum),
            )
        else:
            zones = [
                f"• *{each.name}*: {format_money(each.fee)} (mínimo {format_money(each.minimum)})"
                for each in scene.catalogue.zones
            ]
            scene.say("utter_delivery_zones", zones="\n".join(zones))
        return []


class ShowPaymentMethods(TurnAction):
    """How one can pay."""

    def name(self) -> str:
        return "action_show_payment_methods"

    def body(self, scene: Scene) -> list[EventType]:
        names = [method.name for method in scene.catalogue.payment_methods]
        scene.say("utter_payment_methods", methods=shown.joined(names, "o"))
        return []


class ShowCart(TurnAction):
    """What is in the order so far."""

    def name(self) -> str:
        return "action_show_cart"

    def body(self, scene: Scene) -> list[EventType]:
        order = scene.order
        if order is None or not order.items:
            scene.say("utter_cart_is_empty")
            return []
        missing = missing_for_delivery(order, catalogue=scene.catalogue)
        if scene.asked == "minimum":
            missing = Decimal(0)  # the question that follows says it
        scene.say(
            "utter_cart_below_minimum" if missing else "utter_cart",
            number=order.id,
            items=shown.lines(order.items),
            delivery=shown.delivery_line(order),
            total=format_money(order.total),
            missing=format_money(missing),
        )
        return []


class OrderStatus(TurnAction):
    """«¿Dónde está mi pedido?»: the open order, else the latest closed one."""

    def name(self) -> str:
        return "action_order_status"

    def body(self, scene: Scene) -> list[EventType]:
        order = scene.order
        if order is not None and order.state is State.COMPLETE:
            say_status(scene, order, "utter_status_complete")
        elif order is not None and scene.in_form:
            scene.say("utter_status_in_form", number=order.id)
        elif order is not None and order.items:
            say_status(scene, order, "utter_status_incomplete")
        else:
            before = queries.latest(
                scene.session, contact_id=scene.person.id, states=CLOSED_STATES, with_items=True
            )
            if before is None:
                scene.say("utter_status_none")
            else:
                say_status(scene, before, f"utter_status_{before.state.name.lower()}")
        return []


def say_status(scene: Scene, order: queries.FullOrder, response: str) -> None:
    """Say how an order is doing."""
    scene.say(
        response,
        number=order.id,
        items=shown.lines(order.items),
        total=format_money(order.total),
        date=order.created_at.astimezone(scene.catalogue.company.zone).strftime("%d/%m"),
    )


def _say_prices(scene: Scene) -> bool:
    """Say the price of what the text names; False when it names nothing we sell."""
    text = scene.message.text
    reading = read(text, matcher=scene.matcher, intent="ask_prices")
    products = reading.mentioned or tuple(item.product for item in reading.items)
    category = scene.matcher.match_category(text)
    if not products and category is not None:
        products = scene.catalogue.products_in(category.id)
    if len(products) == 1:
        scene.memory.last_item = products[0].id
        scene.say("utter_price", price=shown.price(products[0]))
    elif products:
        scene.say("utter_prices", prices="\n".join(f"• {shown.price(each)}" for each in products[:SEVERAL]))
    return bool(products)
