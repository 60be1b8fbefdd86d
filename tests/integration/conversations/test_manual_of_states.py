"""The manual's module «Pedidos», «Estado de los pedidos», done word by word: through the webhook and the API alone.

Each test quotes the sentences it follows. The assistant is a fake that completes an order as the action does.
"""

from itertools import count
from typing import Any

import pytest

from openbot.actor import BOT
from openbot.assistant import Question
from openbot.database import Database
from openbot.orders import operations
from openbot.vocabulary import Role, State
from tests.support.panel import Panel
from tests.support.whatsapp import ANA
from tests.support.world import EXPIRES, Clock, World

CLOSES = {
    "FACTURADO": "si concretó la venta",
    "CANCELADO": "si no pudo hacerlo",
    "RESUELTO": "si respondió la inquietud del cliente",
    "NO CONTESTA": "si no pudo contactarlo",
}


class Laura:
    """An operator, who does everything in the panel."""

    def __init__(self, panel: Panel) -> None:
        self._panel = panel
        self._id = panel.person(role=Role.OPERATOR, name="Laura")
        self._keys = count(1)
        self.signs_in()

    def signs_in(self) -> None:
        """Once more: after some hours the session is over."""
        self._browser = self._panel.signed_in(self._id)

    def sees(self) -> list[dict[str, Any]]:
        """What the panel shows in Pedidos, newest first."""
        answer = self._browser.get("/api/orders")
        assert answer.status_code == 200, answer.text
        return sorted(answer.json()["rows"], key=lambda row: -row["id"])

    def changes_to(self, state: str) -> dict[str, Any]:
        """She changes the state of the newest order by hand."""
        row = self.sees()[0]
        wish = {"to": state, "version": row["version"]}
        answer = self._browser.post(f"/api/orders/{row['id']}/move", json=wish)
        assert answer.status_code == 200, answer.text
        return self.sees()[0]

    def answers(self, text: str) -> None:
        contact_id = self.sees()[0]["contact_id"]
        wish = {"key": f"palabra-de-laura-{next(self._keys)}", "text": text}
        answer = self._browser.post(f"/api/conversations/{contact_id}/messages", json=wish)
        assert answer.status_code == 201, answer.text


@pytest.fixture
def laura(seeded: Database, world: World, panel: Panel) -> Laura:
    """Laura, signed in; the customer's «confirmo» completes the order."""
    del seeded

    def act(question: Question) -> list[dict[str, str]]:
        said = " ".join(message["text"] for message in question.messages)
        if "confirmo" in said and question.order_id is not None:
            with world.database.transaction() as session:
                operations.move(
                    session,
                    order_id=question.order_id,
                    to=State.COMPLETE,
                    actor=BOT,
                    now=world.clock(),
                    expires_after=EXPIRES,
                )
        return [{"text": f"bot: {said}"}]

    world.assistant.act = act
    return Laura(panel)


def test_a_customer_who_chats_is_shown_at_once(world: World, laura: Laura) -> None:
    # «Cuando un cliente chatea con el chatbot de la compañía, el panel muestra los datos preliminares del pedido,
    # número interno, fecha y hora, y nombre y celular de contacto del cliente. En esta etapa, el sistema asigna el
    # estado INCOMPLETO al pedido automáticamente.»
    world.says("hola")  # not even answered yet
    [row] = laura.sees()
    assert row["number"] == row["id"]
    assert row["created_at"].startswith("2026-11-24T13:00:00")
    assert (row["name"], row["phone"]) == (ANA.name, ANA.phone)
    assert row["state"] == "INCOMPLETO"


def test_no_action_is_needed_until_it_is_complete(world: World, laura: Laura) -> None:
    # «No es necesario realizar ninguna acción. El sistema controla la operación, y está guiando al cliente para que
    # complete el pedido de forma totalmente autónoma. Una vez el cliente haya completado los pasos, el estado
    # cambiará a COMPLETO.»
    world.converse("quiero dos cocas")
    assert world.whatsapp.texts() == ["bot: quiero dos cocas"]
    [row] = laura.sees()
    assert (row["state"], row["is_new_work"]) == ("INCOMPLETO", False)
    world.converse("confirmo")
    [row] = laura.sees()
    assert (row["state"], row["is_new_work"]) == ("COMPLETO", True)
    assert row["operator"] is None


