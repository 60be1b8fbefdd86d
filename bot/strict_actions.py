"""Makes a failed action stop the turn. Rasa's own processor logs it, loses its events and goes on in silence."""
# ruff: noqa: SLF001  # written for the inside of one release of Rasa

from __future__ import annotations

from typing import Any

from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.core.processor import MessageProcessor
from rasa.shared.constants import UTTER_PREFIX
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecutionRejected, Event, SlotSet, UserUttered

from bot.failures import OVERTAKEN_SLOT, ActionFailed, Overtaken, TurnStopped

_run_remote_action = RemoteAction.run
_run_action = MessageProcessor._run_action


async def run_remote_action(self: RemoteAction, *arguments: Any, **named: Any) -> list[Event]:
    """As Rasa's own, but every failure is ActionFailed, and the slot `overtaken` ends the turn at once."""
    try:
        events = await _run_remote_action(self, *arguments, **named)
    except (ActionExecutionRejection, TurnStopped):
        raise
    except Exception as error:
        raise ActionFailed(self.name(), _reason(error), away=_is_away(error)) from error
    if any(isinstance(event, SlotSet) and event.key == OVERTAKEN_SLOT and event.value for event in events):
        raise Overtaken(self.name())
    return events


async def run_action(
    self: MessageProcessor, action: Any, tracker: Any, output_channel: Any, nlg: Any, prediction: Any
) -> bool:
    """As Rasa's own, but an exception of the action (ours or built in) leaves the processor."""
    try:
        trial = tracker.copy()  # a rejection discards the policies' events
        trial.update_with_events(prediction.events, self.domain)
        events = await action.run(output_channel, nlg, trial, self.domain)
    except ActionExecutionRejection:
        rejected = ActionExecutionRejected(action.name(), prediction.policy_name, prediction.max_confidence)
        tracker.update(rejected)
        return self.should_predict_another_action(action.name())
    except TurnStopped:
        raise
    except Exception as error:
        raise ActionFailed(action.name(), _reason(error)) from error
    self._log_action_on_tracker(tracker, action, events, prediction)
    if any(isinstance(event, UserUttered) for event in events):
        tracker = await self.run_action_extract_slots(output_channel, tracker)
    if action.name() != ACTION_LISTEN_NAME and not action.name().startswith(UTTER_PREFIX):
        self._log_slots(tracker)
    await self.execute_side_effects(events, tracker, output_channel)
    return self.should_predict_another_action(action.name())


def _is_away(error: BaseException | None) -> bool:
    """Whether nobody listens where the action server should be: the turn is not to blame and simply waits."""
    while error is not None:
        if isinstance(error, ConnectionRefusedError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _reason(error: BaseException) -> str:
    """Kinds only: the messages may hold what the customer wrote."""
    kinds = [type(error).__name__]
    cause = error.__cause__ or error.__context__
    if cause is not None:
        kinds.append(type(cause).__name__)
    status = getattr(error, "status", None) or getattr(cause, "status", None)
    return " from ".join(kinds) + (f" (status {status})" if status else "")


def install() -> None:
    """Idempotent; part of the channel, not of the speed-ups: without it a failure would be silence."""
    RemoteAction.run = run_remote_action
    MessageProcessor._run_action = run_action
