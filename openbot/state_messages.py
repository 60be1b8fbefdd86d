"""What customers are told when their order changes its state: the company's texts (product §2). Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openbot.fields import FieldsWrong, Form
from openbot.vocabulary import State

#: States that people or the clock move an order to; of the others the bot speaks itself.
TOLD = (
    State.IN_PROGRESS,
    State.INVOICED,
    State.CANCELLED,
    State.RESOLVED,
    State.NO_ANSWER,
    State.EXPIRED,
)
#: What a text may hold, as `{{nombre}}`; also what fills a template's variables, in this order.
VARIABLES = ("nombre", "pedido", "total", "sucursal")
LONGEST = 1000
_HOLE = re.compile(r"\{\{\s*(.*?)\s*\}\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class StateMessage:
    """What is said when an order comes to a state."""

    text: str
    template_id: int | None = None  #: said instead when the customer's window is closed


def of_json(kept: Mapping[str, Any] | None) -> dict[str, StateMessage]:
    """Return what was kept, by state."""
    return {state: StateMessage(**each) for state, each in (kept or {}).items()}


def as_json(messages: Mapping[str, StateMessage]) -> dict[str, Any]:
    """Write them as they are kept."""
    return {state: {"text": each.text, "template_id": each.template_id} for state, each in messages.items()}


def read(value: Any) -> dict[str, Any]:
    """Check what somebody typed and return it as it is kept; an empty text switches a state off.

    Raises FieldsWrong with the state's word as the field.
    """
    if not isinstance(value, Mapping):
        raise FieldsWrong({"": "not_a_choice"})
    wrong: dict[str, str] = {}
    kept: dict[str, Any] = {}
    for state, each in value.items():
        try:
            checked = _one(state, each)
        except FieldsWrong as mistake:
            wrong[str(state)] = next(iter(mistake.fields.values()))
            continue
        if checked["text"]:
            kept[state] = checked
    if wrong:
        raise FieldsWrong(wrong)
    return kept


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put the values into their places; a place that is none of ours stays as it is."""
    return _HOLE.sub(lambda hole: values.get(hole[1], hole[0]), text)


def _one(state: Any, value: Any) -> dict[str, Any]:
    if state not in TOLD:
        raise FieldsWrong({"state": "not_a_choice"})
    if not isinstance(value, Mapping):
        raise FieldsWrong({"": "not_a_choice"})
    form = Form(value)
    form.known(("text", "template_id"))
    form.text("text", longest=LONGEST, empty=True, lines=True)
    form.number("template_id", least=1, most=10**9, empty=True)
    checked = form.done()
    text = checked.get("text", "")
    if any(hole not in VARIABLES for hole in _HOLE.findall(text)):
        raise FieldsWrong({"text": "unknown_variable"})
    return {"text": text, "template_id": checked.get("template_id")}
