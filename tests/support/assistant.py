"""FakeAssistant: the assistant's process, seen from the worker."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from openbot.assistant import Answered, AssistantAway, AssistantFailed, Question

Reply = dict[str, Any]
Act = Callable[[Question], "Answered | list[Reply]"]


def echo(question: Question) -> list[Reply]:
    """Repeat what was said: a transcript then shows what each answer belongs to."""
    said = [message["text"] or message.get("payload") or message["kind"] for message in question.messages]
    return [{"text": "oí: " + " | ".join(said)}]


@dataclass
class FakeAssistant:
    """Keeps every question; `act` answers it. Errors in `errors` are raised first, one by one."""

    act: Act = echo
    questions: list[Question] = field(default_factory=list)
    errors: list[AssistantAway | AssistantFailed] = field(default_factory=list)
    during: Callable[[Question], None] | None = None  #: what happens elsewhere while it thinks

    def reply_to(self, question: Question) -> Answered:
        self.questions.append(question)
        if self.errors:
            raise self.errors.pop(0)
        if self.during is not None:
            during, self.during = self.during, None
            during(question)
        answer = self.act(question)
        if isinstance(answer, Answered):
            return answer
        events = [*json.loads(question.dialogue), {"turn": question.turn_id}]
        return Answered(overtaken=False, replies=tuple(answer), dialogue=json.dumps(events))

    @property
    def heard(self) -> list[list[str]]:
        """What was said in each turn that was asked."""
        return [[message["text"] for message in question.messages] for question in self.questions]


OVERTAKEN = Answered(overtaken=True, replies=(), dialogue="[]")
