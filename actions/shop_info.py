"""Questions about the shop and about one's own order, answered from the database at any moment."""

import re
from decimal import Decimal

from rasa_sdk.events import EventType, FollowupAction

from actions import shown
from actions.branch_distance import NEAREST_ASKED
from actions.handing_over import LEAVE_FORM
from actions.menu import say_greeting, say_menu
from actions.order_places import asks_for_nearest, say_nearest
from actions.order_questions import CLOSED_STATES
from actions.order_steps import missing_for_delivery
from actions.prices import read_asked, say_prices
from actions.scene import FORM, Scene, is_bare_request
from actions.turn_action import TurnAction
from openbot.catalogue.goods import Branch, format_money
from openbot.orders import queries
from openbot.reading.reader import read
from openbot.vocabulary import State

_ACCOUNT = re.compile(r"\balias\b|\bc[bv]u\b|\bdatos\b|\ba qu[eé] cuenta\b", re.IGNORECASE)
_WHEN = re.compile(r"\bhora|\bcu[aá]ndo|\btard|\bdemor|\bllega\b", re.IGNORECASE)
_WHERE_TO = re.compile(r"\bzonas?\b|\bbarrio|\bd[oó]nde|\ba qu[eé]\b", re.IGNORECASE)
SHORT_GREETING = 2  # words: nothing else is in it


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
        if scene.message.is_text and len(scene.message.text.split()) > SHORT_GREETING:
            reading = read_asked(scene)
            if reading.items or reading.ambiguous:
                return [FollowupAction(FORM)]
            if reading.mentioned and say_prices(scene, reading):
                return []
        say_greeting(scene)
        return []


class ShowBranches(TurnAction):
    """All branches with address, phone and hours; a named one alone."""

    def name(self) -> str:
        return "action_show_branches"

    def body(self, scene: Scene) -> list[EventType]:
        if scene.message.is_text and self._say_nearest(scene):
            return []
        named = scene.matcher.match_branch(scene.message.text) if scene.message.is_text else None
        branches = [named] if named else scene.catalogue.branches
        cards = [shown.branch_card(branch, scene.catalogue, now=scene.now) for branch in branches]
        scene.say("utter_branches", branches="\n\n".join(cards))
        return []

    def _say_nearest(self, scene: Scene) -> bool:
        """«¿Cuál me queda más cerca?»."""
        if not asks_for_nearest(scene):
            return False
        order = scene.order
        if order is not None and order.latitude is not None and order.longitude is not None:
            say_nearest(scene, order.latitude, order.longitude)
        else:
            scene.memory.finish(NEAREST_ASKED)
            scene.say("utter_ask_where")
        return True


class ShowHours(TurnAction):
    """When is it open: the order's branch, the named one, or all, a line each."""

    def name(self) -> str:
        return "action_show_hours"

    def body(self, scene: Scene) -> list[EventType]:
        named = scene.matcher.match_branch(scene.message.text) if scene.message.is_text else None
        own = scene.catalogue.branch(scene.order.branch_id) if scene.order and scene.order.branch_id else None
        scene.say("utter_hours", hours=_hours(scene, named or own))
        return []


class ShowDelivery(TurnAction):
    """Where the company delivers, for how much and from which amount on."""

    def name(self) -> str:
        return "action_show_delivery"

    def body(self, scene: Scene) -> list[EventType]:
        text = scene.message.text if scene.message.is_text else ""
        zone = scene.matcher.match_zone(text) if text else None
        place = read(text, matcher=scene.matcher).place if zone else ""
        if zone is None and scene.order is not None and not _WHERE_TO.search(text):
            zone = scene.catalogue.zone(scene.order.zone_id or 0)
        if not scene.catalogue.zones:
            scene.say("utter_no_delivery")
        elif _WHEN.search(text):
            branch = scene.catalogue.branch(zone.branch_id) if zone else None
            scene.say("utter_delivery_hours", hours=_hours(scene, branch))
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
        text = scene.message.text if scene.message.is_text else ""
        if _ACCOUNT.search(text) and _say_account(scene):
            return []
        reading = read(text, matcher=scene.matcher, asked="payment")
        if reading.payment_unknown:
            scene.say("utter_payment_not_taken", way=shown.way_to_pay(reading.payment_unknown))
        if not (reading.payment_unknown and scene.asked == "payment_method"):
            names = [shown.method(method.name) for method in scene.catalogue.payment_methods]
            response = "utter_payment_taken" if reading.payment else "utter_payment_methods"
            scene.say(response, methods=shown.joined(names, "o"))
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
        if scene.asked == "confirmed" and not scene.memory.questions:
            return []  # the summary, which follows, says it all
        missing = missing_for_delivery(order, catalogue=scene.catalogue)
        if scene.asked == "minimum":
            missing = Decimal(0)  # the question that follows says it
        scene.say(
            "utter_cart_below_minimum" if missing else "utter_cart",
            number=order.id,
            items=shown.lines(order.items),
            delivery=shown.delivery_line(order),
            total=format_money(order.total),
            estimated=shown.estimated(order.items),
            missing=format_money(missing),
        )
        return []


class OrderStatus(TurnAction):
    """«¿Dónde está mi pedido?»: the open order, else the latest closed one."""

    def name(self) -> str:
        return "action_order_status"

    def body(self, scene: Scene) -> list[EventType]:
        order = scene.order
        if is_bare_request(order) and order is not None:
            scene.say("utter_status_request", number=order.id)
        elif order is not None and order.state is State.COMPLETE:
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
        estimated=shown.estimated(order.items),
        date=order.created_at.astimezone(scene.catalogue.company.zone).strftime("%d/%m"),
    )


def _hours(scene: Scene, branch: Branch | None) -> str:
    """The opening hours of a branch, or of all, a line each."""
    return "\n".join(
        f"*{each.name}*: {shown.hours(each)} ({shown.hours_now(each, scene.catalogue, now=scene.now)})"
        for each in ([branch] if branch else scene.catalogue.branches)
    )


def _say_account(scene: Scene) -> bool:
    """Where to transfer to: of the order's way to pay, else of all that name an account."""
    own = scene.order.payment_method_id if scene.order else None
    methods = [each for each in scene.catalogue.payment_methods if _ACCOUNT.search(each.text)]
    chosen = [each for each in methods if each.id == own] or methods
    if chosen:
        scene.say("utter_payment_text", payment="\n\n".join(each.text for each in chosen))
    return bool(chosen)
