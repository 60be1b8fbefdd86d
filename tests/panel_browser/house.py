"""A panel that really runs: the web process on a port and a database of its own, and people and orders in it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from api.signed_in import COOKIE
from openbot.actor import BOT, CUSTOMER, Actor
from openbot.catalogue.goods import Catalogue
from openbot.catalogue.queries import load
from openbot.contacts import operations as contacts
from openbot.contacts.identity import Identity
from openbot.database import Database
from openbot.operators import sessions
from openbot.orders import operations
from openbot.orders.items import ItemChange
from openbot.schema import Operator, Order
from openbot.vocabulary import OPEN_STATES, Delivery, Enabled, OrderKind, Role, State

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 60.0
EXPIRES = timedelta(hours=48)


class House:
    """The company of data/business.yml with a panel; `administrator` is signed in by `cookie`."""

    def __init__(self, folder: Path, *, database_url: str) -> None:
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.database = Database(database_url)
        self.output = (folder / "web.txt").open("wb")
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("OPENBOT_")} | {
            "OPENBOT_DATABASE_URL": database_url,
            "OPENBOT_PORT": str(self.port),
            "OPENBOT_WEB_ROLE": "all",
            "OPENBOT_FILES_DIR": str(folder / "files"),
            "OPENBOT_WHATSAPP_PHONE_NUMBER_ID": "106540352242922",
            "OPENBOT_WHATSAPP_ACCESS_TOKEN": "token-of-the-tests",
            "OPENBOT_WHATSAPP_APP_SECRET": "s3cr3t-of-the-tests",
            "OPENBOT_WHATSAPP_VERIFY_TOKEN": "verify-me",
        }  # fmt: skip
        self._phones = count(5491140000000)
        with self.database.reading() as session:
            self.catalogue: Catalogue = load(session, now=_now())

    # --- life -------------------------------------------------------------------------------------

    def start(self) -> None:
        arguments = [
            "-m",
            "uvicorn",
            "api.app:create_app",
            "--factory",
            "--port",
            str(self.port),
            "--log-level",
            "warning",
        ]
        self.process = subprocess.Popen(  # noqa: S603 - our own arguments
            [sys.executable, *arguments],
            cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, stdout=self.output, stderr=self.output,
        )  # fmt: skip
        self.until_up()

    def until_up(self) -> None:
        last = time.monotonic() + START_SECONDS
        while time.monotonic() < last:
            try:
                if httpx.get(f"{self.url}/health", trust_env=False).status_code == httpx.codes.OK:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        raise AssertionError("the web process did not start")

    def pause(self) -> None:
        """Nobody answers any more, as when the server is being restarted."""
        self.process.terminate()
        self.process.wait(20)

    def stop(self) -> None:
        self.pause()
        self.output.close()
        self.database.close()

    # --- people -----------------------------------------------------------------------------------

    def person(self, name: str = "Ana López", *, role: Role = Role.ADMINISTRATOR, **more: Any) -> int:
        with self.database.transaction() as session:
            row = Operator(
                created_at=_now(), name=name, email=f"persona{next(self._phones)}@example.com",
                password_hash="-", role=role, enabled=Enabled.YES, **more,
            )  # fmt: skip
            session.add(row)
            session.flush()
            return row.id

    def cookie(self, person_id: int) -> dict[str, Any]:
        """What a browser that is signed in holds."""
        limits = sessions.Limits(idle=timedelta(hours=12), longest=timedelta(days=7))
        with self.database.transaction() as session:
            token = sessions.open_for(
                session,
                operator_id=person_id,
                device="Chrome",
                address="127.0.0.1",
                now=_now(),
                limits=limits,
            )
        return {"name": COOKIE, "value": token, "url": self.url, "httpOnly": True, "sameSite": "Lax"}

    # --- orders -----------------------------------------------------------------------------------

    def order(
        self,
        name: str = "Carla Gómez",
        *,
        state: State = State.COMPLETE,
        products: Sequence[tuple[int, str]] = ((0, "2"),),
        minutes_ago: float = 3,
        branch: int | None = 0,
        kind: OrderKind = OrderKind.ORDER,
        by: int | None = None,
        phone: str = "",
        **fields: Any,
    ) -> int:
        """Let a new customer's order come to this state; `products` are (place in the catalogue, quantity)."""
        start = _now() - timedelta(minutes=minutes_ago)
        with self.database.transaction() as session:
            identity = Identity(wa_id=phone or str(next(self._phones)), profile_name=name or None)
            contact = contacts.recognise(session, identity=identity, now=start).contact
            contact.last_inbound_at, contact.window_ends_at = start, start + timedelta(hours=24)
            order = operations.open_for(session, contact_id=contact.id, now=start, expires_after=EXPIRES)
            where = None if branch is None else self.catalogue.branches[branch].id
            values = {"name": name, "branch_id": where, "delivery": Delivery.PICKUP, "kind": kind, **fields}
            operations.change(
                session, order_id=order.id, actor=BOT, now=start, fields=values, items=self.items(products)
            )
            order_id = order.id
        self.carry(order_id, state, by=by, at=start + timedelta(minutes=1))
        return order_id

    def items(self, products: Sequence[tuple[int, str]]) -> list[ItemChange]:
        goods = [self.catalogue.products[place] for place, _ in products]
        return [
            ItemChange(
                product_id=product.id, name=product.name, unit=product.unit.value,
                quantity=Decimal(quantity), unit_price=product.price,
            )
            for product, (_, quantity) in zip(goods, products, strict=True)
        ]  # fmt: skip

    def carry(
        self, order_id: int, state: State, *, by: int | None = None, at: datetime | None = None
    ) -> None:
        """Move an order, by the bot or a person, over the states that lie on the way."""
        done = _way(self.found(order_id).state)
        for step in [each for each in _way(state) if each not in done]:
            if step is State.EXPIRED:
                with self.database.transaction() as session:
                    operations.expire(
                        session, order=operations.get(session, order_id=order_id), now=at or _now()
                    )
            elif step is State.COMPLETE:
                self.move(order_id, step, actor=BOT, at=at)
            elif step is State.CANCELLED and by is None:
                self.move(order_id, step, actor=CUSTOMER, at=at)
            else:
                self.move(order_id, step, actor=self.actor(by or 1), at=at)

    def move(self, order_id: int, to: State, *, actor: Actor, at: datetime | None = None) -> None:
        with self.database.transaction() as session:
            operations.move(session, order_id=order_id, to=to, actor=actor, now=at or _now())

    def actor(self, person_id: int) -> Actor:
        with self.database.reading() as session:
            row = session.get_one(Operator, person_id)
            return Actor.operator(operator_id=row.id, name=row.name, role=row.role)

    def change(self, order_id: int, *, by: int, **fields: Any) -> None:
        with self.database.transaction() as session:
            operations.change(session, order_id=order_id, actor=self.actor(by), now=_now(), fields=fields)

    def found(self, order_id: int) -> Order:
        with self.database.reading() as session:
            return session.get_one(Order, order_id)


def _way(state: State) -> list[State]:
    if state is State.INCOMPLETE:
        return []
    if state in (State.COMPLETE, State.CANCELLED, State.EXPIRED):
        return [state]
    return [State.COMPLETE, state] if state in OPEN_STATES else [State.COMPLETE, State.IN_PROGRESS, state]


def _now() -> datetime:
    return datetime.now(UTC)
