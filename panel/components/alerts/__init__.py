"""Sound and a figure in the window's title when there is new work; on every screen, shows nothing itself."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from panel.components import assets

FOLDER = Path(__file__).parent


def alerts() -> None:
    """Listen for new work, on screens without the list of orders; that one listens by itself."""
    _component()(key="alerts")


def _component() -> Callable[..., Any]:
    return st.components.v2.component("openbot_alerts", js=assets.javascript(FOLDER / "js" / "main.js"))
