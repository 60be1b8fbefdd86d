"""The websocket of an open page: what is new, and that it is time to leave (`api/live.py` decides)."""

import asyncio
import json
from datetime import timedelta

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from starlette.websockets import WebSocketState

from api.live import Connection
from api.panel_api import Db, PanelApi
from api.recognise import SEEN_EVERY
from api.signed_in import SignedIn
from openbot.operators import sessions

#: Something is said at least so often: a page takes a line that is silent for longer for dead.
PULSE_SECONDS = 20.0
#: Where the gate leaves this socket's place among the open ones.
CONNECTION_KEY = "openbot.connection"
_LONGEST_MESSAGE = 200


def router() -> APIRouter:
    """Build the route."""
    routes = APIRouter(prefix="/api")
    routes.websocket("/events")(events)
    return routes


async def events(websocket: WebSocket, panel: Db, person: SignedIn) -> None:
    """Tell {"type": "changed", "n"}, {"type": "kick", "reason"}, {"type": "shift_ends", "minutes", "overtime"}.

    The page says {"type": "active"} when its person did something; {"type": "ping"} is only a sign of life.
    """
    connection: Connection = websocket.scope[CONNECTION_KEY]
    connection.listens = True
    await websocket.accept()
    talking = asyncio.create_task(_talk(websocket, connection))
    try:
        await _listen(websocket, panel, session_id=person.session_id)
    except WebSocketDisconnect:
        pass  # the page was closed
    finally:
        talking.cancel()
        await asyncio.gather(talking, return_exceptions=True)


async def _talk(websocket: WebSocket, connection: Connection) -> None:
    while websocket.client_state is WebSocketState.CONNECTED:
        try:
            news = await asyncio.wait_for(connection.news.get(), PULSE_SECONDS)
        except TimeoutError:
            news = {"type": "ping"}
        await websocket.send_json(news)


async def _listen(websocket: WebSocket, panel: PanelApi, *, session_id: int) -> None:
    noted = panel.now - timedelta(days=1)
    while True:
        message = await websocket.receive_text()
        if _is_active(message) and panel.now - noted >= SEEN_EVERY:
            noted = panel.now
            await asyncio.to_thread(_note_active, panel, session_id)


def _is_active(message: str) -> bool:
    if len(message) > _LONGEST_MESSAGE:
        return False
    try:
        said = json.loads(message)
    except ValueError:
        return False
    return isinstance(said, dict) and said.get("type") == "active"


def _note_active(panel: PanelApi, session_id: int) -> None:
    with panel.database.transaction() as session:
        sessions.seen(session, session_id=session_id, now=panel.now)
