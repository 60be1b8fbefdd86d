"""The inbox: conversations, what was said, who it is; and the place to answer. Live, and nothing jumps.

The component fetches the API by itself (same origin, the operator's cookie).
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from panel import client, texts, theme
from panel.components import assets

FOLDER = Path(__file__).parent
_GRID, _CHAT = FOLDER.parent / "grid" / "css", FOLDER.parent / "chat" / "css"
STYLES = (
    *(_GRID / f"{name}.css" for name in ("base", "popover", "dialog")),
    *(_CHAT / f"{name}.css" for name in ("chat", "bubbles")),
    *(FOLDER / "css" / f"{name}.css" for name in ("inbox", "composer")),
)
TIME_ZONE = "America/Argentina/Buenos_Aires"  #: until the API has said the company's


def inbox(contact_id: int | None = None, *, with_list: bool = True) -> None:
    """Draw all conversations, or without the list the one with a contact; the page's address names the open one."""
    me = client.api().get("/api/me")
    data = {
        "contact": contact_id,
        "hasList": with_list,
        "me": {"id": me["id"], "name": me["name"], "isAdministrator": me["is_administrator"]},
        "palette": {state: list(pair) for state, pair in theme.STATE_COLOURS.items()},
        "sentences": texts.SENTENCES,
        "timeZone": TIME_ZONE,
    }
    _component()(key="inbox", data=data)


def _component() -> Callable[..., Any]:
    return st.components.v2.component(
        "openbot_inbox",
        css=assets.stylesheet(*STYLES),
        js=assets.javascript(FOLDER / "js" / "main.js"),
    )
