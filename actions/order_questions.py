"""The questions of the order form that need data: branches, products, payment methods, the summary."""

from abc import ABC

from rasa_sdk.events import EventType

from actions import shown, titles
from actions.branch_distance import NEAREST, NEAREST_ASKED, nearest_first
from actions.lists import (
    BUTTONS,
    branch_row,
    button,
    category_rows,
    listed,
    repeat_row,
    row,
)
from actions.open_questions import ask_open_question
from actions.order_steps import missing_for_delivery
from actions.scene import Scene
from actions.turn_action import TurnAction
from openbot.catalogue.goods import format_money
from openbot.orders import queries as orders
from openbot.vocabulary import OPEN_STATES, Delivery, State

CLOSED_STATES = tuple(state for state in State if state not in OPEN_STATES)


class Ask(TurnAction, ABC):
    """A question of the form; it changes nothing."""

    reads_only = True


class AskQuestion(Ask):
    """Whatever must be settled before the next step: «¿Cuál?», «¿Cuántas?», «¿Lo cancelo?»."""

    def name(self) -> str:
        return "action_ask_order_form_question"

    def body(self, scene: Scene) -> list[EventType]:
        ask_open_question(scene)
        return []


class AskAddress(Ask):
    """The address, with the last one offered."""

    def name(self) -> str:
        return "action_ask_order_form_address"

    def body(self, scene: Scene) -> list[EventType]:
        last = last_address(scene)
        if last and "address_offer" not in scene.memory.done:
            scene.say(
                "utter_offer_last_address",
                address=last,
                buttons=[
                    button(titles.SAME_ADDRESS, "choose", address="last"),
                    button(titles.OTHER_ADDRESS, "choose", address="other"),
                ],
            )
        else:
            scene.say("utter_ask_address")
        return []


class AskPlace(Ask):
    """The barrio or localidad of an address that names none we know."""

    def name(self) -> str:
        return "action_ask_order_form_place"

    def body(self, scene: Scene) -> list[EventType]:
        rows = [
            row(
                zone.name,
                "choose",
                description=f"{format_money(zone.fee)} · {', '.join(zone.places)}",
                zone=str(zone.id),
            )
            for zone in scene.catalogue.zones
        ]
        scene.say("utter_ask_place", custom=listed(titles.SEE_ZONES, (titles.SEE_ZONES, rows[:10])))
        return []


class AskBranch(Ask):
    """Where to pick up; the nearest first when the customer shared a location."""

    def name(self) -> str:
        return "action_ask_order_form_branch"

    def body(self, scene: Scene) -> list[EventType]:
        order = scene.order
        place = (order.latitude, order.longitude) if order else (None, None)
        if NEAREST in scene.memory.done and None in place:
            scene.memory.unfinish(NEAREST)
            scene.memory.finish(NEAREST_ASKED)
            scene.say("utter_ask_where")
            return []
        rows = [
            branch_row(
                branch,
                description=f"{branch.address} · {shown.hours_now(branch, scene.catalogue, now=scene.now)}",
            )
            for branch, _ in nearest_first(scene.catalogue.branches, latitude=place[0], longitude=place[1])
        ]
        scene.say("utter_ask_branch", custom=listed(titles.SEE_BRANCHES, (titles.SEE_BRANCHES, rows[:10])))
        return []


class AskItems(Ask):
    """What to buy; once there is something, whether that is all."""

    def name(self) -> str:
        return "action_ask_order_form_items"

    def body(self, scene: Scene) -> list[EventType]:
        order = scene.order
        if order is not None and order.items:
            scene.say(
                "utter_ask_more_items",
                total=format_money(order.total - order.delivery_fee),
                buttons=[
                    button(titles.ALL_DONE, "done"),
                    button(titles.ADD_MORE, "choose", more="1"),
                    button(titles.SEE_CART, "show_cart"),
                ],
            )
            return []
        say_shelves(scene)
        return []


