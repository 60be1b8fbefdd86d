"""Products from a file: what it would change is shown first, then exactly that is done."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from panel import client, texts
from panel.form import escaped
from panel.formats import amount, counted
from panel.screens import catalogo_forms

MEGABYTES = 5
PREVIEW, APPLY = "/api/catalogue/products/import/preview", "/api/catalogue/products/import"
COLUMNS = "Código · Nombre · Descripción · Categoría · Unidad · Precio · Otros nombres · Disponible"
FIELDS = {
    "name": "Nombre", "size": "Descripción", "category_id": "Categoría", "unit": "Unidad", "price": "Precio",
    "aliases": "Otros nombres", "available": "Disponible", "active": "En el catálogo",
}  # fmt: skip
_SHORT, _TALL = 6, 280  # rows, px
_REVIEW = "catalogo.import.review"


def show() -> None:
    """Draw the window, if it is open."""
    form, _ = catalogo_forms.opened()
    if form == "import":
        st.dialog("Importar productos", dismissible=False, width="medium")(_window)()


def _window() -> None:
    st.caption(
        f"Un CSV con estas columnas: {COLUMNS}. La forma más fácil: exportá, cambiá la planilla y subila acá. "
        "Con «Código» y lo que cambia alcanza. Lo que no está en el archivo no se toca."
    )
    file = st.file_uploader(
        "Archivo CSV", type=["csv", "txt"], max_upload_size=MEGABYTES, key="catalogo.import.file"
    )
    found = _preview(file.getvalue()) if file else None
    if found:
        _draw(found)
    can_apply = bool(found and not found["refused_count"] and (found["new_count"] or found["changed_count"]))
    confirm, back, _ = st.columns([2, 1, 3])
    label = _label(found) if found and can_apply else "Importar"
    if confirm.button(label, type="primary", disabled=not can_apply, width="stretch") and file and found:
        _apply(file.getvalue(), found["digest"])
    if back.button("Volver", width="stretch"):
        st.session_state.pop(_REVIEW, None)
        catalogo_forms.close()


def _preview(raw: bytes) -> Mapping[str, Any] | None:
    try:
        preview: Mapping[str, Any] | None = client.api().upload(PREVIEW, raw)
    except client.ApiRefused as refused:
        st.error(_reason(refused))
        preview = None
    return preview


def _apply(raw: bytes, digest: str) -> None:
    try:
        done = client.api().upload(APPLY, raw, digest=digest)
    except client.ApiRefused as refused:
        st.error(_reason(refused))
        return
    new, changed = _new(done["new_count"]), _changed(done["changed_count"])
    catalogo_forms.close(f"Importación lista: {new}, {changed}.")


def _label(found: Mapping[str, Any]) -> str:
    parts = []
    if found["new_count"]:
        parts.append(f"agregar {found['new_count']}")
    if found["changed_count"]:
        parts.append(f"cambiar {found['changed_count']}")
    return " y ".join(parts).capitalize()


def _draw(found: Mapping[str, Any]) -> None:
    """Draw the preview: refused lines first, for with one of them nothing is imported."""
    counts = (
        _new(found["new_count"]),
        _changed(found["changed_count"]),
        f"{found['unchanged_count']} sin cambios",
    )
    st.markdown(f"**{' · '.join(counts)}** · leído como {found['encoding']}")
    if found["refused_count"]:
        lines = counted(found["refused_count"], "dato para corregir", "datos para corregir")
        st.error(f"{lines}. No se importa nada hasta que estén bien.")
        _table([
            {"Línea": each["line"], "Código": each["code"], "Columna": each["column"], "Dice": each["value"],
             "Problema": texts.sentence(each["reason"])}
            for each in found["refused"]
        ])  # fmt: skip
    elif not found["new_count"] and not found["changed_count"]:
        st.info("El archivo dice lo mismo que el catálogo: no hay nada para importar.")
    if found["alike"]:
        st.warning("El asistente no va a poder distinguir algunos productos por su nombre:")
        _table([
            {"Línea": each["line"], "Se confunde con": ", ".join(each["taken_for"]) or "no lo encuentra por ese nombre"}
            for each in found["alike"]
        ])  # fmt: skip
    if found["changed"]:
        st.markdown("**Cambian**")
        _table([
            {"Línea": each["line"], "Código": each["code"], "Producto": each["name"], "Dato": FIELDS.get(name, name),
             "Antes": _said(name, before), "Ahora": _said(name, now)}
            for each in found["changed"]
            for name, (before, now) in each["changes"].items()
        ])  # fmt: skip
    if found["new"]:
        st.markdown("**Nuevos**")
        _table([
            {"Línea": each["line"], "Código": each["code"], "Producto": each["name"], "Precio": amount(each["price"])}
            for each in found["new"]
        ])  # fmt: skip


def _table(rows: list[dict[str, Any]]) -> None:
    shown = [{title: _plain(value) for title, value in row.items()} for row in rows]
    st.table(shown, hide_index=True, border="horizontal", height="content" if len(rows) <= _SHORT else _TALL)


def _plain(value: Any) -> Any:
    return escaped(value) if isinstance(value, str) else str(value)


def _said(name: str, value: Any) -> str:
    match value:
        case bool():
            return "sí" if value else "no"
        case list():
            return " | ".join(value)
        case _ if name == "price":
            return amount(value)
        case _:
            return str(value)


def _reason(refused: client.ApiRefused) -> str:
    """Say why a file was refused, with its line and what is expected."""
    sentence = texts.sentence(refused.code)
    line = refused.detail.get("line")
    if refused.code == "file_columns":
        unknown, missing = refused.detail.get("unknown") or (), refused.detail.get("missing") or ()
        if unknown:
            sentence += " No conozco: " + ", ".join(f"«{escaped(title)}»" for title in unknown) + "."
        if missing:
            sentence += " Falta: " + ", ".join(f"«{title}»" for title in missing) + "."
    if refused.code == "line_columns":
        expected, seen = refused.detail["expected"], refused.detail["seen"]
        sentence += (
            f" Tiene {seen} datos y las columnas son {expected}: si hay una coma decimal, va entre comillas."
        )
    return f"Línea {line}: {sentence}" if line else sentence


def _new(count: int) -> str:
    return counted(count, "nuevo", "nuevos")


def _changed(count: int) -> str:
    return counted(count, "con cambios", "con cambios")
