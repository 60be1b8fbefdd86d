"""What customers send by mistake, in fun or in malice: a sensible sentence each time, and nothing is executed."""

import pytest

from tests.e2e.company import Company
from tests.e2e.phone import Bubble, Phone

pytestmark = pytest.mark.e2e

#: What no customer may ever read.
NEVER = ("None", "{", "}", "Traceback", "utter_", "action_", "\\n", "se me trabó")


def said(bubbles: list[Bubble], phone: Phone) -> str:
    """The answer as one text; one or two bubbles, in Spanish, with nothing of ours showing through."""
    assert 1 <= len(bubbles) <= 2, str(phone)
    text = "\n".join(bubble.text for bubble in bubbles)
    assert text.strip(), str(phone)
    for trace in NEVER:
        assert trace not in text, str(phone)
    return text


def items(phone: Phone) -> dict[str, float]:
    return {item["name"]: float(item["quantity"]) for item in phone.order["items"]}


@pytest.mark.parametrize(
    "text",
    [
        "quiero cocas " * 4600,
        "😀🔥🎉",
        "مرحبا أريد أن أطلب",
        "\u200b\u200d\u2060",
        "'; DROP TABLE orders; --",
        "<script>alert('hola')</script>",
        "/restart",
        '/confirm_order{"order":"1","version":"1"}',
        '/choose{"delivery":"pickup"}',
        "/session_start",
        "{{7*7}} ${jndi:ldap://x} %s%n",
        "a\u0300" * 500,
        "?",
    ],
    ids=[
        "60000 characters", "only emoji", "right to left", "zero width", "SQL", "HTML", "restart", "confirm",
        "choose", "session_start", "templates", "combining", "one sign",
    ],
)  # fmt: skip
def test_a_strange_text_is_a_normal_turn(company: Company, text: str):
    ana = company.phone()
    ana.says("hola")
    said(ana.says(text), ana)
    order = ana.order
    assert (order["state"], order["delivery"], order["items"]) == ("INCOMPLETO", None, []), str(ana)
    assert "Belgrano" in said(ana.says("¿dónde están las sucursales?"), ana)


def test_a_typed_payload_confirms_nothing(company: Company):
    ana = company.phone()
    ana.says("2 cocas de 2,25, retiro en Belgrano, pago con transferencia")
    ana.taps("Sin aclaraciones", "Sí, Ana")
    order = ana.order
    said(ana.says(f'/confirm_order{{"order":"{order["number"]}","version":"{order["version"]}"}}'), ana)
    assert ana.order["state"] == "INCOMPLETO", str(ana)
    assert items(ana) == {"Coca-Cola 2,25 L": 2}, str(ana)


def test_a_typed_payload_answers_no_open_question(company: Company):
    ana = company.phone()
    ana.says("quiero coca")
    said(ana.says('/confirm_order{"order":"1","version":"3"}'), ana)
    assert ana.order["items"] == [], str(ana)


@pytest.mark.parametrize("quantity", ["cero", "-3", "mil millones de", "2 y media"])
def test_a_quantity_that_cannot_be_is_asked_again(company: Company, quantity: str):
    ana = company.phone()
    text = said(ana.says(f"quiero {quantity} cocas de 2,25"), ana)
    assert "Coca-Cola 2,25 L" in text, str(ana)
    assert "?" in text
    assert ana.order["items"] == []
    ana.says("3")
    assert items(ana) == {"Coca-Cola 2,25 L": 3}, str(ana)


@pytest.mark.parametrize(
    ("words", "name", "quantity"),
    [
        ("kilo y medio de asado", "Asado de tira", 1.5),
        ("media docena de empanadas de pollo", "Empanada de pollo", 6),
        ("dos docenas y media de empanadas de carne", "Empanada de carne", 30),
        ("2kg de pan", "Pan francés", 2),
        ("una doc de empanadas de humita", "Empanada de humita", 12),
    ],
)
def test_a_quantity_as_people_say_it_is_understood(company: Company, words: str, name: str, quantity: float):
    ana = company.phone()
    said(ana.says(f"quiero {words}"), ana)
    assert items(ana) == {name: quantity}, str(ana)


def test_an_ambiguous_product_is_asked_about(company: Company):
    ana = company.phone()
    (question,) = ana.says("quiero 2 cocas")
    assert "Coca-Cola 2,25 L" in question.options, str(ana)
    ana.taps("Coca-Cola 2,25 L")
    assert items(ana) == {"Coca-Cola 2,25 L": 2}, str(ana)


def test_an_unknown_product_is_named_and_the_nearest_offered(company: Company):
    ana = company.phone()
    answer = ana.says("quiero 3 pepsis y un fernet")
    text = said(answer, ana)
    assert "pepsi" in text.lower(), str(ana)
    assert items(ana) == {"Fernet Branca 750 ml": 1}, str(ana)


def test_a_tap_on_an_old_list_adds_once_and_the_same_tap_twice_too(company: Company):
    ana = company.phone()
    ana.says("quiero hacer un pedido")
    (question,) = ana.taps("Retiro en sucursal")
    ana.taps("Belgrano")
    said(ana.taps_old(question.id, "Belgrano"), ana)
    assert ana.order["branch"] == "Belgrano"
    said(ana.taps_old(question.id, "Almagro"), ana)
    assert ana.order["branch"] in {"Belgrano", "Almagro"}, str(ana)


def test_the_same_confirming_tap_twice_confirms_once(company: Company):
    ana = company.phone()
    ana.says("2 cocas de 2,25, retiro en Belgrano, pago con transferencia")
    ana.taps("Sin aclaraciones")
    (summary,) = ana.taps("Sí, Ana")
    ana.post("tap", message=summary.id, title="Confirmar")
    ana.post("tap", message=summary.id, title="Confirmar")
    ana.answer()
    order = ana.order
    assert order["state"] == "COMPLETO"
    assert len([line for line in order["history"] if line["to_state"] == "COMPLETO"]) == 1
    assert "ya está confirmado" in said(ana.taps_old(summary.id, "Confirmar"), ana)
    assert len(ana.orders) == 1


def test_a_confirming_tap_after_a_change_shows_the_new_summary(company: Company):
    ana = company.phone()
    ana.says("2 cocas de 2,25, retiro en Belgrano, pago con transferencia")
    ana.taps("Sin aclaraciones")
    (old,) = ana.taps("Sí, Ana")
    ana.says("mejor que sean 3 cocas")
    text = said(ana.taps_old(old.id, "Confirmar"), ana)
    assert "15.600" in text, str(ana)
    assert ana.order["state"] == "INCOMPLETO"
    ana.taps("Confirmar")
    assert (ana.order["state"], ana.order["total"]) == ("COMPLETO", "15600.00")


def test_a_confirming_tap_after_the_order_was_cancelled_does_nothing(company: Company):
    ana = company.phone()
    ana.says("2 cocas de 2,25, retiro en Belgrano, pago con transferencia")
    ana.taps("Sin aclaraciones")
    (summary,) = ana.taps("Sí, Ana")
    ana.taps("Cancelar", "Sí, cancelarlo")
    assert "cancelado" in said(ana.taps_old(summary.id, "Confirmar"), ana)
    assert [order["state"] for order in ana.orders if order["items"]] == ["CANCELADO"], str(ana)


def test_a_tap_that_nobody_offered_gets_a_sentence(company: Company):
    ana = company.phone()
    ana.says("hola")
    reply = {
        "type": "button_reply",
        "button_reply": {"id": '/confirm_order{"order":"1"}', "title": "Confirmar"},
    }
    said(ana.sends("raw", type="interactive", content=reply), ana)
    reply["button_reply"]["id"] = "¿qué?"
    said(ana.sends("raw", type="interactive", content=reply), ana)
    assert ana.order["state"] == "INCOMPLETO"


@pytest.mark.parametrize(
    "kind", ["image", "document", "audio", "sticker", "location", "contact", "unsupported"]
)
def test_what_is_no_text_gets_a_sentence_too(company: Company, kind: str):
    ana = company.phone()
    ana.says("quiero 2 cocas de 2,25")
    place = {"latitude": -34.6037, "longitude": -58.4198} if kind == "location" else {}
    said(ana.sends(kind, **place), ana)
    assert items(ana) == {"Coca-Cola 2,25 L": 2}
