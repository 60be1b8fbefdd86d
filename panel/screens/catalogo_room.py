"""Says what the lists of WhatsApp have no room for, above the list it is about."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from panel.form import escaped

#: By section: which names of the API's `left_out`, and what to do about them. Products need nothing: «Ver más».
WARNINGS = {
    "Categorías": (
        "categories",
        (
            "La lista de WhatsApp muestra 10 categorías, o 9 cuando además ofrece repetir el último pedido. Puede "
            "quedar afuera: {names}. Juntá categorías, o poné primero las que más se piden con «Lugar en la lista». "
            "Quien escribe un producto lo encuentra igual."
        ),
    ),
    "Sucursales": (
        "branches",
        (
            "La lista de WhatsApp muestra 10 sucursales. Queda afuera: {names}. Poné primero las que más se usan con "
            "«Lugar en la lista»; quien comparte su ubicación ve las 10 más cercanas, y quien escribe el nombre de "
            "otra la encuentra igual."
        ),
    ),
    "Zonas de envío": (
        "zones",
        (
            "Cuando la dirección no dice el barrio, la lista de WhatsApp ofrece 10 zonas. Queda afuera: {names}. "
            "Juntá zonas que cuestan lo mismo; quien escribe su barrio encuentra la suya igual."
        ),
    ),
    "Medios de pago": (
        "payment_methods",
        (
            "La lista de WhatsApp muestra 10 medios de pago. Queda afuera: {names}. Da de baja los que no uses o poné "
            "primero los más usados con «Lugar en la lista»; quien escribe el nombre de otro puede elegirlo igual."
        ),
    ),
}


def warn(section: str, choices: Mapping[str, Any]) -> None:
    """Warn above a section, if something of it is left out."""
    kind, sentence = WARNINGS.get(section, ("", ""))
    names = choices["left_out"].get(kind)
    if names:
        listed = ", ".join(f"«{escaped(name)}»" for name in names)
        st.warning(sentence.format(names=listed), icon=":material/warning:")
