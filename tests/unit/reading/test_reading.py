from collections.abc import Sequence
from decimal import Decimal

import pytest

from openbot.catalogue.goods import Catalogue, Product
from openbot.catalogue.matching import Matcher
from openbot.catalogue.quantities import Refusal
from openbot.reading.items import CartLine, Change
from openbot.reading.reader import Reading, read
from openbot.vocabulary import Delivery

COCAS = ("GAS-COCA-354", "GAS-COCA-500", "GAS-COCA-150", "GAS-COCA-225")


def products(catalogue: Catalogue, codes: Sequence[str]) -> tuple[Product, ...]:
    found = tuple(catalogue.product_by_code(code) for code in codes)
    assert None not in found
    return found  # type: ignore[return-value]


@pytest.fixture
def cart(catalogue: Catalogue) -> tuple[CartLine, ...]:
    empanada, coca = products(catalogue, ("EMP-CARNE", "GAS-COCA-225"))
    return (
        CartLine(product_id=empanada.id, quantity=Decimal(24)),
        CartLine(product_id=coca.id, quantity=Decimal(2)),
    )


def changes(reading: Reading) -> list[tuple[Change, str, Decimal | None]]:
    return [(each.change, each.product.code, each.quantity) for each in reading.items]


def test_one_sentence_fills_the_whole_order(matcher: Matcher) -> None:
    reading = read(
        "2 docenas de empanadas de carne y una coca, envío a Rivadavia 1234 3° B, Caballito, "
        "pago en efectivo con 50 mil, a nombre de ana",
        matcher=matcher,
    )
    assert changes(reading) == [(Change.ADD, "EMP-CARNE", Decimal(24))]
    assert [(each.phrase, each.said and each.said.amount) for each in reading.ambiguous] == [
        ("coca", Decimal(1))
    ]
    assert reading.delivery is Delivery.DELIVERY
    assert reading.address is not None
    assert (reading.address.street, reading.address.notes, reading.address.place) == (
        "Rivadavia 1234",
        "3° B",
        "Caballito",
    )
    assert reading.address.full == "Rivadavia 1234, 3° B, Caballito"
    assert reading.zone is not None
    assert reading.zone.name == "Almagro y cercanías"
    assert reading.payment is not None
    assert reading.payment.code == "EFECTIVO"
    assert reading.cash_with == Decimal(50000)
    assert reading.name == "Ana"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sacá una coca", [("less", "GAS-COCA-225", 1)]),
        ("baja una coca", [("less", "GAS-COCA-225", 1)]),
        ("una coca menos", [("less", "GAS-COCA-225", 1)]),
        ("sacale 1 a las empanadas", [("less", "EMP-CARNE", 1)]),
        ("sacá las cocas", [("gone", "GAS-COCA-225", None)]),
        ("mejor sin la coca", [("gone", "GAS-COCA-225", None)]),
        ("cancelá la coca", [("gone", "GAS-COCA-225", None)]),
        ("no quiero más las empanadas", [("gone", "EMP-CARNE", None)]),
        ("sacá las empanadas y la coca", [("gone", "EMP-CARNE", None), ("gone", "GAS-COCA-225", None)]),
        ("que sean 4 cocas", [("set", "GAS-COCA-225", 4)]),
        ("mejor son tres", [("set", "GAS-COCA-225", 3)]),
        ("mejor 3 docenas", [("set", "EMP-CARNE", 36)]),
        ("no, eran 3 cocas no 2", [("set", "GAS-COCA-225", 3)]),
        ("quiero 3 cocas en vez de 2", [("set", "GAS-COCA-225", 3)]),
        ("en lugar de 2 cocas que sean 3", [("set", "GAS-COCA-225", 3)]),
        ("cambiá las cocas a 4", [("set", "GAS-COCA-225", 4)]),
        ("agregá 2 cocas más", [("add", "GAS-COCA-225", 2)]),
        ("cambiame la coca por una sprite", [("gone", "GAS-COCA-225", None), ("add", "GAS-SPRITE-225", 1)]),
        (
            "cambiame las empanadas de carne por pollo",
            [("gone", "EMP-CARNE", None), ("add", "EMP-POLLO", 24)],
        ),
        ("en vez de la coca una sprite", [("gone", "GAS-COCA-225", None), ("add", "GAS-SPRITE-225", 1)]),
        ("mejor 2 sprites", [("add", "GAS-SPRITE-225", 2)]),
        ("si pero agregale una sprite", [("add", "GAS-SPRITE-225", 1)]),
        ("mejor la coca", [("set", "GAS-COCA-225", None)]),
    ],
)
def test_corrections_know_the_order(
    matcher: Matcher, cart: tuple[CartLine, ...], text: str, expected: list[tuple[str, str, int | None]]
) -> None:
    assert changes(read(text, matcher=matcher, cart=cart)) == expected


