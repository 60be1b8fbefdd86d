"""Sound and a figure in the window's title when there is new work; on every screen, shows nothing itself."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from panel.components import assets

FOLDER = Path(__file__).parent


def alerts(preferences: Mapping[str, Any]) -> None:
    """Listen for new work. `preferences` are the operator's ({"sound": {"muted": false, "volume": 0.6}})."""
    _component()(key="alerts", data={"sound": preferences.get("sound")})


def _component() -> Callable[..., Any]:
    return st.components.v2.component("openbot_alerts", js=assets.javascript(FOLDER / "js" / "main.js"))
