"""What the dialogue remembers between turns beside the order itself; kept in slots, gone when it ends.

Everything that matters lives in SQL. Losing the memory costs the customer one question asked again.
"""

from dataclasses import dataclass, field
from typing import Any, Self

from rasa_sdk.events import EventType, SlotSet

#: A question that must be settled before the next step: {"kind": "quantity", "product": 12} …
Question = dict[str, Any]


@dataclass(slots=True)
class Memory:
    """The dialogue's own slots."""

    questions: list[Question] = field(default_factory=list)  #: open ones; the first is being asked
    done: list[str] = field(default_factory=list)  #: optional steps the customer is through with
    reopened: str | None = None  #: a filled step that the customer wants to answer again
    misses: int = 0  #: messages in a row that were not understood
    voice_notes: int = 0  #: voice notes in a row
    last_item: int | None = None  #: the product touched last: «mejor son tres»
    summary: list[int] | None = None  #: [order, version] of the summary last shown
    shown: list[int] = field(default_factory=list)  #: products we priced last: «dame 2», «2 de cada uno»
    phone: str | None = None  #: a number the customer typed, to be kept beside the name
    turn_order: list[int | None] | None = None  #: [turn, order] after this turn opened or closed one

    @classmethod
    def read(cls, slots: dict[str, Any]) -> Self:
        """Read the slots of a tracker."""
        return cls(
            questions=list(slots.get("questions") or ()),
            done=list(slots.get("done") or ()),
            reopened=slots.get("reopened"),
            misses=slots.get("misses") or 0,
            voice_notes=slots.get("voice_notes") or 0,
            last_item=slots.get("last_item"),
            summary=slots.get("summary"),
            shown=list(slots.get("shown") or ()),
            phone=slots.get("phone"),
            turn_order=slots.get("turn_order"),
        )

    def ask_first(self, question: Question) -> None:
        """Put a question before all others; one of the same kind is replaced."""
        self.questions = [question, *(each for each in self.questions if each["kind"] != question["kind"])]

    def ask_last(self, question: Question) -> None:
        """Put a question behind the others."""
        self.questions = [*self.questions, question]

    @property
    def question(self) -> Question | None:
        """The question being asked."""
        return self.questions[0] if self.questions else None

    def settle(self) -> None:
        """The question being asked is answered."""
        self.questions = self.questions[1:]

    def finish(self, step: str) -> None:
        """The customer is through with an optional step."""
        if step not in self.done:
            self.done = [*self.done, step]

    def unfinish(self, step: str) -> None:
        """An optional step is open again."""
        self.done = [each for each in self.done if each != step]

    def forget_order(self) -> None:
        """A new order begins, or the one in hand was confirmed."""
        self.questions, self.done, self.reopened, self.last_item = [], [], None, None
        self.summary, self.shown, self.phone = None, [], None

    def events(self, slots: dict[str, Any]) -> list[EventType]:
        """Return the slots that changed."""
        now: dict[str, Any] = {
            "questions": self.questions or None,
            "done": self.done or None,
            "reopened": self.reopened,
            "misses": self.misses or None,
            "voice_notes": self.voice_notes or None,
            "last_item": self.last_item,
            "summary": self.summary,
            "shown": self.shown or None,
            "phone": self.phone,
            "turn_order": self.turn_order,
        }
        return [SlotSet(name, value) for name, value in now.items() if (slots.get(name) or None) != value]
