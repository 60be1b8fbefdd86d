"""The fields of each form of Catálogo."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from panel.form import Form, options
from panel.formats import WEEKDAYS

Choices = Mapping[str, Any]


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


def _listed_name(form: Form) -> None:
    form.text(
        "name",
        "Nombre",
        needed=True,
        max_chars=24,
        help="Hasta 24 letras: así entra en la lista de WhatsApp.",
    )


def category(form: Form, choices: Choices) -> None:
    """A category."""
    _listed_name(form)
    _position(form, len(choices["categories"]))


def branch(form: Form, choices: Choices) -> None:
    """A branch with its hours, a line per weekday."""
    _listed_name(form)
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
    day = st.date_input(
        "Día \\*", _day(form.begin("day", "", str)), format="DD/MM/YYYY", key=f"{form.key}.day"
    )
    if day:
        form.typed["day"] = form.raw["day"] = day.isoformat()
    form.needed["day"] = "missing"
    form.slot("day")
    form.text("name", "Nombre", needed=True, max_chars=100, placeholder="Día de la Virgen")


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


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
            part = f"hours.{weekday}"
            first = form.begin(part, before[weekday], str)
            hours = form.line(
                name, first, key=f"{form.key}.{part}", label_visibility="collapsed", placeholder="cerrado"
            )
            typed.append(hours)
            if hours != before[weekday]:
                form.raw[part] = hours
            form.slot(part)
    if typed != before:
        form.typed["hours"] = typed
