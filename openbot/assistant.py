"""Ask the assistant's process: a turn and a dialogue in, replies and a dialogue out (turn contract v1)."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx

from openbot.errors import OpenbotError

CONTRACT_VERSION = 1
#: The assistant's word for an action server that is not there: the turn waits, as for the assistant itself.
ACTIONS_AWAY = "actions_away"
LONGEST_STEP = 40


class AssistantAway(OpenbotError):
    """The assistant's process does not answer; the turn waits until it does."""

    code = "assistant_away"


class AssistantFailed(OpenbotError):
    """The assistant could not finish this turn; nothing of it may be kept."""

    code = "assistant_failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A turn as the assistant gets it. No phone number enters it: the sender is our contact id."""

    turn_id: int
    contact_id: int
    order_id: int | None
    messages: tuple[dict[str, Any], ...]
    dialogue_number: int
    dialogue: str  #: JSON list of events, as the assistant gave it last
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What came back."""

    overtaken: bool
    replies: tuple[dict[str, Any], ...]
    dialogue: str  #: JSON list of events to keep
    problems: tuple[str, ...] = field(default=())
    step: str = ""  #: where the dialogue stands; "" when the assistant does not say


class Assistant:
    """Client of the assistant's process; safe to share between threads."""

    def __init__(self, *, url: str, timeout: float) -> None:
        self._client = httpx.Client(base_url=url, timeout=httpx.Timeout(timeout, connect=2.0))

    def reply_to(self, question: Question) -> Answered:
        """Ask. Raises AssistantAway (nobody there, overloaded) or AssistantFailed (the turn itself failed)."""
        try:
            response = self._client.post(
                "/webhooks/whatsapp/turn",
                content=_body(question),
                headers={"Content-Type": "application/json"},
            )
        except httpx.TimeoutException as error:
            raise AssistantFailed(f"no answer in time ({type(error).__name__})") from error
        except httpx.TransportError as error:
            raise AssistantAway(type(error).__name__) from error
        if response.status_code != httpx.codes.OK:
            reason = _reason(response)
            raise AssistantAway(reason) if reason.endswith(ACTIONS_AWAY) else AssistantFailed(reason)
        try:
            return _answered(response.json(), turn_id=question.turn_id)
        except (ValueError, KeyError, TypeError) as error:
            raise AssistantFailed(f"unreadable answer: {type(error).__name__}") from error

    def close(self) -> None:
        """Close the kept connections."""
        self._client.close()


def _body(question: Question) -> bytes:
    head = {
        "version": CONTRACT_VERSION,
        "turn_id": question.turn_id,
        "contact_id": question.contact_id,
        "order_id": question.order_id,
        "now": question.now.isoformat(),
        "messages": question.messages,
    }
    # The dialogue is passed on as it was stored: reading 25 KB only to write them again costs as much as the rest.
    dialogue = f'"dialogue":{{"number":{question.dialogue_number},"events":{question.dialogue}}}'
    return f"{json.dumps(head)[:-1]},{dialogue}}}".encode()


def _answered(answer: dict[str, Any], *, turn_id: int) -> Answered:
    if answer["version"] != CONTRACT_VERSION or answer["turn_id"] != turn_id:
        raise ValueError("an answer to another question")
    return Answered(
        overtaken=answer["outcome"] == "overtaken",
        replies=tuple(answer["replies"]),
        dialogue=json.dumps(answer["dialogue"]["events"], separators=(",", ":")),
        problems=tuple(answer.get("problems") or ()),
        step=str(answer.get("step") or "")[:LONGEST_STEP],
    )


def _reason(response: httpx.Response) -> str:
    try:
        return f"{response.status_code} {response.json()['error']}"
    except (ValueError, KeyError, TypeError):
        return f"{response.status_code}"
