"""Keeps a dialogue short without changing what the assistant would say next.

Policies look at the last few turns and at the slots; the rest of a long conversation costs time in every turn and is
read by nobody. A compacted dialogue holds, in this order: a session start, the slots' values, the turn that started
the active form, the turns that a story may still need (`max_history`), and the last turns word for word.

Every compaction is checked before it is used: tracker and states (what the policies see) must equal those of the full
dialogue; otherwise the dialogue stays as it is. Tested in tests/assistant/test_compaction.py.
"""
# ruff: noqa: SLF001  # Rasa has no public way to ask its policies

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rasa.core.policies.memoization import MemoizationPolicy, _trim_tracker_by_max_history
from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

logger = logging.getLogger(__name__)

MOST_EVENTS = 60
#: A dialogue just compacted may grow by so much before it is worth the work again.
GROWTH = 40
#: The last turns are kept word for word, for actions that look at events.
TURNS_WORD_FOR_WORD = 2
#: States beyond `max_history` that must be equal too.
MARGIN = 1
#: For a policy without max_history: longer stories than this one are not followed after a compaction.
ENDLESS_HISTORY = 20
_MARK = "compacted_to"


@dataclass(frozen=True)
class Memory:
    """How far back the loaded policies look."""

    max_history: int  #: in states, of the policies that follow stories
    longest_rule: int  #: in states
    rule_only_data: dict[str, Any]  #: slots and loops that stories never see


def memory_of(agent: Any) -> Memory:
    """How far the policies of the loaded model look back."""
    policies = [node._component for node in agent.processor.graph_runner._instantiated_nodes.values()]
    rules = [policy for policy in policies if isinstance(policy, RulePolicy)]
    histories = [
        policy.config.get("max_history") for policy in policies if isinstance(policy, MemoizationPolicy)
    ]
    stories = [history for history in histories if history is not None]
    if len(stories) < len(histories) - len(rules):
        logger.warning(
            "config.yml: give each policy a max_history; %s is taken for those without", ENDLESS_HISTORY
        )
        stories.append(ENDLESS_HISTORY)
    keys = {key for rule in rules for part in rule.lookup.values() if isinstance(part, dict) for key in part}
    return Memory(
        max_history=max(stories, default=1),
        longest_rule=max((len(json.loads(key)) for key in keys), default=1),
        rule_only_data=rules[0]._get_rule_only_data() if rules else {},
    )


def compact(
    events: Sequence[Event], tracker: DialogueStateTracker, domain: Any, memory: Memory
) -> list[Event] | None:
    """The shorter dialogue, or None when it is not worth it, not at rest, or would not be equal.

    `events` are those of the tracker since its last session start.
    """
    if len(events) <= _limit(events) or not _at_rest(tracker):
        return None
    cut = _start_of_last_turns(events)
    if cut is None:
        return None
    past = _replay(tracker, events[:cut])
    shorter = [*_summary(past, events[cut:], tracker, memory), *events[cut:]]
    if len(shorter) >= len(events) - GROWTH // 4:
        return None
    _mark(shorter)
    if not _equal(_replay(tracker, shorter), tracker, domain, memory):
        logger.warning("a dialogue of %s events could not be compacted", len(events))
        return None
    return shorter


def _limit(events: Sequence[Event]) -> int:
    for event in events[:2]:
        if isinstance(event, SessionStarted):
            return max(MOST_EVENTS, event.metadata.get(_MARK, 0) + GROWTH)
    return MOST_EVENTS


def _mark(events: list[Event]) -> None:
    events[1].metadata = {_MARK: len(events)}


def _at_rest(tracker: DialogueStateTracker) -> bool:
    last = next(
        (event for event in reversed(tracker.events) if isinstance(event, (ActionExecuted, UserUttered))),
        None,
    )
    return (
        last is not None
        and _is_listen(last)
        and not tracker.followup_action
        and not tracker.is_paused()
        and isinstance(tracker.latest_message, UserUttered)
    )


def _start_of_last_turns(events: Sequence[Event]) -> int | None:
    turns = 0
    for index in range(len(events) - 1, 0, -1):
        if isinstance(events[index], UserUttered):
            turns += 1
            if turns >= TURNS_WORD_FOR_WORD and _is_listen(events[index - 1]):
                return index
    return None


