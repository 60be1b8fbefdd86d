"""People of the panel, where conversations need them: the same world, both doors."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.panel import Panel
    from tests.support.world import World


@pytest.fixture
def panel(world: "World") -> "Panel":
    from tests.support.panel import Panel

    return Panel(world)
