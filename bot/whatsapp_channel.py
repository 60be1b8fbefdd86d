"""The channel `whatsapp`: a turn of WhatsApp messages in, replies and the new dialogue out.

The turn contract is described by turn_contract.py and tests/contracts/turns. A turn is a pure function of its
request: whatever goes wrong, nothing is kept here and the caller asks again.
"""
# ruff: noqa: SLF001, TRY400, ARG002  # names of Rasa; tracebacks with messages would log what customers write

from __future__ import annotations

import asyncio
import logging
import os
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import rasa
from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, REQUESTED_SLOT
from rasa.shared.core.events import ActionExecuted
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint, Sanic, response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from bot import interpolation, strict_actions
from bot.compaction import memory_of
from bot.failures import ActionFailed, Overtaken
from bot.tracker_store import Dialogue, DialogueUnreadable, NoDialogueInHand, SnapshotTrackerStore, in_hand
from bot.turn_contract import (
    INTENTS_WITHOUT_TEXT,
    LONGEST_STEP,
    VERSION,
    Heard,
    Turn,
    UnreadableTurn,
    as_reply,
    hear,
    read_turn,
)

logger = logging.getLogger(__name__)

NAME = "whatsapp"
PUBLIC_DOOR = "http://127.0.0.1:8000/whatsapp/webhook"
RELAYED_HEADERS = ("content-type", "x-hub-signature-256", "user-agent")
_RELAY_SECONDS = 20
_DRAIN_SECONDS = 10


class Replies(OutputChannel):
    """Collects what the assistant says; sends nothing, so it cannot fail half-way through a turn."""

    def __init__(self) -> None:
        self.said: list[dict[str, Any]] = []
        self.problems: list[str] = []

    @classmethod
    def name(cls) -> str:
        return NAME

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        self.said.append(as_reply(message))


class WhatsAppChannel(InputChannel):
    """Routes under /webhooks/whatsapp: POST turn, GET|POST webhook (relay), GET health."""

    def __init__(self, *, public_door_url: str) -> None:
        self._public_door_url = public_door_url
        self._turns: set[asyncio.Task[tuple[int, dict[str, Any]]]] = set()
        self._session: aiohttp.ClientSession | None = None

    @classmethod
    def name(cls) -> str:
        return NAME

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WhatsAppChannel:
        configured = (credentials or {}).get("public_door_url", PUBLIC_DOOR)
        return cls(public_door_url=os.environ.get("OPENBOT_PUBLIC_DOOR_URL") or configured)

    def get_output_channel(self) -> OutputChannel:
        """For reminders and external events; their replies reach nobody, so they are not used here."""
        return Replies()

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """`on_new_message` stays unused: it waits for Rasa's lock and tells nothing about failures."""
        strict_actions.install()
        interpolation.install()
        doors = Blueprint("whatsapp_webhook", __name__)
        doors.add_route(_function(self._health), "/", methods=["GET"], name="root")
        doors.add_route(_function(self._health), "/health", methods=["GET"], name="health")
        doors.add_route(_function(self._turn), "/turn", methods=["POST"], name="turn")
        doors.add_route(_function(self._relay), "/webhook", methods=["GET", "POST"], name="relay")
        doors.listener("after_server_start")(_function(self._open))
        doors.listener("before_server_stop")(_function(self._close))
        return doors

    async def _open(self, app: Sanic, _loop: Any) -> None:
        take_over_dialogues(app.ctx.agent)
        missing = INTENTS_WITHOUT_TEXT - set(app.ctx.agent.domain.intents)
        if missing:
            logger.warning(
                "domain.yml lacks these intents; nlu_fallback stands in: %s", ", ".join(sorted(missing))
            )
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_RELAY_SECONDS))

    async def _close(self, _app: Sanic, _loop: Any) -> None:
        if self._turns:
            await asyncio.wait(self._turns, timeout=_DRAIN_SECONDS)
        if self._session is not None:
            await self._session.close()

    async def _health(self, request: Request) -> HTTPResponse:
        agent = getattr(request.app.ctx, "agent", None)
        if agent is None or not agent.is_ready():
            return response.json({"status": "starting"}, status=503)
        return response.json(
            {
                "status": "ok",
                "model_id": agent.model_id,
                "model": agent.processor.model_filename,
                "rasa": rasa.__version__,
            }
        )

    async def _turn(self, request: Request) -> HTTPResponse:
        try:
            turn = read_turn(request.json)
        except (UnreadableTurn, SanicException) as error:
            detail = error.detail if isinstance(error, UnreadableTurn) else "request: no JSON"
            return response.json({"error": "unreadable_turn", "detail": detail}, status=422)
        # A caller that hangs up cancels this handler; the turn goes on in a task of its own and is then forgotten.
        task = asyncio.get_running_loop().create_task(answer(request.app.ctx.agent, turn))
        self._turns.add(task)
        task.add_done_callback(self._turns.discard)
        status, body = await asyncio.shield(task)
        return response.json(body, status=status)

    async def _relay(self, request: Request) -> HTTPResponse:
        headers = {name: request.headers[name] for name in RELAYED_HEADERS if name in request.headers}
        url = (
            f"{self._public_door_url}?{request.query_string}"
            if request.query_string
            else self._public_door_url
        )
        try:
            async with self._session.request(
                request.method, url, data=request.body or None, headers=headers, allow_redirects=False
            ) as answered:
                body = await answered.read()
                return response.raw(
                    body,
                    status=answered.status,
                    content_type=answered.headers.get("content-type", "text/plain"),
                )
        except (aiohttp.ClientError, asyncio.TimeoutError) as error:  # noqa: UP041  another class on Python 3.10
            logger.warning("The public door does not answer: %s", type(error).__name__)
            return response.json({"error": "public_door_down"}, status=502)


