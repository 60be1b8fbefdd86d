"""One database, one assistant and one action server for all conversations; a customer for each."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from openbot.assistant import Assistant
from openbot.catalogue import operations as catalogue
from openbot.catalogue.goods import Catalogue
from openbot.database import Database
from openbot.schema import Base
from tests.dialogue.player import TUESDAY, Player
from tests.dialogue.servers import ROOT, serving
from tests.support.whatsapp import Customer
from tests.support.world import World

_NUMBERS = count(1)


class Clock:
    def __init__(self) -> None:
        self.now = TUESDAY

    def __call__(self):
        return self.now

    def move(self, *, hours: float = 0, minutes: float = 0, seconds: float = 0):
        self.now += timedelta(hours=hours, minutes=minutes, seconds=seconds)
        return self.now


@pytest.fixture(scope="session")
def business() -> Catalogue:
    return catalogue.read_business(ROOT / "data/business.yml")


@pytest.fixture(scope="session")
def world(tmp_path_factory, business) -> Iterator[World]:
    folder: Path = tmp_path_factory.mktemp("dialogue")
    url = f"sqlite:///{folder}/openbot.db"
    database = Database(url)
    Base.metadata.create_all(database.engine)
    with database.transaction() as session:
        catalogue.seed(session, business=business)
    with serving(database_url=url, log_folder=folder) as servers:
        world = World(database, Clock())
        assistant = Assistant(url=servers.assistant, timeout=30)
        world.assistant = assistant
        world.turns = world.turn_worker("one")
        yield world
        assistant.close()
        world.close()
    database.close()


@pytest.fixture
def new_player(world, business) -> Iterator[type[Player]]:
    """Make players; afterwards the catalogue is as it was."""

    def make(name: str = "Ana") -> Player:
        number = next(_NUMBERS)
        who = Customer(phone=f"54911{40000000 + number}", user_id=f"AR.{5000 + number}", name=name)
        return Player(world=world, who=who)

    yield make
    with world.database.transaction() as session:
        catalogue.seed(session, business=business, force=True)
