"""Whether values fit a template, and how it then reads (contract §5.4). Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

from openbot.errors import OpenbotError
from openbot.whatsapp import limits
from openbot.whatsapp.json_reading import maybe_words, objects
from openbot.whatsapp.outbound import Bubble
from openbot.whatsapp.replies import Button
from openbot.whatsapp.replies import Template as Sent

#: The only state in which WhatsApp sends it.
APPROVED = "APPROVED"
#: A body with its values, at most (contract §5.4).
LONGEST_BODY = 1024
_HOLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
#: WhatsApp refuses a value with any of these.
_UNFIT = re.compile(r"[\r\n\t]| {4}")
_PLAIN_BUTTONS = frozenset({"QUICK_REPLY", "PHONE_NUMBER", "URL"})


class Fillable(Protocol):
    """What of a row of `message_templates` is looked at here."""

    name: str
    language: str
    status: str
    body: str
    variables: list[Any]
    buttons: list[Any]
    components: list[Any]


class TemplateValuesWrong(OpenbotError):
    """These values do not fit the template."""

    code = "template_values_wrong"

    def __init__(self, *, fields: Mapping[str, str]) -> None:
        super().__init__(f"These values do not fit the template: {dict(fields)}")
        self.fields = fields  #: variable → what is wrong


class TemplateNotApproved(OpenbotError):
    """WhatsApp does not send this template now."""

    code = "template_not_approved"

    def __init__(self, *, status: str) -> None:
        super().__init__(f"The template is {status}")
        self.detail = {"status": status}


def variables_of(body: str) -> list[str]:
    """Name what the body asks for, in the order in which WhatsApp wants it: {{1}} before {{2}}, names as written."""
    found = list(dict.fromkeys(_HOLE.findall(body)))
    return sorted(found, key=int) if all(name.isdecimal() for name in found) else found


def fill(template: Fillable, values: Mapping[str, str]) -> str:
    """Return the body as the customer reads it; a variable without a value stays as it is."""
    return _HOLE.sub(lambda hole: values.get(hole[1], hole[0]), template.body)


def check(template: Fillable, values: Mapping[str, str]) -> dict[str, str]:
    """Return what is wrong with each value; empty when WhatsApp would take them."""
    problems = {name: "unknown_field" for name in values if name not in template.variables}
    problems |= {name: "missing" for name in template.variables if name not in values}
    for name in template.variables:
        problem = _problem(values[name]) if name in values else ""
        if problem:
            problems[name] = problem
    if not problems and len(fill(template, values)) > LONGEST_BODY:
        problems["body"] = "too_long"
    return problems


def unsupported(template: Fillable) -> str:
    """Say what in it we cannot fill («header», «buttons», «carousel» …); empty: it can be sent."""
    return next(_unsupported(template.components), "")


def bubble_of(template: Fillable, values: Mapping[str, str]) -> Bubble:
    """Build the message. Raises TemplateNotApproved and TemplateValuesWrong."""
    if template.status != APPROVED or unsupported(template):
        raise TemplateNotApproved(
            status=template.status if template.status != APPROVED else f"UNSUPPORTED {unsupported(template)}"
        )
    problems = check(template, values)
    if problems:
        raise TemplateValuesWrong(fields=problems)
    return Bubble(
        text=fill(template, values),
        # WhatsApp gives a quick reply's own title back where a send names no payload.
        buttons=tuple(Button(title=title, payload=title) for title in template.buttons),
        template=Sent(
            name=template.name,
            language=template.language,
            values=tuple((name, values[name]) for name in template.variables),
        ),
    )


def _problem(value: str) -> str:
    if not value.strip():
        return "missing"
    if len(value) > limits.TEMPLATE_VALUE:
        return "too_long"
    return "not_one_line" if _UNFIT.search(value) else ""


def _unsupported(components: Iterable[Any]) -> Iterator[str]:
    for component in components:
        if not isinstance(component, dict):
            continue
        match maybe_words(component, "type").upper():
            case "BODY" | "FOOTER":
                continue
            case "HEADER":
                text = maybe_words(component, "text")
                if maybe_words(component, "format").upper() not in {"", "TEXT"} or _HOLE.search(text):
                    yield "header"
            case "BUTTONS":
                for button in objects(component, "buttons"):
                    kind = maybe_words(button, "type").upper()
                    if kind not in _PLAIN_BUTTONS or _HOLE.search(maybe_words(button, "url")):
                        yield "buttons"
            case other:
                yield other.casefold() or "unknown"
