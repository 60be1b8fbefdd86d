"""An assistant whose one action writes the order: real idempotency, without Rasa."""

from types import SimpleNamespace
from typing import Any

from rasa_sdk import Tracker

from actions.message import Message
from actions.turn_action import Response, TurnAction
from openbot.actor import CUSTOMER
from openbot.assistant import Answered, Question
from openbot.database import Database, Session
from openbot.orders import operations, queries
from tests.support.assistant import OVERTAKEN, Reply


class TakeNote(TurnAction):
    """Appends what was said to the order's comment: whoever runs twice is seen there."""

    def name(self) -> str:
        return "action_take_note"

    def body(self, scene: Any) -> list[Any]:
        raise NotImplementedError

    def _perform(self, session: Session, shop: Any, tracker: Tracker, message: Message) -> Response:  # noqa: ARG002
        order_id = queries.open_order_id(session, contact_id=int(tracker.sender_id))
        if order_id is not None:
            order = operations.get(session, order_id=order_id)
            operations.change(
                session,
                order_id=order_id,
                actor=CUSTOMER,
                now=message.now,
                fields={"comment": f"{order.comment}|{message.text}"},
                inbound_id=message.id,
            )
        return {"events": [], "responses": [{"text": f"anoté: {message.text}"}]}


def note_taker(database: Database) -> Any:
    """Answer a turn by calling the action for each of its messages."""
    action = TakeNote()

    def act(question: Question) -> Answered | list[Reply]:
        replies: list[Reply] = []
        for position, message in enumerate(question.messages):
            tracker = _tracker(question, position=position, message=message)
            response = action.answer(SimpleNamespace(database=database), tracker)  # type: ignore[arg-type]
            if response["events"]:
                return OVERTAKEN
            replies += response["responses"]
        return replies

    return act


def _tracker(question: Question, *, position: int, message: dict[str, Any]) -> Tracker:
    heard = {
        "text": message["text"],
        "intent": {"name": "inform"},
        "entities": [],
        "metadata": {
            "turn_id": question.turn_id,
            "position": position,
            "message_id": message["id"],
            "kind": message["kind"],
            "order_id": question.order_id,
            "now": question.now.isoformat(),
        },
    }
    return Tracker(
        sender_id=str(question.contact_id),
        slots={},
        latest_message=heard,
        events=[{"event": "user"}],
        paused=False,
        followup_action=None,
        active_loop={},
        latest_action_name=None,
    )
