"""Pedidos: the operators' day. Everything happens in the grid, in the browser; here is only what it is made of."""

from panel import client
from panel.components.grid import Action, Tab, grid
from panel.components.orders import orders_component
from panel.screens.pedidos_columns import columns

TABS = (
    Tab(
        key="attend", title="Para atender", params={"tab": "attend"}, sort="waiting_since",
        count_url="/api/orders/counts", count_key="attend",
        empty="No hay nada para atender.\n"
        "Los pedidos COMPLETO y los que piden una persona aparecen acá solos, en el momento.",
    ),
    Tab(
        key="all", title="Todos", sort="-number",
        empty="Todavía no hay pedidos.\nAparecen acá cuando alguien escribe por WhatsApp.",
    ),
)  # fmt: skip

ACTIONS = (
    Action(key="edit", title="Editar", icon="pencil"),
    Action(
        key="conversation", title="Ver conversación", icon="chat", href="/comunicaciones?contacto={contact_id}"
    ),
    Action(key="pdf", title="Exportar .pdf", icon="pdf", href="/api/orders/{id}.pdf", download=True),
    Action(
        key="csv", title="CSV (para Excel)", place="toolbar", href="/api/orders/export.csv",
        download=True, with_filters=True,
    ),
    Action(
        key="xlsx", title="Planilla XLSX", place="toolbar", href="/api/orders/export.xlsx",
        download=True, with_filters=True,
    ),
)  # fmt: skip


def draw() -> None:
    """Draw the screen."""
    form = client.api().get("/api/orders/form")
    grid(
        "pedidos",
        url="/api/orders",
        title="Pedidos",
        nouns=("pedido", "pedidos"),
        columns=columns(branches=form["branches"], operators=form["operators"]),
        tabs=TABS,
        actions=ACTIONS,
        default_sort="-number",
        search_param="q",
        search_hint="Número, celular o nombre",
        detail_url="/api/orders/{id}",
        open_param="pedido",
        time_zone=form["time_zone"],
        component=orders_component(),
        extra={"customFields": form["custom_fields"]},
    )


draw()
