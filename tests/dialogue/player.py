"""Plays one conversation of YAML against the real assistant and actions; the world around is the tests' own."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from openbot import company
from openbot.catalogue import operations as catalogue
from openbot.catalogue.editing.products import sell_out
from openbot.schema import Contact, Inbound, Product
from openbot.vocabulary import State
from tests.dialogue.expectations import Expectations, Failed, options
from tests.support.whatsapp import Bubble, Customer, Json
from tests.support.world import World

BUENOS_AIRES = ZoneInfo("America/Argentina/Buenos_Aires")
#: Every conversation begins on this Tuesday, when all branches are open, unless it says `at:`.
TUESDAY = datetime(2026, 11, 24, 10, 0, tzinfo=BUENOS_AIRES)
MEDIA = {
    "image": {"mime_type": "image/jpeg"},
    "document": {"mime_type": "application/pdf", "filename": "comprobante.pdf"},
    "audio": {"mime_type": "audio/ogg", "voice": True},
    "video": {"mime_type": "video/mp4"},
    "sticker": {"mime_type": "image/webp", "animated": False},
}


@dataclass
class Player(Expectations):
    """One customer on one phone."""

    world: World
    who: Customer
    seen: int = 0  #: bubbles of this customer before the step in hand
    log: list[str] = field(default_factory=list)

    def play(self, conversation: Json) -> None:
        self.world.clock.now = moment(conversation.get("at"))
        for step in conversation["steps"]:
            self._step(step)

    # --- steps ------------------------------------------------------------------------------------

    def _step(self, step: Json) -> None:
        self.seen = len(self.bubbles)
        for name, value in step.items():
            act = getattr(self, f"_do_{name}", None)
            check = getattr(self, f"_see_{name}", None)
            if act is None and check is None:
                raise Failed(f"unknown key {name!r}")
            if act is not None:
                act(value)
                self._note_answer()
        for name, value in step.items():
            check = getattr(self, f"_see_{name}", None)
            if check is not None:
                check(value)
        self._within_limits()

    def _do_customer(self, text: str) -> None:
        self.log.append(f"👤 {text}")
        self.world.says(text, who=self.who)
        self.world.wait(seconds=9)

    def _do_burst(self, texts: list[Any]) -> None:
        """Several messages before the bot answers: texts, or {tap: …}."""
        for text in texts:
            self.log.append(f"👤 {text}")
            if isinstance(text, dict):
                self.world.taps(self._payload(text["tap"], self.bubbles), title=text["tap"], who=self.who)
            else:
                self.world.says(text, who=self.who)
            self.world.clock.move(seconds=1)
        self.world.wait(seconds=9)

    def _do_tap(self, title: str) -> None:
        self._tap(title, self.bubbles[-1:])

    def _do_old_tap(self, title: str) -> None:
        """A button or row of any earlier message, the oldest first."""
        self._tap(title, self.bubbles)

    def _do_payload(self, payload: str) -> None:
        """A tap whose button came from somewhere else."""
        self.log.append(f"👆 {payload}")
        payload = payload.replace("{number}", str(self.number)) if "{number}" in payload else payload
        self.world.taps(payload, title="…", who=self.who)
        self.world.wait(seconds=9)

    def _do_location(self, place: Json) -> None:
        self.log.append(f"📍 {place}")
        self.world.shows("location", who=self.who, **place)
        self.world.wait(seconds=9)

    def _do_cart(self, items: dict[str, int]) -> None:
        self.log.append(f"🛒 {items}")
        lines = [
            {"product_retailer_id": code, "quantity": str(quantity), "item_price": "1", "currency": "ARS"}
            for code, quantity in items.items()
        ]
        self.world.shows("order", who=self.who, catalog_id="1", product_items=lines)
        self.world.wait(seconds=9)

    def _do_media(self, what: str | Json) -> None:
        kind, caption = (what, "") if isinstance(what, str) else (what["kind"], what.get("caption", ""))
        self.log.append(f"📎 {kind} {caption}")
        content: Json = {"id": "777", "sha256": "c2hh", **MEDIA[kind]}
        if caption:
            content["caption"] = caption
        self.world.shows(kind, who=self.who, **content)
        self.world.wait(seconds=9)

    def _do_contact_card(self, name: str) -> None:
        self.log.append(f"📇 {name}")
        wamid = self.world.wamid()
        item = {**self.who.sender, "id": wamid, "timestamp": str(int(self.world.clock().timestamp()))}
        item |= {"type": "contacts", "contacts": [{"name": {"formatted_name": name, "first_name": name}}]}
        self.world.deliver(item, who=self.who)
        self.world.wait(seconds=9)

    def _do_unsupported(self, _what: Any) -> None:
        self.log.append("❓")
        wamid = self.world.wamid()
        item = {**self.who.sender, "id": wamid, "timestamp": str(int(self.world.clock().timestamp()))}
        item |= {"type": "unsupported", "errors": [{"code": 131051, "title": "Message type unknown"}]}
        self.world.deliver(item, who=self.who)
        self.world.wait(seconds=9)

    def _do_operator(self, state: str) -> None:
        self.log.append(f"🧑‍💼 {state}")
        self.world.move(State(state), who=self.who)

    def _do_wait(self, time: str) -> None:
        amount, unit = time.split()
        self.log.append(f"⏳ {time}")
        self.world.clock.now += timedelta(**{unit: float(amount)})

    def _do_company(self, values: Json) -> None:
        """An administrator saves settings."""
        with self.world.database.transaction() as session:
            page = company.read(session)
            company.save(session, values=values, version=page.version, by=None, now=self.world.clock())

    def _do_price(self, prices: dict[str, Any]) -> None:
        """The company edits its catalogue; the test puts it back (conftest)."""
        with self.world.database.transaction() as session:
            for name, price in prices.items():
                product = session.query(Product).filter(Product.name == name).one()
                if price is None:
                    product.available = False
                else:
                    product.price = Decimal(price)
            catalogue.put_setting(session, key="test_edit", value=str(prices))

    def _do_sold_out(self, name: str) -> None:
        """Somebody of the shop marks it «agotado hoy»."""
        with self.world.database.transaction() as session:
            product = session.query(Product).filter(Product.name == name).one()
            sell_out(session, product_id=product.id, is_out=True, zone=BUENOS_AIRES, now=self.world.clock.now)

    # --- looking ----------------------------------------------------------------------------------

    @property
    def bubbles(self) -> list[Bubble]:
        return [
            bubble
            for bubble in self.world.whatsapp.delivered
            if bubble.to in (self.who.phone, self.who.user_id)
        ]

    @property
    def fresh(self) -> list[Bubble]:
        return self.bubbles[self.seen :]

    @property
    def number(self) -> int:
        """The open order, else the latest."""
        return self.world.order(self.who).id

    def _orders(self) -> list[Any]:
        from openbot.schema import Order

        return self.world.rows(Order, Order.contact_id == self.world.contact(self.who).id)

    def _tap(self, title: str, where: list[Bubble]) -> None:
        self.log.append(f"👆 {title}")
        self.world.taps(self._payload(title, where), title=title, who=self.who)
        self.world.wait(seconds=9)

    def _payload(self, title: str, where: list[Bubble]) -> str:
        offered = [option for bubble in where for option in options(bubble)]
        for name, payload in offered:
            if name == title.replace("{number}", str(self.number)):
                return payload
        raise self._fail(f"nothing called «{title}» to tap: {[name for name, _ in offered]}")

    def _note_answer(self) -> None:
        for bubble in self.fresh:
            shown = " ".join(f"[{title}]" for title, _ in options(bubble))
            self.log.append("🤖 " + bubble.text.replace("\n", "\n   ") + (f"\n   {shown}" if shown else ""))

    def _within_limits(self) -> None:
        if len(self.fresh) > 2:
            self._fail(f"{len(self.fresh)} bubbles for one turn")
        for bubble in self.fresh:
            if re.search(r"\{\w*\}|None", bubble.text):
                self._fail("a variable was not filled")

    def _fail(self, why: str) -> Failed:
        left = [row.kind for row in self.world.rows(Inbound) if row.contact_id == self._contact().id]
        raise Failed(f"{why}\n\n" + "\n".join(self.log) + f"\n\n({len(left)} messages)")

    def _contact(self) -> Contact:
        return self.world.contact(self.who)


def moment(at: str | None) -> datetime:
    """`2026-11-24 22:15` in the company's time zone."""
    if at is None:
        return TUESDAY
    return datetime.fromisoformat(at).replace(tzinfo=BUENOS_AIRES)


def conversations(folder: Path) -> list[Path]:
    """All conversations, by kind of trouble."""
    return sorted(folder.glob("*/*.yml"))


def read(path: Path) -> Json:
    loaded: Json = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded
