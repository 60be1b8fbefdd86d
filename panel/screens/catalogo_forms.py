"""The forms of Catálogo, each in a window that only «Volver» closes: a stray click loses nothing."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from panel import client
from panel.form import Form, escaped, options
from panel.formats import WEEKDAYS

Choices = Mapping[str, Any]
NOT_THERE = 404
OPEN, ROW, NOTICE = "catalogo.open", "catalogo.row", "catalogo.notice"
SENTENCES = {
    "taken": "Ya lo usa otro: el asistente no podría distinguirlos.",
    "place_taken": "El asistente no sabría qué zona es:",
    "last_one": "Es el único activo: el asistente necesita al menos uno.",
    "not_hours": "No se entiende. Escribilo como 8 a 13 y 16 a 20.",
    "hours_overlap": "Se superpone con otro horario.",
}


def open_(form: str, row_id: int | None) -> None:
    """Open a form for a row, or for something new."""
    st.session_state[OPEN] = (form, row_id)


def close(notice: str = "", *, is_warning: bool = False) -> None:
    """Close the window and say what happened."""
    st.session_state.pop(OPEN, None)
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
    form, row_id = st.session_state.get(OPEN) or ("", None)
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


Draw = Callable[[Form, Choices], None]


def _window(name: str, url: str, row: Mapping[str, Any] | None, choices: Choices, draw: Draw) -> None:
    """Draw the fields and the two buttons of every form."""
    with st.form(name, border=False):
        form = Form(name, row, sentences=SENTENCES)
        draw(form, choices)
        is_saved, is_left = form.buttons(back="Volver")
        if is_saved:
            _save(form, url, row)
    if is_left:
        form.forget()
        close()


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


def product(form: Form, choices: Choices) -> None:
    """A product."""
    form.text("name", "Nombre, con la medida", needed=True, max_chars=80, placeholder="Coca-Cola 2,25 L")
    left, right = st.columns(2)
    with left:
        form.choice("category_id", "Categoría \\*", options(choices["categories"]))
        form.money("price", "Precio", needed=True)
    with right:
        form.choice("unit", "Se vende por \\*", {unit: unit for unit in choices["units"]})
        form.text(
            "code",
            "Código",
            max_chars=40,
            placeholder="se arma solo",
            help="El mismo que en el catálogo de WhatsApp.",
        )
    form.text(
        "size",
        "Descripción",
        max_chars=72,
        placeholder="Botella descartable",
        help="Va al lado del precio en la lista de WhatsApp.",
    )
    form.names("aliases", "Otros nombres", help="Cómo lo pide la gente, con comas: coca, coquita")
    form.flag("available", "Disponible", initial=True)


def category(form: Form, choices: Choices) -> None:
    """A category."""
    form.text(
        "name",
        "Nombre",
        needed=True,
        max_chars=24,
        help="Hasta 24 letras: así entra en la lista de WhatsApp.",
    )
    _position(form, len(choices["categories"]))


def branch(form: Form, choices: Choices) -> None:
    """A branch with its hours, a line per weekday."""
    form.text(
        "name",
        "Nombre",
        needed=True,
        max_chars=24,
        help="Hasta 24 letras: así entra en la lista de WhatsApp.",
    )
    left, right = st.columns(2)
    with left:
        form.text("address", "Dirección", needed=True, max_chars=200, placeholder="Av. Corrientes 3980")
        form.text("phone", "Teléfono", max_chars=40)
        form.text(
            "latitude",
            "Latitud",
            needed=True,
            placeholder="-34,6037",
            help="En Google Maps: botón derecho sobre el lugar.",
        )
    with right:
        form.text("place", "Barrio o localidad", needed=True, max_chars=100)
        _position(form, len(choices["branches"]))
        form.text("longitude", "Longitud", needed=True, placeholder="-58,4198")
    form.names(
        "aliases",
        "Otros nombres",
        lines=1,
        help="Cómo la nombra la gente, con comas: casa central, corrientes",
    )
    st.markdown("**Horario de atención**")
    st.caption("Un día por línea, como 8 a 13 y 16 a 20. Vacío: cerrado. Los feriados se cargan aparte.")
    _hours(form)


def zone(form: Form, choices: Choices) -> None:
    """A delivery zone."""
    active = [row for row in choices["branches"] if row["active"]]
    left, right = st.columns(2)
    with left:
        form.choice("branch_id", "Sucursal que lleva \\*", options(active))
        form.money("fee", "Costo del envío", needed=True)
    with right:
        form.text("name", "Nombre de la zona", needed=True, max_chars=60)
        form.money("minimum", "Compra mínima", needed=True)
    form.names(
        "places", "Barrios y localidades \\*", lines=4, help="Con comas. Cada barrio en una sola zona."
    )


def payment(form: Form, choices: Choices) -> None:
    """A payment method."""
    form.text(
        "name",
        "Nombre",
        needed=True,
        max_chars=20,
        help="Hasta 20 letras: así entra en un botón de WhatsApp.",
    )
    form.text(
        "text",
        "Texto que va con la confirmación",
        lines=5,
        max_chars=1000,
        placeholder="Alias, CBU, titular…",
    )
    form.names("aliases", "Otros nombres", lines=1, help="Cómo lo dice la gente, con comas: transfe, cbu")
    _position(form, len(choices["payment_methods"]))
    form.flag("is_cash", "Es efectivo: se pregunta con cuánto paga")


def holiday(form: Form, _choices: Choices) -> None:
    """A holiday."""
    day = st.date_input("Día \\*", None, format="DD/MM/YYYY", key=f"{form.key}.day")
    if day:
        form.typed["day"] = day.isoformat()
    form.needed["day"] = "missing"
    form.slot("day")
    form.text("name", "Nombre", needed=True, max_chars=100, placeholder="Día de la Virgen")


def _position(form: Form, count: int) -> None:
    most = count if form.values else count + 1
    form.number("position", "Lugar en la lista", min_value=1, max_value=max(most, 1), placeholder="al final")


def _hours(form: Form) -> None:
    """Seven texts that travel as one field."""
    before = list(form.values.get("hours") or [""] * len(WEEKDAYS))
    typed = []
    for weekday, name in enumerate(WEEKDAYS):
        label, field = st.columns([1, 4], vertical_alignment="center")
        label.markdown(name)
        with field:
            key = f"{form.key}.hours.{weekday}"
            typed.append(
                st.text_input(
                    name, before[weekday], key=key, label_visibility="collapsed", placeholder="cerrado"
                )
            )
            form.slot(f"hours.{weekday}")
    if typed != before:
        form.typed["hours"] = typed


PRODUCTS = "/api/catalogue/products"
#: By the action that opens it: address, title for a row, title for a new one, fields.
FORMS: dict[str, tuple[str, str, str, Draw]] = {
    "product": (PRODUCTS, "Editar producto", "Nuevo producto", product),
    "category": ("/api/catalogue/categories", "Editar categoría", "Nueva categoría", category),
    "branch": ("/api/catalogue/branches", "Editar sucursal", "Nueva sucursal", branch),
    "zone": ("/api/catalogue/zones", "Editar zona de envío", "Nueva zona de envío", zone),
    "payment": ("/api/catalogue/payment-methods", "Editar medio de pago", "Nuevo medio de pago", payment),
    "holiday": ("/api/catalogue/holidays", "Feriado", "Nuevo feriado", holiday),
}
