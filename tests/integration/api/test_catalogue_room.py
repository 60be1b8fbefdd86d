"""What WhatsApp's lists leave out, as the panel hears it: the rows that the assistant really shows are the measure."""

from typing import TYPE_CHECKING, Any

import pytest

from actions.lists import ROWS, category_rows
from openbot.catalogue import queries, room
from openbot.catalogue.editing import categories, payment_methods, products

if TYPE_CHECKING:
    from openbot.database import Database
    from tests.support.panel import Browser, Panel
    from tests.support.world import World


@pytest.fixture(autouse=True)
def company(seeded: "Database") -> None:
    """Everybody here works for the demo company."""


@pytest.fixture
def ana(panel: "Panel") -> "Browser":
    return panel.administrator(name="Ana")


def left_out(browser: "Browser") -> dict[str, list[str]]:
    found: dict[str, list[str]] = browser.get("/api/catalogue").json()["left_out"]
    return found


def shelves(world: "World") -> list[str]:
    """The categories of the assistant, in order."""
    with world.database.reading() as session:
        return [row["title"] for row in category_rows(queries.load(session, now=world.clock()))]


def add_shelves(world: "World", count: int) -> None:
    """Add categories, each with a product."""
    with world.database.transaction() as session:
        for number in range(count):
            how: dict[str, Any] = {"by": None, "now": world.clock()}
            shelf = categories.create(session, values={"name": f"Rubro {number}"}, **how)
            values = {"name": f"Cosa {number}", "category_id": shelf, "unit": "unidad", "price": "100"}
            products.create(session, values=values, **how)


def test_a_list_has_the_rows_that_whatsapp_shows():
    assert room.ROWS == ROWS


def test_a_company_that_fits_hears_nothing(ana: "Browser", world: "World"):
    add_shelves(world, 9 - len(shelves(world)))
    assert not any(left_out(ana).values())


def test_the_tenth_category_has_no_place_below_the_last_order_and_the_eleventh_never(
    ana: "Browser", world: "World"
):
    add_shelves(world, 11 - len(shelves(world)))
    assert left_out(ana)["categories"] == shelves(world)[9:]
    assert len(left_out(ana)["categories"]) == 2


def test_a_category_without_anything_on_offer_takes_no_row(ana: "Browser", world: "World", panel: "Panel"):
    add_shelves(world, 10 - len(shelves(world)))
    page = ana.get("/api/catalogue/products", params={"q": "Cosa 0"}).json()["rows"]
    ana.post(f"/api/catalogue/products/{page[0]['id']}/sold-out")
    assert left_out(ana)["categories"] == []
    world.clock.move(hours=24)  # it comes back, and whoever asks signs in again
    assert left_out(panel.administrator())["categories"] == shelves(world)[9:] != []


def test_of_the_ways_to_pay_only_the_active_ones_count(ana: "Browser", world: "World"):
    with world.database.transaction() as session:
        known = len(queries.load(session, now=world.clock()).payment_methods)
        added = [
            payment_methods.create(session, values={"name": f"Pago {number}"}, by=None, now=world.clock())
            for number in range(11 - known)
        ]
    assert left_out(ana)["payment_methods"] == [f"Pago {10 - known}"]
    off = ana.patch(f"/api/catalogue/payment-methods/{added[0]}", json={"version": 1, "active": False})
    assert off.status_code == 200
    assert left_out(ana)["payment_methods"] == []
