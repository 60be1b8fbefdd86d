"""The states that policies look at, built once per prediction; Rasa builds them anew for each policy and each try."""
# ruff: noqa: SLF001, FBT001, FBT002  # written for the inside of one release of Rasa

from __future__ import annotations

from typing import Any, NamedTuple

from rasa.shared.core.constants import ACTIVE_LOOP as LOOP
from rasa.shared.core.constants import PREVIOUS_ACTION, SLOTS, USER
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

#: These leave the slots as they are.
_SLOTS_KEPT = frozenset({ActionExecuted, BotUttered, DefinePrevUserUtteredFeaturization, UserUttered})


class _Moment(NamedTuple):
    """What a tracker looked like before an action, and at the end: all that states are made of."""

    user: Any
    slots: Any
    action: Any
    loop: str | None
    hidden: bool
    followup: str | None
    is_loop: bool


_applied_events = DialogueStateTracker.applied_events


def applied_events(self: DialogueStateTracker) -> list[Any]:
    """As Rasa's own; found once for the same events."""
    return list(_kept(self, "_openbot_applied", _applied_events, self))


def states_for_tracker_history(
    self: Domain,
    tracker: DialogueStateTracker,
    omit_unset_slots: bool = False,
    ignore_rule_only_turns: bool = False,
    rule_only_data: dict[str, Any] | None = None,
) -> list[Any]:
    """As Rasa's own, from moments that are found once for the same events."""
    kept = f"_openbot_moments_{omit_unset_slots}"
    moments = _kept(tracker, kept, _moments, tracker, self, omit_unset_slots)
    if not ignore_rule_only_turns:
        return [_state(moment) for moment in moments]
    return _states_of_stories(self, moments, rule_only_data)


def _states_of_stories(domain: Domain, moments: list[_Moment], rule_only_data: Any) -> list[Any]:
    states: list[Any] = []
    last_action = None
    hidden = False
    for moment in moments:
        if not hidden:
            last_action = moment.action
        if not moment.followup and not moment.is_loop:
            hidden = moment.hidden
        if hidden:
            continue
        state = _state(moment)
        domain._remove_rule_only_features(state, rule_only_data)
        if states:
            domain._substitute_rule_only_user_input(state, states[-1])
        if last_action:
            state[PREVIOUS_ACTION] = last_action
        states.append(domain._clean_state(state))
    return states


def _moments(tracker: DialogueStateTracker, domain: Domain, omit_unset_slots: bool) -> list[_Moment]:
    replayed = tracker.init_copy()
    moments: list[_Moment] = []
    slots: Any = None
    for event in tracker.applied_events():
        kind = type(event)
        if kind is ActionExecuted:
            if slots is None:
                slots = domain._get_slots_sub_state(replayed, omit_unset_slots=omit_unset_slots)
            moments.append(_moment(replayed, domain, slots, event.hide_rule_turn))
        elif kind not in _SLOTS_KEPT:
            slots = None
        replayed.events.append(event)
        event.apply_to(replayed)
    if slots is None:
        slots = domain._get_slots_sub_state(replayed, omit_unset_slots=omit_unset_slots)
    moments.append(_moment(replayed, domain, slots, hidden=False))
    return moments


def _moment(tracker: DialogueStateTracker, domain: Domain, slots: Any, hidden: bool) -> _Moment:
    loop = tracker.active_loop
    return _Moment(
        user=domain._get_user_sub_state(tracker),
        slots=slots,
        action=tracker.latest_action,
        loop=loop.name if loop else None,
        hidden=hidden,
        followup=tracker.followup_action,
        is_loop=tracker.latest_action_name == tracker.active_loop_name,
    )


def _state(moment: _Moment) -> dict[str, Any]:
    # Callers take things out of the parts, so each gets parts of its own.
    state: dict[str, Any] = {}
    if moment.user:
        state[USER] = dict(moment.user)
    if moment.slots:
        state[SLOTS] = dict(moment.slots)
    if moment.action:
        state[PREVIOUS_ACTION] = moment.action
    if moment.loop is not None:
        state[LOOP] = {"name": moment.loop}
    return state


def _kept(tracker: DialogueStateTracker, name: str, find: Any, *given: Any) -> Any:
    """The result of `find` for these very events: their number and the last of them tell."""
    events = tracker.events
    mark = (len(events), events[-1] if events else None)
    kept = tracker.__dict__.get(name)
    if kept is None or kept[0] != mark[0] or kept[1] is not mark[1]:
        kept = tracker.__dict__[name] = (*mark, find(*given))
    return kept[2]
