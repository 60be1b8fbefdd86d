"""Conversación: everything that was said with one contact. The address names it: /conversacion?contacto=45."""

import streamlit as st

from panel.components.inbox import inbox

LONGEST_NUMBER = 18  #: digits the API takes


def draw() -> None:
    """Draw the screen."""
    written = st.query_params.get("contacto", "")
    if written.isascii() and written.isdigit() and len(written) <= LONGEST_NUMBER:
        inbox(int(written), with_list=False)
        return
    st.title("Conversación")
    st.info("Elegí un contacto o un pedido para ver su conversación.")
    st.page_link("screens/contactos.py", label="Ir a Contactos")


draw()
