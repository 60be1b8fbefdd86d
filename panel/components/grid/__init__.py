"""The list of the panel: header filters, search, sorting, «+», keyboard, selection; live, and calm about it.

The component fetches the API by itself (same origin, the operator's cookie). Python only says what it shows.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from panel import texts, theme
from panel.components import assets
from panel.components.grid.spec import Action, Choice, Column, Field, Tab, plain

__all__ = ["Action", "Choice", "Column", "Event", "Field", "Tab", "grid"]

FOLDER = Path(__file__).parent
STYLES = tuple(
    FOLDER / "css" / f"{name}.css"
    for name in ("base", "bars", "table", "cells", "cards", "popover", "dialog")
)


@dataclass(frozen=True, slots=True)
class Event:
    """A button without `href` and `call` was pressed, just now."""

    action: str
    ids: tuple[int, ...]


def grid(  # noqa: PLR0913 - a list is described in one call
    key: str,
    *,
    url: str,
    columns: Sequence[Column],
    nouns: tuple[str, str],
    default_sort: str,
    title: str = "",
    tabs: Sequence[Tab] = (),
    actions: Sequence[Action] = (),
    search_param: str = "",
    search_hint: str = "Buscar",
    detail_url: str = "",
    detail_fields: Sequence[Column] = (),
    open_param: str = "abierto",
    empty: str = "",
    time_zone: str = "America/Argentina/Buenos_Aires",
    palette: Mapping[str, tuple[str, str]] | None = None,
    extra: Mapping[str, Any] | None = None,
    component: Callable[..., Any] | None = None,
) -> Event | None:
    """Draw a list of `url` and return what was pressed for the script, if anything.

    `url` answers {"rows": [{"id": …}], "next", "total", "total_is_capped"} and takes sort, limit, after and the
    columns' filters (BUILD of the API: docs/architecture.md). `nouns` is ("pedido", "pedidos"). Filters, sort, tab,
    page and open rows live in the page's address; `open_param` names the open row there (/pedidos?pedido=123).
    `detail_url` ("/api/orders/{id}") is fetched when a row is opened; `detail_fields` are shown of it.
    `palette` has the colours of a `state` column's values on light and dark ground; default: the states of orders.
    """
    data = {
        "key": key,
        "url": url,
        "title": title,
        "nouns": list(nouns),
        "columns": plain(columns),
        "tabs": plain(tabs),
        "actions": plain(actions),
        "sort": default_sort,
        "search": {"param": search_param, "hint": search_hint},
        "detailUrl": detail_url,
        "detailFields": plain(detail_fields),
        "openParam": open_param,
        "empty": empty,
        "timeZone": time_zone,
        "palette": {state: list(pair) for state, pair in (palette or theme.STATE_COLOURS).items()},
        "sentences": texts.SENTENCES,
        "extra": dict(extra or {}),
    }
    result = (component or _component())(key=key, data=data, on_event_change=_nothing)
    event = getattr(result, "event", None)
    return Event(action=event["action"], ids=tuple(event["ids"])) if event else None


def _nothing() -> None:
    """Streamlit delivers an event only to a component that has a callback for it."""


def _component() -> Callable[..., Any]:
    return st.components.v2.component(
        "openbot_grid",
        css=assets.stylesheet(*STYLES),
        js=assets.javascript(FOLDER / "js" / "main.js"),
    )
