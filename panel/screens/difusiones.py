"""Difusiones: one approved template to many contacts. Administrators only; the list works in the browser."""

import streamlit as st

from panel import theme
from panel.components.grid import Action, Choice, Column, grid
from panel.screens import difusiones_detail, difusiones_form

STATES = ("BORRADOR", "PROGRAMADA", "EN CURSO", "PAUSADA", "TERMINADA", "CANCELADA")
COLOURS = {
    "BORRADOR": theme.STATE_COLOURS["VENCIDO"],
    "PROGRAMADA": theme.STATE_COLOURS["RESUELTO"],
    "EN CURSO": theme.STATE_COLOURS["EN PROCESO"],
    "PAUSADA": theme.STATE_COLOURS["INCOMPLETO"],
    "TERMINADA": theme.STATE_COLOURS["COMPLETO"],
    "CANCELADA": theme.STATE_COLOURS["CANCELADO"],
}
COLUMNS = (
    Column(key="name", title="Nombre", width=180, grow=2, card="a1"),
    Column(
        key="state", title="Estado", kind="state", width=130, filter="choice", card="a2",
        choices=tuple(Choice(value=each, title=each) for each in STATES),
    ),
    Column(key="template", title="Plantilla", width=150, grow=1, priority=3, card="b1"),
    Column(key="recipients", title="Contactos", kind="number", width=96, card="b2"),
    Column(key="sent", title="Enviados", kind="number", width=92, card="c1"),
    Column(key="failed", title="Fallidos", kind="number", width=86, priority=2),
    Column(key="skipped", title="Salteados", kind="number", width=92, priority=3),
    Column(key="starts_at", title="Comienzo", kind="date", width=150, priority=2, card="c2", blank="–"),
    Column(key="note", title="Nota", width=160, grow=2, priority=2),
)  # fmt: skip
ACTIONS = (
    Action(key="new", title="NUEVA DIFUSIÓN", place="toolbar", icon="plus"),
    Action(key="open", title="Abrir", icon="right", href="/difusiones?difusion={id}"),
)
EMPTY = "Todavía no hay difusiones.\nCon NUEVA DIFUSIÓN mandás una plantilla aprobada por WhatsApp a muchos contactos."


def draw() -> None:
    """Draw the list, one broadcast, or the form of one, as the address says."""
    chosen = st.query_params.get("difusion", "")
    if chosen == "nueva":
        difusiones_form.draw(None)
    elif chosen.isascii() and chosen.isdecimal():
        if "editar" in st.query_params:
            difusiones_form.draw(int(chosen))
        else:
            difusiones_detail.draw(int(chosen))
    else:
        _list()


def _list() -> None:
    event = grid(
        "difusiones",
        url="/api/broadcasts",
        title="Difusiones",
        nouns=("difusión", "difusiones"),
        default_sort="-id",
        columns=COLUMNS,
        actions=ACTIONS,
        search_param="q",
        search_hint="Nombre",
        open_param="fila",
        empty=EMPTY,
        palette=COLOURS,
    )
    if event is not None and event.action == "new":
        st.query_params.from_dict({"difusion": "nueva"})
        st.rerun()


draw()
