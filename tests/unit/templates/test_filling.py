"""A template with its values: how it reads, and what is refused before anything is sent."""

import pytest

from openbot.templates.filling import TemplateValuesWrong, fill, variables_of

BODY = "Hola {{1}}, tu pedido {{2}} está listo."


def wrong(body: str, **values: str) -> dict[str, str]:
    named = {name.removeprefix("_"): value for name, value in values.items()}
    with pytest.raises(TemplateValuesWrong) as refused:
        fill(body, variables=variables_of(body), values=named)
    return refused.value.fields


def test_numbers_are_filled_in_their_order_whatever_the_text_says_first():
    body = "{{2}} para {{1}}"
    assert variables_of(body) == ["1", "2"]
    filled = fill(body, variables=["1", "2"], values={"2": "Novedades", "1": " Ana "})
    assert (filled.text, filled.values) == ("Novedades para Ana", (("1", "Ana"), ("2", "Novedades")))


def test_names_are_filled_as_they_come():
    assert variables_of("Hola {{nombre}}, {{ saldo }} y {{nombre}}") == ["nombre", "saldo"]


def test_one_value_too_few_or_too_many_is_refused_by_its_name():
    assert wrong(BODY, _1="Ana") == {"2": "missing"}
    assert wrong(BODY, _1="Ana", _2="7", _3="más") == {"3": "unknown_field"}


@pytest.mark.parametrize("value", ["dos\nlíneas", "un\ttabulador", "cuatro    blancos"])
def test_what_whatsapp_refuses_in_a_value_is_refused_before(value: str):
    assert wrong(BODY, _1=value, _2="7") == {"1": "not_one_line"}


def test_a_text_that_gets_too_long_names_the_longest_value():
    assert wrong(BODY, _1="x" * 1020, _2="7") == {"1": "too_long"}


def test_a_template_without_variables_needs_no_values():
    assert fill("Hello World", variables=[], values={}).text == "Hello World"
