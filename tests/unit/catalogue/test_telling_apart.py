"""Products that the assistant would take for one another."""

from dataclasses import replace

from openbot.catalogue.goods import Catalogue
from openbot.catalogue.telling_apart import mistakable


def with_twin(business: Catalogue, name: str, **more: object) -> tuple[Catalogue, int]:
    twin = replace(business.products[3], id=999, code="TWIN", name=name, **more)
    return business.with_products((*business.products, twin)), twin.id


def test_every_product_of_the_demo_is_found_by_its_name(business: Catalogue):
    assert mistakable(business, ids={each.id for each in business.products}) == {}


def test_another_spelling_of_a_name_and_size_is_taken_for_it(business: Catalogue):
    catalogue, twin = with_twin(business, "Coca Cola 2.25 litros")
    assert [each.code for each in mistakable(catalogue, ids={twin})[twin]] == ["GAS-COCA-225"]


def test_another_size_is_told_apart(business: Catalogue):
    catalogue, twin = with_twin(business, "Coca-Cola 3 L")
    assert mistakable(catalogue, ids={twin}) == {}


def test_what_is_sold_out_today_still_counts(business: Catalogue):
    gone = tuple(replace(each, available=False) for each in business.products)
    catalogue, twin = with_twin(business.with_products(gone), "Coca Cola 2.25 litros")
    assert mistakable(catalogue, ids={twin})[twin]
