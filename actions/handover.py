"""A person is asked for: the order enters the operators' queue and the bot falls silent, once it has said so."""

from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet

from actions import shown, titles
from actions.lists import button
from actions.menu import say_menu
from actions.order_steps import has_content
from actions.scene import FORM, Scene
from actions.turn_action import TurnAction
from openbot.actor import CUSTOMER
from openbot.catalogue.goods import Branch
from openbot.orders import operations, queries
from openbot.vocabulary import State

LEAVE_FORM: list[EventType] = [ActiveLoop(None), SlotSet("requested_slot", None)]


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
        number = str(scene.message.entities.get("order", ""))
        scene.say(
            "utter_ask_about_closed",
            number=number,
            buttons=[
                button(titles.YES, "about_closed", order=number),
                button(titles.NEW_ORDER, "new_order"),
            ],
        )
        return LEAVE_FORM


class AboutClosed(TurnAction):
    """«Sí» to that: the new order is a question about the closed one, for a person."""

    def name(self) -> str:
        return "action_about_closed"

    def body(self, scene: Scene) -> list[EventType]:
        number = _number(scene)
        closed = queries.full_order(scene.session, order_id=number)
        if closed is not None and closed.contact_id == scene.person.id and closed.state.value not in _OPEN:
            scene.change(fields={"about_order_id": number})
        hand_over(scene, reason=f"consulta por el pedido {number}")
        return LEAVE_FORM


_OPEN = frozenset({"INCOMPLETO", "COMPLETO", "EN PROCESO"})


def hand_over(scene: Scene, *, reason: str, response: str = "utter_handed_over") -> None:
    """Put the customer into the queue and say when somebody will answer."""
    order = scene.need_order()
    contact = scene.lock_contact()
    if contact.waiting_turn_id == scene.message.turn_id and contact.waiting_since is not None:
        return  # an earlier message of this turn asked already; the bot says it once
    operations.ask_for_person(
        scene.session,
        order_id=order.id,
        reason=reason,
        now=scene.now,
        inbound_id=scene.inbound_id,
        expires_after=scene.expires_after,
    )
    scene.reload()
    contact.waiting_since, contact.waiting_turn_id = scene.now, scene.message.turn_id
    scene.memory.misses = scene.memory.voice_notes = 0
    branch = _branch(scene)
    is_open = branch is None or shown.is_open_now(branch, scene.catalogue, now=scene.now)
    scene.say(
        response if is_open else f"{response}_closed",
        number=order.id,
        opening=shown.hours_now(branch, scene.catalogue, now=scene.now).replace("abre ", "abrimos ", 1)
        if branch
        else "",
        hours=shown.hours(branch) if branch else "",
        buttons=[button(titles.RESUME, "resume_bot")],
    )


def _branch(scene: Scene) -> Branch | None:
    """The branch whose hours count: the order's, else the first that is open, else the first."""
    own = scene.catalogue.branch(scene.order.branch_id) if scene.order and scene.order.branch_id else None
    open_ones = (b for b in scene.catalogue.branches if shown.is_open_now(b, scene.catalogue, now=scene.now))
    return own or next(open_ones, None) or next(iter(scene.catalogue.branches), None)


def _number(scene: Scene) -> int:
    try:
        return int(scene.message.entities.get("order", 0))
    except (TypeError, ValueError):
        return 0