class AskMinimum(Ask):
    """The goods do not reach the minimum of the zone yet."""

    def name(self) -> str:
        return "action_ask_order_form_minimum"

    def body(self, scene: Scene) -> list[EventType]:
        if scene.order is None:
            return []
        zone = scene.catalogue.zone(scene.order.zone_id or 0)
        scene.say(
            "utter_ask_minimum",
            missing=format_money(missing_for_delivery(scene.order, catalogue=scene.catalogue)),
            minimum=format_money(zone.minimum) if zone else "",
            zone=zone.name if zone else "",
            buttons=[
                button(titles.ADD_MORE, "choose", more="1"),
                button(titles.TO_PICKUP, "choose", delivery="pickup"),
            ],
        )
        return []


class AskPaymentMethod(Ask):
    """How to pay: buttons for up to three methods, else a list."""

    def name(self) -> str:
        return "action_ask_order_form_payment_method"

    def body(self, scene: Scene) -> list[EventType]:
        methods = scene.catalogue.payment_methods
        if len(methods) <= BUTTONS:
            buttons = [button(each.name, "choose", payment=str(each.id)) for each in methods]
            scene.say("utter_ask_payment_method", buttons=buttons)
            return []
        rows = [row(each.name, "choose", payment=str(each.id)) for each in methods[:10]]
        scene.say("utter_ask_payment_method", custom=listed(titles.SEE_PAYMENTS, (titles.SEE_PAYMENTS, rows)))
        return []


class AskName(Ask):
    """Whose order it is; the name of the WhatsApp profile is offered, never taken as known."""

    def name(self) -> str:
        return "action_ask_order_form_name"

    def body(self, scene: Scene) -> list[EventType]:
        offered = " ".join(scene.person.profile_name.split())[:60]
        if not offered or "name_offer" in scene.memory.done:
            scene.say("utter_ask_name")
            return []
        scene.say(
            "utter_offer_name",
            name=offered,
            buttons=[
                button(f"{titles.YES}, {offered.split()[0]}", "choose", name="profile"),
                button(titles.OTHER_NAME, "choose", name="other"),
            ],
        )
        return []


class AskConfirmed(Ask):
    """The summary, with number and total."""

    def name(self) -> str:
        return "action_ask_order_form_confirmed"

    def body(self, scene: Scene) -> list[EventType]:
        order = scene.order
        if order is None:
            return []
        scene.say(
            "utter_summary_estimated" if shown.estimated(order.items) else "utter_summary",
            number=order.id,
            items=shown.lines(order.items),
            delivery=shown.delivery_line(order),
            total=format_money(order.total),
            details=shown.details(order, scene.catalogue),
            buttons=[
                button(titles.CONFIRM, "confirm_order", order=order.id, version=order.version),
                button(titles.CHANGE_SOMETHING, "edit_order"),
                button(titles.CANCEL, "cancel_order"),
            ],
        )
        scene.memory.summary = [order.id, order.version]
        return []


def say_shelves(scene: Scene, response: str = "utter_ask_items") -> None:
    """Ask for goods with the shelves as a list, and the last order to repeat."""
    previous = orders.latest(scene.session, contact_id=scene.person.id, states=CLOSED_STATES, with_items=True)
    is_empty = scene.order is None or not scene.order.items
    again = [repeat_row(previous, titles.REPEAT)] if previous and is_empty else []
    rows = category_rows(scene.catalogue)[: 10 - len(again)]
    custom = listed(titles.SEE_PRODUCTS, (titles.LAST_ORDER, again), (titles.PRODUCTS, rows))
    scene.say(response, custom=custom)


def last_address(scene: Scene) -> str:
    """Where the customer's last delivered order went, if a branch still delivers there."""
    before = last_delivery(scene)
    return before.address if before else ""


def last_delivery(scene: Scene) -> orders.FullOrder | None:
    """The customer's last order with an address in one of today's zones."""
    before = orders.latest(scene.session, contact_id=scene.person.id, states=CLOSED_STATES, with_items=True)
    known = before is not None and before.delivery is Delivery.DELIVERY and before.zone_id is not None
    return before if before and known and scene.catalogue.zone(before.zone_id or 0) else None
