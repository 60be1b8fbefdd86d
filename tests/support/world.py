"""One installation, stepped by hand: webhooks in at the public door, turns, sends and deadlines one by one."""

import json
import shutil
import tempfile
import warnings
import weakref
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Protocol

import httpx
from sqlalchemy import select

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Starlette's own, about its client
    from fastapi.testclient import TestClient

from api.app import create_app
from openbot.actor import Actor
from openbot.conversations import handover, queries
from openbot.conversations.queries import Line
from openbot.conversations.queueing import AtOnce
from openbot.database import Database
from openbot.files.chosen import store_of
from openbot.schema import Base, Contact, ContactKey, Order
from openbot.settings import Settings
from openbot.vocabulary import OPEN_STATES, Role, State
from openbot.whatsapp.client import GraphClient
from tests.support import whatsapp
from tests.support.assistant import FakeAssistant
from tests.support.whatsapp import ANA, Customer, FakeWhatsApp, Json
from worker.deadlines import Deadlines
from worker.files import FileWorker
from worker.pace import Pace
from worker.presence import Presence
from worker.sender import Sender
from worker.turns import TurnWorker

EXPIRES = timedelta(hours=48)


class Clock(Protocol):
    now: datetime

    def __call__(self) -> datetime: ...
    def move(self, *, hours: float = 0, minutes: float = 0, seconds: float = 0) -> datetime: ...


def settings_for(database_url: str, **more: Any) -> Settings:
    return Settings.load(
        _env_file=None,
        database_url=database_url,
        whatsapp_phone_number_id=whatsapp.NUMBER,
        whatsapp_access_token="token-of-the-tests",
        whatsapp_app_secret=whatsapp.SECRET,
        whatsapp_verify_token="verify-me",
        **more,
    )


