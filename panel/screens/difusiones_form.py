"""The form of a broadcast: template, what fills it, whom it is for; and what it would look like and cost."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from panel import client, texts
from panel.client import ApiRefused
from panel.form import escaped
from panel.formats import amount, counted

STATES = (
    "INCOMPLETO", "COMPLETO", "EN PROCESO", "FACTURADO", "CANCELADO", "RESUELTO", "NO CONTESTA", "VENCIDO",
)  # fmt: skip
KINDS = {"": "Todos", "PEDIDO": "PEDIDO", "AYUDA": "AYUDA"}
CATEGORIES = {"marketing": "promoción", "utility": "aviso", "authentication": "verificación"}
REASONS = {
    "blocked": "bloqueados", "opted_out": "pidieron no recibir", "unreachable": "sin celular",
    "never_wrote": "nunca escribieron", "deleted": "eliminados", "attended": "atendidos por una persona",
    "values": "el texto no entra", "cancelled": "se canceló antes",
}  # fmt: skip
KEY = "difusiones.form"


def draw(broadcast_id: int | None) -> None:
    """Draw the form of a new broadcast, or of one that has not begun."""
    st.title("Nueva difusión" if broadcast_id is None else "Editar difusión", anchor=False)
    _back()
    templates = _templates()
    there = client.api().get(f"/api/broadcasts/{broadcast_id}") if broadcast_id else None
    if not templates:
        st.info(
            "No hay plantillas que se puedan mandar. Se crean y se aprueban en WhatsApp Manager; acá aparecen solas "
            "a los pocos minutos.",
            icon=":material/description:",
        )  # fmt: skip
        return
    left, right = st.columns([3, 2], gap="large")
    with left:
        wish = _fields(templates, there)
    with right:
        _preview(wish, templates)
    _save(broadcast_id, wish, there)


def _back() -> None:
    if st.button("Volver a la lista", icon=":material/arrow_back:", type="tertiary"):
        st.query_params.clear()
        st.rerun()


def _templates() -> dict[int, Mapping[str, Any]]:
    """What can be sent now; with a button to ask WhatsApp again."""
    if st.button("Actualizar plantillas", icon=":material/sync:", type="tertiary"):
        try:
            client.api().post("/api/templates/refresh")
        except ApiRefused as refused:
            st.error(texts.SENTENCES.get(refused.code, refused.code))
    rows = client.api().get("/api/templates")
    return {row["id"]: row for row in rows if row["status"] == "APPROVED" and not row["unsupported"]}


def _fields(templates: Mapping[int, Mapping[str, Any]], there: Mapping[str, Any] | None) -> dict[str, Any]:
    name = st.text_input(
        "Nombre", there["line"]["name"] if there else "", max_chars=80, key=f"{KEY}.name",
        help="Solo se ve en el panel.",
    )  # fmt: skip
    ids = list(templates)
    first = ids.index(there["template_id"]) if there and there["template_id"] in templates else 0
    template_id = st.selectbox(
        "Plantilla", ids, index=first, key=f"{KEY}.template",
        format_func=lambda each: f"{templates[each]['name']} ({templates[each]['language']})",
    )  # fmt: skip
    template = templates[template_id]
    before = there["values"] if there and there["template_id"] == template_id else []
    values = [
        st.text_input(
            f"Dato {{{{{variable}}}}}", before[place] if place < len(before) else "",
            key=f"{KEY}.{template_id}.{variable}", placeholder="{{nombre}}",
            help="Podés usar {{nombre}} o {{primer_nombre}}: a cada contacto le llega el suyo.",
        )
        for place, variable in enumerate(template["variables"])
    ]  # fmt: skip
    return {"name": name, "template_id": template_id, "values": values, "segment": _segment(there)}


def _segment(there: Mapping[str, Any] | None) -> dict[str, Any]:
    """Whom it is for; what is left empty lets everybody in."""
    before = there["segment"] if there else {}
    st.markdown("**A quiénes**")
    st.caption("Sin ningún filtro, a todos los contactos que escribieron alguna vez.")
    states = st.multiselect(
        "Estado de su último pedido",
        STATES,
        before.get("states", []),
        key=f"{KEY}.states",
        placeholder="Cualquiera",
    )
    kind = st.selectbox(
        "Tipo de su último pedido", [*KINDS], [*KINDS].index(before.get("kind", "")), key=f"{KEY}.kind",
        format_func=lambda each: KINDS[each],
    )  # fmt: skip
    branches = {row["id"]: row["name"] for row in client.api().get("/api/catalogue/branches")["rows"]}
    chosen = st.multiselect(
        "Sucursal de su último pedido", list(branches),
        [each for each in before.get("branch_ids", []) if each in branches], format_func=lambda each: branches[each],
        key=f"{KEY}.branches", placeholder="Cualquiera",
    )  # fmt: skip
    since, until = st.columns(2)
    first = since.date_input(
        "Escribió por última vez desde",
        before.get("last_inbound_from"),
        format="DD/MM/YYYY",
        key=f"{KEY}.since",
    )
    last = until.date_input(
        "… y antes del", before.get("last_inbound_before"), format="DD/MM/YYYY", key=f"{KEY}.until"
    )
    segment: dict[str, Any] = {
        "states": states,
        "kind": kind,
        "branch_ids": chosen,
        "custom": _custom(before),
    }
    segment["last_inbound_from"] = first.isoformat() if first else None
    segment["last_inbound_before"] = last.isoformat() if last else None
    return {name: value for name, value in segment.items() if value}


def _custom(before: Mapping[str, Any]) -> dict[str, str]:
    fields = client.api().get("/api/company/settings").get("order_fields", [])
    typed = {
        field["key"]: st.text_input(
            field["title"], before.get("custom", {}).get(field["key"], ""), key=f"{KEY}.custom.{field['key']}",
            placeholder="Cualquiera",
        )
        for field in fields
    }  # fmt: skip
    return {key: value.strip() for key, value in typed.items() if value.strip()}


def _preview(wish: Mapping[str, Any], templates: Mapping[int, Mapping[str, Any]]) -> None:
    """Show how it reads, how many would get it and what it would cost."""
    template = templates[wish["template_id"]]
    st.markdown("**Vista previa**")
    try:
        shown = client.api().post("/api/broadcasts/preview", _asked(wish))
    except ApiRefused as refused:
        with st.container(border=True):
            st.text(template["body"])
        if refused.code == "template_values_wrong":
            st.caption("Completá los datos de la plantilla para ver a cuántos llega y cuánto cuesta.")
        else:
            st.error(texts.SENTENCES.get(refused.code, refused.code))
        return
    with st.container(border=True):
        st.text(shown["sample"][0] if shown["sample"] else template["body"])
        for title in template["buttons"]:
            st.button(title, disabled=True, key=f"{KEY}.shown.{title}")
    price = shown["cost"]
    st.metric("Les llega a", counted(shown["count"], "contacto", "contactos"))
    st.caption(
        f"Costo estimado: {price['currency']} {amount(price['amount'])} · plantilla de "
        f"{CATEGORIES.get(template['category'], template['category'])}"
    )
    if shown["skipped"]:
        listed = ", ".join(f"{number} {REASONS.get(why, why)}" for why, number in shown["skipped"].items())
        st.caption(f"No les llega a: {listed}.")


def _asked(wish: Mapping[str, Any]) -> dict[str, Any]:
    return {name: wish[name] for name in ("template_id", "values", "segment")}


def _save(broadcast_id: int | None, wish: Mapping[str, Any], there: Mapping[str, Any] | None) -> None:
    if not st.button("Guardar", type="primary", key=f"{KEY}.save"):
        return
    try:
        if broadcast_id is None:
            broadcast_id = client.api().post("/api/broadcasts", dict(wish))["id"]
        else:
            version = there["line"]["version"] if there else 0
            client.api().patch(f"/api/broadcasts/{broadcast_id}", {**wish, "version": version})
    except ApiRefused as refused:
        wrong = [
            f"{_title(name)}: {texts.SENTENCES.get(code, code)}" for name, code in refused.fields.items()
        ]
        st.error(escaped("\n\n".join(wrong) or texts.SENTENCES.get(refused.code, refused.code)))
        return
    st.query_params.from_dict({"difusion": str(broadcast_id)})
    st.rerun()


def _title(field: str) -> str:
    names = {"name": "Nombre", "template_id": "Plantilla", "segment": "A quiénes"}
    start, _, rest = field.partition(".")
    return f"Dato {{{{{rest}}}}}" if start == "values" and rest else names.get(start, field)


def moment_of(day: Any, hour: time, *, zone: str) -> str:
    """Return the moment that was chosen, in the company's time."""
    return datetime.combine(day, hour, ZoneInfo(zone)).isoformat()


def soon(zone: str) -> datetime:
    """Suggest the next full hour."""
    now = datetime.now(ZoneInfo(zone)) + timedelta(hours=1)
    return now.replace(minute=0, second=0, microsecond=0)
