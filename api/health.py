"""`/health`: is this process up and its database reachable, and do messages flow? It answers soon, whatever hangs."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from openbot.conversations import vitals, worker_names
from openbot.database import Database

PATH = "/health"
#: Less than whoever asks waits: `openbot up` 5 s, the doctor 5 s.
ANSWER_SECONDS = 2.0


class Health:
    """Asks the database in a thread of its own, one question at a time: those of webhooks and people may all wait."""

    def __init__(self, database: Database, *, clock: Callable[[], datetime]) -> None:
        self._database, self._clock = database, clock
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="health")
        self._guard = threading.Lock()
        self._asked: Future[dict[str, Any]] | None = None

    @property
    def route(self) -> Route:
        """The route to it."""
        return Route(PATH, self._answer, methods=["GET"])

    def close(self) -> None:
        """End the thread, unless it hangs."""
        self._pool.shutdown(wait=False)

    async def _answer(self, _request: Request) -> Response:
        with self._guard:
            if self._asked is None or self._asked.done():
                self._asked = self._pool.submit(self._ask)
            asked = self._asked
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                said = await asyncio.shield(asyncio.wrap_future(asked))
        except TimeoutError:
            said = {"database": "no answer"}
        return JSONResponse(said, status_code=200 if said["database"] == "ok" else 503)

    def _ask(self) -> dict[str, Any]:
        """Say how it stands; only the database decides about the answer's status."""
        try:
            with self._database.reading() as session:
                pulse = vitals.pulse(session, now=self._clock())
            workers = len(worker_names.in_use(self._database))
        except SQLAlchemyError as error:
            return {"database": type(error).__name__}
        return {
            "database": "ok",
            "workers": workers,
            "oldest_due_seconds": round(pulse.oldest_due_seconds),
            "oldest_unsent_seconds": round(pulse.oldest_unsent_seconds),
            "sending_rests": pulse.rests_because,
        }