def _function(method: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """Sanic writes attributes on its handlers, and a bound method has no place for them."""

    async def door(*given: Any) -> Any:
        return await method(*given)

    return door


def take_over_dialogues(agent: Any) -> None:
    """Take Rasa's fail-safe wrapper off the tracker store; refuse any other store. Safe to call again."""
    store = agent.tracker_store
    if store is agent.processor.tracker_store and isinstance(store, SnapshotTrackerStore):
        return
    if isinstance(store, FailSafeTrackerStore):
        store = store._tracker_store
    if not isinstance(store, SnapshotTrackerStore):
        raise TypeError(
            f"endpoints.yml: tracker_store.type must be bot.tracker_store.SnapshotTrackerStore, "
            f"and Rasa loaded {type(store).__name__}"
        )
    agent.tracker_store = agent.processor.tracker_store = store
    agent.dialogue_memory = memory_of(agent)
    agent.processor.on_circuit_break = end_turn_in_circles


def end_turn_in_circles(tracker: Any, replies: Replies, _nlg: Any) -> None:
    """A rule is missing and Rasa predicted the same action again and again: say it once and listen."""
    tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
    replies.said[:] = [
        said for said, before in zip(replies.said, [None, *replies.said], strict=False) if said != before
    ]
    replies.problems.append("too_many_actions")


async def answer(agent: Any, turn: Turn) -> tuple[int, dict[str, Any]]:
    """Run the turn; status and body of the answer. Never raises, and says no word of what was written."""
    try:
        return 200, await _run(agent, turn)
    except ActionFailed as error:
        logger.error("turn %s: action %s failed: %s", turn.turn_id, error.action, error.reason)
        return 503, {"error": "actions_away" if error.away else "action_failed", "action": error.action}
    except DialogueUnreadable as error:
        kind = type(error.__cause__).__name__
        logger.error("turn %s: the dialogue cannot be read: %s", turn.turn_id, kind)
        return 503, {"error": "dialogue_unreadable"}
    except NoDialogueInHand as error:
        logger.error("turn %s: no dialogue in hand: %s", turn.turn_id, _where(error))
        return 503, {"error": "dialogue_not_stored"}
    except Exception as error:  # noqa: BLE001  whatever it is, the caller asks again
        logger.error("turn %s failed: %s", turn.turn_id, _where(error))
        return 503, {"error": "turn_failed"}


def _where(error: BaseException) -> str:
    """Kind and place of an error, without its message: that may hold what the customer wrote."""
    places = [
        f"{Path(frame.filename).name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)
    ]
    return f"{type(error).__name__} at {' > '.join(places[-6:])}"


async def _run(agent: Any, turn: Turn) -> dict[str, Any]:
    take_over_dialogues(agent)
    replies = Replies()
    understood: list[dict[str, Any]] = []
    with in_hand(Dialogue(sender_id=str(turn.contact_id), events=turn.events)) as dialogue:
        try:
            for heard in hear(turn, intents=agent.domain.intents):
                await agent.processor.handle_message(_user_message(heard, replies, dialogue.sender_id))
                understood.append(_understanding(heard, dialogue))
        except Overtaken:
            return _body(turn, "overtaken", [], turn.events, understood, [])
        events = dialogue.dump(agent.domain, agent.dialogue_memory)
    problems = [*dict.fromkeys(replies.problems), *([] if replies.said else ["no_reply"])]
    answered = _body(turn, "answered", replies.said, events, understood, problems)
    return {**answered, "step": step_of(dialogue.tracker)}


def step_of(tracker: DialogueStateTracker | None) -> str:
    """Where the dialogue stands: what the active form asks for, else the last thing that the assistant did."""
    if tracker is None:
        return ""
    asked = tracker.get_slot(REQUESTED_SLOT) if tracker.active_loop_name else None
    done = (event.action_name for event in reversed(tracker.events) if isinstance(event, ActionExecuted))
    last = next((name for name in done if name and name != ACTION_LISTEN_NAME), "")
    return str(asked or last)[:LONGEST_STEP]


def _user_message(heard: Heard, replies: Replies, sender_id: str) -> UserMessage:
    return UserMessage(
        text=heard.text,
        output_channel=replies,
        sender_id=sender_id,
        parse_data=heard.parse_data,
        input_channel=NAME,
        message_id=str(heard.id),
        metadata=heard.metadata,
    )


def _understanding(heard: Heard, dialogue: Dialogue) -> dict[str, Any]:
    intent = dialogue.tracker.latest_message.intent if dialogue.tracker else {}
    return {
        "id": heard.id,
        "intent": intent.get("name"),
        "confidence": round(float(intent.get("confidence") or 0.0), 4),
    }


def _body(
    turn: Turn, outcome: str, said: list[Any], events: list[Any], understood: list[Any], problems: list[str]
) -> dict[str, Any]:
    return {
        "version": VERSION,
        "turn_id": turn.turn_id,
        "outcome": outcome,
        "replies": said,
        "dialogue": {"number": turn.dialogue_number, "events": events},
        "understood": understood,
        "problems": problems,
        "step": "",
    }
