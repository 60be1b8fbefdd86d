"""Overrides of Rasa 3.6.21 for speed. Each leaves every reply as it was (tests/assistant/test_runtime.py).

Valid for that release only: another one is refused, and `bot/serve.py --plain` runs without them.
"""
# ruff: noqa: SLF001, ARG001, ARG005  # written for the inside of one release of Rasa

from __future__ import annotations

import copy as real_copy
import dataclasses
from abc import ABCMeta
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

RELEASE = "3.6.21"


class WrongRelease(RuntimeError):
    """The overrides were checked against another release of Rasa."""


def prepare_imports(model: str) -> None:
    """Before the first import of Rasa: leave out the libraries that this model does not need."""
    from bot import absent_modules

    configuration = absent_modules.configuration_of(model)
    if configuration:
        absent_modules.stand_in(configuration=configuration)


def install(agent: Any) -> None:
    """Put all overrides in place, for the life of the process."""
    for owner, name, replacement in overrides():
        setattr(owner, name, replacement)
    _set_kind_of_events(_PlainKind)
    _look_up_again(agent)
    _use_kept_connections(agent)


@contextmanager
def installed(agent: Any) -> Iterator[None]:
    """As install, and Rasa's own back at the end."""
    before = [(owner, name, owner.__dict__.get(name)) for owner, name, _ in overrides()]
    endpoint = agent.processor.action_endpoint
    install(agent)
    try:
        yield
    finally:
        for owner, name, original in before:
            if original is None:
                delattr(owner, name)
            else:
                setattr(owner, name, original)
        _set_kind_of_events(ABCMeta)
        _look_up_again(agent)
        agent.action_endpoint = agent.processor.action_endpoint = endpoint


def overrides() -> list[tuple[Any, str, Any]]:
    """(owner, attribute, replacement) of each override; raise WrongRelease."""
    import rasa
    from rasa.core import processor
    from rasa.core.actions import action, forms
    from rasa.core.actions.action import RemoteAction
    from rasa.core.policies import memoization, rule_policy
    from rasa.core.policies.memoization import AugmentedMemoizationPolicy, MemoizationPolicy
    from rasa.core.policies.rule_policy import RulePolicy
    from rasa.engine.runner.dask import DaskGraphRunner
    from rasa.shared.core import trackers
    from rasa.shared.core.domain import Domain
    from rasa.shared.core.events import Event
    from rasa.shared.core.slots import Slot
    from rasa.shared.core.trackers import DialogueStateTracker

    from bot import fast_graph, fast_policies, fast_states

    if rasa.__version__ != RELEASE:
        raise WrongRelease(f"Rasa {rasa.__version__} is installed, the overrides are for {RELEASE}")
    return [
        (RemoteAction, "_validate_action_result", _compiled_validation(RemoteAction)),
        (Event, "resolve_by_type", staticmethod(_cached_by_type(Event))),
        (DaskGraphRunner, "run", fast_graph.run),
        (Domain, "is_empty", _asked_once("is_empty", Domain.is_empty)),
        (Slot, "__copy__", _copy_slot),
        (DialogueStateTracker, "copy", _copy_tracker),
        # These modules copy only for debug lines that are not printed.
        *((module, "copy", _NoCopies) for module in (processor, forms, memoization, rule_policy)),
        (trackers, "dataclasses", _FlatDataclasses),
        (RulePolicy, "format_tracker_states", staticmethod(lambda states: None)),
        (RulePolicy, "_find_action_from_rules", fast_policies.find_action_from_rules),
        (RulePolicy, "_get_possible_keys", fast_policies.get_possible_keys),
        (RulePolicy, "predict_action_probabilities", fast_policies.predict_by_rules),
        (MemoizationPolicy, "predict_action_probabilities", fast_policies.predict_by_stories),
        (MemoizationPolicy, "_recall_states", fast_policies.recall_states),
        (AugmentedMemoizationPolicy, "_recall_using_truncation", fast_policies.recall_using_truncation),
        (DialogueStateTracker, "applied_events", fast_states.applied_events),
        (Domain, "states_for_tracker_history", fast_states.states_for_tracker_history),
        (forms.FormAction, "_create_unique_entity_mappings", _once_per_form(forms.FormAction)),
        (forms.FormAction, "_temporary_tracker", _temporary_tracker(forms.FormAction)),
        (action, "default_actions", _once_per_endpoint(action.default_actions)),
    ]


