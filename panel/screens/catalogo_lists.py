"""The lists of Catálogo, one per section: their columns and what can be done with a row."""

from collections.abc import Mapping, Sequence
from typing import Any

from panel import theme
from panel.components.grid import Action, Choice, Column, Event, Tab, grid

Choices = Mapping[str, Any]

STATUS = (
    Choice(value="available", title="Disponible"),
    Choice(value="sold_out", title="Agotado hoy"),
    Choice(value="unavailable", title="No disponible"),
    Choice(value="inactive", title="De baja"),
)
_COLOURS = ("COMPLETO", "INCOMPLETO", "VENCIDO", "CANCELADO")
STATUS_COLOURS = {
    status.value: theme.STATE_COLOURS[like] for status, like in zip(STATUS, _COLOURS, strict=True)
}
ACTIVE = (
    Tab(key="active", title="Activas", params={"active": "true"}),
    Tab(key="off", title="De baja", params={"active": "false"}, empty="No hay ninguna dada de baja."),
)
#: «Agotado hoy» is everybody's.
STOCK = (
    Action(
        key="sell_out", title="Agotado hoy", icon="clock", call="POST /api/catalogue/products/{id}/sold-out",
        when="can_sell_out", done="{name}: agotado por hoy. Mañana vuelve solo.",
    ),
    Action(
        key="restock", title="Volver a ofrecer", icon="undo",
        call="DELETE /api/catalogue/products/{id}/sold-out", when="is_sold_out",
        done="{name}: se ofrece de nuevo.",
    ),
)  # fmt: skip


NO_PRODUCTS = (
    "Todavía no hay productos.\nUn administrador los agrega con «NUEVO PRODUCTO» o importando una planilla."
)
BRANCH_OFF = "La sucursal {name} y sus zonas dejan de ofrecerse. Sus pedidos siguen como están."
REMOVE_CATEGORY = Action(
    key="delete", title="Eliminar", icon="trash", call="DELETE /api/catalogue/categories/{id}",
    confirm="¿Eliminar la categoría {name}? No tiene productos.", danger=True, when="is_empty",
    done="Se eliminó la categoría.",
)  # fmt: skip


def products(choices: Choices, *, is_administrator: bool) -> Event | None:
    """List what is sold."""
    columns = [
        Column(key="name", title="Producto", width=150, grow=3, sort="name", filter="search", card="a1"),
        Column(key="code", title="Código", width=128, grow=1, sort="code", filter="search", priority=3, card="c1"),
        Column(
            key="category", title="Categoría", width=110, grow=1, sort="shelf", filter="choice",
            choices=_named(choices["categories"]), priority=2, card="b1",
        ),
        Column(key="size", title="Descripción", width=120, grow=2, priority=5),
        Column(key="unit", title="Unidad", width=70, priority=4, card="c2"),
        Column(key="price", title="Precio", kind="money", width=96, sort="price", card="a2"),
        Column(key="status", title="Estado", kind="state", choices=STATUS, width=112, filter="choice", card="b2"),
    ]  # fmt: skip
    tools = (
        Action(key="product", title="NUEVO PRODUCTO", place="toolbar", icon="plus"),
        Action(key="import", title="Importar", place="toolbar", icon="upload"),
        Action(
            key="export", title="CSV (para Excel)", place="toolbar", href="/api/catalogue/products.csv",
            download=True,
        ),
        Action(key="product", title="Editar", icon="pencil"),
        *_off_and_on("products", "{name} deja de ofrecerse. Los pedidos que lo tienen no cambian."),
    )  # fmt: skip
    return grid(
        "productos",
        url="/api/catalogue/products",
        nouns=("producto", "productos"),
        columns=columns,
        default_sort="shelf",
        search_param="q",
        search_hint="Nombre, código u otro nombre",
        tabs=(
            Tab(key="all", title="Todos", empty=NO_PRODUCTS),
            Tab(
                key="sold_out", title="Agotados hoy", params={"status": "sold_out"},
                empty="Nada está agotado hoy.\nCon «Agotado hoy», en la fila del producto, se deja de ofrecer "
                "hasta mañana.",
            ),
            Tab(key="inactive", title="De baja", params={"status": "inactive"}),
        ),
        actions=(*STOCK, *(tools if is_administrator else ())),
        palette=STATUS_COLOURS,
        open_param="producto",
        detail_url="/api/catalogue/products/{id}",
        detail_fields=(
            Column(key="size", title="Descripción"),
            Column(key="aliases", title="Otros nombres"),
            Column(key="unit", title="Se vende por"),
            Column(key="back_on", title="Vuelve", kind="day"),
        ),
        time_zone=choices["time_zone"],
    )  # fmt: skip


