"""A world per test, over each database."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from openbot.database import Database
    from tests.support.world import Clock, World


@pytest.fixture
def world(request: pytest.FixtureRequest, database: "Database", clock: "Clock") -> "Iterator[World]":
    from tests.support.world import World

    world = World(database, clock, web_role="all" if "panel" in request.fixturenames else "webhook")
    try:
        yield world
    finally:
        world.close()
