"""The panel's screens: Streamlit inside this process, loaded after the door is open.

Importing Streamlit takes a second or two; WhatsApp's webhook does not wait for it, only the first page does.
"""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from api import index_page
from openbot.settings import Settings

if TYPE_CHECKING:
    from streamlit.web.server.starlette.starlette_app import App

log = logging.getLogger(__name__)

SCRIPT = Path(__file__).resolve().parent.parent / "panel" / "streamlit_app.py"
_SERVER_LOGS = ("uvicorn", "uvicorn.access", "uvicorn.asgi", "uvicorn.error", "websockets")
SORRY = "El panel no pudo arrancar. Avisale a quien administra el sistema.\n"


class Screens:
    """An ASGI app; `life` belongs into the lifespan of the app that mounts it."""

    def __init__(self, settings: Settings) -> None:
        host = settings.own_host
        self._api = f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"
        self._ready, self._stop = asyncio.Event(), asyncio.Event()
        self._app: App | None = None
        self._is_alive = False

    @asynccontextmanager
    async def life(self) -> AsyncIterator[None]:
        """Load in the background, stop at the end."""
        self._is_alive = True
        running = asyncio.create_task(self._run())
        try:
            yield
        finally:
            self._stop.set()
            await running

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a page, once there are any."""
        if scope["type"] == "http" and _is_page(scope):
            await index_page.response()(scope, receive, send)
            return
        if self._is_alive:
            await self._ready.wait()
        if self._app is not None:
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await PlainTextResponse(SORRY, status_code=503)(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close", "code": 1011})

    async def _run(self) -> None:
        logs = _server_logs()
        try:
            app = await asyncio.to_thread(self._load)
            async with app.lifespan()(None):
                _restore(logs)
                self._app = app
                self._ready.set()
                await asyncio.to_thread(_warm_up)
                await self._stop.wait()
        except Exception:
            log.exception("the screens could not be started")
        finally:
            self._app = None
            self._ready.set()

    def _load(self) -> "App":
        from streamlit.web.server.starlette.starlette_app import App

        from panel import client, troubles

        client.serve_from(self._api)
        return App(SCRIPT, on_script_error=troubles.show)


def _is_page(scope: Scope) -> bool:
    accept = Headers(scope=scope).get("accept", "")
    return index_page.is_page(method=scope["method"], path=scope["path"], accept=accept)


def _server_logs() -> list[tuple[logging.Logger, int, list[logging.Handler], bool]]:
    """Remember the server's log as its command line wants it; Streamlit sets it up anew for itself."""
    loggers = [logging.getLogger(name) for name in _SERVER_LOGS]
    return [(each, each.level, list(each.handlers), each.propagate) for each in loggers]


def _restore(logs: list[tuple[logging.Logger, int, list[logging.Handler], bool]]) -> None:
    for logger, level, handlers, propagate in logs:
        logger.setLevel(level)
        logger.handlers, logger.propagate = handlers, propagate


def _warm_up() -> None:
    """Import what Streamlit imports at the first component: seconds that the first page need not wait."""
    import pandas as pd
    import pyarrow as pa

    log.debug("pandas %s and pyarrow %s are there", pd.__version__, pa.__version__)
    # All of this stays. Looking through it for garbage holds up every request for a fifth of a second, again and again.
    gc.collect()
    gc.freeze()
