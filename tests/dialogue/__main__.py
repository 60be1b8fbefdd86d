"""Plays conversations and prints them as a phone would show them: python -m tests.dialogue [FILE …]."""

import sys
import tempfile
from itertools import count
from pathlib import Path

from openbot.assistant import Assistant
from openbot.catalogue import operations as catalogue
from openbot.database import Database
from openbot.schema import Base
from tests.dialogue.conftest import Clock
from tests.dialogue.player import Failed, Player, conversations, read
from tests.dialogue.servers import ROOT, serving
from tests.support.whatsapp import Customer
from tests.support.world import World


def main(paths: list[Path]) -> int:
    """Play; returns how many did not go as written."""
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/openbot.db"
        database = Database(url)
        Base.metadata.create_all(database.engine)
        business = catalogue.read_business(ROOT / "data/business.yml")
        with serving(database_url=url, log_folder=Path(folder)) as servers:
            world = World(database, Clock())
            world.assistant = Assistant(url=servers.assistant, timeout=30)
            world.turns = world.turn_worker("one")
            numbers = count(1)
            for path in paths:
                with database.transaction() as session:
                    catalogue.seed(session, business=business, force=True)
                number = next(numbers)
                who = Customer(phone=f"54911{40000000 + number}", user_id=f"AR.{number}")
                conversation = read(path)
                player = Player(
                    world,
                    Customer(phone=who.phone, user_id=who.user_id, name=conversation.get("name", "Ana Paz")),
                )
                print(f"\n=== {path.parent.name}/{path.stem}")
                try:
                    player.play(conversation)
                    print("\n".join(player.log))
                except (Failed, Exception) as wrong:
                    failed += 1
                    print("\n".join(player.log))
                    print(f"❌ {str(wrong).splitlines()[0] if str(wrong) else type(wrong).__name__}")
            world.close()
            for name in ("actions", "assistant"):
                log = (Path(folder) / f"{name}.log").read_text()
                if "Traceback" in log:
                    print(log[log.index("Traceback") - 200 :][:6000])
        database.close()
    print(f"\n{len(paths) - failed} of {len(paths)} went as written")
    return failed


if __name__ == "__main__":
    wanted = [Path(name) for name in sys.argv[1:]] or conversations(Path(__file__).parent)
    sys.exit(1 if main(wanted) else 0)
