"""An action server in this process on a seeded SQLite database, and calls as Rasa 3.6.21 made them."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from actions import turn_action
from actions.executor import Executor
from actions.process import Process
from openbot.catalogue import operations as catalogue
from openbot.database import Database
from openbot.orders import operations as orders
from openbot.schema import Base, Contact, Inbound, Turn
from openbot.vocabulary import InboxState, TurnState
from tests.support.world import settings_for

ROOT = Path(__file__).resolve().parents[3]
RECORDED = ROOT / "tests/contracts/action_calls"
NOW = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
Json = dict[str, Any]


class Server:
    """Answers action calls over a database; `ana` is the customer of the recorded calls."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.executor = Executor()
        self.executor.register_package("actions")

    async def answer(self, call: Json) -> Json:
        result = await self.executor.run(call)
        assert result is not None
        return result.model_dump()

    def know(self, call: Json) -> None:
        """Make the rows that stood in the database when this call was made."""
        metadata = call["tracker"]["latest_message"]["metadata"]
        sender = int(call["sender_id"])
        with self.database.transaction() as session:
            if session.get(Contact, sender) is None:
                session.add(Contact(id=sender, created_at=NOW, wa_id="5491140000001", profile_name="Ana Paz"))
                session.flush()
                orders.open_for(session, contact_id=sender, now=NOW, expires_after=timedelta(hours=48))
            if session.get(Turn, metadata["turn_id"]) is None:
                session.execute(update(Turn).values(state=TurnState.ANSWERED))
                session.add(_turn(metadata["turn_id"], contact_id=sender))
                session.flush()
            if session.get(Inbound, metadata["message_id"]) is None:
                session.add(_inbound(metadata["message_id"], contact_id=sender))


@pytest.fixture
def server(tmp_path, monkeypatch) -> Iterator[Server]:
    database = Database(f"sqlite:///{tmp_path}/openbot.db")
    Base.metadata.create_all(database.engine)
    with database.transaction() as session:
        catalogue.seed(session, business=catalogue.read_business(ROOT / "data/business.yml"))
    shop = Process(settings_for(database.url))
    monkeypatch.setattr(turn_action, "process", lambda: shop)
    yield Server(database)
    shop.database.close()
    database.close()


@pytest.fixture(scope="session")
def recorded() -> list[Json]:
    """The calls of one conversation, in order, each with the answer it got."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(RECORDED.glob("*.json"))]


def _turn(turn_id: int, *, contact_id: int) -> Turn:
    return Turn(
        id=turn_id, contact_id=contact_id, dialogue_number=1, state=TurnState.CLAIMED, next_try_at=NOW, created_at=NOW
    )  # fmt: skip


def _inbound(inbound_id: int, *, contact_id: int) -> Inbound:
    return Inbound(
        id=inbound_id, contact_id=contact_id, number_id="1", wamid=f"wamid.{inbound_id}", kind="text", text="",
        raw={}, sent_at=NOW, received_at=NOW, state=InboxState.ANSWERED,
    )  # fmt: skip
