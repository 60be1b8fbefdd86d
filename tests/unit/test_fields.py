"""Forms, read field by field."""

from decimal import Decimal

import pytest

from openbot.fields import FieldsWrong, Form, amount_of


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("12.450,50", "12450.50"),
        ("12450.5", "12450.5"),
        ("12450,5", "12450.5"),
        ("$ 3.200", "3200"),
        ("3200", "3200"),
        ("1.234.567,89", "1234567.89"),
        ("1,234,567.89", "1234567.89"),
        ("12.45", "12.45"),
        ("0,5", "0.5"),
    ],
)
def test_an_amount_is_read_as_people_write_it(typed: str, amount: str):
    assert amount_of(typed) == Decimal(amount)


@pytest.mark.parametrize(
    "typed", ["", "abc", "-3", "1e5", "12,345", "1.23.4", "٣", "9" * 40, "3 200", "inf", "--"]
)
def test_what_is_no_amount_is_none(typed: str):
    assert amount_of(typed) is None


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("abc", "not_an_amount"),
        ("-5", "negative"),
        (-5, "negative"),
        (0, "not_positive"),
        ("1000000000001", "too_much"),
        (1e400, "not_an_amount"),
        (0.001, "not_an_amount"),
        (True, "not_an_amount"),
        ([], "not_an_amount"),
        (None, "not_an_amount"),
    ],
)
def test_a_price_that_cannot_be_is_refused_with_a_code(value: object, code: str):
    form = Form({"price": value})
    form.money("price", zero=False)
    with pytest.raises(FieldsWrong) as refused:
        form.done()
    assert refused.value.fields == {"price": code}


@pytest.mark.parametrize("value", ["1e999999999", 10**400, "x", None, 1.5, True, {}, "nan"])
def test_a_number_that_cannot_be_costs_nothing_and_is_refused(value: object):
    form = Form({"n": value})
    form.number("n", least=0, most=10)
    assert list(form.wrong) == ["n"]


def test_invisible_signs_do_not_make_a_name():
    form = Form({"name": "\u200b\u202e \x00\ud800"})
    form.text("name", longest=10)
    assert form.wrong == {"name": "missing"}


def test_every_mistake_is_told_at_once_and_unknown_fields_too():
    form = Form({"name": "x" * 30, "colour": "red"}, needed=("price",))
    form.known(("name", "price"))
    form.text("name", longest=24)
    form.money("price")
    assert form.wrong == {"colour": "unknown_field", "name": "too_long", "price": "missing"}
