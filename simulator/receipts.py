"""The life of an accepted message: sent, delivered, read, or failed, each told by a webhook."""

import asyncio

from .chat import Customer, Message
from .delivery import Delivery
from .graph_errors import in_webhook
from .webhooks import status
from .world import World


class Receipts:
    """Follows messages of the business; every step waits the wall time that the behaviour gives."""

    def __init__(self, world: World, delivery: Delivery) -> None:
        self._world = world
        self._delivery = delivery
        self._lives: set[asyncio.Task[None]] = set()

    @property
    def open_count(self) -> int:
        """How many messages have a step to come."""
        return len(self._lives)

    def follow(self, customer: Customer, message: Message, *, fails_with: int | None = None) -> None:
        """Begin the life of a message; with a code it only fails, without ever being `sent`."""
        life = asyncio.create_task(
            self._live(customer, message) if fails_with is None else self._fail(customer, message, fails_with)
        )
        self._lives.add(life)
        life.add_done_callback(self._ended)

    def catch_up(self, customer: Customer) -> None:
        """The phone was switched on or the chat was opened: what waited goes on."""
        for message in customer.chat:
            if message.side == "business" and message.status in {"sent", "delivered"}:
                self.follow(customer, message)

    def stop(self) -> None:
        """Drop every step to come."""
        for life in self._lives:
            life.cancel()

    def _ended(self, life: asyncio.Task[None]) -> None:
        self._lives.discard(life)
        self._world.bell.ring()

    async def _live(self, customer: Customer, message: Message) -> None:
        behaviour = self._world.behaviour
        await asyncio.sleep(behaviour.sent_ms / 1000)
        self._tell(customer, message, "sent")
        if message.type == "reaction" or not customer.online:
            return
        await asyncio.sleep(behaviour.delivered_ms / 1000)
        if not behaviour.skip_delivered:
            self._tell(customer, message, "delivered")
        if not customer.reading:
            return
        await asyncio.sleep(behaviour.read_ms / 1000)
        self._tell(customer, message, "read")

    async def _fail(self, customer: Customer, message: Message, code: int) -> None:
        await asyncio.sleep(self._world.behaviour.sent_ms / 1000)
        message.error = in_webhook(code)
        self._world.figures.failed_later[code] += 1
        self._tell(customer, message, "failed")

    def _tell(self, customer: Customer, message: Message, name: str) -> None:
        world = self._world
        first_delivery = name in {"delivered", "read"} and message.status in {"accepted", "sent"}
        if not world.advance(customer, message, name):
            return
        priced = name == "sent" or first_delivery
        pricing = world.price(message, delivered=first_delivery) if priced and name != "failed" else None
        message.pricing = pricing or message.pricing
        self._delivery.submit(status(customer, message, name=name, now=world.clock.now(), pricing=pricing))
