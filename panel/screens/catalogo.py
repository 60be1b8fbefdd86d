"""Catálogo: what is sold, where and how it is paid. Operators read it, and say what is sold out for today."""

import streamlit as st

from panel import client
from panel.screens import catalogo_forms, catalogo_import, catalogo_lists, catalogo_room

SECTIONS = {
    "Productos": catalogo_lists.products,
    "Categorías": catalogo_lists.categories,
    "Sucursales": catalogo_lists.branches,
    "Zonas de envío": catalogo_lists.zones,
    "Medios de pago": catalogo_lists.payment_methods,
    "Feriados": catalogo_lists.holidays,
}


def draw() -> None:
    """Draw the screen."""
    is_administrator = st.user.get("role") == "Administrador"
    choices = client.api().get("/api/catalogue")
    st.title("Catálogo", anchor=False)
    if not is_administrator:
        st.caption("Podés marcar un producto «agotado hoy»; lo demás lo cambia un administrador.")
    catalogo_forms.tell()
    tabs = st.tabs(list(SECTIONS), key="seccion", bind="query-params")
    for tab, (name, section) in zip(tabs, SECTIONS.items(), strict=True):
        if not tab.open:
            continue
        with tab:
            if is_administrator:
                catalogo_room.warn(name, choices)
            event = section(choices, is_administrator=is_administrator)
        if event is not None:
            catalogo_forms.open_(event.action, event.ids[0] if event.ids else None)
    if is_administrator:
        catalogo_forms.show(choices)
        catalogo_import.show()


draw()
