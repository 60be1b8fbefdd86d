import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openbot.catalogue.goods import Catalogue, Unit, format_quantity
from openbot.catalogue.matching import Ambiguous, Exact, Matcher, NotFound
from openbot.catalogue.quantities import MOST, Refusal, quantity_in
from openbot.catalogue.words import word_set
from openbot.reading.items import CartLine
from openbot.reading.reader import Asked, read

ASKED = (
    None,
    "delivery",
    "branch",
    "address",
    "items",
    "clarification",
    "quantity",
    "payment",
    "cash_with",
    "comment",
    "name",
    "confirmed",
)
PIECES = st.sampled_from(
    sorted(
        word_set(
            "quiero dame sacá mejor que sean en vez de por y , . : - x / ( ) no sí otra más menos mitad 2 1,5 media "
            "docena kilo del la las coca cocas zero empanadas carne pollo jamón queso sprite té sin gas cuatro ceros "
            "harina sushi Belgrano 50 Rivadavia 1234 3° B piso Palermo pago con efectivo 20 mil transferencia a nombre "
            "soy Ana paso buscar mandalo calle 12 nro ½ -3 cero millones todas cambiá cada uno c/u tarjeta mitad para "
            "domingo tipo 8 11 5555-1234 1144445555 👍 dejá solo grandes última 3ro depto timbre PB muzza pollos 6 mas "
            "igual esas cuánto sale hay si no me llegó hielo"
        )
    )
)
SENTENCES = st.one_of(
    st.lists(PIECES, max_size=25).map(" ".join),
    st.text(max_size=200),
    st.text(alphabet="0123456789.,/x- \n", max_size=60),
)


@settings(max_examples=150, deadline=None)
@given(text=SENTENCES, asked=st.sampled_from(ASKED), full=st.booleans(), shown=st.integers(0, 4))
def test_no_text_is_an_error(
    matcher: Matcher, catalogue: Catalogue, text: str, asked: Asked | None, *, full: bool, shown: int
) -> None:
    cart = (
        tuple(CartLine(product_id=each.id, quantity=Decimal(2)) for each in catalogue.products[:5])
        if full
        else ()
    )
    reading = read(
        text,
        matcher=matcher,
        asked=asked,
        cart=cart,
        candidates=catalogue.products[:3] if full else (),
        shown=catalogue.products[-shown:] if shown else (),
    )
    assert reading.position is None or reading.position == -1 or reading.position > 0
    for item in reading.items:
        if item.quantity is not None:
            assert 0 < item.quantity <= MOST
            assert item.quantity % item.product.unit.step == 0
    assert all(len(each.candidates) <= 9 for each in reading.ambiguous)
    assert all(len(each.nearest) <= 3 for each in reading.unknown)


@settings(max_examples=60, deadline=None)
@given(text=SENTENCES)
def test_matching_any_phrase_gives_a_match(matcher: Matcher, text: str) -> None:
    assert isinstance(matcher.match_products(text), Exact | Ambiguous | NotFound)
    matcher.match_branch(text)
    matcher.match_payment(text)
    matcher.match_category(text)
    matcher.match_zone(text)


@given(text=SENTENCES, unit=st.sampled_from(Unit))
def test_a_settled_quantity_is_one_that_is_sold(text: str, unit: Unit) -> None:
    quantity = quantity_in(text, unit)
    if isinstance(quantity, Decimal):
        assert 0 < quantity <= MOST
        assert quantity % unit.step == 0
    else:
        assert quantity is None or isinstance(quantity, Refusal)


@settings(max_examples=60, deadline=None)
@given(index=st.integers(min_value=0, max_value=999), steps=st.integers(min_value=1, max_value=200))
def test_what_the_bot_writes_can_be_written_back(
    matcher: Matcher, catalogue: Catalogue, index: int, steps: int
) -> None:
    sold_in_parts = [each for each in catalogue.products if each.unit in {Unit.KILO, Unit.DOZEN}]
    product = sold_in_parts[index % len(sold_in_parts)]
    amount = product.unit.step * steps
    reading = read(f"{format_quantity(amount, product.unit)} de {product.name}", matcher=matcher)
    assert [(each.product, each.quantity) for each in reading.items] == [(product, amount)]


@pytest.mark.parametrize(
    "piece",
    [
        "x",
        "1",
        "coca ",
        "2 ",
        "de ",
        "a 1 ",
        ", y ",
        "\u200b",
        "(",
        "empanadas: ",
        "en vez de ",
        "\n-2",
        "piso 3 ",
        "1 ",
    ],
)
def test_only_the_beginning_of_a_flood_is_read(matcher: Matcher, piece: str) -> None:
    """No regular expression runs away, and 60 000 characters cost what 8 000 cost: more are never looked at."""
    text = piece * (60_000 // len(piece))
    assert read(text, matcher=matcher, asked="address") == read(
        text[:8_000], matcher=matcher, asked="address"
    )
    assert seconds(matcher, text) < 4 * seconds(matcher, text[:8_000])


def test_twice_the_sentence_costs_about_twice(matcher: Matcher) -> None:
    """Nothing is looked up for every pair of words."""
    order = "2 docenas de empanadas de carne y una coca zero de 1,5, envío a Rivadavia 1234 3° B, pago en efectivo. "
    assert seconds(matcher, 8 * order) < 24 * seconds(matcher, order)


def seconds(matcher: Matcher, text: str) -> float:
    """The best of several runs."""

    def run() -> float:
        began = time.process_time()
        read(text, matcher=matcher, asked="address")
        return time.process_time() - began

    return min(run() for _ in range(5))