class World:
    """The doors of one process each, over one database; both fakes around it."""

    def __init__(self, database: Database, clock: Clock, **settings: Any) -> None:
        self.database, self.clock = database, clock
        # Without the panel unless it is asked for: its screens take a second to set up.
        if "files_dir" not in settings:
            settings["files_dir"] = Path(tempfile.mkdtemp(prefix="openbot-files-"))
            weakref.finalize(self, shutil.rmtree, settings["files_dir"], ignore_errors=True)
        self.settings = settings_for(database.url, **{"web_role": "webhook", **settings})
        self.store = store_of(self.settings)
        self.whatsapp, self.assistant = FakeWhatsApp(), FakeAssistant()
        self.app = create_app(self.settings, database=database, clock=clock)
        self.http = TestClient(self.app, raise_server_exceptions=False)
        self.graph = GraphClient(
            base_url="https://graph.invalid",
            version="v26.0",
            phone_number_id=whatsapp.NUMBER,
            access_token="token-of-the-tests",
            timeout=5,
            transport=self.whatsapp.transport,
        )
        self.presence = Presence(client=self.graph)
        self.sends_at_once = (
            False  # else a turn's replies wait for `send`, as when the number's pace is used up
        )
        self.slept: list[float] = []
        self.pace = Pace(per_second=1000, now=lambda: self.clock().timestamp())
        self.sender = self.sender_worker("one")
        self.turns = self.turn_worker("one")
        self.deadlines = Deadlines(database=database, clock=clock)
        self.files = FileWorker(
            database=database,
            client=self.graph,
            store=self.store,
            settings=self.settings,
            name="one",
            clock=clock,
            random=Random(1),  # noqa: S311 - as above
        )
        self._wamids = 0

    def close(self) -> None:
        self.presence.stop()
        self.graph.close()
        self.http.close()

    def turn_worker(self, name: str) -> TurnWorker:
        return TurnWorker(
            database=self.database,
            assistant=self.assistant,  # type: ignore[arg-type]
            presence=self.presence,
            name=name,
            clock=self.clock,
            at_once=AtOnce(worker=name),
            is_free=lambda: self.sends_at_once,
            deliver=self.sender.deliver,
        )

    def sender_worker(self, name: str) -> Sender:
        return Sender(
            database=self.database,
            client=self.graph,
            store=self.store,
            pace=self.pace,
            settings=self.settings,
            name=name,
            clock=self.clock,
            sleep=self.slept.append,
            random=Random(1),  # noqa: S311 - the same jitter each time
        )

    # --- what comes in ----------------------------------------------------------------------------

    def post(self, webhook: Json | bytes, **headers: str) -> httpx.Response:
        raw = webhook if isinstance(webhook, bytes) else json.dumps(webhook).encode()
        sent = {"X-Hub-Signature-256": whatsapp.sign(raw), "Content-Type": "application/json", **headers}
        return self.http.post("/whatsapp/webhook", content=raw, headers=sent)

    def deliver(self, *messages: Json, who: Customer = ANA) -> None:
        """Post these messages of one customer in one change; it must be accepted."""
        answer = self.post(whatsapp.envelope([whatsapp.change(*messages, who=(who,))]))
        assert answer.status_code == 200, answer.text

    def wamid(self) -> str:
        self._wamids += 1
        return f"wamid.IN{self._wamids}"

    def says(self, body: str, *, who: Customer = ANA, at: datetime | None = None) -> str:
        wamid = self.wamid()
        self.deliver(whatsapp.text(who, body, wamid=wamid, at=at or self.clock()), who=who)
        return wamid

    def taps(self, payload: str, *, title: str = "Sí", who: Customer = ANA) -> str:
        wamid = self.wamid()
        self.deliver(whatsapp.tap(who, payload, title=title, wamid=wamid, at=self.clock()), who=who)
        return wamid

    def shows(self, kind: str, *, who: Customer = ANA, **content: Any) -> str:
        wamid = self.wamid()
        item = whatsapp.message(who, wamid=wamid, at=self.clock(), kind=kind, **content)
        self.deliver(item, who=who)
        return wamid

    def sends(
        self,
        content: bytes,
        *,
        kind: str = "image",
        mime_type: str = "image/jpeg",
        who: Customer = ANA,
        is_there: bool = True,
        **more: Any,
    ) -> str:
        """A customer sends a file; `is_there`: WhatsApp has it."""
        media_id = f"10{self._wamids}"
        if is_there:
            self.whatsapp.media[media_id] = content
        item = whatsapp.medium(content, media_id=media_id, mime_type=mime_type, **more)
        return self.shows(kind, who=who, **item)

    def status(self, name: str, *, wamid: str, mark: str = "", **more: Any) -> None:
        item = whatsapp.status(name, wamid=wamid, at=self.clock(), mark=mark, **more)
        answer = self.post(whatsapp.envelope([whatsapp.change(statuses=(item,))]))
        assert answer.status_code == 200

    def echo(
        self, body: str, *, to: Customer = ANA, wamid: str | None = None, at: datetime | None = None
    ) -> None:
        """The company answers from its own phone."""
        item = {
            "from": "541152632000",
            "to": to.phone,
            "id": wamid or self.wamid(),
            "timestamp": str(int((at or self.clock()).timestamp())),
            "type": "text",
            "text": {"body": body},
        }
        webhook = whatsapp.envelope([whatsapp.change(field_name="smb_message_echoes", message_echoes=[item])])
        assert self.post(webhook).status_code == 200

    # --- the workers ------------------------------------------------------------------------------

    def answer(self, *, worker: TurnWorker | None = None) -> int:
        """Answer everything that is due now; returns how many turns were tried."""
        worker = worker or self.turns
        tried = 0
        while found := worker.due(50):
            for contact_id in found:
                worker.work(contact_id)
            tried += len(found)
            assert tried < 500, "turns never come to rest"
        return tried

    def send(self, *, worker: Sender | None = None) -> int:
        """Send everything that may go out now."""
        worker = worker or self.sender
        tried = 0
        while found := worker.due(50):
            for outbound_id in found:
                worker.work(outbound_id)
            tried += len(found)
            assert tried < 500, "sends never come to rest"
        return tried

    def fetch(self, *, worker: FileWorker | None = None) -> int:
        """Do everything that is due for files now."""
        worker = worker or self.files
        tried = 0
        while found := worker.due(50):
            for file_id in found:
                worker.work(file_id)
            tried += len(found)
            assert tried < 500, "files never come to rest"
        return tried

    def wait(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0) -> None:
        """Let time pass, then do all that is due."""
        self.clock.move(hours=hours, minutes=minutes, seconds=seconds)
        self.settle()

    def settle(self) -> None:
        while self.answer() + self.send():
            pass

    def converse(self, body: str, *, who: Customer = ANA) -> None:
        """Say something and get the answer."""
        self.says(body, who=who)
        self.wait(seconds=3)

    # --- people of the company --------------------------------------------------------------------

    def operator(self, *, number: int = 1, role: Role = Role.OPERATOR) -> Actor:
        """Somebody of the panel, made when needed."""
        from openbot.schema import Operator
        from openbot.vocabulary import Enabled

        with self.database.transaction() as session:
            if session.get(Operator, number) is None:
                session.add(
                    Operator(
                        id=number,
                        created_at=self.clock(),
                        name=f"Operador {number}",
                        email=f"o{number}@example.com",
                        password_hash="-",
                        role=role,
                        enabled=Enabled.YES,
                    )
                )
        return Actor.operator(operator_id=number, name=f"Operador {number}", role=role)

    def move(self, to: State, *, who: Customer = ANA, reason: str = "", actor: Actor | None = None) -> int:
        """An operator moves the customer's open (else latest) order."""
        actor = actor or self.operator()
        order = self.order(who)
        with self.database.transaction() as session:
            handover.move_order(
                session,
                order_id=order.id,
                to=to,
                actor=actor,
                now=self.clock(),
                reason=reason,
                expires_after=EXPIRES if to in OPEN_STATES else None,
            )
        return order.id

    # --- looking ----------------------------------------------------------------------------------

    def rows(self, table: type[Base], *where: Any) -> list[Any]:
        with self.database.reading() as session:
            return list(session.scalars(select(table).where(*where).order_by(*table.__table__.primary_key)))

    def contact(self, who: Customer = ANA) -> Contact:
        with self.database.reading() as session:
            key = who.user_id or who.phone
            contact_id = session.scalars(select(ContactKey.contact_id).where(ContactKey.value == key)).one()
            return session.get_one(Contact, contact_id)

    def order(self, who: Customer = ANA) -> Order:
        """The customer's open order, else the latest."""
        orders = self.rows(Order, Order.contact_id == self.contact(who).id)
        return next((order for order in orders if order.state in OPEN_STATES), orders[-1])

    def transcript(self, who: Customer = ANA) -> list[Line]:
        with self.database.reading() as session:
            return queries.transcript(session, contact_id=self.contact(who).id)

    def said(self, who: Customer = ANA) -> list[tuple[str, str]]:
        """Author and text of each line of the transcript."""
        return [(line.author, line.text) for line in self.transcript(who)]
