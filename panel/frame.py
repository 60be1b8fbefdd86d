"""What surrounds every screen: the mark, who is signed in, the way out."""

from html import escape
from pathlib import Path

import streamlit as st

FOLDER = Path(__file__).parent / "static"
ICON = str(FOLDER / "favicon.svg")
LOGO = str(FOLDER / "logo.svg")
STYLES = FOLDER / "frame.css"


def draw(*, name: str, role: str) -> None:
    """Draw it; the name is text, whatever it contains."""
    st.html(STYLES)
    st.logo(LOGO, size="large", icon_image=ICON)
    with st.sidebar:
        st.html(
            '<div class="ob-person">'
            f'<span class="ob-initials" aria-hidden="true">{escape(initials(name))}</span>'
            f'<span class="ob-who"><b>{escape(name)}</b><small>{escape(role)}</small></span>'
            '<a class="ob-link" href="/password" target="_self" title="Cambiar mi contraseña">Contraseña</a>'
            '<form method="post" action="/logout">'
            '<button type="submit" class="ob-link" title="Cerrar sesión">Salir</button></form>'
            "</div>"
        )


def initials(name: str) -> str:
    """«Ana María Pérez» is AP."""
    words = [word for word in name.split() if word[:1].isalnum()]
    return "".join(word[0].upper() for word in ([words[0], words[-1]] if len(words) > 1 else words[:1]))