def test_the_intent_to_remove_needs_no_verb(matcher: Matcher, cart: tuple[CartLine, ...]) -> None:
    assert changes(read("la coca", matcher=matcher, cart=cart, intent="remove_item")) == [
        ("gone", "GAS-COCA-225", None)
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("la de 2 litros", "GAS-COCA-225"),
        ("2.25", "GAS-COCA-225"),
        ("la grande", "GAS-COCA-225"),
        ("la más chica", "GAS-COCA-354"),
        ("la lata", "GAS-COCA-354"),
        ("de litro y medio", "GAS-COCA-150"),
        ("coca de 500", "GAS-COCA-500"),
        ("la segunda", "GAS-COCA-500"),
        ("2", "GAS-COCA-500"),
        ("la última", "GAS-COCA-225"),
        ("Coca-Cola 1,5 L", "GAS-COCA-150"),
    ],
)
def test_a_short_answer_chooses_among_what_was_offered(
    matcher: Matcher, catalogue: Catalogue, text: str, code: str
) -> None:
    reading = read(text, matcher=matcher, asked="clarification", candidates=products(catalogue, COCAS))
    assert reading.chosen is not None
    assert reading.chosen.code == code
    assert not reading.says_goods


def test_a_choice_may_come_with_its_quantity_and_more_goods(matcher: Matcher, catalogue: Catalogue) -> None:
    offered = products(catalogue, COCAS)
    reading = read("dos de litro y medio", matcher=matcher, asked="clarification", candidates=offered)
    assert reading.chosen is offered[2]
    assert reading.said is not None
    assert reading.said.amount == 2
    reading = read("la de 2 litros y una sprite", matcher=matcher, asked="clarification", candidates=offered)
    assert reading.chosen is offered[3]
    assert changes(reading) == [("add", "GAS-SPRITE-225", 1)]


@pytest.mark.parametrize("text", ["cualquiera", "las dos", "no, ninguna", "la séptima", "9", "hola"])
def test_no_choice_is_made_for_the_customer(matcher: Matcher, catalogue: Catalogue, text: str) -> None:
    reading = read(text, matcher=matcher, asked="clarification", candidates=products(catalogue, COCAS))
    assert reading.chosen is None


def test_another_product_than_those_offered_is_an_item(matcher: Matcher, catalogue: Catalogue) -> None:
    reading = read(
        "mejor una sprite", matcher=matcher, asked="clarification", candidates=products(catalogue, COCAS)
    )
    assert reading.chosen is None
    assert changes(reading) == [("add", "GAS-SPRITE-225", 1)]


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("EMP-CARNE", "2", 2),
        ("EMP-CARNE", "dos docenas", 24),
        ("EMP-CARNE", "-3", Refusal.NEGATIVE),
        ("EMP-CARNE", "mil millones", Refusal.TOO_MANY),
        ("EMP-CARNE", "2 y media", Refusal.NOT_DIVISIBLE),
        ("PAN-MEDIALUNA", "una y media", "1.5"),
        ("PAN-MEDIALUNA", "12 unidades", 1),
        ("FIA-COCIDO", "medio", "0.5"),
        ("FIA-COCIDO", "200", "0.2"),
        ("FIA-COCIDO", "un kilo", 1),
        ("FIA-COCIDO", "cero", Refusal.ZERO),
        ("FIA-COCIDO", "200 gramos de jamón", "0.2"),
        ("GAS-COCA-150", "3 cocas", 3),
        ("GAS-COCA-150", "dame 3", 3),
    ],
)
def test_an_answer_to_how_much_is_in_the_products_unit(
    matcher: Matcher, catalogue: Catalogue, code: str, text: str, expected: object
) -> None:
    reading = read(text, matcher=matcher, asked="quantity", candidates=products(catalogue, (code,)))
    assert reading.quantity == (Decimal(str(expected)) if isinstance(expected, int | str) else expected)


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("cero cocas de 1,5", Refusal.ZERO),
        ("-3 sprites", Refusal.NEGATIVE),
        ("mil millones de empanadas de carne", Refusal.TOO_MANY),
        ("2 y media cocas", Refusal.NOT_DIVISIBLE),
        ("un kilo de sprite", Refusal.OTHER_UNIT),
        ("una caja de fernet", Refusal.OTHER_UNIT),
    ],
)
def test_quantities_are_refused_by_name(matcher: Matcher, text: str, refusal: Refusal) -> None:
    reading = read(text, matcher=matcher)
    assert [each.refusal for each in reading.refused] == [refusal]
    assert not reading.items