def _summary(
    past: DialogueStateTracker, last: Sequence[Event], tracker: DialogueStateTracker, memory: Memory
) -> list[Event]:
    """What replaces the events of `past`: session start, slots, and the turns that must be kept."""
    turns = _turns(past.applied_events())
    kept = _turns_to_keep(turns, past, last, tracker, memory)
    out: list[Event] = [_quiet(ActionExecuted(ACTION_SESSION_START_NAME)), _quiet(SessionStarted())]
    slots: dict[str, SlotSet] = {}
    started = False
    for number, turn in enumerate(turns):
        if number not in kept:
            slots.update({event.key: event for event in turn if isinstance(event, SlotSet)})
            continue
        out += slots.values() if started else [*_worth_setting(slots, past), _listen()]
        out += _without_repetition(turn)
        slots, started = {}, True
    return [*out, *slots.values()] if started else [*out, *_worth_setting(slots, past), _listen()]


def _turns(applied: Iterable[Event]) -> list[list[Event]]:
    """Split before each word of the customer; the first part holds what came before any."""
    turns: list[list[Event]] = [[]]
    for event in applied:
        if isinstance(event, UserUttered):
            turns.append([])
        turns[-1].append(event)
    return turns


def _turns_to_keep(
    turns: list[list[Event]],
    past: DialogueStateTracker,
    last: Sequence[Event],
    tracker: DialogueStateTracker,
    memory: Memory,
) -> set[int]:
    applied_last = {id(event) for event in last}
    after = [
        event
        for event in tracker.applied_events()
        if isinstance(event, ActionExecuted) and id(event) in applied_last
    ]
    actions, states = len(after), sum(not event.hide_rule_turn for event in after)
    enough = max(memory.max_history, memory.longest_rule) + MARGIN + 1
    kept: set[int] = set()
    for number in range(len(turns) - 1, 0, -1):
        executed = [event for event in turns[number] if isinstance(event, ActionExecuted)]
        seen_by_stories = [event for event in executed if not event.hide_rule_turn]
        starts_the_form = past.active_loop_name is not None and any(
            isinstance(event, ActiveLoop) and event.name == past.active_loop_name for event in turns[number]
        )
        if actions < enough or (states < enough and seen_by_stories) or starts_the_form:
            kept.add(number)
            actions += len(executed)
            states += len(seen_by_stories)
            past = past if not starts_the_form else _NO_FORM
    return kept


class _NoForm:
    active_loop_name = None


_NO_FORM: Any = _NoForm()


def _without_repetition(turn: list[Event]) -> list[Event]:
    """Without the bot's words, and between two actions only the last value of each slot."""
    out: list[Event] = []
    slots: dict[str, SlotSet] = {}
    for event in turn:
        if isinstance(event, SlotSet):
            slots.pop(event.key, None)
            slots[event.key] = event
        elif not isinstance(event, BotUttered):
            out += slots.values()
            slots = {}
            out.append(event)
    return [*out, *slots.values()]


def _worth_setting(slots: dict[str, SlotSet], past: DialogueStateTracker) -> list[Event]:
    return [
        event
        for event in slots.values()
        if event.key in past.slots and event.value != past.slots[event.key].initial_value
    ]


def _replay(tracker: DialogueStateTracker, events: Iterable[Event]) -> DialogueStateTracker:
    new = tracker.init_copy()
    for slot in new.slots.values():
        slot.reset()
    for event in events:
        new.update(event)
    return new


def _quiet(event: Event) -> Event:
    event.timestamp = 0.0
    return event


def _listen() -> Event:
    return _quiet(ActionExecuted(ACTION_LISTEN_NAME))


def _is_listen(event: Event) -> bool:
    return isinstance(event, ActionExecuted) and event.action_name == ACTION_LISTEN_NAME


def _equal(new: DialogueStateTracker, old: DialogueStateTracker, domain: Any, memory: Memory) -> bool:
    same_recall = _recalled(new, domain, memory) == _recalled(old, domain, memory)
    return (
        same_recall
        and _state(new) == _state(old)
        and all(
            mine[-enough:] == theirs[-enough:]
            for mine, theirs, enough in (
                (new.past_states(domain), old.past_states(domain), memory.longest_rule + MARGIN),
                (_stories(new, domain, memory), _stories(old, domain, memory), memory.max_history + MARGIN),
            )
        )
    )


def _recalled(tracker: DialogueStateTracker, domain: Any, memory: Memory) -> list[Any]:
    """What AugmentedMemoizationPolicy looks at when the plain history is in no story."""
    return _stories(_trim_tracker_by_max_history(tracker, memory.max_history), domain, memory)


def _stories(tracker: DialogueStateTracker, domain: Any, memory: Memory) -> list[Any]:
    return tracker.past_states(domain, ignore_rule_only_turns=True, rule_only_data=memory.rule_only_data)


def _state(tracker: DialogueStateTracker) -> Any:
    return (
        tracker.current_slot_values(),
        dict(vars(tracker.active_loop)) if tracker.active_loop else None,
        tracker.latest_action,
        tracker.latest_message,
        tracker.followup_action,
        tracker.is_paused(),
    )
