"""The order form: each message is one change of the order in SQL, then the next question (order_steps) is asked."""

from collections.abc import Callable, Mapping

from rasa_sdk.events import ActionExecutionRejected, EventType, SlotSet

from actions import order_text, typed_taps
from actions.digressions import DIGRESSIONS
from actions.hearing import read_text
from actions.menu import say_greeting
from actions.order_close import ACTS
from actions.order_confirm import CONFIRMATIONS
from actions.order_intents import INTENTS
from actions.order_places import take_location
from actions.order_steps import has_content, next_step
from actions.order_taps import choose
from actions.order_whatsapp_cart import take_cart
from actions.scene import FORM, Scene
from actions.small_talk import say_not_understood
from actions.turn_action import TurnAction
from openbot.orders.queries import FullOrder

_MESSAGES: dict[str, Callable[[Scene], bool]] = {
    "choose": choose,
    "send_location": take_location,
    "send_cart": take_cart,
    **INTENTS,
    **ACTS,
    **CONFIRMATIONS,
}


class ValidateOrderForm(TurnAction):
    """Takes the customer's message into the order; names the next question, or leaves the message to the rules."""

    is_form = True

    def name(self) -> str:
        return "validate_order_form"

    def body(self, scene: Scene) -> list[EventType]:
        if not scene.is_resumed and not self._take(scene):
            return [ActionExecutionRejected(FORM)]
        return [*_mirrored(scene.order, scene), SlotSet("requested_slot", _next(scene))]

    def _take(self, scene: Scene) -> bool:
        """Say whether the message was for the form. Outside the form it always is: a rule sent it here."""
        taken = _heard(scene) if scene.message.is_text else _handled(scene, _MESSAGES)
        if taken:
            scene.memory.misses = scene.memory.voice_notes = 0
            scene.memory.shown = []
        elif not scene.in_form:
            _say_where_to_begin(scene)
        return taken or not scene.in_form


def _heard(scene: Scene) -> bool:
    if order_text.is_left(scene):
        return False
    reading = read_text(scene)
    tapped = typed_taps.as_tap(scene, position=reading.position)
    if tapped is None:
        return order_text.hear(scene, reading)
    scene.message = tapped
    return _handled(scene, _MESSAGES | DIGRESSIONS)


def _handled(scene: Scene, handlers: Mapping[str, Callable[[Scene], bool]]) -> bool:
    handler = handlers.get(scene.message.intent)
    return handler is not None and handler(scene)


def _next(scene: Scene) -> str | None:
    """Name the next question, None when the form is through or left."""
    if scene.leaves or (scene.is_resumed and scene.person.is_waiting):
        return None  # the customer was given to a person, or asked for something else
    ends = scene.ends and not has_content(scene.order)
    step = None if ends else next_step(scene.order, memory=scene.memory, catalogue=scene.catalogue)
    if step is None:
        scene.memory.forget_order()
    return step


def _say_where_to_begin(scene: Scene) -> None:
    """Answer what says nothing outside of an order: nobody wanted to order just by that."""
    scene.leaves = not has_content(scene.order)
    if not scene.message.is_text:
        scene.say("utter_unknown_tap")
    elif read_text(scene).position is None:
        scene.leaves = say_not_understood(scene) or scene.leaves
    elif scene.leaves:
        say_greeting(scene)


def _mirrored(order: FullOrder | None, scene: Scene) -> list[EventType]:
    """The order's slots, for conditions and texts of the designers; SQL holds the truth."""
    shown = {
        "order_number": order.id if order else None,
        "delivery": str(order.delivery) if order and order.delivery else None,
        "branch": order.branch or None if order else None,
        "payment_method": order.payment_method or None if order else None,
    }
    changed = [SlotSet(name, value) for name, value in shown.items() if scene.slots.get(name) != value]
    # Rasa takes a form's answer without any slot for «nothing understood».
    return changed or [SlotSet("order_number", shown["order_number"])]
