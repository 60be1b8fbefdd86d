"""What a template asks for and how it reads once filled (contract §5.4). Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from openbot.errors import OpenbotError

#: «{{1}}» or «{{nombre}}».
_HOLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
#: What WhatsApp refuses in a value: a line break, a tab, four blanks in a row.
_UNFIT = re.compile(r"[\n\r\t]| {4}")
LONGEST_BODY = 1024  #: of the filled text


class TemplateValuesWrong(OpenbotError):
    """The values do not fit the template; `fields` says why for each variable."""

    code = "template_values_wrong"

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.fields = dict(fields)
        super().__init__(f"wrong values: {sorted(self.fields)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A template ready to be sent."""

    text: str
    values: tuple[tuple[str, str], ...]  #: variable and text, in the order of the variables


def variables_of(body: str) -> list[str]:
    """Return the variables of a body, each once: numbers in their order, names as they come."""
    found = list(dict.fromkeys(_HOLE.findall(body)))
    return sorted(found, key=int) if all(name.isdecimal() for name in found) else found


def fill(body: str, *, variables: Sequence[str], values: Mapping[str, str]) -> Filled:
    """Fill a body. Raises TemplateValuesWrong when a value is missing, unknown or not one that WhatsApp takes."""
    wrong = {name: "unknown_field" for name in values if name not in variables}
    for name in variables:
        value = values.get(name, "").strip()
        if not value:
            wrong[name] = "missing"
        elif _UNFIT.search(value):
            wrong[name] = "not_one_line"
    if wrong:
        raise TemplateValuesWrong(wrong)
    chosen = {name: values[name].strip() for name in variables}
    text = _HOLE.sub(lambda hole: chosen.get(hole[1], hole[0]), body)
    if len(text) > LONGEST_BODY:
        longest = max(chosen, key=lambda name: len(chosen[name]), default="")
        raise TemplateValuesWrong({longest: "too_long"})
    return Filled(text=text, values=tuple(chosen.items()))
