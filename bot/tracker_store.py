"""The dialogue of the turn in hand, where Rasa looks for its conversations. Nothing outlives the turn.

The caller sends the dialogue with every turn and stores what comes back, so there is no database here, no lock and
no other process to agree with. What cannot be read raises: an empty conversation is never invented.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.compaction import Memory, compact

#: What Rasa writes on every event; the same for all, so it is not worth its bytes in the stored dialogue.
_STAMPS = frozenset({"model_id", "assistant_id"})


class DialogueUnreadable(Exception):
    """The dialogue of the turn cannot be read."""


class NoDialogueInHand(Exception):
    """Rasa asked for a conversation outside a turn, or for another contact's."""


class Dialogue:
    """The dialogue of one turn: events that came in, and the live tracker that the turn's messages share."""

    def __init__(self, *, sender_id: str, events: list[dict[str, Any]]) -> None:
        self.sender_id = sender_id
        self.tracker: DialogueStateTracker | None = None
        self._events = events

    def load(self, domain: Any) -> DialogueStateTracker | None:
        """The tracker; None for a conversation that starts clean."""
        if self.tracker is None and self._events:
            self.tracker = self._read(domain)
        return self.tracker

    def dump(self, domain: Any, memory: Memory) -> list[dict[str, Any]]:
        """The events since the last session start, compacted when there are many, as JSON-ready dicts."""
        if self.tracker is None:
            return self._events
        events = events_of_last_session(self.tracker.events)
        shorter = compact(events, self.tracker, domain, memory)
        return [event_as_dict(event) for event in (events if shorter is None else shorter)]

    def _read(self, domain: Any) -> DialogueStateTracker:
        try:
            events = [Event.from_parameters(event) for event in self._events]
            known = {slot.name for slot in domain.slots}
            # A slot that the designers took out since would be logged as an error at every replay.
            kept = [event for event in events if not isinstance(event, SlotSet) or event.key in known]
            return DialogueStateTracker.from_events(self.sender_id, kept, domain.slots)
        except Exception as error:
            raise DialogueUnreadable(f"{type(error).__name__}: {error}") from error


#: The dialogue of this task's turn.
_in_hand: ContextVar[Dialogue] = ContextVar("dialogue_in_hand")


@contextmanager
def in_hand(dialogue: Dialogue) -> Iterator[Dialogue]:
    """Make `dialogue` the one that Rasa reads and writes in this task."""
    token = _in_hand.set(dialogue)
    try:
        yield dialogue
    finally:
        _in_hand.reset(token)


class SnapshotTrackerStore(TrackerStore):
    """Reads and writes the dialogue in hand; named in endpoints.yml."""

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        return _of(sender_id).load(self.domain)

    async def save(self, tracker: DialogueStateTracker) -> None:
        _of(tracker.sender_id).tracker = tracker

    async def keys(self) -> Iterable[str]:
        raise NoDialogueInHand


def _of(sender_id: str) -> Dialogue:
    dialogue = _in_hand.get(None)
    if dialogue is None or dialogue.sender_id != sender_id:
        raise NoDialogueInHand
    return dialogue


def events_of_last_session(events: Iterable[Event]) -> list[Event]:
    """As Rasa's own stores do: what lies before the last session start counts no more."""
    kept = list(events)
    for index in range(len(kept) - 1, 0, -1):
        if isinstance(kept[index], SessionStarted):
            starts_with_action = isinstance(kept[index - 1], ActionExecuted)
            return kept[index - 1 if starts_with_action else index :]
    return kept


def event_as_dict(event: Event) -> dict[str, Any]:
    """The event without the stamps that all events share."""
    dumped = event.as_dict()
    metadata = dumped.get("metadata")
    if metadata and not _STAMPS.isdisjoint(metadata):
        kept = {name: value for name, value in metadata.items() if name not in _STAMPS}
        dumped["metadata"] = kept
        if not kept:
            del dumped["metadata"]
    return dumped
