"""The parts of one running simulator, and how routes get them."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from .delivery import Delivery
from .receipts import Receipts
from .sending import Sending
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


def parts_of(connection: HTTPConnection) -> Simulator:
    """Return the parts of the application that serves this request."""
    parts: Simulator = connection.app.state.parts
    return parts


Parts = Annotated[Simulator, Depends(parts_of)]
