from decimal import Decimal

import pytest

from openbot.catalogue.goods import Unit
from openbot.catalogue.quantities import Refusal, Said, quantity_in, read_quantity, settle
from openbot.catalogue.words import clean, tokens


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("tres", "3", None),
        ("veintidós", "22", None),
        ("treinta y dos", "32", None),
        ("doscientos cincuenta gramos", "0.25", Unit.KILO),
        ("ciento veinte", "120", None),
        ("mil millones", "1000000000", None),
        ("20 mil", "20000", None),
        ("media docena", "0.5", Unit.DOZEN),
        ("2 y media docenas", "2.5", Unit.DOZEN),
        ("dos docenas y media", "2.5", Unit.DOZEN),
        ("docena y media", "1.5", Unit.DOZEN),
        ("una dosena", "1", Unit.DOZEN),
        ("2kg", "2", Unit.KILO),
        ("kilo y medio", "1.5", Unit.KILO),
        ("un kilo y cuarto", "1.25", Unit.KILO),
        ("un kilo doscientos de carne", "1.2", Unit.KILO),
        ("1 kilo 200 gramos", "1.2", Unit.KILO),
        ("1 kilo 200 empanadas", "1", Unit.KILO),
        ("medio kilo", "0.5", Unit.KILO),
        ("cuarto de kilo", "0.25", Unit.KILO),
        ("un cuarto kilo", "0.25", Unit.KILO),
        ("cuarto de jamón", "0.25", None),
        ("tres cuartos de asado", "0.75", None),
        ("1/2 kg", "0.5", Unit.KILO),
        ("1 1/2", "1.5", None),
        ("½ kg", "0.5", Unit.KILO),
        ("1½ docenas", "1.5", Unit.DOZEN),
        ("200 gramos", "0.2", Unit.KILO),
        ("200grs", "0.2", Unit.KILO),
        ("2,5", "2.5", None),
        ("2.25 lts", "2.25", Unit.LITRE),
        ("500 ml", "0.5", Unit.LITRE),
        ("1.500", "1500", None),
        ("1.500 kg", "1.5", Unit.KILO),
        ("1,200 kg", "1.2", Unit.KILO),
        ("un par de", "2", None),
        ("dos packs", "2", Unit.PACK),
        ("3 cajones", "3", Unit.CRATE),
        ("cero", "0", None),
        ("9" * 60, "1000000000", None),
        ("２", "2", None),
    ],
)
def test_a_quantity_is_read_as_people_say_it(text: str, amount: str, unit: Unit | None) -> None:
    found = read_quantity(tokens(clean(text)), 0)
    assert found is not None
    assert (found[0].amount, found[0].unit) == (Decimal(amount), unit)


@pytest.mark.parametrize("text", ["coca", "", "1,2,3", "kg"[:0], "de kilo", "٣", "y media"])
def test_what_is_no_quantity_is_none(text: str) -> None:
    assert read_quantity(tokens(clean(text)), 0) is None


def test_a_container_is_remembered() -> None:
    found = read_quantity(tokens("2 latas de atun"), 0)
    assert found is not None
    assert found[0] == Said(Decimal(2), None, "latas")


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("media docena", Unit.PIECE, 6),
        ("media docena", Unit.DOZEN, "0.5"),
        ("2 y media docenas", Unit.PIECE, 30),
        ("2 y media docenas", Unit.DOZEN, "2.5"),
        ("docena y cuarto", Unit.PIECE, 15),
        ("2", Unit.DOZEN, 2),
        ("24 unidades", Unit.DOZEN, 2),
        ("3 unidades", Unit.DOZEN, Refusal.NOT_DIVISIBLE),
        ("2 y media", Unit.PIECE, Refusal.NOT_DIVISIBLE),
        ("media", Unit.PIECE, Refusal.NOT_DIVISIBLE),
        ("1/8 docena", Unit.PIECE, Refusal.NOT_DIVISIBLE),
        ("medio", Unit.KILO, "0.5"),
        ("200", Unit.KILO, "0.2"),
        ("50", Unit.KILO, "0.05"),
        ("25", Unit.KILO, 25),
        ("kilo y medio", Unit.KILO, "1.5"),
        ("un kilo", Unit.PIECE, Refusal.OTHER_UNIT),
        ("un litro", Unit.KILO, Refusal.OTHER_UNIT),
        ("una docena", Unit.KILO, Refusal.OTHER_UNIT),
        ("2 botellas", Unit.PIECE, 2),
        ("2 botellas", Unit.KILO, Refusal.OTHER_UNIT),
        ("un cajón", Unit.PIECE, Refusal.OTHER_UNIT),
        ("dos bolsas", Unit.PIECE, 2),
        ("dos bolsas", Unit.KILO, Refusal.OTHER_UNIT),
        ("2 packs", Unit.PACK, 2),
        ("cero", Unit.PIECE, Refusal.ZERO),
        ("0 kg", Unit.KILO, Refusal.ZERO),
        ("-3", Unit.PIECE, Refusal.NEGATIVE),
        ("menos 3", Unit.PIECE, Refusal.NEGATIVE),
        ("mil millones", Unit.PIECE, Refusal.TOO_MANY),
        ("1000", Unit.PIECE, Refusal.TOO_MANY),
        ("999", Unit.PIECE, 999),
        ("100 docenas", Unit.PIECE, Refusal.TOO_MANY),
        ("hola", Unit.PIECE, None),
    ],
)
def test_an_answer_is_settled_in_the_products_unit_or_refused(
    text: str, unit: Unit, expected: object
) -> None:
    wanted = Decimal(str(expected)) if isinstance(expected, int | str) else expected
    assert quantity_in(text, unit) == wanted


def test_a_bare_number_of_something_sold_by_the_dozen_means_pieces_unless_dozens_were_asked() -> None:
    assert settle(Said(Decimal(12)), Unit.DOZEN) == 1
    assert settle(Said(Decimal(12)), Unit.DOZEN, asked=True) == 12
    assert settle(Said(Decimal(7)), Unit.DOZEN) is Refusal.NOT_DIVISIBLE


def test_weight_of_something_sold_in_packets_counts_packets() -> None:
    one_kilo = frozenset({("kg", Decimal(1))})
    assert settle(Said(Decimal(2), Unit.KILO), Unit.PIECE, holds=one_kilo) == 2
    assert settle(Said(Decimal("1.5"), Unit.KILO), Unit.PIECE, holds=one_kilo) is Refusal.NOT_DIVISIBLE
    assert settle(Said(Decimal(3), Unit.PACK), Unit.PIECE, holds=frozenset({("x", Decimal(4))})) == 3
    assert settle(Said(Decimal(8)), Unit.PIECE, most=Decimal(6)) is Refusal.TOO_MANY
