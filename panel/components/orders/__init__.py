"""The grid with what only orders have: states, «Editar», items, history, views, sound."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from panel.components import assets
from panel.components.grid import STYLES

FOLDER = Path(__file__).parent


def orders_component() -> Callable[..., Any]:
    """Return the component for `grid(component=…)`."""
    return st.components.v2.component(
        "openbot_orders",
        css=assets.stylesheet(*STYLES, FOLDER / "css" / "orders.css"),
        js=assets.javascript(FOLDER / "js" / "main.js"),
    )
