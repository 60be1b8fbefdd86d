"""The forms of Catálogo, each in a window that only «Volver» closes: a stray click loses nothing."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from panel import client
from panel.drafts import Draft
from panel.form import Form, escaped
from panel.formats import moment
from panel.screens import catalogo_fields as fields
from panel.screens.catalogo_fields import Choices

Draw = Callable[[Form, Choices], None]
NOT_THERE, _LONGEST_ID = 404, 18
#: What is open stands in the address: a reload opens it again, with what was typed.
OPEN, NEW = "ventana", "nuevo"
ROW, NOTICE = "catalogo.row", "catalogo.notice"
SENTENCES = {
    "taken": "Ya lo usa otro: el asistente no podría distinguirlos.",
    "place_taken": "El asistente no sabría qué zona es:",
    "last_one": "Es el único activo: el asistente necesita al menos uno.",
    "not_hours": "No se entiende. Escribilo como 8 a 13 y 16 a 20.",
    "hours_overlap": "Se superpone con otro horario.",
}


def open_(form: str, row_id: int | None) -> None:
    """Open a form for a row, or for something new."""
    st.query_params[OPEN] = f"{form}-{row_id or NEW}"
    st.session_state.pop(ROW, None)


def opened() -> tuple[str, int | None]:
    """Return the form that is open, and its row; "" for none. An address may say anything."""
    form, _, row = st.query_params.get(OPEN, "").rpartition("-")
    if row == NEW:
        return form, None
    return (form, int(row)) if row.isascii() and row.isdigit() and len(row) <= _LONGEST_ID else ("", None)


def close(notice: str = "", *, is_warning: bool = False) -> None:
    """Close the window and say what happened."""
    st.query_params.pop(OPEN, None)
    st.session_state.pop(ROW, None)
    if notice:
        st.session_state[NOTICE] = (notice, is_warning)
    st.rerun()


def tell() -> None:
    """Say what happened before the page was drawn again."""
    notice, is_warning = st.session_state.get(NOTICE) or ("", False)
    if not notice:
        return
    if not is_warning:
        st.toast(notice)
        del st.session_state[NOTICE]
        return
    words, button = st.columns([12, 1], vertical_alignment="center")
    words.warning(notice, icon=":material/warning:")
    if button.button("Entendido", type="tertiary"):
        del st.session_state[NOTICE]
        st.rerun()


def show(choices: Choices) -> None:
    """Draw the window that is open, if any."""
    form, row_id = opened()
    if form not in FORMS:
        return
    url, title, new_title, draw = FORMS[form]
    row = None if row_id is None else _row(url, row_id)
    if row_id is not None and row is None:
        close("Eso ya no está: alguien lo cambió recién.", is_warning=True)
        return
    name = f"catalogo.{form}.{row_id or 'new'}"
    window = st.dialog(title if row else new_title, dismissible=False, width="medium")
    window(_window)(name, url, row, choices, draw)


def _window(name: str, url: str, row: Mapping[str, Any] | None, choices: Choices, draw: Draw) -> None:
    """Draw the fields and the two buttons of every form."""
    draft = Draft(name)
    form = Form(name, row, sentences=SENTENCES, draft=draft)
    if draft.at:
        when = moment(draft.at, choices["time_zone"])
        st.caption(f"Sigue lo que escribiste el {when}: todavía no se guardó. «Volver» lo descarta.")
    draw(form, choices)
    is_saved, is_left = form.buttons(back="Volver")
    if is_saved:
        _save(form, url, row)
    if is_left:
        form.forget()
        close()
    form.keep_draft()


def _save(form: Form, url: str, row: Mapping[str, Any] | None) -> None:
    if not form.changed() and row is not None:
        form.forget()
        close()
        return
    api = client.api()
    answer = form.save(
        (lambda body: api.post(url, body))
        if row is None
        else (lambda body: api.patch(f"{url}/{row['id']}", body))
    )
    if answer is None:
        return
    name = escaped(str(form.typed.get("name") or (row or {}).get("name") or ""))
    form.forget()
    rivals = answer.get("taken_for")
    if rivals is None:
        close(f"Se guardó {name}.")
    elif rivals:
        others = ", ".join(f"«{escaped(each['name'])}»" for each in rivals)
        close(
            f"Se guardó «{name}», pero por el nombre el asistente lo confunde con {others}. "
            "Cambiá uno de los nombres para que pueda distinguirlos.",
            is_warning=True,
        )
    else:
        close(
            f"Se guardó «{name}», pero por ese nombre el asistente no lo encuentra. "
            "Agregá en «Otros nombres» cómo lo pide la gente.",
            is_warning=True,
        )


def _row(url: str, row_id: int) -> Mapping[str, Any] | None:
    """Read a row as it is now; the window keeps it, so a later change of others is found out at saving."""
    kept = st.session_state.get(ROW)
    if kept and kept[0] == (url, row_id):
        known: Mapping[str, Any] | None = kept[1]
        return known
    try:
        row: Mapping[str, Any] | None = client.api().get(f"{url}/{row_id}")
    except client.ApiRefused as refused:
        if refused.status != NOT_THERE:
            raise
        row = None
    st.session_state[ROW] = ((url, row_id), row)
    return row


PRODUCTS = "/api/catalogue/products"
#: By the action that opens it: address, title for a row, title for a new one, fields.
FORMS: dict[str, tuple[str, str, str, Draw]] = {
    "product": (PRODUCTS, "Editar producto", "Nuevo producto", fields.product),
    "category": (
        "/api/catalogue/categories",
        "Editar categoría",
        "Nueva categoría",
        fields.category,
    ),
    "branch": ("/api/catalogue/branches", "Editar sucursal", "Nueva sucursal", fields.branch),
    "zone": ("/api/catalogue/zones", "Editar zona de envío", "Nueva zona de envío", fields.zone),
    "payment": (
        "/api/catalogue/payment-methods",
        "Editar medio de pago",
        "Nuevo medio de pago",
        fields.payment,
    ),
    "holiday": ("/api/catalogue/holidays", "Feriado", "Nuevo feriado", fields.holiday),
}
