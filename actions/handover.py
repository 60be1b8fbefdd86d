"""A person is asked for: the order enters the operators' queue and the bot falls silent, once it has said so."""

from rasa_sdk.events import EventType, FollowupAction

from actions.after_close import ask_about, hand_over_about
from actions.handing_over import LEAVE_FORM, hand_over
from actions.menu import say_menu
from actions.order_steps import has_content
from actions.scene import FORM, Scene
from actions.turn_action import TurnAction
from openbot.actor import CUSTOMER
from openbot.orders import operations
from openbot.vocabulary import State


class HandOver(TurnAction):
    """«Quiero hablar con una persona»."""

    def name(self) -> str:
        return "action_hand_over"

    def body(self, scene: Scene) -> list[EventType]:
        hand_over(scene, reason=scene.message.text)
        return LEAVE_FORM


class ResumeBot(TurnAction):
    """«Seguir con el bot»: the base has ended the wait already; go on where the order was."""

    def name(self) -> str:
        return "action_resume_bot"

    def body(self, scene: Scene) -> list[EventType]:
        contact = scene.lock_contact()
        contact.waiting_since = contact.waiting_turn_id = None
        scene.memory.misses = scene.memory.voice_notes = 0
        order = scene.order
        if order is not None and order.needs_person:
            operations.change(
                scene.session,
                order_id=order.id,
                actor=CUSTOMER,
                now=scene.now,
                fields={"needs_person": False},
                inbound_id=scene.inbound_id,
            )
        if order is not None and order.state is State.INCOMPLETE and has_content(order):
            scene.say("utter_resumed")
            return [FollowupAction(FORM)]
        say_menu(scene, "utter_resumed_menu")
        return []


class AfterClose(TurnAction):
    """A customer writes again soon after an order was closed: «¿Es por tu pedido 123?»."""

    def name(self) -> str:
        return "action_ask_about_closed"

    def body(self, scene: Scene) -> list[EventType]:
        ask_about(scene, number=_number(scene))
        return LEAVE_FORM


class AboutClosed(TurnAction):
    """«Sí» to that: the new order is a question about the closed one, for a person."""

    def name(self) -> str:
        return "action_about_closed"

    def body(self, scene: Scene) -> list[EventType]:
        return hand_over_about(scene, number=_number(scene))


def _number(scene: Scene) -> int:
    try:
        return int(scene.message.entities.get("order", 0))
    except (TypeError, ValueError):
        return 0
