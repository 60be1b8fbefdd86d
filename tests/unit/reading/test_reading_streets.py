import pytest

from openbot.catalogue.goods import Catalogue
from openbot.catalogue.matching import Matcher
from openbot.reading.reader import read
from openbot.reading.understood import Asked
from openbot.vocabulary import Delivery


@pytest.mark.parametrize(
    "asked", [None, "address", "clarification", "quantity", "delivery", "items", "payment"]
)
@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("lavalle 1200", "Lavalle 1200"),
        ("Lavalle 1200 3b", "Lavalle 1200, 3b"),
        ("no, mandalo a Belgrano 50, Avellaneda", "Belgrano 50, Avellaneda"),
        ("a pje los pinos 345", "Pje los Pinos 345"),
        ("en san martin 1840 timbre 2", "San Martin 1840, timbre 2"),
    ],
)
def test_a_street_and_a_number_are_an_address_whatever_was_asked(
    matcher: Matcher, catalogue: Catalogue, text: str, full: str, asked: Asked | None
) -> None:
    candidates = catalogue.products[:1] if asked == "quantity" else catalogue.products[:4]
    reading = read(text, matcher=matcher, asked=asked, candidates=candidates)
    assert reading.address is not None
    assert reading.address.full == full
    assert reading.delivery is Delivery.DELIVERY
    assert reading.chosen is None
    assert reading.said is None
    assert not reading.says_goods


@pytest.mark.parametrize(
    "text", ["dame 200", "coca 500", "unas 300", "gramos 500", "serian 150", "ponele 300", "yerba 500"]
)
@pytest.mark.parametrize("asked", ["clarification", "quantity"])
def test_a_quantity_is_no_address(matcher: Matcher, catalogue: Catalogue, text: str, asked: Asked) -> None:
    candidates = catalogue.products[:1] if asked == "quantity" else catalogue.products[:4]
    assert read(text, matcher=matcher, asked=asked, candidates=candidates).address is None
