"""What is not about goods or the shop: not understood, yes or no to nothing, good-bye."""

import re

from rasa_sdk.events import EventType, FollowupAction

from actions import titles
from actions.handing_over import LEAVE_FORM, hand_over
from actions.left_out import pass_over
from actions.lists import button
from actions.menu import say_menu
from actions.order_steps import has_content
from actions.priced import take_priced
from actions.scene import FORM, Scene
from actions.turn_action import TurnAction
from openbot.reading.reader import read
from openbot.vocabulary import State

MISSES = 2
#: Words that say nothing, and lone figures: answered with the open question, never counted as a miss.
_IDLE_WORDS = re.compile(
    r"\W*(?:(?:(?:ja|je|ji|js|aj|ha){2,}[jaehis]*|lol|xd+|ok(?:a|i|ey|is)?|m+|aj[aá]+|eh+|a ver|ah+|\d{1,3})\W*)+",
    re.IGNORECASE,
)
_STOP: list[EventType] = [*LEAVE_FORM, FollowupAction("action_listen")]


class NotUnderstood(TurnAction):
    """Asks again once, with help; the second miss in a row is for a person."""

    def name(self) -> str:
        return "action_not_understood"

    def body(self, scene: Scene) -> list[EventType]:
        if not scene.in_form and names_goods(scene):
            return [FollowupAction(FORM)]
        if _says_nothing(scene):
            return []
        return _STOP if say_not_understood(scene) else []


class OutOfScope(TurnAction):
    """Something we have nothing to do with; insisting on it leads to a person."""

    def name(self) -> str:
        return "action_out_of_scope"

    def body(self, scene: Scene) -> list[EventType]:
        if not scene.in_form and names_goods(scene):
            return [FollowupAction(FORM)]
        if _says_nothing(scene):
            return []
        if _is_one_miss_too_many(scene):
            return _STOP
        scene.say("utter_out_of_scope")
        pass_over(scene, scene.memory.question)
        return []


class Complaint(TurnAction):
    """Something went wrong: that is for a person, at once."""

    def name(self) -> str:
        return "action_complaint"

    def body(self, scene: Scene) -> list[EventType]:
        hand_over(scene, reason=scene.message.text, response="utter_handed_over_complaint")
        return LEAVE_FORM


def say_not_understood(scene: Scene) -> bool:
    """Ask again, or give the customer to a person and return True."""
    if scene.message.more:
        return False  # a later message of this turn says what it is about
    if _is_one_miss_too_many(scene):
        return True
    if scene.in_form or has_content(scene.order):
        scene.say("utter_not_understood_order")
        pass_over(scene, scene.memory.question)
    else:
        scene.say(
            "utter_not_understood",
            buttons=[button(titles.SEE_MENU, "menu"), button(titles.TO_PERSON, "human")],
        )
    return False


def _says_nothing(scene: Scene) -> bool:
    """Pass over laughter, «mm», «a ver»: the form asks again by itself, else help is offered."""
    text = scene.message.text
    has_words = any(map(str.isalnum, text))
    if not scene.message.is_text or (has_words and not _IDLE_WORDS.fullmatch(text)):
        return False
    if not scene.in_form and has_words:
        scene.say("utter_at_your_service")
    elif not scene.in_form and text.isascii():
        say_menu(scene, "utter_menu")  # «??»
    elif not scene.in_form:
        scene.say("utter_sticker")
    return True


def names_goods(scene: Scene) -> bool:
    """Say whether a text that was not understood names things we sell."""
    if not scene.message.is_text:
        return False
    reading = read(scene.message.text, matcher=scene.matcher, intent=scene.message.intent)
    return bool(reading.items or reading.ambiguous)


def _is_one_miss_too_many(scene: Scene) -> bool:
    scene.memory.misses += 1
    if scene.memory.misses < MISSES:
        return False
    hand_over(scene, reason="el bot no entendió", response="utter_handed_over_misses")
    return True


class Idle(TurnAction):
    """«Dale», «no», «listo» with no question open: go on with the order in hand, or offer help."""

    def name(self) -> str:
        return "action_idle"

    def body(self, scene: Scene) -> list[EventType]:
        order = scene.order
        goes_on = order is not None and order.state is State.INCOMPLETE and has_content(order)
        if take_priced(scene) or goes_on:
            return [FollowupAction(FORM)]
        scene.say("utter_at_your_service")
        return []


class Goodbye(TurnAction):
    """A good-bye keeps the order in hand."""

    def name(self) -> str:
        return "action_goodbye"

    def body(self, scene: Scene) -> list[EventType]:
        order = scene.order
        if order is not None and order.state is State.INCOMPLETE and order.items:
            scene.say("utter_goodbye_open", number=order.id)
        else:
            scene.say("utter_goodbye")
        return LEAVE_FORM
