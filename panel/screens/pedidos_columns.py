"""The columns of Pedidos, as in the manual, with the words and filters of each."""

from collections.abc import Mapping, Sequence
from typing import Any

from panel import theme
from panel.components.grid import Choice, Column

KINDS = ("PEDIDO", "AYUDA")
WAITS = (
    Choice(value="10", title="más de 10 min"),
    Choice(value="20", title="más de 20 min"),
    Choice(value="60", title="más de 1 h"),
    Choice(value="240", title="más de 4 h"),
)


def columns(*, branches: Sequence[Mapping[str, Any]], operators: Sequence[Mapping[str, Any]]) -> list[Column]:
    """All columns; branches and operators are what their filters offer."""
    return [
        Column(
            key="number", title="Número", kind="number", width=83, sort="number", filter="search",
            digits_only=True, hint="Número", card="a0",
        ),
        Column(
            key="created_at", title="Fecha y hora", kind="date", width=105, sort="created_at", filter="dates",
            param="created", priority=3, card="c1",
        ),
        Column(
            key="name", title="Contacto",
            blank="sin nombre", width=98, grow=3, sort="name", filter="search", card="a1",
        ),
        Column(
            key="phone", title="Celular", kind="phone", width=115, sort="phone", filter="search", digits_only=True,
            hint="Parte del número", card="b1",
        ),
        Column(
            key="kind", title="Tipo", width=55, sort="kind", filter="choice", choices=_same(KINDS), priority=4,
        ),
        Column(
            key="branch", title="Sucursal", width=72, grow=1, filter="choice", param="branch", sort="branch",
            choices=(*_named(branches), Choice(value="0", title="Sin sucursal")), priority=3,
        ),
        Column(
            key="state", title="Estado", kind="state", width=112, sort="state", filter="choice",
            choices=_same(tuple(theme.STATE_COLOURS)), card="a2",
        ),
        Column(
            key="total", title="Total", kind="money", width=82, sort="total", filter="amounts", card="b2",
        ),
        Column(
            key="operator", title="Operador", width=86, grow=1, filter="choice", param="operator",
            sort="operator", card="d2", priority=2,
            choices=(Choice(value="me", title="Yo"), *_named(operators), Choice(value="0", title="Sin operador")),
        ),
        Column(
            key="waiting_since", title="Espera", kind="duration", width=77, sort="waiting_since", card="c2",
            filter="one", param="waiting_minutes", choices=WAITS,
        ),
    ]  # fmt: skip


def _same(words: Sequence[str]) -> tuple[Choice, ...]:
    return tuple(Choice(value=word, title=word) for word in words)


def _named(rows: Sequence[Mapping[str, Any]]) -> tuple[Choice, ...]:
    return tuple(Choice(value=str(row["id"]), title=row["name"]) for row in rows)
