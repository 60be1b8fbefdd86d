"""What the inbox says and what the address says of it: pure functions, in the browser's own engine."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.panel_browser.conftest import Call

PLACE, WORDS, TEMPLATES = "inbox/js/place.js", "inbox/js/words.js", "inbox/js/templates.js"
NOON = 1_795_000_000_000
GAP = "\N{NO-BREAK SPACE}"
ME = {"id": 1, "name": "Ana"}
HERE = "America/Argentina/Buenos_Aires"


def later(call: Call, seconds: float) -> Any:
    return call(WORDS, "windowWords", _iso(NOON / 1000 + seconds), NOON)


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("", {"contact": None, "filter": "all", "search": ""}),
        ("?contacto=45&filtro=mias", {"contact": 45, "filter": "mine", "search": ""}),
        ("?filtro=por-cerrar&buscar=p%C3%A9rez", {"contact": None, "filter": "closing", "search": "pérez"}),
        ("?contacto=1.5&filtro=nada", {"contact": None, "filter": "all", "search": ""}),
        ("?contacto=-3", {"contact": None, "filter": "all", "search": ""}),
    ],
)
def test_the_address_says_what_is_open_and_listed(call: Call, address: str, place: dict[str, Any]) -> None:
    assert call(PLACE, "fromAddress", address) == place


def test_an_address_brings_the_place_back_and_keeps_what_is_of_others(call: Call) -> None:
    place = {"contact": 45, "filter": "waiting", "search": "ana & cía"}
    address = call(PLACE, "toAddress", place, "?embed=true&contacto=9")
    assert "embed=true" in address
    assert call(PLACE, "fromAddress", address) == place


def test_the_first_look_has_a_bare_address(call: Call) -> None:
    assert call(PLACE, "toAddress", {"contact": None, "filter": "all", "search": ""}, "?contacto=4") == ""


@pytest.mark.parametrize(
    ("seconds", "text", "level"),
    [
        (40 * 60, f"cierra en 40{GAP}min", "warn"),
        (10 * 60, f"cierra en 10{GAP}min", "bad"),
        (20 * 3600, f"cierra en 20{GAP}h", ""),
        (-1, "cerrada", "closed"),
    ],
)
def test_the_window_is_counted_down(call: Call, seconds: float, text: str, level: str) -> None:
    assert later(call, seconds) == {"text": text, "level": level}


def test_a_window_that_never_was_open_says_nothing(call: Call) -> None:
    assert call(WORDS, "windowWords", None, NOON) is None


@pytest.mark.parametrize(
    ("contact", "said"),
    [
        ({"owner": "bot"}, "Atiende el bot"),
        (
            {"owner": "espera", "waiting_since": "2026-11-22T17:05:00Z"},
            "Espera a una persona desde las 14:05",
        ),
        ({"owner": "operador", "operator": ME}, "La atendés vos"),
        ({"owner": "operador", "operator": {"id": 2, "name": "Olga"}}, "Atiende Olga"),
        (
            {"owner": "operador", "phone_reply_until": "2026-11-22T21:40:00Z"},
            "Atendido desde el teléfono hasta las 18:40",
        ),
        ({"owner": "bot", "blocked": True}, "Bloqueado"),
    ],
)
def test_who_answers_is_a_sentence(call: Call, contact: dict[str, Any], said: str) -> None:
    assert call(WORDS, "answering", contact, ME, HERE) == said


@pytest.mark.parametrize(
    ("here", "said"),
    [
        ([ME], ""),
        ([ME, {"id": 2, "name": "Olga", "typing": False}], "Olga también está acá"),
        ([{"id": 2, "name": "Olga"}, {"id": 3, "name": "Beto"}], "Olga y Beto también están acá"),
        ([{"id": 2, "name": "Olga", "typing": True}, {"id": 3, "name": "Beto"}], "Olga está escribiendo…"),
    ],
)
def test_who_else_is_here_is_told(call: Call, here: list[dict[str, Any]], said: str) -> None:
    assert call(WORDS, "company", here, ME) == said


@pytest.mark.parametrize(("length", "messages"), [(0, 1), (4096, 1), (4097, 2), (8193, 3)])
def test_a_long_text_goes_in_several_messages(call: Call, length: int, messages: int) -> None:
    assert call(WORDS, "parts", "a" * length, 4096) == messages


def test_emoji_count_as_one_letter(call: Call) -> None:
    assert call(WORDS, "parts", "🙂" * 4096, 4096) == 1


def test_a_template_is_filled_and_shows_what_is_missing(call: Call) -> None:
    body = "Hola {{1}}, tu pedido {{ 2 }} sigue."
    assert call(TEMPLATES, "filledBody", body, {"1": "Ana", "2": " "}) == "Hola Ana, tu pedido {{ 2 }} sigue."


def test_keys_of_messages_are_all_different(call: Call) -> None:
    keys = {call(WORDS, "uuid") for _ in range(20)}
    assert len(keys) == 20
    assert all(len(key) == 36 for key in keys)