def test_a_list_with_dashes_is_no_list_of_debts(matcher: Matcher) -> None:
    assert changes(read("-2 sprite\n-1 fanta", matcher=matcher)) == [
        ("add", "GAS-SPRITE-225", 2),
        ("add", "GAS-FANTA-225", 1),
    ]


def test_goods_asked_about_are_not_ordered(matcher: Matcher) -> None:
    reading = read("cuánto sale la coca zero?", matcher=matcher)
    assert not reading.says_goods
    assert [each.code for each in reading.mentioned] == ["GAS-ZERO-150", "GAS-ZERO-225"]
    reading = read("coca zero", matcher=matcher, intent="ask_prices")
    assert not reading.says_goods
    assert reading.mentioned


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("y una sprite", [("add", "GAS-SPRITE-225", 1)]),
        ("jamón cocido", [("add", "FIA-COCIDO", None)]),
        ("una cebolla", [("add", "VER-CEBOLLA", None)]),
        ("2 cebolla", [("add", "VER-CEBOLLA", 2)]),
        ("quiero sprites", [("add", "GAS-SPRITE-225", None)]),
        ("docena de empanadas, mitad carne mitad pollo", [("add", "EMP-CARNE", 6), ("add", "EMP-POLLO", 6)]),
        (
            "2 docenas de empanadas: una de carne y una de pollo",
            [("add", "EMP-CARNE", 12), ("add", "EMP-POLLO", 12)],
        ),
        (
            "empanadas: 6 carne, 6 pollo, 12 jyq",
            [("add", "EMP-CARNE", 6), ("add", "EMP-POLLO", 6), ("add", "EMP-JYQ", 12)],
        ),
        ("empanadas de carne 12 y de pollo 6", [("add", "EMP-CARNE", 12), ("add", "EMP-POLLO", 6)]),
        ("1 kilo de yerba", [("add", "ALM-YERBA-1", 1)]),
        ("para 10 personas 3 docenas de empanadas de carne a las 21hs", [("add", "EMP-CARNE", 36)]),
        ("te pido una coca zero 1.5", [("add", "GAS-ZERO-150", 1)]),
        ("un té", [("add", "ALM-TE-50", 1)]),
        ("2️⃣ sprite", [("add", "GAS-SPRITE-225", 2)]),
        ("ok dos 🥤 sprite 😀", [("add", "GAS-SPRITE-225", 2)]),
    ],
)
def test_goods_are_read_with_their_quantities(
    matcher: Matcher, text: str, expected: list[tuple[str, str, int | None]]
) -> None:
    reading = read(text, matcher=matcher)
    assert changes(reading) == expected
    assert not reading.ambiguous
    assert not reading.unknown


def test_what_is_not_sold_keeps_its_name(matcher: Matcher) -> None:
    reading = read("1 sprite y un shampoo de coco", matcher=matcher)
    assert [each.phrase for each in reading.unknown] == ["shampoo de coco"]
    reading = read("sushi", matcher=matcher, asked="items")
    assert [each.phrase for each in reading.unknown] == ["sushi"]
    assert read("quiero hablar con alguien", matcher=matcher, intent="human").empty


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n\n ",
        "😀😀😀",
        "\u200b\u200d\ufeff",
        "\u202eمرحبا كيف الحال",
        "<script>alert(1)</script>",
        "'; DROP TABLE orders; --",
        "\x00\x01",
        "\ud800",
        "???",
    ],
)
def test_noise_is_an_empty_reading(matcher: Matcher, text: str) -> None:
    assert read(text, matcher=matcher).empty
