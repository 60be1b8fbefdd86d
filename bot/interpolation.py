"""Fills {slots} into response texts, and leaves a tap's payload `/choose{"branch":"2"}` alone.

Rasa takes the payload for a placeholder, logs an error with every slot's value for each button, and leaves the other
placeholders of that string empty.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rasa.core.nlg import interpolator

_PLACEHOLDER = re.compile(r"\{([^\n{}]+?)\}")


def interpolate_text(response: str, values: Mapping[str, Any]) -> str:
    """As Rasa's own where that one succeeds; elsewhere known names are filled and the rest stays as written."""
    if "{" not in response and "}" not in response:
        return response
    if "{}" in response:  # Rasa would put all slots of the customer here
        return _fill_known(response, values)
    try:
        text = _PLACEHOLDER.sub(r"{0[\1]}", response).format(values)
        return response.format({}) if "0[" in text else text
    except (KeyError, ValueError, IndexError, AttributeError):
        return _fill_known(response, values)


def _fill_known(response: str, values: Mapping[str, Any]) -> str:
    return _PLACEHOLDER.sub(lambda found: str(values[found[1]]) if found[1] in values else found[0], response)


def install() -> None:
    """Idempotent."""
    interpolator.interpolate_text = interpolate_text
