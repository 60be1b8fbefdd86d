"""A company with one customer and her order, and a browser of each kind of person; set back before each call."""

import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from openbot.actor import BOT
from openbot.catalogue.goods import Catalogue
from openbot.catalogue.operations import seed
from openbot.database import Database
from openbot.operators import passwords
from openbot.orders import operations
from openbot.schema import (
    BadItem,
    Branch,
    Broadcast,
    CannedReply,
    Category,
    Draft,
    MessageTemplate,
    Operator,
    SavedView,
    StoredFile,
    Zone,
)
from openbot.vocabulary import BroadcastState, Enabled, Role, State
from tests.support.files import PNG
from tests.support.panel import Browser, Panel
from tests.support.world import Clock, World

#: Everybody's; and somebody who has not signed in yet.
PASSWORD, NOT_YET_IN = "una-clave-de-prueba", "nadia@example.com"


class Stage:
    """`browsers` by who sits before them; `ids` of what there is, by the names in the paths of the routes."""

    def __init__(self, folder: Path, *, template: Path, business: Catalogue, clock: Clock) -> None:
        self._file, self._kept = folder / "stage.db", folder / "kept.db"
        shutil.copyfile(template, self._file)
        self.database = Database(f"sqlite:///{self._file}")
        with self.database.transaction() as session:
            seed(session, business=business)
        self.world = World(self.database, clock, web_role="all")
        self.panel = Panel(self.world)
        self.ids = self._goods()
        self.ids |= self._order(self.ids["branch_id"])
        self.ids["file_id"] = self._picture()
        self.browsers = self._people(here=self.ids["branch_id"], elsewhere=self.ids["other_branch_id"])
        self.ids["user_id"] = self.browsers["operator"].person_id
        self.ids |= self._kept_by(self.browsers["operator"].person_id)
        contact = self.browsers["administrator"].get(f"/api/contacts/{self.ids['contact_id']}").json()
        self.ids["contact_version"] = contact["version"]
        self.ids |= self._broadcast(self.browsers["administrator"].person_id)
        self._cookies = {who: dict(browser.cookies) for who, browser in self.browsers.items()}
        self._copy(self._file, self._kept)

    def set_back(self) -> None:
        """Undo whatever the calls since changed, in the browsers too."""
        self._copy(self._kept, self._file)
        for who, browser in self.browsers.items():
            browser.cookies.clear()
            browser.cookies.update(self._cookies[who])

    def close(self) -> None:
        self.world.close()
        self.database.close()

    @staticmethod
    def _copy(source: Path, target: Path) -> None:
        with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
            one.backup(other)

    def _goods(self) -> dict[str, Any]:
        with self.database.transaction() as session:
            category = Category(code="SIN-NADA", name="Sin productos", position=99)
            bad = BadItem(received_at=self.world.clock(), reason="timestamp: missing", raw="{}")
            reply = CannedReply(shortcut="gracias", text="Gracias, {{nombre}}.")
            session.add_all((category, bad, reply))
            session.flush()
            here, elsewhere = session.scalars(select(Branch.id).order_by(Branch.id).limit(2))
            return {
                "branch_id": here,
                "other_branch_id": elsewhere,
                "category_id": category.id,
                "zone_id": session.scalars(select(Zone.id).where(Zone.branch_id == here)).first(),
                "product_id": 1,
                "method_id": 1,
                "holiday_id": 20261225,
                "item_id": bad.id,
                "reply_id": reply.id,
            }

    def _order(self, branch_id: int) -> dict[str, Any]:
        """Ana's order is COMPLETO and of this branch."""
        self.world.says("hola")
        self.world.settle()
        now, order_id = self.world.clock(), self.world.order().id
        with self.database.transaction() as session:
            operations.change(session, order_id=order_id, actor=BOT, now=now, fields={"branch_id": branch_id})
        self.world.move(State.COMPLETE, actor=BOT)
        order = self.world.order()
        ids = {"contact_id": order.contact_id, "order_id": order.id, "version": order.version}
        return ids | {"outbound_id": 1}  # nothing was said to her yet

    def _picture(self) -> int:
        """She sent a picture, which is in the store."""
        self.world.sends(PNG)
        self.world.fetch()
        [file] = self.world.rows(StoredFile)
        return int(file.id)

    def _kept_by(self, person_id: int) -> dict[str, Any]:
        with self.database.transaction() as session:
            view = SavedView(operator_id=person_id, screen="pedidos", name="Lo mío", query={})
            draft = Draft(
                operator_id=person_id, key="order 1", body={"comment": "s"}, updated_at=self.world.clock()
            )
            session.add_all([view, draft])
            session.flush()
            return {"view_id": view.id, "key": draft.key}

    def _broadcast(self, person_id: int) -> dict[str, Any]:
        """One approved template, and a broadcast of it that has not begun."""
        now = self.world.clock()
        with self.database.transaction() as session:
            template = MessageTemplate(
                id=7, name="novedades", language="es_AR", category="marketing", status="APPROVED", body="Hola {{1}}",
                variables=["1"], buttons=[], components=[], fetched_at=now,
            )  # fmt: skip
            session.add(template)
            session.flush()
            broadcast = Broadcast(
                name="Promo", template_id=7, values=["vos"], segment={}, state=BroadcastState.DRAFT, created_at=now,
                created_by_id=person_id,
            )  # fmt: skip
            session.add(broadcast)
            session.flush()
            return {"template_id": 7, "broadcast_id": broadcast.id}

    def _people(self, *, here: int, elsewhere: int) -> dict[str, Browser]:
        panel = self.panel
        made = {
            "anonymous": panel.anonymous(),
            "disabled": panel.administrator(),
            "expired": panel.signed_in(panel.person(role=Role.ADMINISTRATOR), lasts=timedelta(minutes=1)),
            "must change": panel.administrator(must_change_password=True),
            "elsewhere": panel.operator(branches=[elsewhere], name="Elsa"),
            "operator": panel.operator(branches=[here], name="Olga"),
            "administrator": panel.administrator(name="Adela"),
        }
        self.world.clock.move(minutes=2)
        panel.person(role=Role.OPERATOR, email=NOT_YET_IN)
        with self.database.transaction() as session:
            session.execute(update(Operator).values(password_hash=passwords.hash_password(PASSWORD)))
            session.get_one(Operator, made["disabled"].person_id).enabled = Enabled.NO
        return made
