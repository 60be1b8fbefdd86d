"""Configuración → Plan: the month's messages, what happens without any, and what WhatsApp charges for one."""

from typing import Any

import streamlit as st

from panel.form import Form

AT_ZERO = {
    "continue": "Se sigue atendiendo, y el panel avisa",
    "stop": "El asistente no empieza nada nuevo",
}
CATEGORIES = {
    "service": "Respuesta",
    "utility": "Plantilla de utilidad",
    "marketing": "Plantilla de publicidad",
    "authentication": "Plantilla de autenticación",
}
CURRENCIES = ("USD", "ARS", "EUR", "BRL", "CLP", "MXN", "UYU", "COP", "PEN", "GBP")
MOST_FREE = 1_000_000


def draw(form: Form) -> None:
    """Draw the fields."""
    form.number(
        "plan_allowance",
        "Mensajes incluidos por mes",
        min_value=0,
        max_value=10**9,
        placeholder="Sin límite",
        help="Cuentan los que llegan y los que WhatsApp acepta. El panel avisa al 80 % y al 100 %.",
    )
    form.choice(
        "plan_at_zero",
        "Cuando se terminan",
        AT_ZERO,
        help="Si el asistente no empieza nada nuevo: los pedidos con productos se terminan, los demás clientes "
        "reciben un aviso por día y esperan a una persona, y los operadores responden como siempre.",
    )
    st.markdown("**Precios de WhatsApp**")
    st.caption("Por mensaje entregado, según la lista de Meta para tu país. Con ellos se estiman los costos.")
    _prices(form)


def _prices(form: Form) -> None:
    before = form.values["prices"]
    wished: dict[str, Any] = dict(before)
    columns = st.columns(2)
    for place, (name, title) in enumerate(CATEGORIES.items()):
        with columns[place % 2]:
            wished[name] = _price(form, name, title, before[name])
    with columns[0]:
        part = "prices.currency"
        first = form.begin(part, before["currency"], str)
        names = list(dict.fromkeys((before["currency"], *CURRENCIES)))
        wished["currency"] = st.selectbox(
            "Moneda", names, index=names.index(first) if first in names else 0, key=f"{form.key}.{part}"
        )
        form.slot(part)
    with columns[1]:
        part = "prices.free_service"
        wished["free_service"] = st.number_input(
            "Respuestas gratis por mes",
            min_value=0,
            max_value=MOST_FREE,
            step=1,
            format="%d",
            value=form.begin(part, before["free_service"], int),
            key=f"{form.key}.{part}",
        )
        form.slot(part)
    form.raw |= {f"prices.{name}": value for name, value in wished.items() if value != before[name]}
    if wished != before:
        form.typed["prices"] = wished


def _price(form: Form, name: str, title: str, before: str) -> str:
    """One price as it is typed; «0,026» is what was there when it is only written in another way."""
    part = f"prices.{name}"
    typed = form.line(title, form.begin(part, before.replace(".", ","), str), key=f"{form.key}.{part}")
    form.slot(part)
    return before if typed.strip() == before.replace(".", ",") else typed
