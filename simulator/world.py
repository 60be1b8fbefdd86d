"""The state of the simulated world: customers and chats, clock, switches, limits, figures. Knows no HTTP."""

import base64
import random
import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from .chat import TICKS, Customer, Json, Message, customer_json, message_json
from .clock import Bell, Bucket, Clock
from .faults import Behaviour, Faults
from .media import MediaStore
from .settings import Settings
from .templates import DEFAULT_TEMPLATES, Template

WINDOW_SECONDS = 24 * 3600
TYPING_SECONDS = 25

Listener = Callable[[Json], None]


class NoSuchCustomer(LookupError):
    """There is no such customer."""


class NoSuchMessage(LookupError):
    """There is no such message in this chat."""


class PhoneTaken(ValueError):
    """Another customer has this phone or user id."""


@dataclass(slots=True)
class Figures:
    """What `GET /sim/statistics` shows."""

    accepted: int = 0
    accepted_by_type: Counter[str] = field(default_factory=Counter)
    refused: Counter[int] = field(default_factory=Counter)
    failed_later: Counter[int] = field(default_factory=Counter)
    spoiled: Counter[str] = field(default_factory=Counter)
    trackers: Counter[str] = field(default_factory=Counter)
    window_violations: int = 0
    reads: int = 0
    typings: int = 0
    webhook_attempts: int = 0
    webhook_delivered: int = 0
    webhook_not_200: Counter[str] = field(default_factory=Counter)
    updates_delivered: int = 0
    duplicates_posted: int = 0
    last_webhook: str = ""
    free_tier_used: Counter[str] = field(default_factory=Counter)


