"""A screen that fails shows a code and nothing else; the log has the same code with the trace."""

import logging
import secrets

import streamlit as st

from panel import client, texts

log = logging.getLogger(__name__)


def show(error: Exception) -> bool:
    """Draw it in the place of the screen; True: Streamlit shows nothing of its own."""
    if isinstance(error, client.ApiRefused):
        st.error(_said(error))
        return True
    code = secrets.token_hex(2).upper()
    log.error("a screen failed, code %s", code, exc_info=error)
    st.error(f"Ocurrió un error. Código {code}")
    return True


def _said(error: client.ApiRefused) -> str:
    sentence = texts.sentence(error.code)
    if error.code != "internal":
        return sentence
    return f"{sentence} Código {error.detail.get('reference') or error.status}"  # the API's log has it, too
