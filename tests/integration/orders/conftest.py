"""A shop with many orders of every kind, written in one go."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from openbot.database import Database


@pytest.fixture
def add_orders(seeded: "Database") -> Callable[..., list[int]]:
    """Add so many orders of new contacts; the same ones for the same seed. Return their numbers."""
    from tests.support import many_orders

    return partial(many_orders.add_orders, seeded)