class World:
    """Everything that is true in the simulator. Used from one event loop."""

    def __init__(self, settings: Settings, *, clock: Clock | None = None) -> None:
        self.settings = settings
        self.clock = clock or Clock()
        self.bell = Bell()
        self.listeners: set[Listener] = set()
        self.epoch = 0
        self._revision = 0
        self.reset()

    def reset(self) -> None:
        """Forget customers, chats, media, switches, clock offset and figures; numbering goes on."""
        self.epoch += 1
        self.clock.offset_seconds = 0.0
        self.customers: dict[str, Customer] = {}
        self.faults = Faults()
        self.behaviour = Behaviour()
        self.figures = Figures()
        self.media = MediaStore(public_url=self.settings.public_url)
        self.templates: list[Template] = list(DEFAULT_TEMPLATES)
        self.subscribed = True
        self.webhook_url = self.settings.webhook_url
        self.random = random.Random(self.epoch)  # noqa: S311 - faults must be repeatable, not secret
        self._messages: dict[str, tuple[Customer, Message]] = {}
        self._pair_buckets: dict[str, Bucket] = {}
        self.refill()
        self.tell({"kind": "reset"})

    def refill(self) -> None:
        """Start all rate limits afresh, with the figures of the present behaviour."""
        self._pair_buckets = {}
        rate = self.behaviour.number_rate
        self._number_bucket = Bucket(size=rate, per_second=rate, now=self.clock.now())

    # Who

    def add_customer(
        self, *, name: str, phone: str | None, phone_visible: bool, username: str | None, user_id: str | None
    ) -> Customer:
        """Add a customer; without phone a hidden one is invented, without user id an Argentine one."""
        digits = phone or f"54911{10**7 + secrets.randbelow(9 * 10**7)}"
        user_id = user_id or f"AR.{10**16 + secrets.randbelow(9 * 10**16)}"
        if any(digits == other.phone or user_id == other.user_id for other in self.customers.values()):
            raise PhoneTaken
        customer = Customer(
            id=str(len(self.customers) + 1),
            name=name,
            phone=digits,
            phone_visible=phone_visible,
            user_id=user_id,
            username=username,
        )
        self.customers[customer.id] = customer
        self.show_customer(customer)
        return customer

    def customer(self, customer_id: str) -> Customer:
        try:
            return self.customers[customer_id]
        except KeyError:
            raise NoSuchCustomer from None

    def find(self, *, phone: str | None = None, user_id: str | None = None) -> Customer | None:
        """Find by phone digits or by business-scoped user id."""
        for customer in self.customers.values():
            if (phone is not None and customer.phone == phone) or (
                user_id is not None and customer.user_id == user_id
            ):
                return customer
        return None

    # What was said

    def add_message(
        self,
        customer: Customer,
        *,
        side: str,
        kind: str,
        content: Json | list[Json],
        context: Json | None = None,
        tracker: str | None = None,
        addressed_by: str = "to",
        category: str = "service",
        timestamp: float | None = None,
        wamid: str | None = None,
    ) -> Message:
        """Add to the chat; `timestamp` in unix seconds, by default now."""
        self._revision += 1
        message = Message(
            id=wamid or new_wamid(customer),
            seq=self._revision,
            revision=self._revision,
            side=side,
            type=kind,
            content=content,
            timestamp=int(self.clock.now() if timestamp is None else timestamp),
            context=context,
            status="sent" if side == "customer" else "accepted",
            tracker=tracker,
            addressed_by=addressed_by,
            category=category,
        )
        customer.chat.append(message)
        self._messages[message.id] = (customer, message)
        if side == "business" and customer.typing_until:
            customer.typing_until = 0.0
            self.show_customer(customer)
        self.show_message(customer, message)
        return message

    def message(self, wamid: str) -> tuple[Customer, Message] | None:
        return self._messages.get(wamid)

    def message_of(self, customer: Customer, wamid: str) -> Message:
        found = self._messages.get(wamid)
        if found is None or found[0] is not customer:
            raise NoSuchMessage
        return found[1]

    def advance(self, customer: Customer, message: Message, status: str) -> bool:
        """Give the message a later status; false when it already had it or is past it."""
        if message.status == "failed" or (
            status != "failed" and TICKS.index(status) <= TICKS.index(message.status)
        ):
            return False
        message.status = status
        self.show_message(customer, message)
        return True

    def open_window(self, customer: Customer, *, at: float) -> None:
        """Open the 24 h window from this moment, unless a later one is open."""
        customer.window_from = max(customer.window_from or 0.0, at)
        self.show_customer(customer)

    def window_is_open(self, customer: Customer) -> bool:
        return customer.window_from is not None and self.clock.now() < customer.window_from + WINDOW_SECONDS

    # Limits and price

    def within_number_rate(self) -> bool:
        return self._number_bucket.take(self.clock.now())

    def within_pair_rate(self, customer: Customer) -> bool:
        now = self.clock.now()
        behaviour = self.behaviour
        bucket = self._pair_buckets.get(customer.id)
        if bucket is None:
            bucket = Bucket(size=behaviour.pair_burst, per_second=1 / behaviour.pair_seconds, now=now)
            self._pair_buckets[customer.id] = bucket
        return bucket.take(now)

    def month(self) -> str:
        """Month of the free tier, such as 2026-11."""
        return f"{datetime.fromtimestamp(self.clock.now(), ZoneInfo(self.settings.time_zone)):%Y-%m}"

    def price(self, message: Message, *, delivered: bool) -> Json:
        """Return the pricing object; the first delivery of a service message counts in the free tier."""
        used = self.figures.free_tier_used[self.month()]
        free = message.category == "service" and used < self.behaviour.free_tier
        if delivered and message.category == "service":
            self.figures.free_tier_used[self.month()] += 1
        kind = "free_customer_service" if free else "regular"
        return {"billable": not free, "pricing_model": "PMP", "type": kind, "category": message.category}

    # Who looks on

    def tell(self, event: Json) -> None:
        """Tell the pages, and wake those who wait."""
        for listener in list(self.listeners):
            listener(event)
        self.bell.ring()

    def show_message(self, customer: Customer, message: Message) -> None:
        self._revision += 1
        message.revision = self._revision
        self.tell({"kind": "message", "customer": customer.id, "message": message_json(message)})

    def show_customer(self, customer: Customer) -> None:
        self.tell({"kind": "customer", "customer": customer_json(customer, now=self.clock.now())})


def new_wamid(customer: Customer) -> str:
    """Return an opaque message id that looks like Meta's."""
    return "wamid." + base64.b64encode(f"{customer.id}:".encode() + secrets.token_bytes(20)).decode()
