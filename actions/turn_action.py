"""The base of all actions: one transaction per call, the contact locked first, every writing call answered once."""

import asyncio
from abc import ABC, abstractmethod
from datetime import UTC, datetime
from typing import Any

from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions import after_close
from actions.message import read_message
from actions.process import Process, process
from actions.scene import FORM, Scene
from openbot.contacts import operations as contacts
from openbot.conversations import action_calls, turn_endings
from openbot.conversations.action_calls import CallKey
from openbot.conversations.ownership import RESUMING_INTENTS, owner_of
from openbot.crash import crash_at
from openbot.vocabulary import Owner

Response = dict[str, list[dict[str, Any]]]


class TurnAction(Action, ABC):
    """An action of a turn. `body` does the work; what it says and returns is kept with what it writes."""

    #: Questions only read: nothing to lock, nothing to record, the action before them has checked the owner.
    reads_only = False
    is_form = False

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Answer the call of the assistant, off the event loop."""
        del domain
        response = await asyncio.to_thread(self.answer, process(), tracker)
        dispatcher.messages.extend(response["responses"])
        return response["events"]

    @abstractmethod
    def body(self, scene: Scene) -> list[EventType]:
        """Do the work and return the events; what is to be said goes to `scene.say`."""

    def answer(self, shop: Process, tracker: Tracker) -> Response:
        """Run in one transaction, or give back what this very call answered before."""
        message = read_message(tracker.latest_message or {}, now=datetime.now(UTC))
        if self.reads_only:
            if message.more:
                return {"events": [], "responses": []}
            with shop.database.reading() as session:
                return self._perform(Scene.set_up(session, shop=shop, tracker=tracker, message=message))
        with shop.database.transaction() as session:
            contact = contacts.lock(session, contact_id=int(tracker.sender_id))
            key = CallKey(
                turn_id=message.turn_id,
                position=message.position,
                action=self.name(),
                nth=len(since_message(tracker)),
            )
            before = action_calls.recall(session, key=key)
            if before is not None:
                return before
            action_calls.watch(session)
            scene = Scene.set_up(session, shop=shop, tracker=tracker, message=message)
            if turn_endings.is_over(session, turn_id=message.turn_id) or _is_overtaken(
                scene, contact=contact
            ):
                return {"events": [SlotSet("overtaken", value=True)], "responses": []}
            response = self._perform(scene)
            action_calls.record(session, key=key, response=response)
            crash_at("action ran, not committed")
        crash_at("action committed, not answered")
        return response

    def _perform(self, scene: Scene) -> Response:
        closed = None if self.reads_only else after_close.closed_order_meant(scene)
        events = None if closed is None else after_close.settle(scene, number=closed)
        if closed is None or (events is None and self.is_form):
            events = self.body(scene)
        elif events is None:
            events = [FollowupAction(FORM)]
        return {"events": [*scene.memory.events(scene.slots), *events], "responses": scene.said}


def since_message(tracker: Tracker) -> list[dict[str, Any]]:
    """Return the events after the customer's latest message."""
    since: list[dict[str, Any]] = []
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            break
        since.append(event)
    return since[::-1]


def _is_overtaken(scene: Scene, *, contact: Any) -> bool:
    """Say whether the conversation or the order changed hands since the turn was frozen."""
    message, turn_order = scene.message, scene.memory.turn_order
    owner = owner_of(
        order_state=scene.order.state if scene.order else None,
        phone_reply_until=contact.phone_reply_until,
        waiting_since=contact.waiting_since,
        now=message.now,
    )
    if owner is Owner.WAITING and message.intent in RESUMING_INTENTS:
        contact.waiting_since = contact.waiting_turn_id = None
        owner = Owner.BOT
    if owner is Owner.WAITING and contact.waiting_turn_id == message.turn_id:
        owner = Owner.BOT  # a later message of the turn that asked for a person
    expected = message.order_id
    if turn_order and turn_order[0] == message.turn_id:
        expected = turn_order[1]
    return owner is not Owner.BOT or (scene.order.id if scene.order else None) != expected
