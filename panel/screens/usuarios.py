"""Usuarios: who may use the panel. Administrators only; the API refuses everybody else."""

import streamlit as st

from panel import client
from panel.components.grid import Action, Choice, Column, Field, grid

ROLES = tuple(Choice(value=word, title=word) for word in ("Administrador", "Operador"))
ENABLED = tuple(Choice(value=word, title=word) for word in ("HABILITADO", "DESHABILITADO"))
SIGNED_OUT = "Si está usando el panel, se le cierra la sesión en el momento."


def draw() -> None:
    """Draw the screen."""
    branches = client.api().get("/api/users/form")["branches"]
    event = grid(
        "usuarios",
        url="/api/users",
        title="Usuarios",
        nouns=("usuario", "usuarios"),
        default_sort="name",
        columns=columns(branches),
        actions=actions(branches),
        search_param="q",
        search_hint="Nombre, email o celular",
        open_param="usuario",
        empty="Todavía no hay usuarios.\nCon NUEVO USUARIO sumás a alguien.",
    )
    if event is not None and event.action == "password" and event.ids:
        ask_for_password(event.ids[0])


def columns(branches: list[dict[str, object]]) -> list[Column]:
    """Build the columns of the manual, and shift and branches."""
    choices = tuple(Choice(value=str(each["id"]), title=str(each["name"])) for each in branches)
    return [
        Column(key="name", title="Nombre", width=140, grow=2, sort="name", card="a1"),
        Column(key="email", title="Email", width=160, grow=1, sort="email", card="b1"),
        Column(key="phone", title="Celular", kind="phone", width=132, card="c1"),
        Column(
            key="role", title="Tipo", kind="choice", width=108, sort="role", filter="choice", choices=ROLES, card="b2",
        ),
        Column(
            key="enabled", title="Estado", kind="choice", width=118, sort="enabled", filter="choice",
            choices=ENABLED, card="a2",
        ),
        Column(key="shift_text", title="Plan de trabajo", width=142, grow=2, priority=2, card="c2"),
        Column(
            key="branches", title="Sucursales", width=98, grow=2, priority=2, filter="choice", param="branch_id",
            choices=choices,
        ),
    ]  # fmt: skip


def fields(branches: list[dict[str, object]]) -> tuple[Field, ...]:
    """Build the form of a user; a new one has a password besides."""
    choices = tuple(Choice(value=str(each["id"]), title=str(each["name"])) for each in branches)
    return (
        Field(key="name", title="Nombre", required=True, length=100),
        Field(key="email", title="Email", kind="email", required=True, length=200),
        Field(key="phone", title="Celular", kind="phone", length=40),
        Field(key="role", title="Tipo", kind="choice", choices=ROLES, required=True, initial="Operador"),
        Field(key="enabled", title="Estado", kind="choice", choices=ENABLED, required=True, initial="HABILITADO"),
        Field(
            key="shift", title="Plan de trabajo", kind="shift",
            hint="Sin ningún día marcado puede entrar siempre. Los administradores también lo respetan.",
        ),
        Field(
            key="branch_ids", title="Sucursales", kind="choices", choices=choices,
            hint="Sin ninguna marcada ve los pedidos de todas. A un administrador no lo limitan.",
        ),
    )  # fmt: skip


def actions(branches: list[dict[str, object]]) -> tuple[Action, ...]:
    """Build the buttons."""
    form = fields(branches)
    password = Field(
        key="password", title="Contraseña", kind="password", required=True, length=200,
        hint="10 caracteres o más. La va a cambiar al entrar por primera vez.",
    )  # fmt: skip
    return (
        Action(
            key="new", title="NUEVO USUARIO", place="toolbar", icon="plus", call="POST /api/users",
            form_title="Nuevo usuario", fields=(*form[:3], password, *form[3:]), prefill=False,
            done="Se creó el usuario {name}.",
        ),
        Action(
            key="edit", title="Editar", icon="pencil", call="PATCH /api/users/{id}", form_title="Editar a {name}",
            fields=form, done="Se guardaron los cambios de {name}.",
        ),
        Action(key="password", title="Restablecer contraseña", icon="key"),
        Action(
            key="delete", title="Eliminar", icon="trash", call="DELETE /api/users/{id}", when="can_delete",
            danger=True, done="Se eliminó el usuario.",
            confirm="¿Eliminar a {name}? " + SIGNED_OUT + " Sus pedidos EN PROCESO vuelven a la cola y su nombre "
            "queda en los historiales.",
        ),
    )  # fmt: skip


@st.dialog("Restablecer contraseña")
def ask_for_password(user_id: int) -> None:
    """Make a random password after one more click, and show it once."""
    user = client.api().get(f"/api/users/{user_id}")
    made = st.session_state.get(f"usuarios:password:{user_id}")
    if made is None:
        st.text(
            f"{user['name']} va a tener una contraseña nueva, para entrar una vez y elegir otra. {SIGNED_OUT}"
        )
        st.button("Generar contraseña", type="primary", on_click=make_password, args=(user_id,))
        return
    del st.session_state[f"usuarios:password:{user_id}"]
    st.text(f"Contraseña de {user['name']} (se muestra solo ahora):")
    st.code(made, language=None)


def make_password(user_id: int) -> None:
    """Keep it for the next run of the dialog only."""
    made = client.api().post(f"/api/users/{user_id}/password")
    st.session_state[f"usuarios:password:{user_id}"] = made["password"]


draw()
