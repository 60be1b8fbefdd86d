"""The table of WhatsApp's prices."""

from decimal import Decimal
from typing import Any

import pytest

from openbot import costs, prices
from openbot.company import CompanyPage
from openbot.fields import FieldsWrong
from openbot.prices import Prices

TABLE: dict[str, Any] = Prices().as_json()
PAGE = CompanyPage(company_name="Kiosco", time_zone="America/Argentina/Buenos_Aires")


def test_a_table_survives_being_stored():
    table = Prices(service=Decimal("0.0123"), currency="ARS", free_service=250)
    assert Prices.of_json(table.as_json()) == table


def test_what_was_never_stored_has_the_list_price():
    assert Prices.of_json(None).marketing == Decimal("0.0618")


@pytest.mark.parametrize(
    ("typed", "kept"), [("0,0261", "0.0261"), (0.03, "0.0300"), ("0", "0.0000"), (" 12 ", "12.0000")]
)
def test_a_price_is_read_as_people_write_it(typed, kept):
    assert prices.read({**TABLE, "service": typed})["service"] == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("-1", "negative"),
        ("abc", "not_an_amount"),
        ("NaN", "not_an_amount"),
        ("0.00001", "not_an_amount"),
        ("1e99", "too_much"),
        (None, "not_an_amount"),
        (True, "not_an_amount"),
        ("9" * 40, "not_an_amount"),
    ],
)
def test_a_price_that_is_none_is_refused_by_name(typed, code):
    with pytest.raises(FieldsWrong) as wrong:
        prices.read({**TABLE, "utility": typed})
    assert wrong.value.fields == {"utility": code}


def test_half_a_table_is_refused():
    with pytest.raises(FieldsWrong) as wrong:
        prices.read({"currency": "XXX", "more": 1})
    assert wrong.value.fields["marketing"] == "missing"
    assert wrong.value.fields["currency"] == "not_a_choice"
    assert wrong.value.fields["more"] == "unknown_field"


@pytest.mark.parametrize(
    ("category", "price"),
    [
        ("service", "0.0260"),
        ("MARKETING", "0.0618"),
        ("marketing_lite", "0.0618"),
        ("authentication-international", "0.0260"),
        ("something new", "0.0260"),
        ("", "0.0260"),
    ],
)
def test_every_category_has_a_price(category, price):
    assert costs.price_of(PAGE, category) == Decimal(price)
