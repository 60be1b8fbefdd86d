"""An operator in front of Comunicaciones, and customers who write to the real door of the panel."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import httpx
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from sqlalchemy import select

from openbot.schema import Contact, MessageTemplate, Outbound
from openbot.vocabulary import Author, Role, State
from tests.panel_browser.house import House
from tests.support import whatsapp

SOON = 6_000  #: the promise is 1 s; the machine of the tests may be busy
_wamids = count(1)


class Seat:
    """A browser of one person."""

    def __init__(
        self, house: House, browser: Browser, *, name: str, role: Role = Role.OPERATOR, **shape: Any
    ) -> None:
        self.house = house
        self.person_id = house.person(name, role=role)
        size = {"width": 1280, "height": 720}
        self.context: BrowserContext = browser.new_context(
            **({"viewport": size, "locale": "es-AR", "timezone_id": "America/Argentina/Buenos_Aires"} | shape)
        )
        self.context.add_cookies([house.cookie(self.person_id)])
        self.errors: list[str] = []
        self.page: Page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def go(self, address: str = "/comunicaciones") -> None:
        self.page.goto(self.house.url + address)
        self.page.locator(".inbox-host").wait_for()
        expect(self.page.locator(".conversation-bones, .bone-line")).to_have_count(0)

    def open(self, contact_id: int, more: str = "") -> None:
        self.go(f"/comunicaciones?contacto={contact_id}{more}")
        expect(self.page.locator(".head h2")).to_be_visible()

    def row(self, contact_id: int) -> Locator:
        return self.page.locator(f".conversation[data-contact='{contact_id}']")

    @property
    def listed(self) -> list[int]:
        read = "rows => rows.map(row => Number(row.dataset.contact))"
        return list(self.page.locator(".conversation").evaluate_all(read))

    @property
    def field(self) -> Locator:
        return self.page.locator(".message-field")

    @property
    def said(self) -> Locator:
        return self.page.locator(".composer-said")

    def bubble(self, text: str) -> Locator:
        return self.page.locator(".message .bubble", has_text=text)

    def drafted(self, contact_id: int) -> Any:
        """The draft as the server has it."""
        answer = self.page.request.get(f"{self.house.url}/api/drafts/conversation%20{contact_id}")
        return answer.json()["body"] if answer.ok else None

    def close(self) -> None:
        self.context.close()
        assert self.errors == [], self.errors


class Customers:
    """Contacts of the house, and what they do."""

    def __init__(self, house: House) -> None:
        self.house = house

    def attended(self, by: int, name: str = "Carla Gómez", **more: Any) -> int:
        """Somebody whose order a person has."""
        return self.contact(self.house.order(name, state=State.IN_PROGRESS, by=by, **more))

    def contact(self, order_id: int) -> int:
        return self.house.found(order_id).contact_id

    def says(self, contact_id: int, text: str) -> None:
        who = self.who(contact_id)
        wamid = f"wamid.BROWSER{next(_wamids)}.{contact_id}"
        item = whatsapp.text(who, text, wamid=wamid, at=datetime.now(UTC))
        raw = json.dumps(whatsapp.envelope([whatsapp.change(item, who=(who,))])).encode()
        headers = {"X-Hub-Signature-256": whatsapp.sign(raw), "Content-Type": "application/json"}
        answer = httpx.post(
            f"{self.house.url}/whatsapp/webhook", content=raw, headers=headers, trust_env=False
        )
        assert answer.status_code == httpx.codes.OK, answer.text

    def who(self, contact_id: int) -> whatsapp.Customer:
        with self.house.database.reading() as session:
            row = session.get_one(Contact, contact_id)
            return whatsapp.Customer(phone=row.wa_id, name=row.profile_name or "Ana")

    def went(self, contact_id: int, author: Author = Author.OPERATOR) -> list[str]:
        """The texts of what was queued by operators."""
        with self.house.database.reading() as session:
            found = select(Outbound.text).where(Outbound.contact_id == contact_id, Outbound.author == author)
            return list(session.scalars(found.order_by(Outbound.id)))

    def window_closed(self, contact_id: int) -> None:
        with self.house.database.transaction() as session:
            row = session.get_one(Contact, contact_id)
            row.window_ends_at = datetime.now(UTC) - timedelta(hours=1)

    def template(self, name: str, body: str, variables: Sequence[str]) -> None:
        with self.house.database.transaction() as session:
            session.add(
                MessageTemplate(
                    name=name, language="es_AR", category="UTILITY", status="APPROVED", body=body,
                    variables=list(variables), buttons=[], fetched_at=datetime.now(UTC),
                    components=[{"type": "BODY", "text": body}],
                )
            )  # fmt: skip