def categories(choices: Choices, *, is_administrator: bool) -> Event | None:
    """List the shelves."""
    return grid(
        "categorias",
        url="/api/catalogue/categories",
        nouns=("categoría", "categorías"),
        columns=[
            Column(key="position", title="Lugar", kind="number", width=70, card="a0"),
            Column(key="name", title="Categoría", width=200, grow=2, card="a1"),
            Column(key="products", title="Productos", kind="number", width=100, card="a2"),
        ],
        default_sort="",
        actions=(*_edits("category", "NUEVA CATEGORÍA"), REMOVE_CATEGORY) if is_administrator else (),
        open_param="categoria",
        detail_url="/api/catalogue/categories/{id}",
        detail_fields=(Column(key="products", title="Productos en venta", kind="number"),),
        empty="Todavía no hay categorías.\nSon los estantes de la lista de productos de WhatsApp.",
        time_zone=choices["time_zone"],
    )  # fmt: skip


def branches(choices: Choices, *, is_administrator: bool) -> Event | None:
    """List the branches."""
    return grid(
        "sucursales",
        url="/api/catalogue/branches",
        nouns=("sucursal", "sucursales"),
        columns=[
            Column(key="name", title="Sucursal", width=120, grow=1, card="a1"),
            Column(key="address", title="Dirección", width=140, grow=2, card="b1"),
            Column(key="place", title="Localidad", width=110, grow=1, priority=3),
            Column(key="phone", title="Teléfono", width=140, priority=2),
            Column(key="hours_described", title="Horario", width=220, grow=4, card="c1"),
            Column(key="zones", title="Zonas", kind="number", width=70, priority=4),
        ],
        default_sort="",
        tabs=ACTIVE,
        actions=(*_edits("branch", "NUEVA SUCURSAL"), *_off_and_on("branches", BRANCH_OFF))
        if is_administrator
        else (),
        open_param="sucursal",
        detail_url="/api/catalogue/branches/{id}",
        detail_fields=(
            Column(key="hours_described", title="Horario"),
            Column(key="address", title="Dirección"),
            Column(key="place", title="Localidad"),
            Column(key="aliases", title="Otros nombres"),
        ),
        time_zone=choices["time_zone"],
    )


def zones(choices: Choices, *, is_administrator: bool) -> Event | None:
    """List where each branch delivers."""
    return grid(
        "zonas",
        url="/api/catalogue/zones",
        nouns=("zona", "zonas"),
        columns=[
            Column(
                key="branch", title="Sucursal", width=110, grow=1, filter="choice", param="branch",
                choices=_named(choices["branches"]), card="b1",
            ),
            Column(key="name", title="Zona", width=130, grow=1, card="a1"),
            Column(key="places", title="Barrios y localidades", width=200, grow=4, priority=2, card="c1"),
            Column(key="fee", title="Envío", kind="money", width=100, card="a2"),
            Column(key="minimum", title="Mínimo", kind="money", width=110, card="b2"),
        ],
        default_sort="",
        tabs=ACTIVE,
        actions=(*_edits("zone", "NUEVA ZONA"), *_off_and_on("zones", "Ya no se ofrece el envío a {name}."))
        if is_administrator
        else (),
        open_param="zona",
        detail_url="/api/catalogue/zones/{id}",
        detail_fields=(Column(key="places", title="Barrios y localidades"),),
        empty="Todavía no hay zonas de envío.\nSin zonas, los pedidos son solo para retirar.",
        time_zone=choices["time_zone"],
    )  # fmt: skip


def payment_methods(choices: Choices, *, is_administrator: bool) -> Event | None:
    """List the ways to pay."""
    return grid(
        "medios",
        url="/api/catalogue/payment-methods",
        nouns=("medio de pago", "medios de pago"),
        columns=[
            Column(key="position", title="Lugar", kind="number", width=70, priority=3, card="a0"),
            Column(key="name", title="Medio de pago", width=140, grow=1, card="a1"),
            Column(key="text", title="Texto con la confirmación", width=240, grow=4, card="c1"),
            Column(key="aliases", title="Otros nombres", width=140, grow=2, priority=2),
        ],
        default_sort="",
        tabs=(Tab(key="active", title="Activos", params={"active": "true"}), ACTIVE[1]),
        actions=(
            *_edits("payment", "NUEVO MEDIO DE PAGO"),
            *_off_and_on("payment-methods", "{name} deja de ofrecerse."),
        )
        if is_administrator
        else (),
        open_param="medio",
        detail_url="/api/catalogue/payment-methods/{id}",
        detail_fields=(
            Column(key="text", title="Texto con la confirmación"),
            Column(key="aliases", title="Otros nombres"),
        ),
        time_zone=choices["time_zone"],
    )


def holidays(choices: Choices, *, is_administrator: bool) -> Event | None:
    """List the days on which every branch is closed."""
    edits = (
        Action(key="holiday", title="NUEVO FERIADO", place="toolbar", icon="plus"),
        Action(
            key="delete", title="Quitar", icon="trash", call="DELETE /api/catalogue/holidays/{id}",
            confirm="¿Quitar {name}? Ese día se atiende como cualquier otro.", confirm_button="Quitar",
            danger=True, done="Se quitó el feriado.",
        ),
    )  # fmt: skip
    return grid(
        "feriados",
        url="/api/catalogue/holidays",
        nouns=("feriado", "feriados"),
        columns=[
            Column(key="day", title="Día", kind="day", width=110, card="a0"),
            Column(key="name", title="Feriado", width=200, grow=3, card="a1"),
        ],
        default_sort="",
        tabs=(
            Tab(
                key="coming", title="Próximos", params={"coming": "true"},
                empty="No hay feriados cargados.\nLos días feriados todas las sucursales están cerradas.",
            ),
            Tab(key="all", title="Todos"),
        ),
        actions=edits if is_administrator else (),
        open_param="feriado",
        detail_url="/api/catalogue/holidays/{id}",
        detail_fields=(Column(key="name", title="Feriado"),),
        time_zone=choices["time_zone"],
    )  # fmt: skip


def _edits(form: str, title: str) -> tuple[Action, ...]:
    """A button for a new one, and one in each row to change it."""
    return (
        Action(key=form, title=title, place="toolbar", icon="plus"),
        Action(key=form, title="Editar", icon="pencil"),
    )


def _off_and_on(part: str, warning: str) -> tuple[Action, ...]:
    """Nothing that an order may name is deleted: it is switched off, and on again."""
    call = f"PATCH /api/catalogue/{part}/{{id}}"
    return (
        Action(
            key="off", title="Dar de baja", icon="trash", call=call, body={"active": False},
            confirm=warning, confirm_button="Dar de baja", danger=True, when="active",
            done="{name}: se dio de baja.",
        ),
        Action(
            key="on", title="Reactivar", icon="undo", call=call, body={"active": True}, when="!active",
            done="{name}: está activo de nuevo.",
        ),
    )  # fmt: skip


def _named(rows: Sequence[Mapping[str, Any]]) -> tuple[Choice, ...]:
    return tuple(Choice(value=str(row["id"]), title=row["name"]) for row in rows)
