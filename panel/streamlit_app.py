"""The frame of every screen: menu, who is signed in, the watcher; then the screen itself."""

from urllib.parse import unquote

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from panel import client, frame, navigation
from panel.components.alerts import alerts
from panel.components.watcher import watcher

NOT_SIGNED_IN = 401


def visitor(key: str) -> str:
    """Return what the gate said about the person of this page."""
    return unquote(str(st.user.get(key) or ""))


def menu(role: str) -> StreamlitPage:
    """Build the menu of this person and return the page that the address names."""
    sections: dict[str, list[StreamlitPage]] = {}
    for screen in navigation.screens_for(role):
        page = st.Page(
            screen.source,
            title=screen.title,
            icon=screen.icon,
            url_path=screen.url_path,
            visibility="hidden" if screen.hidden else "visible",
        )
        sections.setdefault(screen.section, []).append(page)
    first = next(iter(sections.values()))[0]
    # The default page loses its own address, and /dashboard is to work like every other: so "/" only leads on.
    home = st.Page(lambda: st.switch_page(first), title="Inicio", default=True, visibility="hidden")
    return st.navigation({"": [home], **sections}, position="sidebar", expanded=True)


def main() -> None:
    """Draw the page."""
    st.set_page_config(page_title="Openbot", page_icon=frame.ICON, layout="wide")
    page = menu(visitor("role"))
    frame.draw(name=visitor("name"), role=visitor("role"))
    watcher()
    alerts()
    try:
        page.run()
    except client.ApiRefused as refused:
        if refused.status != NOT_SIGNED_IN:
            raise
        watcher(leave=True, because=str(refused.detail.get("because") or ""))


main()
