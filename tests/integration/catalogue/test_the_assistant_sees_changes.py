"""What is edited in the panel, as the action server sees it: at its next call, without training or restart."""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from actions.process import Goods, Process
from openbot import company
from openbot.catalogue.editing import branches, payment_methods, products
from openbot.catalogue.matching import Exact
from openbot.catalogue.queries import CatalogueCache
from tests.support.world import settings_for

if TYPE_CHECKING:
    from openbot.database import Database
    from tests.conftest import Clock

COCA = "coca cola de 2,25"


@pytest.fixture
def shop(seeded: "Database") -> Iterator[Process]:
    process = Process(settings_for(seeded.url))
    yield process
    process.database.close()


def goods(shop: Process, clock: "Clock") -> Goods:
    with shop.database.reading() as session:
        return shop.goods(session, now=clock())


def coca_id(shop: Process, clock: "Clock") -> int:
    product = goods(shop, clock).catalogue.product_by_code("GAS-COCA-225")
    assert product is not None
    return product.id


def edit_coca(shop: Process, clock: "Clock", **values: Any) -> None:
    with shop.database.transaction() as session:
        products.edit(
            session, product_id=coca_id(shop, clock), version=1, values=values, by=None, now=clock()
        )


def sell_out(shop: Process, clock: "Clock", *, is_out: bool = True) -> None:
    with shop.database.transaction() as session:
        zone = company.read(session).zone
        products.sell_out(session, product_id=coca_id(shop, clock), is_out=is_out, zone=zone, now=clock())


def is_sold(shop: Process, clock: "Clock") -> bool:
    match = goods(shop, clock).matcher.match_products(COCA)
    return isinstance(match, Exact) and match.product.code == "GAS-COCA-225"


def test_an_unchanged_catalogue_is_not_read_again(shop: Process, clock: "Clock"):
    assert goods(shop, clock) is goods(shop, clock)


def test_a_price_and_a_name_are_new_at_the_next_call(shop: Process, clock: "Clock"):
    edit_coca(shop, clock, price="5.999,90", aliases=["negrita"])
    match = goods(shop, clock).matcher.match_products("negrita")
    assert isinstance(match, Exact)
    assert f"{match.product.price:.2f}" == "5999.90"


def test_a_branch_and_a_payment_method_are_there_at_the_next_call(shop: Process, clock: "Clock"):
    goods(shop, clock)
    place = {"address": "Mitre 1", "place": "Bernal", "latitude": -34.7, "longitude": -58.2}
    with shop.database.transaction() as session:
        branches.create(session, values={"name": "Bernal", **place}, by=None, now=clock())
        payment_methods.create(session, values={"name": "Cheque"}, by=None, now=clock())
    matcher = goods(shop, clock).matcher
    found = matcher.match_branch("en bernal"), matcher.match_payment("con cheque")
    assert [each.name for each in found if each] == ["Bernal", "Cheque"]


def test_two_edits_at_the_same_time_are_both_seen(shop: Process, clock: "Clock"):
    """Each waits for the one before, so no two write the same version."""
    before = goods(shop, clock).version
    edit_coca(shop, clock, price=1)
    with shop.database.transaction() as session:
        company.save(session, values={"overtime_minutes": 5}, version=0, by=None, now=clock())
    assert goods(shop, clock).version == before + 2


def test_what_is_sold_out_is_not_offered_until_the_day_is_over(shop: Process, clock: "Clock"):
    assert is_sold(shop, clock)
    sell_out(shop, clock)
    assert not is_sold(shop, clock)
    version = goods(shop, clock).version
    clock.move(hours=13, minutes=59)  # 23:59 in Buenos Aires
    assert not is_sold(shop, clock)
    clock.move(minutes=1)
    assert is_sold(shop, clock)
    assert goods(shop, clock).version == version


def test_what_is_sold_out_is_offered_at_once_when_it_is_taken_back(shop: Process, clock: "Clock"):
    sell_out(shop, clock)
    sell_out(shop, clock, is_out=False)
    assert is_sold(shop, clock)


def test_a_product_switched_off_stays_off_the_next_day(shop: Process, clock: "Clock"):
    sell_out(shop, clock)
    edit_coca(shop, clock, available=False)
    clock.move(days=2)
    assert not is_sold(shop, clock)


def test_a_day_that_begins_is_seen_by_the_cache_without_a_version(shop: Process, clock: "Clock"):
    cache = CatalogueCache(shop.database, check_seconds=3600)
    sell_out(shop, clock)

    def is_available() -> bool:
        product = cache.current(now=clock()).product_by_code("GAS-COCA-225")
        return product is not None and product.available

    assert not is_available()
    clock.move(days=1)
    assert is_available()


def test_the_companys_expiry_hours_are_used_by_the_next_action(shop: Process, clock: "Clock"):
    assert goods(shop, clock).expires_after == timedelta(hours=48)
    with shop.database.transaction() as session:
        company.save(session, values={"order_expiry_hours": 6}, version=0, by=None, now=clock())
    assert goods(shop, clock).expires_after == timedelta(hours=6)
