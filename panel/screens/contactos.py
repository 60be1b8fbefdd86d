"""Contactos: who wrote to the company. The list works in the browser; here is only what it is made of."""

from datetime import date

from panel import client
from panel.components.grid import Action, Choice, Column, Field, grid

COLUMNS = (
    Column(
        key="created_at", title="Fecha de creación", kind="date", width=150, sort="created_at", filter="dates",
        param="created", card="c1",
    ),
    Column(key="name", title="Nombre", width=180, grow=2, sort="name", filter="search", card="a1", hint="Nombre"),
    Column(
        key="phone", title="Celular", kind="phone", width=170, filter="search", digits_only=True, card="b1",
        hint="Cualquier parte del número", blank="oculto",
    ),
    Column(key="last_message_at", title="Último mensaje", kind="date", width=150, priority=3, card="c2"),
    Column(key="orders", title="Pedidos", kind="number", width=80, priority=4, card="b2"),
    Column(
        key="blocked", title="Estado", kind="choice", width=110, filter="one", priority=2, card="a2",
        choices=(Choice(value="true", title="Bloqueado"), Choice(value="false", title="Activo")),
    ),
)  # fmt: skip

DETAILS = (
    Column(key="profile_name", title="Nombre en WhatsApp"),
    Column(key="username", title="Usuario de WhatsApp", blank="–"),
    Column(key="window_ends_at", title="Fin de la ventana de 24 h", kind="date", blank="–"),
    Column(key="unread", title="Mensajes sin leer", kind="number"),
)

DELETING = (
    "¿Eliminar a {name}?\n"
    "Se borran para siempre su nombre, su celular y todos sus mensajes. "
    "Sus pedidos quedan sin nombre, para los reportes. Un pedido que nadie atiende todavía se cancela. "
    "No se puede deshacer."
)
BLOCKING = (
    "¿Bloquear a {name}?\n"
    "Lo que escriba se guarda, pero no abre pedidos y nadie le responde, tampoco el bot. "
    "Lo podés desbloquear cuando quieras."
)


def actions(first: str, last: str) -> tuple[Action, ...]:
    """Build the buttons; `first` and `last` are the days of «último mes»."""
    return (
        Action(key="chat", title="Ver conversación", icon="chat", href="/comunicaciones?contacto={id}"),
        Action(
            key="rename", title="Corregir el nombre", icon="pencil", place="detail", call="PATCH /api/contacts/{id}",
            form_title="Corregir el nombre", done="Se guardó el nombre.",
            fields=(
                Field(key="name", title="Nombre", length=100, hint="Vacío: como figura en WhatsApp."),
            ),
        ),
        Action(
            key="block", title="Bloquear", icon="mute", place="detail", call="POST /api/contacts/{id}/block",
            confirm=BLOCKING, confirm_button="Bloquear", when="!blocked", done="Se bloqueó el contacto.",
        ),
        Action(
            key="unblock", title="Desbloquear", icon="undo", place="detail", call="POST /api/contacts/{id}/unblock",
            when="blocked", done="Se desbloqueó el contacto.",
        ),
        Action(
            key="data", title="Datos de la persona", icon="download", place="detail", when="can_delete",
            href="/api/contacts/{id}/data.json", download=True,
        ),
        Action(
            key="delete", title="Eliminar", icon="trash", call="DELETE /api/contacts/{id}", confirm=DELETING,
            confirm_button="Eliminar", danger=True, when="can_delete", done="Se eliminó el contacto.",
        ),
        Action(
            key="month", title=f"Último mes ({first} al {last})", place="toolbar", icon="download",
            href="/api/contacts/export.csv?period=month", download=True,
        ),
        Action(
            key="all", title="Todos los contactos", place="toolbar", icon="download",
            href="/api/contacts/export.csv?period=all", download=True,
        ),
    )  # fmt: skip


def spanish(day: str) -> str:
    """«2026-11-22» is 22/11/2026."""
    return date.fromisoformat(day).strftime("%d/%m/%Y")


def draw() -> None:
    """Draw the screen."""
    days = client.api().get("/api/contacts/export-days")
    grid(
        "contactos",
        url="/api/contacts",
        title="Contactos",
        nouns=("contacto", "contactos"),
        columns=COLUMNS,
        actions=actions(spanish(days["first"]), spanish(days["last"])),
        default_sort="-created_at",
        search_param="q",
        search_hint="Celular o nombre",
        detail_url="/api/contacts/{id}",
        detail_fields=DETAILS,
        open_param="contacto",
        empty="Todavía no hay contactos.\nAparecen acá cuando alguien escribe por WhatsApp.",
        time_zone=days["time_zone"],
    )


draw()
