"""Rules and stories found without trying what cannot fit. Each shortcut is taken only where it is exact."""
# ruff: noqa: SLF001, FBT001  # written for the inside of one release of Rasa

from __future__ import annotations

import base64
import json
import re
import zlib
from collections import defaultdict
from typing import Any

from rasa.core.policies.memoization import (
    AugmentedMemoizationPolicy,
    MemoizationPolicy,
    _trim_tracker_by_max_history,
)
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.shared.core.constants import ACTION_LISTEN_NAME, PREVIOUS_ACTION, SHOULD_NOT_BE_SET, USER
from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected, ActiveLoop, UserUttered

_RULED = "_openbot_ruled"
_predict_by_rules = RulePolicy.predict_action_probabilities
_predict_by_stories = MemoizationPolicy.predict_action_probabilities
_find_action_from_rules = RulePolicy._find_action_from_rules
_recall_using_truncation = AugmentedMemoizationPolicy._recall_using_truncation
#: The intents, actions and loops that a memorised key names, in the key's own spelling.
_SYMBOL = re.compile(r"(?:intent|action_name|name): (?P<symbol>[^,{}\[\]]+)")
_LAST_INTENT = re.compile(r"user: \{[^{}]*?intent: (?P<intent>[^,{}\[\]]+)[^{}]*\}\}\]\Z")
_TEXTS = re.compile(r"(?:text|action_text): ")


def predict_by_rules(self: RulePolicy, tracker: Any, domain: Any, *given: Any, **named: Any) -> Any:
    """As Rasa's own; the prediction is left on the tracker for the policy of stories."""
    prediction = _predict_by_rules(self, tracker, domain, *given, **named)
    tracker.__dict__[_RULED] = (len(tracker.events), tracker.events[-1], prediction)
    return prediction


def predict_by_stories(self: MemoizationPolicy, tracker: Any, domain: Any, *given: Any, **named: Any) -> Any:
    """As Rasa's own, unless the rules are already certain: then no story can win, and none is looked for."""
    count, last, ruled = tracker.__dict__.get(_RULED, (None, None, None))
    if (
        count == len(tracker.events)
        and last is tracker.events[-1]
        and _is_decided(ruled, self, tracker, domain)
    ):
        return self._prediction(self._default_predictions(domain))
    return _predict_by_stories(self, tracker, domain, *given, **named)


def _is_decided(ruled: Any, stories: Any, tracker: Any, domain: Any) -> bool:
    # Equal confidence goes to the higher priority; an action just rejected loses its confidence.
    if ruled.max_confidence < 1.0 or ruled.policy_priority <= stories.priority:
        return False
    for event in reversed(tracker.events):
        if isinstance(event, ActionExecutionRejected):
            return ruled.max_confidence_index != domain.index_for_action(event.action_name)
        if isinstance(event, ActionExecuted):
            return True
    return True


def find_action_from_rules(
    self: RulePolicy, tracker: Any, domain: Any, use_text_for_last_user_input: bool
) -> tuple[str | None, str | None, bool]:
    """As Rasa's own; the try with the customer's literal text is left out when no rule has such a step."""
    if use_text_for_last_user_input and not _kept(self, "_openbot_has_texts", _may_match_texts):
        return None, None, False
    return _find_action_from_rules(self, tracker, domain, use_text_for_last_user_input)


def _may_match_texts(policy: RulePolicy) -> bool:
    last_states = [
        json.loads(key)[-1] for part in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH) for key in policy.lookup[part]
    ]
    return not all(
        state.get(USER, {}).get("intent")
        or _previous_action(state) not in (None, ACTION_LISTEN_NAME, SHOULD_NOT_BE_SET)
        for state in last_states
    )


def get_possible_keys(self: RulePolicy, lookup: dict[str, str], states: list[Any]) -> set[str]:
    """As Rasa's own, asking only rules whose last step follows the action just taken."""
    if not states:
        return set(lookup)
    index = self.__dict__.setdefault("_openbot_index", {})
    rules = index.get(id(lookup))
    if rules is None:
        rules = index[id(lookup)] = _by_previous_action(lookup)
    newest_first = states[::-1]
    previous = _previous_action(newest_first[0])
    candidates = rules[None] if previous is None else rules.get(previous, []) + rules[None]
    return {key for key, rule in candidates if _applies(self, rule, newest_first)}


