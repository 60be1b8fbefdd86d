"""A panel per test: people with browsers, over the world of the test; and a shop that the tests of a file share."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.conftest import DATABASES, Clock

if TYPE_CHECKING:
    from pathlib import Path

    from openbot.catalogue.goods import Catalogue
    from tests.support.panel import Panel
    from tests.support.shop import Shop
    from tests.support.stage import Stage
    from tests.support.world import World


@pytest.fixture
def panel(world: "World") -> "Panel":
    from tests.support.panel import Panel

    return Panel(world)


@pytest.fixture(scope="module", params=DATABASES)
def shop(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, business: "Catalogue"
) -> "Iterator[Shop]":
    """The demo company with its people; what a test changes, it makes for itself."""
    from tests.support.databases import shared
    from tests.support.shop import Shop

    with shared(request, tmp_path_factory) as database:
        shop = Shop(database, business=business, clock=Clock())
        yield shop
        shop.close()


@pytest.fixture(scope="module")
def stage(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: "Path", business: "Catalogue"
) -> "Iterator[Stage]":
    """The demo company with one of each: every kind of person, and something behind every address."""
    from tests.support.stage import Stage

    folder = tmp_path_factory.mktemp("stage")
    stage = Stage(folder, template=sqlite_template, business=business, clock=Clock())
    yield stage
    stage.close()


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed as they are, but for a thousandth of the work."""
    from argon2 import PasswordHasher

    from openbot.operators import passwords

    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    passwords._nobody.cache_clear()
