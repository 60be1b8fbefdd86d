"""Sentences as customers type or dictate them, each with what must be read in it."""

from decimal import Decimal

import pytest

from openbot.catalogue.items import Change
from openbot.catalogue.matching import Matcher
from openbot.catalogue.reading import Reading, read


def changes(reading: Reading) -> list[tuple[Change, str, Decimal | None]]:
    return [(each.change, each.product.code, each.quantity) for each in reading.items]


def added(reading: Reading) -> dict[str, str | None]:
    assert all(each.change is Change.ADD for each in reading.items)
    return {
        each.product.code: None if each.quantity is None else str(each.quantity) for each in reading.items
    }


def plain(reading: Reading) -> bool:
    return not any((reading.ambiguous, reading.unknown, reading.refused))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "2 cocas de 2,25 y media docena de empanadas de carne",
            {"GAS-COCA-225": "2", "EMP-CARNE": "6"},
        ),
        (
            "una coca de 1,5 y media docena de empanadas de pollo",
            {"GAS-COCA-150": "1", "EMP-POLLO": "6"},
        ),
        ("dos cocas de dos y cuarto y un kilo de pan", {"GAS-COCA-225": "2", "PAN-FRANCES": "1"}),
        ("coca 2 y media", {"GAS-COCA-225": "1"}),
        ("2 cocas de 2,25 y medio kilo de pan", {"GAS-COCA-225": "2", "PAN-FRANCES": "0.5"}),
        ("2 cocas de 2,25 medio kilo de pan", {"GAS-COCA-225": "2", "PAN-FRANCES": "0.5"}),
        ("una coca de 1,5 y cuarto de jamon crudo", {"GAS-COCA-150": "1", "FIA-CRUDO": "0.25"}),
        ("2 cocas de 2 y media docena de facturas", {"GAS-COCA-225": "2", "PAN-FACTURAS": "0.5"}),
        ("2 cocas de 2 y medio kilo de pan", {"GAS-COCA-225": "2", "PAN-FRANCES": "0.5"}),
        ("una coca de dos y cuarto de jamon crudo", {"GAS-COCA-225": "1", "FIA-CRUDO": "0.25"}),
        ("3 sprites de dos y cuarto y cuarto de jamon crudo", {"GAS-SPRITE-225": "3", "FIA-CRUDO": "0.25"}),
        (
            "una coca de litro y medio y media docena de facturas",
            {"GAS-COCA-150": "1", "PAN-FACTURAS": "0.5"},
        ),
        ("2 y media docenas de empanadas de carne", {"EMP-CARNE": "30"}),
        ("un kilo y medio de asado y media docena de facturas", {"CAR-ASADO": "1.5", "PAN-FACTURAS": "0.5"}),
        ("una yerba de uno y medio kilo de pan", {"ALM-YERBA-1": "1", "PAN-FRANCES": "0.5"}),
    ],
)
def test_a_size_belongs_to_the_goods_before_it(matcher: Matcher, text: str, expected: dict[str, str]) -> None:
    reading = read(text, matcher=matcher)
    assert added(reading) == expected
    assert plain(reading)
