"""Registro de auditoría: who did what, when and from where, in words; newest first."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from panel import client
from panel.form import escaped
from panel.formats import amount, counted

AFTER = "configuracion.log.after"
#: What is noted, as people say it. A code without words is shown as it is.
ACTIONS = {
    "signed_in": "Entró",
    "signed_out": "Salió",
    "sign_in_refused": "Intento de entrar rechazado",
    "shift_ended": "Terminó su plan de trabajo",
    "password_changed": "Cambió su contraseña",
    "password_reset": "Restableció una contraseña",
    "user_created": "Agregó un usuario",
    "user_changed": "Cambió un usuario",
    "user_deleted": "Eliminó un usuario",
    "conversation_viewed": "Vio una conversación",
    "order_exported": "Exportó un pedido",
    "orders_exported": "Exportó pedidos",
    "contact_renamed": "Cambió el nombre de un contacto",
    "contact_blocked": "Bloqueó un contacto",
    "contact_unblocked": "Desbloqueó un contacto",
    "contact_deleted": "Eliminó un contacto",
    "contacts_exported": "Exportó contactos",
    "person_exported": "Exportó los datos de una persona",
    "product_created": "Agregó un producto",
    "product_changed": "Cambió un producto",
    "product_sold_out": "Marcó «agotado hoy»",
    "product_restocked": "Volvió a ofrecer un producto",
    "products_imported": "Importó productos",
    "products_exported": "Exportó productos",
    "category_created": "Agregó una categoría",
    "category_changed": "Cambió una categoría",
    "category_deleted": "Eliminó una categoría",
    "branch_created": "Agregó una sucursal",
    "branch_changed": "Cambió una sucursal",
    "zone_created": "Agregó una zona de envío",
    "zone_changed": "Cambió una zona de envío",
    "payment_method_created": "Agregó un medio de pago",
    "payment_method_changed": "Cambió un medio de pago",
    "holiday_created": "Agregó un feriado",
    "holiday_deleted": "Quitó un feriado",
    "canned_reply_created": "Agregó una respuesta rápida",
    "canned_reply_changed": "Cambió una respuesta rápida",
    "canned_reply_deleted": "Eliminó una respuesta rápida",
    "settings_changed": "Cambió la configuración",
    "broadcast_created": "Escribió una difusión",
    "broadcast_changed": "Cambió una difusión",
    "broadcast_started": "Empezó una difusión",
    "broadcast_scheduled": "Programó una difusión",
    "broadcast_paused": "Pausó una difusión",
    "broadcast_resumed": "Siguió una difusión",
    "broadcast_cancelled": "Canceló una difusión",
    "broadcast_exported": "Exportó los resultados de una difusión",
    "costs_exported": "Exportó los costos",
    "messages_replayed": "Volvió a intentar mensajes",
    "bad_item_viewed": "Vio un aviso ilegible de WhatsApp",
}
SUBJECTS = {
    "order": "Pedido", "contact": "Contacto", "user": "Usuario", "product": "Producto",
    "products": "Productos", "category": "Categoría", "branch": "Sucursal", "zone": "Zona",
    "payment_method": "Medio de pago", "holiday": "Feriado", "settings": "Configuración",
    "orders": "Pedidos", "contacts": "Contactos", "bad_item": "Aviso",
    "canned_reply": "Respuesta rápida", "broadcast": "Difusión",
}  # fmt: skip
FIELDS = {
    "device": "dispositivo", "role": "tipo", "enabled": "estado", "email": "email", "shift": "plan de trabajo",
    "branch_ids": "sucursales", "orders": "pedidos", "period": "período", "format": "formato",
    "filters": "filtros", "because": "motivo", "tab": "vista", "state": "estado", "branch": "sucursal", "kind": "tipo",
    "operator": "operador", "sort": "orden", "created_from": "desde", "created_to": "hasta",
    "name": "nombre", "code": "código", "shortcut": "atajo", "size": "descripción", "price": "precio", "unit": "unidad",
    "category_id": "categoría", "aliases": "otros nombres", "available": "disponible", "active": "activo",
    "address": "dirección", "place": "localidad", "phone": "teléfono", "latitude": "latitud",
    "longitude": "longitud", "hours": "horario", "position": "lugar", "branch_id": "sucursal",
    "places": "barrios", "fee": "envío", "minimum": "mínimo", "text": "texto", "is_cash": "efectivo",
    "company_name": "nombre", "time_zone": "zona horaria", "order_expiry_hours": "horas de vencimiento",
    "overtime_minutes": "minutos extra", "plan_allowance": "mensajes del plan",
    "plan_at_zero": "al terminarse", "text_outside_hours": "texto fuera de horario",
    "away_notice": "aviso fuera de horario", "answer_alert_minutes": "minutos de alerta",
    "state_messages": "avisos por estado", "order_fields": "datos de pedidos",
    "courtesies": "cortesías", "count": "cantidad",
    "new_count": "nuevos", "changed_count": "con cambios", "unchanged_count": "sin cambios",
}  # fmt: skip
VALUES = {
    "month": "último mes", "all": "todos", "shift": "fin del plan de trabajo", "disabled": "deshabilitado",
    "deleted": "eliminado",
}  # fmt: skip
_MONEY = frozenset({"price", "fee", "minimum"})
_LONGEST = 60


def draw() -> None:
    """Draw the filters and a page of the log."""
    what, when = st.columns([2, 1])
    action = what.selectbox(
        "Qué", list(ACTIONS), index=None, format_func=lambda code: ACTIONS[code], placeholder="Todo",
        key="configuracion.log.action", on_change=_to_the_top,
    )  # fmt: skip
    no_days: Any = ()  # an empty range, which its type does not know
    days = when.date_input(
        "Cuándo", no_days, format="DD/MM/YYYY", key="configuracion.log.days", on_change=_to_the_top
    )
    api = client.api()
    zone = ZoneInfo(api.get("/api/company")["time_zone"])
    found = api.get(
        "/api/audit",
        action=action,
        at_from=days[0].isoformat() if days else None,
        at_to=days[-1].isoformat() if days else None,
        after=st.session_state.get(AFTER),
    )
    if not found["rows"]:
        st.info("No hay movimientos así. Probá con otros filtros.")
        return
    more = "más de " if found["total_is_capped"] else ""
    st.caption(f"{more}{counted(found['total'], 'movimiento', 'movimientos')}")
    st.table([line(row, zone) for row in found["rows"]], hide_index=True, border="horizontal")
    _pages(found["next"])


def line(row: Mapping[str, Any], zone: ZoneInfo) -> dict[str, str]:
    """Say a row in words; what people wrote is no markup."""
    at = datetime.fromisoformat(row["at"]).astimezone(zone)
    return {
        "Fecha y hora": f"{at:%d/%m/%Y %H:%M}",
        "Quién": escaped(row["operator"] or "—"),
        "Qué": escaped(ACTIONS.get(row["action"], row["action"])),
        "Sobre": escaped(subject(row["subject"])),
        "Detalle": escaped(
            details({"changed": row["detail"]} if row["action"] == "user_changed" else row["detail"])
        ),
        "Desde": escaped(row["address"]),
    }


def subject(told: str) -> str:
    """«product 12» is «Producto 12»."""
    kind, _, which = told.partition(" ")
    return f"{SUBJECTS.get(kind, kind)} {which}".strip()


def details(told: Mapping[str, Any]) -> str:
    """Say what changed: «precio: 5.200,00 → 5.400,00»."""
    changed = told.get("changed")
    rest = {name: value for name, value in told.items() if name != "changed" or not isinstance(changed, dict)}
    parts = [f"{FIELDS.get(name, name)}: {_said(name, value)}" for name, value in rest.items()]
    if isinstance(changed, dict):
        parts += [_change(name, pair) for name, pair in changed.items()]
    return " · ".join(parts)


def _change(name: str, pair: Sequence[Any]) -> str:
    """Of what is private only that it changed is noted."""
    title = FIELDS.get(name, name)
    before, now = (_said(name, value) for value in pair or ("", ""))
    return f"{title}: {before} → {now}" if before != now else title


def _said(name: str, value: Any) -> str:
    match value:
        case None | "" | []:
            return "—"
        case bool():
            return "sí" if value else "no"
        case float():
            return f"{value:g}"
        case list():
            return _short(", ".join(FIELDS.get(str(each), _said("", each)) for each in value))
        case str() if value in VALUES:
            return VALUES[value]
        case dict():
            return str(value.get("title") or "…")
        case _ if name in _MONEY:
            return amount(value)
        case _:
            return _short(str(value))


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _pages(following: str | None) -> None:
    newest, older, _ = st.columns([1, 1, 3])
    if st.session_state.get(AFTER) and newest.button("Los más nuevos", width="stretch"):
        _to_the_top()
        st.rerun()
    if following and older.button("Anteriores", width="stretch"):
        st.session_state[AFTER] = following
        st.rerun()


def _to_the_top() -> None:
    st.session_state.pop(AFTER, None)