def _asked_once(name: str, ask: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The answer of the first call, kept with the (unchanging) object."""
    kept = f"_openbot_{name}"

    def asked(self: Any) -> Any:
        if kept not in self.__dict__:
            self.__dict__[kept] = ask(self)
        return self.__dict__[kept]

    return asked


def _once_per_form(form: type[Any]) -> Callable[[Any, Any], Any]:
    # A form object is made for each question, and each reads the whole domain.
    find = form._create_unique_entity_mappings

    def found(self: Any, domain: Any) -> Any:
        kept = domain.__dict__.setdefault("_openbot_unique_entity_mappings", {})
        if self.name() not in kept:
            kept[self.name()] = find(self, domain)
        return kept[self.name()]

    return found


def _temporary_tracker(form: type[Any]) -> Callable[..., Any]:
    # The form's trial of slots starts from the state as it is, where Rasa replays the whole conversation twice a turn.
    from rasa.shared.core.constants import REQUESTED_SLOT
    from rasa.shared.core.events import ActionExecuted, Restarted, SlotSet

    replay = form._temporary_tracker

    def tried(self: Any, current_tracker: Any, additional_events: list[Any], domain: Any) -> Any:
        if any(type(event) is Restarted for event in current_tracker.events):
            return replay(self, current_tracker, additional_events, domain)
        tracker = _copy_tracker(current_tracker)
        tracker.update(SlotSet(REQUESTED_SLOT, self.get_slot_to_fill(current_tracker)), domain)
        tracker.update(ActionExecuted(self.name()), domain)
        for event in additional_events:
            tracker.update(event, domain)
        return tracker

    return tried


def _once_per_endpoint(make: Callable[[Any], list[Any]]) -> Callable[..., list[Any]]:
    # Rasa makes its twenty built-in actions, which hold no state, for each action that it looks up.
    kept: list[Any] = [None, None]

    def made(action_endpoint: Any = None) -> list[Any]:
        if kept[1] is None or kept[0] is not action_endpoint:
            kept[:] = [action_endpoint, make(action_endpoint)]
        return list(kept[1])

    return made


class _NoCopies:
    """Stands for the module `copy` where a copy is made only to be logged at DEBUG."""

    copy = staticmethod(real_copy.copy)
    deepcopy = staticmethod(lambda value: value)


class _FlatDataclasses:
    """For an active loop as JSON, which is written at once and needs no deep copy of its trigger message."""

    asdict = staticmethod(lambda loop: dict(vars(loop)))


def _compiled_validation(remote_action: type[Any]) -> Callable[[Any, dict[str, Any]], bool]:
    """Rasa checks its own schema at every answer before it checks the answer."""
    from jsonschema.validators import validator_for

    schema = remote_action.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    validator = kind(schema)

    def validate(self: Any, result: dict[str, Any]) -> bool:
        if not _is_plain(result):
            validator.validate(result)
        return True

    return validate


def _is_plain(result: Any) -> bool:
    """An answer of slots and texts only, which the schema allows without a look at its twenty kinds of event."""
    return (
        type(result) is dict
        and type(result.get("events")) is list
        and type(result.get("responses")) is list
        and all(type(said) is dict for said in result["responses"])
        and all(
            type(event) is dict
            and event.keys() <= _SLOT_KEYS
            and event.get("event") == "slot"
            and type(event.get("name")) is str
            and "value" in event
            and type(event.get("timestamp")) in (int, float, type(None))
            for event in result["events"]
        )
    )


_SLOT_KEYS = frozenset({"event", "timestamp", "name", "value"})


def _cached_by_type(event: type[Any]) -> Callable[..., Any]:
    resolve = event.resolve_by_type
    known: dict[Any, Any] = {}

    def resolve_by_type(type_name: str, default: type[Any] | None = None) -> Any:
        found = known.get(type_name)
        if found is None:
            found = resolve(type_name, default)
            if found is not default:
                known[type_name] = found
        return found

    return resolve_by_type


class _PlainKind(ABCMeta):
    """For Rasa's events: isinstance without the search for virtual subclasses, of which there are none."""

    __instancecheck__ = type.__instancecheck__


def _set_kind_of_events(kind: type[Any]) -> None:
    from rasa.shared.core.events import Event

    waiting = [Event]
    while waiting:
        event = waiting.pop()
        waiting += type.__subclasses__(event)
        event.__class__ = kind


def _look_up_again(agent: Any) -> None:
    """A node of the graph has looked up its function when the model was loaded."""
    for node in agent.processor.graph_runner._instantiated_nodes.values():
        node._fn = getattr(node._component_class, node._fn_name)


def _copy_slot(self: Any) -> Any:
    new = object.__new__(type(self))
    new.__dict__.update(self.__dict__)
    return new


def _copy_tracker(self: Any) -> Any:
    # The state as it is, where Rasa replays every event. As there, model and assistant id are not taken along.
    new = object.__new__(type(self))
    new.__dict__.update(self.__dict__)
    new.events = self.events.copy()
    if type(self.slots) is dict:
        new.slots = {name: _copy_slot(slot) for name, slot in self.slots.items()}
    else:
        new.slots = real_copy.copy(self.slots)
    new.active_loop = dataclasses.replace(self.active_loop) if self.active_loop else None
    new.model_id = new.assistant_id = None
    return new


def _use_kept_connections(agent: Any) -> None:
    from bot.action_client import ActionEndpoint

    endpoint = agent.processor.action_endpoint
    if endpoint is not None:
        agent.action_endpoint = agent.processor.action_endpoint = ActionEndpoint.like(endpoint)
