"""The texts for customers at each state: what may be saved, and how they read."""

from typing import Any

import pytest

from openbot.fields import FieldsWrong
from openbot.state_messages import fill, read


def test_what_is_typed_is_kept_and_an_empty_text_is_not() -> None:
    typed = {"FACTURADO": {"text": " Listo {{nombre}} ", "template_id": "3"}, "VENCIDO": {"text": ""}}
    assert read(typed) == {"FACTURADO": {"text": "Listo {{nombre}}", "template_id": 3}}


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ("hola", {"": "not_a_choice"}),
        ({"FACTURADO": "hola"}, {"FACTURADO": "not_a_choice"}),
        ({"COMPLETO": {"text": "x"}}, {"COMPLETO": "not_a_choice"}),
        ({"FACTURADO": {"text": "{{monto}}"}}, {"FACTURADO": "unknown_variable"}),
        ({"FACTURADO": {"text": "x" * 1001}}, {"FACTURADO": "too_long"}),
        ({"FACTURADO": {"text": "x", "template_id": "uno"}}, {"FACTURADO": "not_a_number"}),
        ({"FACTURADO": {"texto": "x"}}, {"FACTURADO": "unknown_field"}),
    ],
)
def test_what_cannot_be_said_is_refused(typed: Any, wrong: dict[str, str]) -> None:
    with pytest.raises(FieldsWrong) as refused:
        read(typed)
    assert refused.value.fields == wrong


def test_values_are_put_in_as_they_are() -> None:
    values = {"nombre": "{{pedido}}", "pedido": "7"}
    assert fill("{{nombre}} {{ pedido }} {{otra}}", values) == "{{pedido}} 7 {{otra}}"
