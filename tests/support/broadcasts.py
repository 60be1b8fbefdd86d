"""A template, contacts and a broadcast, and the pump stepped by hand."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from openbot.broadcasts import operations
from openbot.catalogue import operations as catalogue
from openbot.company import COMPANY_NAME, TIME_ZONE
from openbot.operators import operations as operators
from openbot.schema import Broadcast, BroadcastRecipient, Contact, ContactKey, Outbound
from openbot.templates import operations as templates
from openbot.vocabulary import OutboxState
from tests.support.world import World
from worker.broadcasts import Broadcasts

BODY = "Hola {{1}}, tenemos novedades."


def listed(name: str = "novedades", **more: Any) -> dict[str, Any]:
    """A template as Graph lists it."""
    body = more.pop("body", BODY)
    buttons = [{"type": "QUICK_REPLY", "text": "Sí, sigamos"}]
    components = [{"type": "BODY", "text": body}, {"type": "BUTTONS", "buttons": buttons}]
    kept = {"name": name, "language": "es_AR", "status": "APPROVED", "category": "MARKETING"}
    return {**kept, "components": components, **more}


class Campaign:
    """One template `novedades`, an administrator, and pumps."""

    def __init__(self, world: World, **settings: Any) -> None:
        """`settings` replace those of the pump."""
        self.world = world
        self.settings = world.settings.model_copy(update=settings)
        self.pumps: dict[str, Broadcasts] = {}
        with world.database.transaction() as session:
            catalogue.put_setting(session, key=COMPANY_NAME, value="Kiosco")
            catalogue.put_setting(session, key=TIME_ZONE, value="America/Argentina/Buenos_Aires")
            templates.store(session, found=[listed()], now=world.clock())
            self.template_id = templates.listed(session)[0].id
            self.admin_id = operators.create_administrator(
                session,
                email="admin@example.com",
                name="Adela",
                password="una-clave-larga",
                now=world.clock(),
            )

    def people(self, count: int, *, wrote: bool = True, **more: Any) -> list[int]:
        """Add contacts who wrote two days ago; return their ids."""
        now = self.world.clock()
        with self.world.database.transaction() as session:
            known = session.scalar(select(Contact.id).order_by(Contact.id.desc()).limit(1)) or 0
            rows = [
                Contact(
                    created_at=now - timedelta(days=9),
                    wa_id=str(5491100000000 + known + number),
                    profile_name=f"Cliente {known + number}",
                    last_inbound_at=now - timedelta(days=2) if wrote else None,
                    **more,
                )
                for number in range(1, count + 1)
            ]
            session.add_all(rows)
            session.flush()
            session.add_all(ContactKey(value=str(row.wa_id), contact_id=row.id) for row in rows)
            return [row.id for row in rows]

    def made(self, *, segment: dict[str, Any] | None = None, values: Sequence[str] = ("{{nombre}}",)) -> int:
        """Write a broadcast."""
        wish = {
            "name": "Novedades", "template_id": self.template_id, "values": list(values), "segment": segment or {},
        }  # fmt: skip
        with self.world.database.transaction() as session:
            return operations.create(session, values=wish, by=self.admin_id, now=self.world.clock()).id

    def started(self, *, at: datetime | None = None, **more: Any) -> int:
        """Write one and start it."""
        broadcast_id = self.made(**more)
        with self.world.database.transaction() as session:
            operations.start(session, broadcast_id=broadcast_id, version=1, at=at, now=self.world.clock())
        return broadcast_id

    def pump(self, name: str = "one") -> Broadcasts:
        """Return the pump of this worker."""
        if name not in self.pumps:
            world = self.world
            self.pumps[name] = Broadcasts(
                database=world.database, client=world.graph, settings=self.settings, clock=world.clock
            )
        return self.pumps[name]

    def run(self, *, rounds: int = 400, seconds: float = 1.5) -> int:
        """Pump and send until nothing is open; returns the most messages that were in hand at once."""
        most = 0
        for _ in range(rounds):
            if not self.pump().once():
                return most
            most = max(most, len(self.unsettled()))
            self.world.clock.move(seconds=seconds)
            self.world.send()
        return most

    def unsettled(self) -> list[int]:
        """Messages in the outbox whose fate is open."""
        waiting = (OutboxState.QUEUED, OutboxState.RELEASED, OutboxState.UNCERTAIN)
        with self.world.database.reading() as session:
            return list(session.scalars(select(Outbound.id).where(Outbound.state.in_(waiting))))

    def row(self, broadcast_id: int) -> Broadcast:
        """Read the broadcast."""
        with self.world.database.reading() as session:
            return session.get_one(Broadcast, broadcast_id)

    def fates(self, broadcast_id: int) -> dict[int, tuple[str, str]]:
        """What became of each contact."""
        with self.world.database.reading() as session:
            query = select(BroadcastRecipient).where(BroadcastRecipient.broadcast_id == broadcast_id)
            return {row.contact_id: (row.state.value, row.reason) for row in session.scalars(query)}
