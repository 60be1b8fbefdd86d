"""One broadcast: its figures, its buttons, and what became of each contact."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from panel import client, texts, theme
from panel.client import ApiRefused
from panel.components.grid import Action, Choice, Column, grid
from panel.formats import amount, counted, moment
from panel.screens import difusiones_form

RESULTS = {
    "pending": "PENDIENTE", "held": "EN ESPERA", "queued": "ENVIANDO", "sent": "ENVIADO", "failed": "FALLÓ",
    "skipped": "SALTEADO",
}  # fmt: skip
COLOURS = {
    "pending": theme.STATE_COLOURS["VENCIDO"],
    "held": theme.STATE_COLOURS["INCOMPLETO"],
    "queued": theme.STATE_COLOURS["EN PROCESO"],
    "sent": theme.STATE_COLOURS["COMPLETO"],
    "failed": theme.STATE_COLOURS["CANCELADO"],
    "skipped": theme.STATE_COLOURS["VENCIDO"],
}
DELIVERY = {
    "sent": "Salió",
    "delivered": "Entregado",
    "read": "Leído",
    "played": "Leído",
    "failed": "No llegó",
}
LIVE_SECONDS = 3
REFUSED = "difusiones:refused"
#: In which states which buttons are there.
BUTTONS = {
    "BORRADOR": ("start", "edit", "cancel"),
    "PROGRAMADA": ("start", "edit", "cancel"),
    "EN CURSO": ("pause", "cancel"),
    "PAUSADA": ("resume", "cancel"),
}
TITLES = {
    "start": "Empezar…",
    "edit": "Editar",
    "pause": "Pausar",
    "resume": "Seguir",
    "cancel": "Cancelar difusión",
}


def draw(broadcast_id: int) -> None:
    """Draw it."""
    if st.button("Volver a la lista", icon=":material/arrow_back:", type="tertiary"):
        st.query_params.clear()
        st.rerun()
    try:
        found = client.api().get(f"/api/broadcasts/{broadcast_id}")
    except ApiRefused as refused:
        st.error(texts.SENTENCES.get(refused.code, refused.code))
        return
    st.title(found["line"]["name"], anchor=False)
    if REFUSED in st.session_state:
        st.error(st.session_state.pop(REFUSED))
    _buttons(found)
    st.fragment(run_every=LIVE_SECONDS if found["line"]["state"] == "EN CURSO" else None)(_figures)(
        broadcast_id
    )
    _recipients(broadcast_id)


def _figures(broadcast_id: int) -> None:
    """Draw what changes while it runs."""
    found = client.api().get(f"/api/broadcasts/{broadcast_id}")
    line, zone = found["line"], found["time_zone"]
    when = f" · comienzo {moment(line['starts_at'], zone)}" if line["starts_at"] else ""
    st.markdown(f"**{line['state']}** · plantilla `{line['template']}`{when}")
    if line["note"]:
        st.warning(line["note"], icon=":material/info:")
    if line["recipients"]:
        share = line["done"] / line["recipients"]
        st.progress(
            min(share, 1.0), f"{line['done']} de {counted(line['recipients'], 'contacto', 'contactos')}"
        )
    figures = (
        ("Enviados", line["sent"]), ("Entregados", found["delivered"]), ("Leídos", found["read"]),
        ("Respondieron", found["answered"]), ("Fallidos", line["failed"]), ("Salteados", line["skipped"]),
        ("En espera", found["states"].get("held", 0)),
    )  # fmt: skip
    for column, (title, number) in zip(st.columns(len(figures)), figures, strict=True):
        column.metric(title, number)
    left_out = {why: number for why, number in found["reasons"].items() if why in difusiones_form.REASONS}
    if left_out:
        listed = ", ".join(f"{number} {difusiones_form.REASONS[why]}" for why, number in left_out.items())
        st.caption(f"No les llegó o esperan: {listed}.")


def _buttons(found: Mapping[str, Any]) -> None:
    names = BUTTONS.get(found["line"]["state"], ())
    with st.container(horizontal=True):
        for name in names:
            if st.button(
                TITLES[name], key=f"difusiones.{name}", type="primary" if name == names[0] else "secondary"
            ):
                _press(name, found)


def _press(name: str, found: Mapping[str, Any]) -> None:
    broadcast_id = found["line"]["id"]
    if name == "edit":
        st.query_params.from_dict({"difusion": str(broadcast_id), "editar": "1"})
        st.rerun()
    elif name == "start":
        _start(found)
    else:
        _confirm(name, found)


@st.dialog("Empezar la difusión")
def _start(found: Mapping[str, Any]) -> None:
    """Ask when, with the number of people and the cost before one's eyes."""
    line, zone = found["line"], found["time_zone"]
    asked = {name: found[name] for name in ("template_id", "values", "segment")}
    try:
        shown = client.api().post("/api/broadcasts/preview", asked)
    except ApiRefused as refused:
        st.error(texts.SENTENCES.get(refused.code, refused.code))
        return
    cost = shown["cost"]
    st.markdown(
        f"Se manda a **{counted(shown['count'], 'contacto', 'contactos')}**. Costo estimado: {cost['currency']} "
        f"{amount(cost['amount'])}."
    )
    later = st.radio("Cuándo", ["Ahora", "Más tarde"], horizontal=True, key="difusiones.when") == "Más tarde"
    at = None
    if later:
        soon = difusiones_form.soon(zone)
        day = st.date_input("Día", soon.date(), min_value=soon.date(), format="DD/MM/YYYY")
        at = difusiones_form.moment_of(day, st.time_input("Hora", soon.time()), zone=zone)
    title = "Programar" if later else f"Mandar a {shown['count']}"
    body = {"version": line["version"], "at": at}
    if st.button(
        title, type="primary", disabled=not shown["count"], key="difusiones.go", on_click=_call,
        args=(f"/api/broadcasts/{line['id']}/start", body),
    ):  # fmt: skip
        st.rerun()


