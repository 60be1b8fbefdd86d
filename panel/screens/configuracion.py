"""Configuración: the company, its texts, the plan, and the log of who did what. Administrators only."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from panel import client
from panel.drafts import Draft
from panel.form import Form
from panel.formats import moment
from panel.screens import (
    configuracion_costs,
    configuracion_log,
    configuracion_messages,
    configuracion_plan,
    configuracion_traffic,
)

PAGE = "/api/company/settings"
MOST_FIELDS = 12
SAVED = "configuracion.saved"
ZONES = (
    "America/Argentina/Buenos_Aires", "America/Argentina/Cordoba", "America/Argentina/Mendoza",
    "America/Argentina/Salta", "America/Argentina/Ushuaia", "America/Montevideo", "America/Asuncion",
    "America/Santiago", "America/La_Paz", "America/Lima", "America/Bogota", "America/Mexico_City",
)  # fmt: skip
KINDS = {"text": "Texto", "number": "Número", "day": "Fecha", "check": "Sí o no"}
Page = Mapping[str, Any]


def draw() -> None:
    """Draw the screen."""
    st.title("Configuración", anchor=False)
    if st.session_state.pop(SAVED, False):
        st.toast("Se guardó la configuración.")
    titles = [*SECTIONS, *VIEWS]
    for tab, title in zip(st.tabs(titles, key="seccion", bind="query-params"), titles, strict=True):
        if not tab.open:
            _leave(title)
            continue
        with tab:
            if title in VIEWS:
                VIEWS[title]()
            else:
                _section(title, SECTIONS[title])


@st.fragment
def _section(title: str, fields: Callable[[Form], None]) -> None:
    """Draw the form of a section; each is saved by itself."""
    page = _page(title)
    with st.container(width=760):
        draft = Draft(_key(title))
        form = Form(_key(title), page, draft=draft)
        if draft.at:
            when = moment(draft.at, page["time_zone"])
            st.caption(f"Sigue lo que escribiste el {when}: todavía no se guardó.")
        fields(form)
        is_saved, is_left = form.buttons(back="Descartar")
    if is_saved and not form.changed():
        form.tell("No hay cambios para guardar.")
    elif is_saved and form.save(lambda body: client.api().patch(PAGE, body)) is not None:
        st.session_state[SAVED] = is_left = True
    if is_left:
        form.forget()
        st.session_state.pop(_kept(title), None)
        st.rerun()
    form.keep_draft()


def _page(title: str) -> Page:
    """Read the settings once, when the form is opened: what others save meanwhile is found out at saving."""
    if _kept(title) not in st.session_state:
        st.session_state[_kept(title)] = client.api().get(PAGE)
    page: Page = st.session_state[_kept(title)]
    return page


def _leave(title: str) -> None:
    """Another section is looked at: coming back, this one begins with what is there then, and with the draft."""
    st.session_state.pop(_kept(title), None)
    for name in ("draft", "sent", "notes", "version"):
        st.session_state.pop(f"{_key(title)}.{name}", None)


def _key(title: str) -> str:
    return f"configuracion.{title}"


def _kept(title: str) -> str:
    return f"configuracion:{title}"


def company(form: Form) -> None:
    """Name, clock, and how long things last."""
    form.text("company_name", "Nombre de la empresa", needed=True, max_chars=60)
    zones = dict.fromkeys((form.values["time_zone"], *ZONES))
    form.choice(
        "time_zone", "Zona horaria", {zone: zone.replace("_", " ") for zone in zones},
        help="Con este reloj empiezan los días y se escriben las horas.",
    )  # fmt: skip
    form.number(
        "order_expiry_hours", "Horas hasta que un pedido vence", whole=False, min_value=1.0, max_value=1440.0,
        placeholder=f"{form.values['default_expiry_hours']:g} (las de la instalación)",
    )  # fmt: skip
    form.number(
        "overtime_minutes", "Minutos para terminar después del plan de trabajo", min_value=0, max_value=720,
        help="El operador sigue con los pedidos que ya son suyos; después vuelven a la cola.",
    )  # fmt: skip
    form.number(
        "answer_alert_minutes", "Minutos sin respuesta hasta la alerta", min_value=1, max_value=720,
        help="Dentro del horario de atención. Primero suena para el operador; al doble, para toda la sucursal.",
    )  # fmt: skip
    st.markdown("**Datos propios de los pedidos**")
    st.caption("Aparecen en Editar. Para quitar uno borrá su título: los pedidos conservan lo cargado.")
    _order_fields(form)


def texts(form: Form) -> None:
    """What the assistant says besides."""
    form.text(
        "text_outside_hours", "Fuera de horario", lines=4, max_chars=600,
        placeholder="Si es urgente, llamanos al 11 4862-3150.",
        help="Se agrega cuando alguien pide una persona y la sucursal está cerrada.",
    )  # fmt: skip
    form.flag(
        "away_notice", "Avisar fuera de horario",
        help="Quien espera a una persona recibe, una vez, cuándo le van a responder.",
    )  # fmt: skip
    form.names(
        "courtesies", "Cortesías", lines=8,
        help="Mensajes que, después de cerrar un pedido, no abren otro. Separados con comas.",
    )  # fmt: skip
    configuracion_messages.draw(form)


def _order_fields(form: Form) -> None:
    """The company's own fields, and one empty line for the next."""
    before = form.values["order_fields"]
    wished: list[dict[str, Any]] = []
    for place, field in enumerate([*before, {"title": "", "kind": "text"}][:MOST_FIELDS]):
        title_box, kind_box = st.columns([3, 2])
        part = f"order_fields.{place}"
        key = f"{form.key}.{part}"
        with title_box:
            title = form.line(
                f"Dato {place + 1}", form.begin(f"{part}.title", field["title"], str), key=f"{key}.title", max_chars=40,
                placeholder="Nro. de remito", label_visibility="collapsed",
            )  # fmt: skip
            slot = st.empty()
        first = form.begin(f"{part}.kind", field["kind"], str)
        kind = kind_box.selectbox(
            f"Tipo del dato {place + 1}", list(KINDS), index=list(KINDS).index(first if first in KINDS else "text"),
            format_func=KINDS.__getitem__, key=f"{key}.kind", label_visibility="collapsed",
        )  # fmt: skip
        now = {f"{part}.title": title, f"{part}.kind": kind}
        was = {f"{part}.title": field["title"], f"{part}.kind": field["kind"]}
        form.raw |= {name: value for name, value in now.items() if value != was[name]}
        if title.strip():
            form.put_slot(f"order_fields.{len(wished)}", slot)
            kept = {"key": field["key"]} if "key" in field else {}
            wished.append({**kept, "title": title, "kind": kind})
    if wished != before:
        form.typed["order_fields"] = wished


SECTIONS: dict[str, Callable[[Form], None]] = {
    "Empresa": company,
    "Textos": texts,
    "Plan": configuracion_plan.draw,
}
#: What is only looked at: no form.
VIEWS: dict[str, Callable[[], None]] = {
    "Mensajes": configuracion_traffic.draw,
    "Costos": configuracion_costs.draw,
    "Registro": configuracion_log.draw,
}

draw()
