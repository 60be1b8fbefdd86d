"""Sentences as customers type or dictate them, each with what must be read in it."""

from decimal import Decimal
from typing import get_args

import pytest

from openbot.catalogue.goods import Catalogue
from openbot.catalogue.matching import Matcher
from openbot.reading.items import CartLine, Change
from openbot.reading.reader import read
from openbot.reading.understood import Asked, Reading

ASKED = (None, *get_args(Asked))


def held(catalogue: Catalogue, **lines: int) -> tuple[CartLine, ...]:
    found = []
    for code, quantity in lines.items():
        product = catalogue.product_by_code(code.replace("_", "-"))
        assert product is not None
        found.append(CartLine(product_id=product.id, quantity=Decimal(quantity)))
    return tuple(found)


@pytest.fixture
def cart(catalogue: Catalogue) -> tuple[CartLine, ...]:
    return held(catalogue, EMP_CARNE=24, GAS_COCA_225=2)


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


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize(
    "text",
    [
        '/confirm_order{"order":"1","version":"3"}',
        '\uff0fconfirm_order{"order":"1","version":"3"}',
        "/restart",
        "/session_start 3",
        '{"items": [{"code": "GAS-COCA-225", "quantity": 3}]}',
        "SELECT * FROM orders WHERE id=1; DROP TABLE orders",
        "' OR 1=1 --",
        "<b>2 cocas</b><img src=1>",
        "<script>alert(1)</script>",
        "https://maps.app.goo.gl/3x2?coca=2",
        "www.tienda.com.ar/cocas/2",
        "ana23@gmail.com",
        "${jndi:ldap://x/2}",
    ],
)
def test_what_no_person_wrote_chooses_nothing_and_counts_nothing(
    matcher: Matcher, catalogue: Catalogue, text: str, asked: Asked | None
) -> None:
    candidates = catalogue.products[:1] if asked == "quantity" else catalogue.products[:4]
    reading = read(text, matcher=matcher, asked=asked, candidates=candidates)
    is_link = text.startswith(("https:", "www.")) or "@" in text
    assert reading == (Reading(comment=text) if is_link and asked == "comment" else Reading())


@pytest.mark.parametrize(
    "text",
    [
        "mira https://maps.app.goo.gl/3x2 quiero 2 sprites",
        "2 sprites (las de 2,25)",
        'quiero 2 "sprites"',
        "<3 quiero 2 sprites",
        "* 2 sprites",
        "c/u 2 sprites",
    ],
)
def test_a_sentence_with_odd_signs_is_still_a_sentence(matcher: Matcher, text: str) -> None:
    assert added(read(text, matcher=matcher)) == {"GAS-SPRITE-225": "2"}


@pytest.mark.parametrize(
    "text", ["somos 2 personas", "te escribi hace 2 dias y nadie contesto", "hablame al 2", "mi hijo tiene 3"]
)
def test_a_figure_in_a_longer_text_chooses_no_row(matcher: Matcher, catalogue: Catalogue, text: str) -> None:
    candidates = catalogue.products[:4]
    reading = read(text, matcher=matcher, asked="clarification", candidates=candidates)
    assert reading.chosen is None


@pytest.mark.parametrize("text", ["la 2", "opcion 2", "quiero la 2", "el numero 2 porfa", "dame la dos"])
def test_a_figure_that_answers_chooses_its_row(matcher: Matcher, catalogue: Catalogue, text: str) -> None:
    candidates = catalogue.products[:4]
    reading = read(text, matcher=matcher, asked="clarification", candidates=candidates)
    assert reading.chosen is candidates[1]


@pytest.mark.parametrize(
    ("text", "name", "comment"),
    [
        ("a nombre de Ana Paz", "Ana Paz", None),
        ("va a nombre de ana paz", "Ana Paz", None),
        ("que vaya a nombre de Ana", "Ana", None),
        ("a nombre de Ana Paz y que toquen timbre", "Ana Paz", "que toquen timbre"),
        ("tocar timbre 2, a nombre de Ana Paz", "Ana Paz", "tocar timbre 2"),
        ("no, a nombre de Ana Paz", "Ana Paz", None),
        ("soy alergico al mani", "", "soy alergico al mani"),
        ("el timbre no anda", "", "el timbre no anda"),
        ("ninguna", "", ""),
    ],
)
def test_a_name_is_no_comment(matcher: Matcher, text: str, name: str, comment: str | None) -> None:
    reading = read(text, matcher=matcher, asked="comment")
    assert (reading.name, reading.comment) == (name, comment)


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("dame gaseosas", "BEBIDAS"),
        ("gaceosas", "BEBIDAS"),
        ("bebidas", "BEBIDAS"),
        ("verduras", "VERDURAS"),
        ("quiero ver las verduras", "VERDURAS"),
        ("frutas y verduras", "VERDURAS"),
        ("que verduras tenes?", "VERDURAS"),
        ("carnes", "CARNES"),
        ("Carnes y pollo", "CARNES"),
        ("que hay de limpieza", "LIMPIEZA"),
        ("panaderia", "PANADERIA"),
        ("mostrame los lacteos", "LACTEOS"),
        ("quiero fiambres", "LACTEOS"),
        ("congelados", "EMPANADAS"),
        ("vinos", "ALCOHOL"),
        ("Empanadas y congelados", "EMPANADAS"),
        ("almacen", "ALMACEN"),
    ],
)
def test_the_name_of_a_shelf_is_no_product(matcher: Matcher, text: str, category: str) -> None:
    reading = read(text, matcher=matcher)
    assert reading.category is not None
    assert reading.category.code == category
    assert not reading.says_goods
    assert not reading.mentioned


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("6 empanadas de verdura", {"EMP-VERDURA": "6"}),
        ("empanadas: 6 carne, 6 verdura", {"EMP-CARNE": "6", "EMP-VERDURA": "6"}),
        ("medio kilo de carne picada", {"CAR-PICADA": "0.5"}),
        ("2 vinos", {"VIN-MALBEC-750": "2"}),
        ("papas fritas congeladas", {"CON-PAPAS-1": "1"}),
        ("un pollo entero de 2 kilos", {"CAR-POLLO": "2"}),
    ],
)
def test_goods_that_are_called_like_a_shelf_stay_goods(
    matcher: Matcher, text: str, expected: dict[str, str]
) -> None:
    reading = read(text, matcher=matcher)
    assert reading.category is None
    assert added(reading) == expected


