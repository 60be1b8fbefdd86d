"""The stage a conversation is played on: a seeded database, both servers, and the tests' world around them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from openbot.assistant import Assistant
from openbot.catalogue import operations as catalogue
from openbot.database import Database
from openbot.schema import Base
from tests.dialogue.player import TUESDAY
from tests.dialogue.servers import ROOT, Servers, serving
from tests.support.whatsapp import Customer, Json
from tests.support.world import World


class Clock:
    """A time that only moves when a conversation moves it."""

    def __init__(self) -> None:
        self.now = TUESDAY

    def __call__(self) -> datetime:
        return self.now

    def move(self, *, hours: float = 0, minutes: float = 0, seconds: float = 0) -> datetime:
        self.now += timedelta(hours=hours, minutes=minutes, seconds=seconds)
        return self.now


@contextmanager
def stage(
    folder: Path, *, model: Path | None = None, record: bool = False
) -> Iterator[tuple[World, Servers]]:
    """Set it up in an empty folder; the servers' logs are there too."""
    url = f"sqlite:///{folder}/openbot.db"
    database = Database(url)
    Base.metadata.create_all(database.engine)
    reseed(database)
    with serving(database_url=url, log_folder=folder, model=model, record=record) as servers:
        world = World(database, Clock())
        assistant = Assistant(url=servers.assistant, timeout=30)
        world.assistant = assistant
        world.turns = world.turn_worker("one")
        try:
            yield world, servers
        finally:
            assistant.close()
            world.close()
    database.close()


def reseed(database: Database) -> None:
    """Make the catalogue that of data/business.yml (again)."""
    with database.transaction() as session:
        business = catalogue.read_business(ROOT / "data/business.yml")
        catalogue.seed(session, business=business, force=True)


def somebody(number: int, conversation: Json) -> Customer:
    """The customer of a conversation, whom nobody knows yet."""
    hidden = conversation.get("phone") == "hidden"
    phone = None if hidden else f"54911{40000000 + number}"
    return Customer(phone=phone, user_id=f"AR.{number}", name=conversation.get("name", "Ana Paz"))
