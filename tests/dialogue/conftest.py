"""One stage for all conversations, a customer for each."""

from collections.abc import Callable, Iterator
from itertools import count

import pytest

from tests.dialogue.player import Player
from tests.dialogue.stage import reseed, somebody, stage
from tests.support.world import World

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def world(tmp_path_factory) -> Iterator[World]:
    with stage(tmp_path_factory.mktemp("dialogue")) as (world, _):
        yield world


@pytest.fixture
def new_player(world) -> Iterator[Callable[..., Player]]:
    """Make players; afterwards the catalogue is as it was."""
    yield lambda conversation: Player(world=world, who=somebody(next(_NUMBERS), conversation))
    reseed(world.database)
