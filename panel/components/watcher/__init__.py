"""Watches the connection of an open page: news by websocket, the way out when the session ends, Spanish words.

Shows nothing itself but a bar while there is no connection. Other components listen to `openbot:changed`,
`openbot:offline` and `openbot:online` on `window`.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from panel import translations
from panel.components import assets

FOLDER = Path(__file__).parent


def watcher(*, leave: bool = False, because: str = "") -> None:
    """Watch; once per page. With `leave` the session has ended: go to the sign-in page and say why."""
    data = {
        "leave": leave,
        "because": because,
        "words": translations.WORDS,
        "patterns": translations.PATTERNS,
        "anywhere": translations.SENTENCES,
    }
    _component()(key="watcher-leave" if leave else "watcher", data=data)


def _component() -> Callable[..., Any]:
    return st.components.v2.component(
        "openbot_watcher",
        css=assets.stylesheet(FOLDER / "watcher.css"),
        js=assets.javascript(FOLDER / "js" / "main.js"),
        isolate_styles=False,
    )
