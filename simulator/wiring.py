"""The parts of one running simulator, and how routes get them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated

import httpx
from fastapi import Depends
from starlette.requests import HTTPConnection

from .clock import Clock
from .delivery import Delivery
from .receipts import Receipts
from .sending import Sending
from .settings import Settings
from .world import World


@dataclass(frozen=True, slots=True)
class Simulator:
    """World, the queue of webhooks, the receipts to come, and the business's way in."""

    world: World
    delivery: Delivery
    receipts: Receipts
    sending: Sending

    @property
    def idle(self) -> bool:
        """Whether nothing more will happen by itself: no webhook waits, no receipt is to come."""
        return self.delivery.open_count == 0 and self.receipts.open_count == 0


def assemble(
    settings: Settings,
    *,
    clock: Clock | None = None,
    webhook_transport: httpx.AsyncBaseTransport | None = None,
) -> Simulator:
    """Put the parts together; clock and transport are replaced by tests."""
    world = World(settings, clock=clock)
    delivery = Delivery(world, httpx.AsyncClient(transport=webhook_transport, trust_env=False))
    receipts = Receipts(world, delivery)
    return Simulator(world, delivery, receipts, Sending(world, receipts))


@contextlib.asynccontextmanager
async def running(parts: Simulator) -> AsyncIterator[None]:
    """Post webhooks in the background until the block ends; then every wait ends too."""
    poster = asyncio.create_task(parts.delivery.run())
    try:
        yield
    finally:
        parts.world.bell.stop()
        parts.receipts.stop()
        poster.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await poster
        await parts.delivery.client.aclose()


def parts_of(connection: HTTPConnection) -> Simulator:
    """Return the parts of the application that serves this request."""
    parts: Simulator = connection.app.state.parts
    return parts


Parts = Annotated[Simulator, Depends(parts_of)]
