"""The Dashboard: the manual's four figures, orders by state, who waits. Live, and nothing jumps.

The component fetches the API by itself (same origin, the operator's cookie).
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from panel import texts, theme
from panel.components import assets

FOLDER = Path(__file__).parent
STYLES = (FOLDER.parent / "grid" / "css" / "base.css", FOLDER / "css" / "dashboard.css")


def dashboard() -> None:
    """Draw the figures."""
    data = {
        "palette": {state: list(pair) for state, pair in theme.STATE_COLOURS.items()},
        "sentences": texts.SENTENCES,
    }
    _component()(key="dashboard", data=data)


def _component() -> Callable[..., Any]:
    return st.components.v2.component(
        "openbot_dashboard",
        css=assets.stylesheet(*STYLES),
        js=assets.javascript(FOLDER / "js" / "main.js"),
    )
