"""Pushes every change to the page: first a snapshot, then one event per change."""

import asyncio
import contextlib

from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect

from .chat import Json, message_json
from .control_routes import controls
from .customer_routes import as_json
from .wiring import parts_of
from .world import World

router = APIRouter()


@router.websocket("/sim/live")
async def live(socket: WebSocket) -> None:
    """Send snapshot and changes as JSON until the page goes or the simulator stops; the page sends nothing."""
    world = parts_of(socket).world
    await socket.accept()
    events: asyncio.Queue[Json] = asyncio.Queue()
    events.put_nowait(snapshot(world))

    def listen(event: Json) -> None:
        events.put_nowait(snapshot(world) if event["kind"] == "reset" else event)

    world.listeners.add(listen)
    tasks = {
        asyncio.create_task(_forward(socket, events)),
        asyncio.create_task(_until_gone(socket)),
        asyncio.create_task(world.bell.until(lambda: False, seconds=float("inf"))),
    }
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        world.listeners.discard(listen)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def snapshot(world: World) -> Json:
    """Return all that a page shows."""
    return {
        **controls(world),
        "kind": "snapshot",
        "business": {"name": world.settings.business_name, "phone": world.settings.display_phone},
        "customers": [as_json(world, customer) for customer in world.customers.values()],
        "chats": {
            customer.id: [message_json(message) for message in customer.chat]
            for customer in world.customers.values()
        },
        "webhook": world.figures.last_webhook,
    }


async def _forward(socket: WebSocket, events: asyncio.Queue[Json]) -> None:
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        while True:
            await socket.send_json(await events.get())


async def _until_gone(socket: WebSocket) -> None:
    with contextlib.suppress(WebSocketDisconnect):
        while True:
            await socket.receive_text()
