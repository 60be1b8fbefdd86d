"""The order form: each message is one change of the order in SQL, then the next question (order_steps) is asked."""

from collections.abc import Callable

from rasa_sdk.events import ActionExecutionRejected, EventType, SlotSet

from actions import order_text
from actions.order_close import ACTS
from actions.order_confirm import CONFIRMATIONS
from actions.order_intents import INTENTS
from actions.order_places import take_location
from actions.order_steps import has_content, next_step
from actions.order_taps import choose
from actions.order_whatsapp_cart import take_cart
from actions.scene import FORM, Scene
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

    def name(self) -> str:
        return "validate_order_form"

    def body(self, scene: Scene) -> list[EventType]:
        if not scene.is_resumed and not self._take(scene):
            return [ActionExecutionRejected(FORM)]
        ends = scene.ends and not has_content(scene.order)
        step = None if ends else next_step(scene.order, memory=scene.memory, catalogue=scene.catalogue)
        if scene.is_resumed and scene.person.is_waiting:
            step = None  # the action before gave the customer to a person
        elif step is None:
            scene.memory.forget_order()
        return [*_mirrored(scene.order, scene), SlotSet("requested_slot", step)]

    def _take(self, scene: Scene) -> bool:
        """Say whether the message was for the form. Outside the form it always is: a rule sent it here."""
        if scene.message.is_text:
            taken = order_text.hear(scene)
        else:
            handler = _MESSAGES.get(scene.message.intent)
            taken = handler(scene) if handler else False
        if taken:
            scene.memory.misses = scene.memory.voice_notes = 0
        elif not scene.in_form:
            scene.say("utter_not_understood_order")
        return taken or not scene.in_form


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
