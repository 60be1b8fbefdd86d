"""Configuración → Textos: what customers are told when their order changes its state."""

from typing import Any

import streamlit as st

from panel import client
from panel.client import ApiRefused
from panel.form import Form

#: As the manual writes them, and what each means to the customer.
STATES = {
    "EN PROCESO": "cuando un operador empieza a atenderlo",
    "FACTURADO": "cuando se concretó la venta",
    "CANCELADO": "cuando un operador lo cancela",
    "RESUELTO": "cuando se respondió la consulta",
    "NO CONTESTA": "cuando no se lo pudo contactar",
    "VENCIDO": "cuando vence",
}
LONGEST = 1000
NOT_FOUND = 404
NAME = "state_messages"


def draw(form: Form) -> None:
    """Draw a text for each state, and a template for when the window is closed."""
    st.markdown("**Avisos al cliente por estado**")
    st.caption(
        "Se manda una vez por cada cambio de estado; sin texto no se manda nada. "
        "Podés usar {{nombre}}, {{pedido}}, {{total}} y {{sucursal}}."
    )
    templates = _templates()
    before = form.values.get(NAME) or {}
    wished = {}
    for state, meaning in STATES.items():
        was = before.get(state) or {"text": "", "template_id": None}
        now = _one(form, state=state, meaning=meaning, was=was, templates=templates)
        form.raw |= {f"{NAME}.{state}.{part}": value for part, value in now.items() if value != was.get(part)}
        if now["text"].strip():
            wished[state] = now
    if wished != before:
        form.typed[NAME] = wished


def _one(
    form: Form, *, state: str, meaning: str, was: dict[str, Any], templates: dict[int, str]
) -> dict[str, Any]:
    part = f"{NAME}.{state}"
    text = st.text_area(
        f"{state}: {meaning}", form.begin(f"{part}.text", was["text"], str), key=f"{form.key}.{part}.text",
        height=80, max_chars=LONGEST, placeholder="Sin aviso",
    )  # fmt: skip
    form.slot(part)
    chosen = form.begin(f"{part}.template_id", was.get("template_id"), int)
    if not templates:
        return {"text": text, "template_id": chosen}
    options = [None, *dict.fromkeys([*templates, *([chosen] if chosen else [])])]
    template_id = st.selectbox(
        f"Plantilla para {state} con la ventana cerrada", options, index=options.index(chosen),
        format_func=lambda each: templates.get(each, f"Plantilla {each}") if each else "Ninguna: no se avisa",
        key=f"{form.key}.{part}.template_id",
        help="Pasadas 24 h sin mensajes del cliente, WhatsApp solo deja mandar una plantilla aprobada. "
        "Sus variables se llenan en este orden: nombre, pedido, total, sucursal.",
    )  # fmt: skip
    return {"text": text, "template_id": template_id}


def _templates() -> dict[int, str]:
    """Return the approved templates by id; none where there are no templates yet."""
    try:
        found = client.api().get("/api/templates")
    except ApiRefused as refused:
        if refused.status == NOT_FOUND:
            return {}
        raise
    return {each["id"]: each["name"] for each in found if each["status"] == "APPROVED"}