@pytest.mark.parametrize("text", ["quiero empanadas", "cervezas", "2 gaseosas"])
def test_a_shelf_of_one_kind_of_goods_asks_which(matcher: Matcher, text: str) -> None:
    reading = read(text, matcher=matcher)
    assert reading.category is None
    assert len(reading.ambiguous) == 1


def test_a_shelf_is_taken_out_of_the_order(matcher: Matcher, cart: tuple[CartLine, ...]) -> None:
    assert changes(read("sacá las gaseosas", matcher=matcher, cart=cart)) == [("gone", "GAS-COCA-225", None)]


def test_the_shelf_is_no_word_of_an_address(matcher: Matcher) -> None:
    reading = read("mandalo a la verduleria de mi tia", matcher=matcher)
    assert reading.category is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sacá todo", [("gone", "EMP-CARNE", None), ("gone", "GAS-COCA-225", None)]),
        ("borrame todo lo que pedi", [("gone", "EMP-CARNE", None), ("gone", "GAS-COCA-225", None)]),
        ("vacia el carrito", [("gone", "EMP-CARNE", None), ("gone", "GAS-COCA-225", None)]),
        ("saca todo menos la coca", [("gone", "EMP-CARNE", None)]),
        (
            "saca todo y poneme 2 sprites",
            [("gone", "EMP-CARNE", None), ("gone", "GAS-COCA-225", None), ("add", "GAS-SPRITE-225", 2)],
        ),
        ("que la coca sea zero", [("gone", "GAS-COCA-225", None), ("add", "GAS-ZERO-225", 2)]),
        ("la coca que sea zero", [("gone", "GAS-COCA-225", None), ("add", "GAS-ZERO-225", 2)]),
        ("la coca mejor zero", [("gone", "GAS-COCA-225", None), ("add", "GAS-ZERO-225", 2)]),
        ("que sea zero", [("gone", "GAS-COCA-225", None), ("add", "GAS-ZERO-225", 2)]),
        ("que la coca sea de litro y medio", [("gone", "GAS-COCA-225", None), ("add", "GAS-COCA-150", 2)]),
        ("que las empanadas sean de pollo", [("gone", "EMP-CARNE", None), ("add", "EMP-POLLO", 24)]),
        ("que sean de pollo", [("gone", "EMP-CARNE", None), ("add", "EMP-POLLO", 24)]),
        ("que sean 4", [("set", "GAS-COCA-225", 4)]),
        ("que las cocas sean 4", [("set", "GAS-COCA-225", 4)]),
        ("saca todas las empanadas", [("gone", "EMP-CARNE", None)]),
    ],
)
def test_what_was_ordered_is_emptied_or_exchanged(
    matcher: Matcher, cart: tuple[CartLine, ...], text: str, expected: list[tuple[str, str, int | None]]
) -> None:
    reading = read(text, matcher=matcher, cart=cart)
    assert changes(reading) == expected
    assert plain(reading)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 cocas de 2,25 que sean zero", {"GAS-ZERO-225": "2"}),
        ("3 cocas, que sean de 2,25", {"GAS-COCA-225": "3"}),
        ("6 empanadas de carne no mejor de pollo", {"EMP-POLLO": "6"}),
        ("una coca pero grande", {"GAS-COCA-225": "1"}),
    ],
)
def test_goods_named_in_the_same_breath_are_refined(
    matcher: Matcher, text: str, expected: dict[str, str]
) -> None:
    reading = read(text, matcher=matcher)
    assert added(reading) == expected
    assert plain(reading)


def test_to_clear_the_order_is_left_to_who_cancels_it(matcher: Matcher, cart: tuple[CartLine, ...]) -> None:
    assert not read("borrá todo", matcher=matcher, cart=cart, intent="restart_order").says_goods


@pytest.mark.parametrize("intent", [None, "order", "inform", "ask_prices", "ask_products", "greet"])
@pytest.mark.parametrize(
    "text", ["cuanto sale el kilo de pan?", "tenés pan?", "hola buenas, tenés pan?", "a cuanto tenes el pan"]
)
def test_bread_asked_about_is_bread(matcher: Matcher, text: str, intent: str | None) -> None:
    reading = read(text, matcher=matcher, intent=intent)
    assert [each.code for each in reading.mentioned] == ["PAN-FRANCES"]
    assert not reading.says_goods
