from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbot.catalogue.goods import Unit, format_money, format_number, format_quantity
from openbot.catalogue.quantities import quantity_in


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("12450", "$ 12.450,00"),
        ("0", "$ 0,00"),
        ("1234567.5", "$ 1.234.567,50"),
        ("-500", "-$ 500,00"),
        ("999.999", "$ 1.000,00"),
    ],
)
def test_money_is_written_the_argentine_way(amount: str, text: str) -> None:
    assert format_money(Decimal(amount)) == text


@pytest.mark.parametrize(
    ("amount", "unit", "text"),
    [
        ("3", Unit.PIECE, "3"),
        ("1200", Unit.PIECE, "1.200"),
        ("1.5", Unit.KILO, "1,5 kg"),
        ("1", Unit.KILO, "1 kg"),
        ("0.2", Unit.KILO, "200 g"),
        ("10", Unit.KILO, "10 kg"),
        ("0.5", Unit.DOZEN, "media docena"),
        ("1", Unit.DOZEN, "1 docena"),
        ("2", Unit.DOZEN, "2 docenas"),
        ("2.5", Unit.DOZEN, "2 docenas y media"),
        ("1.5", Unit.DOZEN, "1 docena y media"),
        ("1", Unit.CRATE, "1 cajón"),
        ("2", Unit.CRATE, "2 cajones"),
        ("2", Unit.LITRE, "2 litros"),
        ("0.25", Unit.LITRE, "0,25 litro"),
        ("3", Unit.BAG, "3 bolsas"),
        ("3", Unit.TRAY, "3 maples"),
    ],
)
def test_quantities_are_said_with_their_unit(amount: str, unit: Unit, text: str) -> None:
    assert format_quantity(Decimal(amount), unit) == text


def test_numbers_lose_needless_zeros() -> None:
    assert [format_number(Decimal(each)) for each in ("1.50", "100", "1E+2", "0.250")] == [
        "1,5",
        "100",
        "100",
        "0,25",
    ]


@given(unit=st.sampled_from(Unit), steps=st.integers(min_value=1, max_value=999))
def test_what_is_written_is_read_again(unit: Unit, steps: int) -> None:
    amount = min(unit.step * steps, Decimal(999))
    assert quantity_in(format_quantity(amount, unit), unit) == amount
