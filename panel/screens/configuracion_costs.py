"""Configuración → Costos: what WhatsApp charges in a month, estimated from what was delivered."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import streamlit as st

from panel import client
from panel.form import escaped
from panel.formats import counted
from panel.formats import day as written
from panel.screens.configuracion_plan import CATEGORIES

URL = "/api/costs"
MONTHS_BACK = 12
NAMES = (
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
)
BY = {"day": "Día", "order": "Pedido", "branch": "Sucursal", "step": "Paso de la conversación"}
#: Where a dialogue stands, as people say it; what has no words is shown as it is.
STEPS = {
    "": "Sin paso",
    "question": "Una pregunta abierta",
    "delivery": "Envío o retiro",
    "address": "Dirección",
    "place": "Localidad",
    "branch": "Sucursal",
    "items": "Productos",
    "minimum": "Mínimo del envío",
    "payment_method": "Medio de pago",
    "cash_with": "Con cuánto paga",
    "comment": "Comentario",
    "name": "Nombre",
    "phone": "Celular",
    "confirmed": "Confirmación",
    "operador": "Mensajes de operadores",
    "sistema": "Avisos del sistema",
    "difusión": "Difusiones",
}


def draw() -> None:
    """Draw the month, its totals and the table."""
    zone = ZoneInfo(client.api().get("/api/company")["time_zone"])
    months = _months(zone)
    first, second = st.columns([1, 2])
    month = first.selectbox(
        "Mes",
        months,
        format_func=lambda each: f"{NAMES[int(each[5:]) - 1]} de {each[:4]}",
        key="configuracion.costs.month",
    )
    by = second.segmented_control(
        "Por",
        list(BY),
        default="day",
        format_func=BY.__getitem__,
        key="configuracion.costs.by",
        required=True,
    )
    found = client.api().get(URL, month=month, by=by or "day")
    _totals(found)
    if not found["rows"]:
        st.info("En este mes todavía no se entregó ningún mensaje.")
        return
    st.table([line(row, found) for row in found["rows"]], hide_index=True, border="horizontal")
    if found["is_cut"]:
        st.caption("Hay más líneas: el archivo las tiene todas.")
    st.link_button(
        "Exportar .csv",
        f"{URL}/export.csv?{urlencode({'month': month, 'by': found['by']})}",
        icon=":material/download:",
    )


def _totals(found: Mapping[str, Any]) -> None:
    total, currency = found["total"], found["currency"]
    figures = st.columns(4)
    figures[0].metric("Costo estimado", priced(total["amount"], currency))
    figures[1].metric("Mensajes entregados", whole(total["messages"]))
    figures[2].metric("Respuestas gratis que quedan", whole(found["free_left"]))
    figures[3].metric("Ahorro por unir respuestas", priced(found["saved"], currency))
    words = [
        f"{CATEGORIES.get(each['key'], each['key'])}: {counted(each['messages'], 'mensaje', 'mensajes')}, "
        f"{priced(each['amount'], currency)}"
        for each in found["categories"]
    ]
    merged = counted(total["merged"], "mensaje menos", "mensajes menos")
    st.caption(escaped(" · ".join([*words, f"por unir respuestas, {merged}"])))
    st.caption("Es una estimación con los precios de Configuración → Plan: la factura es la de Meta.")


def line(row: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, str]:
    """Say a row in words."""
    return {
        BY[found["by"]]: escaped(named(row, by=found["by"])),
        "Mensajes": whole(row["messages"]),
        "Sin cargo": whole(row["free"]),
        "Con cargo": whole(row["charged"]),
        "Importe": escaped(priced(row["amount"], found["currency"])),
        "Ahorrados": whole(row["merged"]),
    }


def named(row: Mapping[str, Any], *, by: str) -> str:
    """What a row is of."""
    key = row["key"]
    match by:
        case "day":
            return written(str(key))
        case "order":
            return f"Pedido {key}" if key is not None else "Sin pedido"
        case "branch":
            return str(row["title"] or "Sin sucursal")
        case _:
            return STEPS.get(str(key or ""), str(key))


def priced(value: Any, currency: str) -> str:
    """«USD 1,5260»: fractions of a cent count."""
    figure = f"{Decimal(str(value)):,.4f}".translate(str.maketrans(",.", ".,"))
    return f"{currency} {figure}"


def whole(number: int) -> str:
    """«12.450»."""
    return f"{number:,}".replace(",", ".")


def _months(zone: ZoneInfo) -> list[str]:
    from datetime import datetime

    first = datetime.now(zone).date().replace(day=1)
    found: list[str] = []
    for _ in range(MONTHS_BACK):
        found.append(f"{first:%Y-%m}")
        first = date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)
    return found
