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
            "soy Ana paso buscar mandalo calle 12 nro ½ -3 cero millones todas cambiá"
        )
    )
)
SENTENCES = st.one_of(
    st.lists(PIECES, max_size=25).map(" ".join),
    st.text(max_size=200),
    st.text(alphabet="0123456789.,/x- \n", max_size=60),
)


@settings(max_examples=150, deadline=None)
@given(text=SENTENCES, asked=st.sampled_from(ASKED), full=st.booleans())
def test_no_text_is_an_error(
    matcher: Matcher, catalogue: Catalogue, text: str, asked: Asked | None, *, full: bool
) -> None:
    cart = (
        tuple(CartLine(product_id=each.id, quantity=Decimal(2)) for each in catalogue.products[:5])
        if full
        else ()
    )
    reading = read(
        text, matcher=matcher, asked=asked, cart=cart, candidates=catalogue.products[:3] if full else ()
    )
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
    "text",
    [
        "x" * 60_000,
        "1" * 60_000,
        "coca " * 12_000,
        "2 " * 30_000,
        "de " * 20_000,
        "a 1 " * 15_000,
        ", y " * 15_000,
        "\u200b" * 60_000,
        "(" * 60_000,
        "empanadas: " * 6_000,
        "en vez de " * 6_000,
        "\n-2" * 20_000,
    ],
)
def test_sixty_thousand_characters_take_no_time(matcher: Matcher, text: str) -> None:
    began = time.process_time()
    read(text, matcher=matcher, asked="address")
    assert time.process_time() - began < 1.0


def test_an_ordinary_sentence_takes_about_a_millisecond(matcher: Matcher) -> None:
    """A loose bound for a busy machine; 0.6 ms alone."""
    text = "2 docenas de empanadas de carne y una coca zero de 1,5, envío a Rivadavia 1234 3° B, pago en efectivo"
    read(text, matcher=matcher)
    began = time.process_time()
    for _ in range(20):
        read(text, matcher=matcher)
    assert (time.process_time() - began) / 20 < 0.01
