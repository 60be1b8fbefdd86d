"""An assistant whose one action writes the order: real idempotency, without Rasa."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from rasa_sdk import Tracker

from actions.scene import Scene
from actions.turn_action import TurnAction
from openbot.assistant import Answered, Question
from openbot.database import Database, Session
from tests.support.assistant import OVERTAKEN, Reply


class TakeNote(TurnAction):
    """Appends what was said to the order's comment: whoever runs twice is seen there."""

    def name(self) -> str:
        return "action_take_note"

    def body(self, scene: Scene) -> list[Any]:
        if scene.order is not None:
            scene.change(fields={"comment": f"{scene.order.comment}|{scene.message.text}"})
        scene.said.append({"text": f"anoté: {scene.message.text}"})
        return []


class Shop(SimpleNamespace):
    """What an action server holds, without goods: notes need none."""

    def goods(self, _session: Session, *, now: datetime) -> Any:  # noqa: ARG002 - of its time there is nothing
        settings = SimpleNamespace(text_outside_hours="")
        return SimpleNamespace(
            catalogue=None, matcher=None, settings=settings, expires_after=timedelta(hours=48)
        )


def note_taker(database: Database) -> Any:
    """Answer a turn by calling the action for each of its messages."""
    action = TakeNote()

    def act(question: Question) -> Answered | list[Reply]:
        replies: list[Reply] = []
        for position, message in enumerate(question.messages):
            tracker = _tracker(question, position=position, message=message)
            response = action.answer(Shop(database=database), tracker)  # type: ignore[arg-type]
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