@st.dialog("¿Seguro?")
def _confirm(name: str, found: Mapping[str, Any]) -> None:
    line = found["line"]
    left = line["recipients"] - line["done"]
    sentences = {
        "pause": f"Quedan {counted(left, 'contacto', 'contactos')} sin mandar. La podés seguir cuando quieras.",
        "resume": f"Sigue con {counted(left, 'contacto', 'contactos')}.",
        "cancel": "No se manda a nadie más y no se puede retomar. Lo que ya salió, salió.",
    }
    st.text(sentences[name])
    path = f"/api/broadcasts/{line['id']}/{name}"
    if st.button(TITLES[name], type="primary", key="difusiones.confirm", on_click=_call, args=(path, None)):
        st.rerun()


def _call(path: str, body: Any) -> None:
    """Do it before the screen is drawn anew; what is refused is said above it."""
    try:
        client.api().post(path, body)
    except ApiRefused as refused:
        st.session_state[REFUSED] = texts.SENTENCES.get(refused.code, refused.code)


def _recipients(broadcast_id: int) -> None:
    grid(
        f"difusion-{broadcast_id}",
        url=f"/api/broadcasts/{broadcast_id}/recipients",
        title="Contactos",
        nouns=("contacto", "contactos"),
        default_sort="id",
        columns=(
            Column(key="name", title="Nombre", width=170, grow=2, card="a1"),
            Column(key="phone", title="Celular", kind="phone", width=160, card="b1"),
            Column(
                key="state", title="Resultado", kind="state", width=130, filter="one", card="a2",
                choices=tuple(Choice(value=key, title=title) for key, title in RESULTS.items()),
            ),
            Column(
                key="delivery", title="Entrega", kind="choice", width=110, card="b2", blank="–",
                choices=tuple(Choice(value=key, title=title) for key, title in DELIVERY.items()),
            ),
            Column(
                key="reason", title="Motivo", kind="choice", width=170, grow=1, card="c1",
                choices=tuple(Choice(value=key, title=title) for key, title in difusiones_form.REASONS.items()),
            ),
            Column(key="detail", title="Qué dijo WhatsApp", width=180, grow=2, priority=2),
            Column(key="at", title="Cuándo", kind="date", width=150, priority=2, card="c2"),
        ),
        actions=(
            Action(key="chat", title="Ver conversación", icon="chat", href="/comunicaciones?contacto={contact_id}"),
            Action(
                key="csv", title="EXPORTAR", place="toolbar", icon="download", download=True,
                href=f"/api/broadcasts/{broadcast_id}/export.csv",
            ),
        ),
        open_param="fila",
        empty="Todavía no hay resultados: aparecen cuando empieza.",
        palette=COLOURS,
    )  # fmt: skip
