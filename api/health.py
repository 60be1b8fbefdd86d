"""`/health`: is this process up and its database reachable? It answers soon, whatever else hangs or waits."""

import asyncio
import threading
from concurrent.futures import Future, ThreadPoolExecutor

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from openbot.database import Database

PATH = "/health"
#: Less than whoever asks waits: `openbot up` 5 s, the doctor 5 s.
ANSWER_SECONDS = 2.0


class Health:
    """Asks the database in a thread of its own, one question at a time: those of webhooks and people may all wait."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="health")
        self._guard = threading.Lock()
        self._asked: Future[str] | None = None

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
            said = "no answer"
        return JSONResponse({"database": said}, status_code=200 if said == "ok" else 503)

    def _ask(self) -> str:
        try:
            with self._database.reading() as session:
                session.execute(text("SELECT 1"))
        except SQLAlchemyError as error:
            return type(error).__name__
        return "ok"
