"""Worlds in which somebody was answered already."""

import pytest

from tests.support.world import World


@pytest.fixture
def ana(world: World) -> World:
    """A world in which Ana wrote and was answered."""
    world.converse("hola")
    world.whatsapp.delivered.clear()
    world.whatsapp.asked.clear()
    return world
