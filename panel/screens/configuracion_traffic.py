"""Configuración → Mensajes: what came in, went out and got stuck, and the button that tries it again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from panel import client, texts
from panel.components.grid import Action, Choice, Column, Tab, grid
from panel.form import escaped
from panel.formats import counted

URL = "/api/traffic"
MOST = 100
DONE = "configuracion.traffic.done"
SHOWN_REASONS = 5
#: Lists by their key in the API, and what an empty one says.
LISTS = {
    "send": ("Envíos fallados", "No hay envíos fallados."),
    "turn": ("Sin respuesta", "El asistente respondió todo."),
    "waiting": ("Por salir", "No hay nada por salir."),
    "file": ("Archivos", "No se perdió ningún archivo."),
    "bad": ("Ilegibles", "WhatsApp no mandó nada ilegible."),
    "in": ("Entrada", "Todavía no llegó ningún mensaje."),
    "out": ("Salida", "Todavía no salió ningún mensaje."),
}
STATES = {
    "due": "Espera al asistente",
    "in_turn": "Se está respondiendo",
    "answered": "Respondido",
    "left": "Para una persona",
    "held": "Espera otra respuesta",
    "no_turn": "Solo guardado",
    "queued": "En cola",
    "released": "Saliendo",
    "uncertain": "Sin confirmar",
    "accepted": "Aceptado",
    "discarded": "Descartado",
    "failed": "Falló",
    "sent": "Enviado",
    "delivered": "Entregado",
    "read": "Leído",
    "played": "Escuchado",
    "refused": "Rechazado",
    "kept": "Guardado",
}
KINDS = {
    "text": "Texto",
    "image": "Imagen",
    "audio": "Audio",
    "video": "Video",
    "document": "Documento",
    "sticker": "Sticker",
    "location": "Ubicación",
    "contacts": "Contactos",
    "tap": "Botón",
    "template": "Plantilla",
    "reaction": "Reacción",
    "cart": "Carrito",
    "call": "Llamada",
    "unsupported": "No admitido",
    "unknown": "Desconocido",
}
FIGURES = {
    "received": "Recibidos hoy",
    "processed": "Procesados hoy",
    "sent": "Enviados hoy",
    "delivered": "Entregados hoy",
    "failed": "Fallados hoy",
}


def draw() -> None:
    """Draw figures, silences and the lists."""
    found = client.api().get(URL)
    if said := st.session_state.pop(DONE, ""):
        st.toast(said)
    _figures(found)
    for sentence in sentences(found):
        st.caption(escaped(sentence))
    event = grid(
        "mensajes",
        url=f"{URL}/list",
        nouns=("línea", "líneas"),
        default_sort="-at",
        columns=columns(),
        tabs=tabs(),
        actions=actions(),
        open_param="mensaje",
        time_zone=found["time_zone"],
    )
    if event is None or not event.ids:
        return
    if event.action == "replay":
        ask_to_replay([str(each) for each in event.ids])
    elif event.action == "raw":
        show_raw(str(event.ids[0]).partition("-")[2])


def _figures(found: Mapping[str, Any]) -> None:
    for place, (name, title) in zip(st.columns(len(FIGURES)), FIGURES.items(), strict=True):
        place.metric(
            title,
            whole(found["today"][name]),
            f"{whole(found['lately'][name])} en {found['days']} días",
            delta_color="off",
            delta_arrow="off",
        )


def sentences(found: Mapping[str, Any]) -> list[str]:
    """Say what waits, and when nothing came."""
    zone = ZoneInfo(found["time_zone"])
    said = [
        f"Esperan al asistente: {whole(found['due'])}. Contactos con algo sin leer: {whole(found['unread'])}."
    ]
    if oldest := found["unanswered"]:
        minutes = int((_at(found["at"], zone) - _at(oldest["since"], zone)).total_seconds() // 60)
        who = oldest["name"] or oldest["phone"]
        said.append(
            f"El mensaje más viejo sin responder es de {who}: {counted(minutes, 'minuto', 'minutos')}."
        )
    for gap in found["gaps"]:
        since, until = _at(gap["since"], zone), _at(gap["until"], zone)
        said.append(
            f"Sin mensajes en horario de atención: el {since:%d/%m/%Y} de {since:%H:%M} a {until:%H:%M}."
        )
    usual = f"{found['an_hour']:g}".replace(".", ",")
    said.append(
        f"En los últimos {found['days']} días llegaron, en promedio, {usual} mensajes por hora de atención."
    )
    return said


def columns() -> list[Column]:
    """Build the columns."""
    return [
        Column(key="at", title="Fecha y hora", kind="date", width=126, card="a1"),
        Column(key="name", title="Contacto", width=120, grow=1, card="b1"),
        Column(key="phone", title="Celular", kind="phone", width=136, priority=2, card="b2"),
        Column(
            key="what",
            title="Qué",
            kind="choice",
            width=90,
            grow=1,
            choices=_choices(KINDS),
            card="c2",
            priority=2,
        ),
        Column(key="state", title="Estado", kind="choice", width=120, choices=_choices(STATES), card="a2"),
        Column(key="reason", title="Motivo y qué hacer", width=260, grow=4, card="c1"),
        Column(key="code", title="Código", width=70, priority=3),
    ]


def tabs() -> list[Tab]:
    """Build a tab for each list."""
    return [
        Tab(key=key, title=title, params={"kind": key}, empty=empty) for key, (title, empty) in LISTS.items()
    ]


def actions() -> tuple[Action, ...]:
    """Build the buttons."""
    return (
        Action(key="replay", title="Volver a intentar", place="bulk", icon="refresh", when="may_replay"),
        Action(key="replay", title="Volver a intentar", icon="refresh", when="may_replay"),
        Action(
            key="chat",
            title="Ver conversación",
            icon="chat",
            href="/conversacion?contacto={contact_id}",
            when="contact_id",
        ),
        Action(key="raw", title="Ver lo que llegó", icon="search", when="is_raw"),
    )


@st.dialog("Volver a intentar")
def ask_to_replay(ids: Sequence[str]) -> None:
    """Ask, try, and say which were not tried and why."""
    if len(ids) > MOST:
        st.text(f"Se pueden volver a intentar hasta {MOST} a la vez. Elegiste {len(ids)}.")
        return
    st.text(
        f"Se {'vuelve' if len(ids) == 1 else 'vuelven'} a intentar {counted(len(ids), 'línea', 'líneas')}. "
        "Un mensaje sale como uno nuevo; uno del asistente se le vuelve a preguntar."
    )
    if not st.button("Volver a intentar", type="primary"):
        return
    answer = client.api().post(f"{URL}/replay", {"ids": list(ids)})
    if not answer["refused"]:
        st.session_state[DONE] = f"Se volvió a intentar: {len(answer['done'])}."
        st.rerun()
    st.text(f"Se volvió a intentar: {len(answer['done'])}. No se pudo: {len(answer['refused'])}.")
    for code in sorted({each["code"] for each in answer["refused"]}):
        number = sum(each["code"] == code for each in answer["refused"])
        st.text(f"{number} × {texts.sentence(code)}")


@st.dialog("Lo que llegó", width="large")
def show_raw(number: str) -> None:
    """Show a part of a webhook; who looks is in the log."""
    found = client.api().get(f"{URL}/bad-items/{number}")
    st.caption("Puede tener datos personales. Quedó anotado en el registro que lo viste.")
    st.text(found["reason"])
    st.code(found["raw"], language="json", wrap_lines=True)


def whole(number: int) -> str:
    """«12.450»."""
    return f"{number:,}".replace(",", ".")


def _choices(words: Mapping[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(value=value, title=title) for value, title in words.items())


def _at(value: str, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(value).astimezone(zone)
