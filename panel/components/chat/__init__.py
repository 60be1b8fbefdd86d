"""A conversation as on WhatsApp: both sides, ticks, days, files and places; older ones on the way up; live.

The component fetches the API by itself (same origin, the operator's cookie) and only reads.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from panel import texts, theme
from panel.components import assets

FOLDER = Path(__file__).parent
STYLES = (
    FOLDER.parent / "grid" / "css" / "base.css",
    FOLDER / "css" / "chat.css",
    FOLDER / "css" / "bubbles.css",
)


def chat(contact_id: int) -> None:
    """Draw the conversation with a contact, with who it is and their orders beside it."""
    data = {
        "contact": contact_id,
        "palette": {state: list(pair) for state, pair in theme.STATE_COLOURS.items()},
        "sentences": texts.SENTENCES,
    }
    _component()(key="chat", data=data)


def _component() -> Callable[..., Any]:
    return st.components.v2.component(
        "openbot_chat",
        css=assets.stylesheet(*STYLES),
        js=assets.javascript(FOLDER / "js" / "main.js"),
    )
