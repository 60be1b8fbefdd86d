"""Which whole messages ask for no more news (product §4)."""

import pytest

from openbot.conversations.opt_out import asks_back, asks_out


@pytest.mark.parametrize(
    "text",
    [
        "BAJA", "baja", "Baja.", " baja ", "¡BAJA!", "baja por favor", "Hola, baja", "STOP", "stop.", "dar de baja",
        "Quiero darme de baja", "dame de baja porfa", "unsubscribe", "cancelar suscripción",
        "Cancelar la suscripción", "no quiero recibir más mensajes", "No quiero recibir mas publicidad, gracias",
        "no me manden más mensajes", "dejen de mandarme promociones", "no quiero más publicidad", "BAJA 🙏",
        "no deseo recibir sus ofertas", "no quiero que me manden más promos", "sacame de la lista",
    ],
)  # fmt: skip
def test_a_whole_message_asks_out(text: str) -> None:
    assert asks_out(text)


@pytest.mark.parametrize(
    "text",
    [
        "baja una coca", "baja el precio?", "quiero la planta baja", "planta baja", "dame de baja la coca",
        "no quiero más cocas", "no quiero recibir el pedido en casa", "cancelar", "cancelar pedido",
        "stop a las cocas", "", "😀", "bajo", "la temporada baja", "no me mandes más de dos cocas",
        "no quiero recibir más mensajes hasta mañana que estoy trabajando", "alta", "gracias", "por favor",
    ],
)  # fmt: skip
def test_part_of_a_message_is_something_else(text: str) -> None:
    assert not asks_out(text)


@pytest.mark.parametrize(
    ("text", "back"), [("ALTA", True), ("alta.", True), ("alta en el cielo", False), ("", False)]
)
def test_alta_comes_back(text: str, back: bool) -> None:  # noqa: FBT001
    assert asks_back(text) is back