def test_in_process_the_operator_answers_by_hand(world: World, laura: Laura) -> None:
    # «Es el momento para que el operador comience a atenderlo. Para esto, el operador debe cambiar manualmente el
    # estado del pedido a EN PROCESO: ahora deberá responder manualmente los chats que envíe el cliente.»
    world.converse("confirmo")
    world.clock.move(seconds=5)
    row = laura.changes_to("EN PROCESO")
    assert (row["state"], row["operator"]) == ("EN PROCESO", "Laura")
    world.converse("¿a qué hora llega?")
    assert world.whatsapp.texts() == ["bot: confirmo"]  # the bot is silent
    [row] = laura.sees()
    assert row["unread"] == 1
    assert row["waiting_since"] is not None
    laura.answers("A las ocho, Ana")
    world.settle()
    assert world.whatsapp.texts() == ["bot: confirmo", "A las ocho, Ana"]
    assert world.said()[-2:] == [("cliente", "¿a qué hora llega?"), ("operador", "A las ocho, Ana")]
    assert laura.sees()[0]["waiting_since"] is None


@pytest.mark.parametrize("state", CLOSES)
def test_after_the_close_the_system_answers_a_new_order_by_itself(
    world: World, laura: Laura, clock: Clock, state: str
) -> None:
    # «Una vez atendido el nuevo pedido, el operador debe actualizar el estado a FACTURADO si concretó la venta,
    # CANCELADO, si no pudo hacerlo, RESUELTO, si respondió la inquietud del cliente o NO CONTESTA, si no pudo
    # contactarlo, para que el sistema responda automáticamente un nuevo pedido de este cliente.»
    world.converse("confirmo")
    laura.changes_to("EN PROCESO")
    world.converse("¿están?")
    assert laura.changes_to(state)["state"] == state
    clock.move(hours=13)
    laura.signs_in()
    world.converse("quiero hacer otro pedido")
    new, old = laura.sees()
    assert (new["state"], old["state"]) == ("INCOMPLETO", state)
    assert new["operator"] is None
    assert world.whatsapp.texts()[-1] == "bot: quiero hacer otro pedido"
    # What the operator left unread never becomes a turn, and the dialogue begins with nothing in it.
    assert [texts for texts in world.assistant.heard if "¿están?" in texts] == []
    assert world.assistant.questions[-1].dialogue == "[]"
    assert world.assistant.questions[-1].order_id == new["id"]


def test_soon_after_the_close_a_tap_is_enough_for_a_new_order(world: World, laura: Laura) -> None:
    # «… para que el sistema responda automáticamente un nuevo pedido de este cliente.»
    world.converse("confirmo")
    laura.changes_to("EN PROCESO")
    laura.changes_to("FACTURADO")
    world.converse("quiero otra cosa")  # asked: «¿Es por tu pedido 1?»
    assert len(laura.sees()) == 1
    world.taps("/new_order", title="Pedido nuevo")
    world.settle()
    assert [row["state"] for row in laura.sees()] == ["INCOMPLETO", "FACTURADO"]
    assert world.assistant.questions[-1].messages[-1]["text"] == "quiero otra cosa"


@pytest.mark.parametrize("reached", ["INCOMPLETO", "COMPLETO", "EN PROCESO"])
def test_after_48_hours_it_expires(world: World, laura: Laura, clock: Clock, reached: str) -> None:
    # «Nota: el sistema cambia el estado automáticamente a VENCIDO transcurridas 48hs. de la recepción del pedido.»
    world.converse("hola" if reached == "INCOMPLETO" else "confirmo")
    if reached == "EN PROCESO":
        laura.changes_to(reached)
    clock.move(hours=47, minutes=59)
    world.deadlines.once()
    laura.signs_in()
    assert laura.sees()[0]["state"] == reached
    clock.move(minutes=2)
    world.deadlines.once()
    laura.signs_in()
    [row] = laura.sees()
    assert (row["state"], row["expires_at"]) == ("VENCIDO", None)


def test_every_state_of_the_manual_is_followed_here() -> None:
    followed = {"INCOMPLETO", "COMPLETO", "EN PROCESO", *CLOSES, "VENCIDO"}
    assert followed == {state.value for state in State}
