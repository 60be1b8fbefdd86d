from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from openbot.catalogue.business_file import BusinessFileWrong, parse_business
from openbot.catalogue.goods import Catalogue, Unit

BUSINESS = Path(__file__).resolve().parents[3] / "data" / "business.yml"
RASA_KEYS = {
    "version",
    "nlu",
    "rules",
    "stories",
    "responses",
    "slots",
    "forms",
    "intents",
    "entities",
    "actions",
    "e2e_tests",
}


@pytest.fixture(scope="module")
def as_shipped() -> dict[str, Any]:
    return yaml.safe_load(BUSINESS.read_text(encoding="utf-8"))


@pytest.fixture
def parsed(as_shipped: dict[str, Any]) -> dict[str, Any]:
    return deepcopy(as_shipped)


def test_the_demo_company_is_a_whole_distributor(catalogue: Catalogue) -> None:
    assert len(catalogue.branches) == 4
    assert len(catalogue.categories) >= 9
    assert len(catalogue.products) >= 80
    assert len(catalogue.zones) >= 8
    assert {each.is_cash for each in catalogue.payment_methods} == {True, False}


def test_names_fit_whatsapp(catalogue: Catalogue) -> None:
    assert all(
        len(each.name) <= 24 for each in (*catalogue.products, *catalogue.categories, *catalogue.branches)
    )
    assert all(len(each.size) <= 72 for each in catalogue.products)
    assert all(len(each.name) <= 20 for each in catalogue.payment_methods)
    assert len(catalogue.categories) <= 10


def test_rasa_takes_the_file_for_none_of_its_own(parsed: dict[str, Any]) -> None:
    assert not RASA_KEYS & parsed.keys()


def test_a_place_belongs_to_one_zone_only(catalogue: Catalogue) -> None:
    places = [place.lower() for zone in catalogue.zones for place in zone.places]
    assert len(places) == len(set(places))


@pytest.mark.parametrize(
    ("path", "value", "said_path"),
    [
        (
            ("branches", 0, "hours"),
            {"lunes a viernes": ["25:00-26:00"]},
            "branches[0].hours.lunes a viernes[0]",
        ),
        (("branches", 0, "hours"), {"lunes": ["8:00-13:00", "12:00-20:00"]}, "branches[0].hours.lunes"),
        (("branches", 0, "hours"), {"lun": ["8:00-13:00"]}, "branches[0].hours"),
        (("branches", 0, "hours"), {"viernes a lunes": ["8:00-13:00"]}, "branches[0].hours"),
        (("branches", 0, "hours"), "siempre", "branches[0].hours"),
        (("branches", 1, "latitude"), 200, "branches[1].latitude"),
        (("branches", 1, "zones", 0, "fee"), -1, "branches[1].zones[0].fee"),
        (("branches", 1, "zones", 0, "places"), [], "branches[1].zones[0].places"),
        (("branches",), [], "branches"),
        (("branches",), "cuatro", "branches"),
        (("company", "time_zone"), "America/Nowhere", "company.time_zone"),
        (("company",), None, "company"),
        (("categories", 0, "name"), "x" * 25, "categories[0].name"),
        (("categories", 0, "code"), "ALMACEN", "categories"),
        (("categories", 2, "products", 3, "unit"), "puñado", "categories[2].products[3].unit"),
        (("categories", 2, "products", 3, "price"), "gratis", "categories[2].products[3].price"),
        (("categories", 2, "products", 3, "price"), 0, "categories[2].products[3].price"),
        (("categories", 2, "products", 3, "price"), True, "categories[2].products[3].price"),
        (("categories", 2, "products", 3, "price"), float("inf"), "categories[2].products[3].price"),
        (("categories", 2, "products", 3, "available"), "sí", "categories[2].products[3].available"),
        (("categories", 2, "products", 3, "name"), "", "categories[2].products[3].name"),
        (("categories", 2, "products", 3, "code"), "GAS-COCA-225", "categories"),
        (("payment_methods", 0, "name"), "Efectivo contra entrega", "payment_methods[0].name"),
        (("holidays", 0, "day"), "Navidad", "holidays[0].day"),
    ],
)
def test_a_mistake_is_named_with_its_place(
    parsed: dict[str, Any], path: tuple[Any, ...], value: Any, said_path: str
) -> None:
    place: Any = parsed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(BusinessFileWrong) as wrong:
        parse_business(parsed)
    assert wrong.value.path == said_path
    assert said_path in str(wrong.value)


@pytest.mark.parametrize("nonsense", [None, [], "hola", 3])
def test_what_is_no_mapping_is_refused(nonsense: object) -> None:
    with pytest.raises(BusinessFileWrong):
        parse_business(nonsense)


def test_ids_follow_the_file_and_look_ups_find(catalogue: Catalogue) -> None:
    coca = catalogue.product_by_code("GAS-COCA-225")
    assert coca is not None
    assert catalogue.product(coca.id) is coca
    assert (coca.unit, coca.price) == (Unit.PIECE, Decimal(5200))
    assert coca in catalogue.products_in(coca.category_id)
    category = catalogue.category(coca.category_id)
    assert category is not None
    assert category.code == "BEBIDAS"
    branch = catalogue.branch(catalogue.zones[0].branch_id)
    assert branch is not None
    assert catalogue.zones[0] in catalogue.zones_of(branch.id)
    assert catalogue.zone(catalogue.zones[2].id) is catalogue.zones[2]
    assert catalogue.payment_method(1) is catalogue.payment_methods[0]
    assert catalogue.product(9999) is catalogue.product_by_code("NADA") is None
    assert (
        catalogue.branch(99)
        is catalogue.zone(99)
        is catalogue.category(99)
        is catalogue.payment_method(99)
        is None
    )
