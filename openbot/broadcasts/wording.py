"""What each contact reads: the broadcast's values with the contact's own name in them. Pure."""

import re
from collections.abc import Sequence

from openbot.templates.filling import Fillable
from openbot.whatsapp.fitting import one_line

#: Who told no name. WhatsApp refuses an empty value.
NOBODYS_NAME = "cliente"
NAMES = ("nombre", "primer_nombre")
_HOLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_LONGEST_NAME = 60


def values_for(template: Fillable, values: Sequence[str], *, name: str) -> dict[str, str]:
    """Return the template's values for somebody of this name."""
    shown = one_line(name)[:_LONGEST_NAME].strip() or NOBODYS_NAME
    own = {"nombre": shown, "primer_nombre": shown.split()[0]}
    filled = (_HOLE.sub(lambda hole: own.get(hole[1], hole[0]), each) for each in values)
    return dict(zip(template.variables, filled, strict=False))


def unknown_in(value: str) -> bool:
    """Say whether it asks for something that we do not know of a contact."""
    return any(name not in NAMES for name in _HOLE.findall(value))
