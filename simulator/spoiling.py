"""Answers of the Graph that go wrong on purpose: late, never, as HTML, as 5xx, or with a closed connection."""

import asyncio
from collections.abc import Callable

from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import Receive, Scope, Send

from .chat import Json
from .faults import takes
from .graph_errors import GraphError
from .world import World

#: Name in scope["extensions"] under which the server puts {"call": the function} that cuts the connection.
HANG_UP = "simulator.hang_up"
_PAGE = "<!DOCTYPE html><html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"


class SpoiledAnswerError(Exception):
    """The call was refused before anything of it was looked at; `response` is the answer."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


class Spoiling:
    """Which switch hits one call of kind `messages`, `reads` or `media`: at most one, and perhaps slowness."""

    def __init__(self, world: World, *, on: str) -> None:
        self._world = world
        self._seconds = 0.0
        self._late: Response | None = None
        faults = world.faults
        if faults.slow is not None and takes(faults.slow, on=on):
            self._seconds = faults.slow.ms / 1000
        self._early = self._choose(on)

    def before(self) -> None:
        """Refuse the call, if that is what the switch says."""
        if self._early is not None:
            raise self._early

    async def answer(self, body: Json) -> Response:
        """Answer a call that was taken."""
        if self._seconds:
            await self._world.bell.until(lambda: False, seconds=self._seconds)
        return self._late or JSONResponse(body)

    def _choose(self, on: str) -> Exception | None:
        faults = self._world.faults
        name = ""
        accepted = False
        response: Response = Response()
        if takes(faults.rate_limit, on=on):
            self._world.figures.spoiled["rate_limit"] += 1
            return GraphError(130429)
        if faults.error_5xx is not None and takes(faults.error_5xx, on=on):
            name, accepted = "error_5xx", faults.error_5xx.accepted
            response = JSONResponse(GraphError(2).answer(), status_code=faults.error_5xx.status)
        elif faults.html_502 is not None and takes(faults.html_502, on=on):
            name, accepted = "html_502", faults.html_502.accepted
            response = HTMLResponse(_PAGE.format("502 Bad Gateway"), status_code=502)
        elif faults.html_200 is not None and takes(faults.html_200, on=on):
            name, accepted = "html_200", faults.html_200.accepted
            response = HTMLResponse(_PAGE.format("Sorry, something went wrong."))
        elif faults.drop_answer is not None and takes(faults.drop_answer, on=on):
            name, accepted = "drop_answer", True
            response = NeverAnswered(self._world, close=faults.drop_answer.mode == "close")
        if name:
            self._world.figures.spoiled[name] += 1
            if not accepted:
                return SpoiledAnswerError(response)
            self._late = response
        return None


class NeverAnswered(Response):
    """No answer: the connection is closed at once, or held until the client or the simulator goes."""

    def __init__(self, world: World, *, close: bool) -> None:
        super().__init__()
        self._world = world
        self._close = close

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI
        hang_up: Callable[[], None] = scope["extensions"][HANG_UP]["call"]
        gone = asyncio.create_task(_disconnect(receive))
        if not self._close:
            stopped = asyncio.create_task(self._world.bell.until(lambda: False, seconds=3600))
            await asyncio.wait({gone, stopped}, return_when=asyncio.FIRST_COMPLETED)
            stopped.cancel()
        hang_up()
        await gone


async def _disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue
