from dataclasses import dataclass, field
from typing import Any

import pytest

from openbot.templates import filling
from openbot.templates.filling import TemplateNotApproved, TemplateValuesWrong
from openbot.whatsapp.outbound import Address, body
from openbot.whatsapp.outbound import check as limits_of


@dataclass
class Kept:
    name: str = "novedades"
    language: str = "es_AR"
    status: str = "APPROVED"
    body: str = "Hola {{1}}, tu pedido {{2}} está listo."
    variables: list[Any] = field(default_factory=lambda: ["1", "2"])
    buttons: list[Any] = field(default_factory=list)
    components: list[Any] = field(default_factory=list)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Hello World", []),
        ("Hola {{1}}, {{2}}", ["1", "2"]),
        ("{{2}} y {{1}} y {{2}} y {{10}}", ["1", "2", "10"]),
        ("Hola {{ nombre }}: {{total}}", ["nombre", "total"]),
    ],
)
def test_variables_are_found_in_the_order_whatsapp_wants(text: str, found: list[str]) -> None:
    assert filling.variables_of(text) == found


def test_it_reads_as_the_customer_will_read_it() -> None:
    assert filling.fill(Kept(), {"1": "Ana", "2": "123"}) == "Hola Ana, tu pedido 123 está listo."
    assert filling.fill(Kept(), {"1": "{{2}}", "2": "123"}) == "Hola {{2}}, tu pedido 123 está listo."


@pytest.mark.parametrize(
    ("values", "problems"),
    [
        ({"1": "Ana", "2": "123"}, {}),
        ({"1": "Ana"}, {"2": "missing"}),
        ({"1": "Ana", "2": "1", "3": "x"}, {"3": "unknown_field"}),
        ({"1": "  ", "2": "1"}, {"1": "missing"}),
        ({"1": "a\nb", "2": "a\tb"}, {"1": "not_one_line", "2": "not_one_line"}),
        ({"1": "a    b", "2": "a   b"}, {"1": "not_one_line"}),
        ({"1": "a" * 1025, "2": "1"}, {"1": "too_long"}),
        ({"1": "a" * 1000, "2": "1"}, {"body": "too_long"}),
    ],
)
def test_wrong_values_are_named(values: dict[str, str], problems: dict[str, str]) -> None:
    assert filling.check(Kept(), values) == problems


def test_what_is_built_is_within_whatsapps_limits_and_in_its_order() -> None:
    bubble = filling.bubble_of(Kept(buttons=["Sí, sigamos"]), {"2": "123", "1": "Ana"})
    sent = body(bubble, to=Address(phone="5491123456789"), callback_data="openbot:1")
    assert limits_of(sent) == []
    texts = [each["text"] for each in sent["template"]["components"][0]["parameters"]]
    assert texts == ["Ana", "123"]
    assert bubble.text == "Hola Ana, tu pedido 123 está listo."


def test_a_template_that_whatsapp_would_refuse_is_not_built() -> None:
    with pytest.raises(TemplateValuesWrong) as wrong:
        filling.bubble_of(Kept(), {})
    assert wrong.value.fields == {"1": "missing", "2": "missing"}
    with pytest.raises(TemplateNotApproved):
        filling.bubble_of(Kept(status="PAUSED"), {"1": "Ana", "2": "1"})


@pytest.mark.parametrize(
    ("component", "why"),
    [
        ({"type": "BODY", "text": "Hola"}, ""),
        ({"type": "HEADER", "format": "TEXT", "text": "Novedades"}, ""),
        ({"type": "HEADER", "format": "TEXT", "text": "Hola {{1}}"}, "header"),
        ({"type": "HEADER", "format": "IMAGE"}, "header"),
        ({"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Sí"}]}, ""),
        ({"type": "BUTTONS", "buttons": [{"type": "URL", "url": "https://a.example/{{1}}"}]}, "buttons"),
        ({"type": "BUTTONS", "buttons": [{"type": "COPY_CODE"}]}, "buttons"),
        ({"type": "CAROUSEL"}, "carousel"),
        ("nonsense", ""),
    ],
)
def test_what_we_cannot_fill_is_named(component: Any, why: str) -> None:
    assert filling.unsupported(Kept(components=[component])) == why