def _by_previous_action(lookup: dict[str, str]) -> dict[str | None, list[tuple[str, list[Any]]]]:
    rules: dict[str | None, list[tuple[str, list[Any]]]] = defaultdict(list)
    for key in lookup:
        rule = json.loads(key)[::-1]
        previous = _previous_action(rule[0])
        rules[None if previous == SHOULD_NOT_BE_SET else previous].append((key, rule))
    return rules


def _applies(policy: RulePolicy, rule: list[Any], newest_first: list[Any]) -> bool:
    for wanted, found in zip(rule, newest_first, strict=False):
        if not wanted.get(PREVIOUS_ACTION) or not found.get(PREVIOUS_ACTION):
            if wanted.get(PREVIOUS_ACTION) or found.get(PREVIOUS_ACTION):
                return False
        elif not policy._does_rule_match_state(wanted, found):
            return False
    return True


def _previous_action(state: Any) -> str | None:
    return (state.get(PREVIOUS_ACTION) or {}).get("action_name") or None


def recall_states(self: MemoizationPolicy, states: list[Any]) -> str | None:
    """As Rasa's own, with keys unpacked once instead of packing the question."""
    if not states:
        return None
    return _kept(self, "_openbot_plain", _unpacked).get(json.dumps(states, sort_keys=True).replace('"', ""))


def recall_using_truncation(
    self: AugmentedMemoizationPolicy, old_states: Any, tracker: Any, domain: Any, rule_only_data: Any
) -> str | None:
    """As Rasa's own, unless no memorised history is made of what happened in the last turns alone."""
    memories = _kept(self, "_openbot_memories", _memories)
    if memories is not None:
        recent = _symbols_of(_trim_tracker_by_max_history(tracker, self.config["max_history"]))
        if not any(_could_recall(memory, tracker, recent) for memory in memories):
            return None
    return _recall_using_truncation(self, old_states, tracker, domain, rule_only_data)


def _could_recall(memory: tuple[frozenset[str], str | None], tracker: Any, recent: set[str]) -> bool:
    symbols, last_intent = memory
    if tracker.latest_action_name == ACTION_LISTEN_NAME and last_intent != tracker.latest_message.intent_name:
        return False
    return symbols <= recent


def _unpacked(policy: MemoizationPolicy) -> dict[str, str]:
    if not policy.config["enable_feature_string_compression"]:
        return policy.lookup
    return {zlib.decompress(base64.b64decode(key)).decode(): action for key, action in policy.lookup.items()}


def _memories(policy: MemoizationPolicy) -> list[tuple[frozenset[str], str | None]] | None:
    """Of each memorised history: what it is made of, and the intent it ends with."""
    plain = _unpacked(policy)
    if any(_TEXTS.search(key) for key in plain):
        return None  # a story with literal texts: leave it to Rasa
    memories = []
    for key in plain:
        last = _LAST_INTENT.search(key)
        symbols = frozenset(_SYMBOL.findall(key)) - {SHOULD_NOT_BE_SET}
        memories.append((symbols, last["intent"] if last else None))
    return memories


def _symbols_of(tracker: Any) -> set[str]:
    # A trimmed tracker has lost the loop that was started before, as in Rasa.
    symbols: set[str] = set()
    for event in tracker.applied_events():
        if isinstance(event, UserUttered):
            symbols.add(str(event.intent_name))
        elif isinstance(event, ActionExecuted):
            symbols.add(str(event.action_name))
        elif isinstance(event, ActiveLoop):
            symbols.add(str(event.name))
    return symbols


def _kept(policy: Any, name: str, find: Any) -> Any:
    if name not in policy.__dict__:
        policy.__dict__[name] = find(policy)
    return policy.__dict__[name]
