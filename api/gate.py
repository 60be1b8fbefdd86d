"""In front of everything, HTTP and websockets: nobody passes without a session but to the doors named here.

Pure ASGI: Starlette's BaseHTTPMiddleware does not see websockets. Open doors come first and cost one comparison.
"""

import asyncio
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import errors
from api.events import CONNECTION_KEY
from api.index_page import POLICY
from api.live import Live
from api.panel_api import PanelApi
from api.recognise import Stranger, person_of
from api.signed_in import COOKIE, OUR_HEADER, OUR_VALUE, SCOPE_KEY, Person, address_of

#: Machines knock here; they come first and nothing is added to them.
MACHINES = frozenset({"/whatsapp/webhook", "/health", "/metrics"})
#: Nobody needs to be signed in for these.
OPEN = frozenset(
    {"/login", "/login/confirm", "/api/sign-in", "/_stcore/health", "/favicon.svg", "/favicon.ico"}
)
OPEN_UNDER = ("/static/",)
#: What a person with a password that somebody else chose may do: choose another, or leave.
BEFORE_A_NEW_PASSWORD = frozenset({"/password", "/api/password", "/api/sign-out", "/logout"})
#: Asked for by scripts of a page, never by a person: no redirect to a page.
_NO_PAGES = ("/api/", "/_stcore/", "/media/", "/component/", "/agent/")
#: Said by a page that is only open; who types says so over the websocket.
_BY_ITSELF = "/presence"
#: Code with which a websocket is closed whose session has ended.
SESSION_OVER = 4401
_IDENTITY = b"x-openbot-"
_WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})

_HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
)


class Gate:
    """The middleware."""

    def __init__(self, app: ASGIApp, *, panel: PanelApi, live: Live) -> None:
        self._app, self._panel, self._live = app, panel, live

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or scope["path"] in MACHINES:
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        if path in OPEN or path.startswith(OPEN_UNDER):
            await self._app(scope, receive, _with_headers(send))
            return
        found = await self._find(scope)
        if isinstance(found, Stranger):
            await _refuse(scope, receive, send, found)
        elif found.must_change_password and path not in BEFORE_A_NEW_PASSWORD:
            await _ask_for_password(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._stay(_with_identity(scope, found), receive, send, found)
        else:
            await self._app(_with_identity(scope, found), receive, _with_headers(send))

    async def _stay(self, scope: Scope, receive: Receive, send: Send, person: Person) -> None:
        """Serve a websocket until its session ends: it asked for the session only once, at the handshake."""
        with self._live.connection(person) as connection:
            scope[CONNECTION_KEY] = connection
            closing = asyncio.ensure_future(connection.closing.wait())

            async def sending(message: Message) -> None:
                if not closing.done():  # after that nobody hears it
                    await send(message)

            async def receiving() -> Message:
                arriving = asyncio.ensure_future(receive())
                await asyncio.wait((arriving, closing), return_when=asyncio.FIRST_COMPLETED)
                if arriving.done():
                    return arriving.result()
                arriving.cancel()
                await send({"type": "websocket.close", "code": SESSION_OVER})
                return {"type": "websocket.disconnect", "code": SESSION_OVER}

            try:
                await self._app(scope, receiving, sending)
            finally:
                closing.cancel()

    async def _find(self, scope: Scope) -> Person | Stranger:
        connection = HTTPConnection(scope)
        token = token_of(connection)
        if token is None:
            return Stranger()
        found = await asyncio.to_thread(person_of, self._panel, token=token, acts=_acts(scope))
        return replace(found, address=address_of(connection)) if isinstance(found, Person) else found


def token_of(connection: HTTPConnection) -> str | None:
    """Return the session's token of the cookies, if it may be one."""
    token = connection.cookies.get(COOKIE, "")
    return token if 0 < len(token) <= 100 and token.isascii() else None  # noqa: PLR2004 - ours have 43


def _acts(scope: Scope) -> bool:
    """Whether a person did something: wrote, opened a page or ran a script of one. Live refreshes do not count."""
    if scope["type"] == "websocket":
        return True
    if scope["path"].endswith(_BY_ITSELF):
        return False
    headers = dict(scope["headers"])
    return (
        scope["method"] in _WRITES
        or not scope["path"].startswith(_NO_PAGES)
        or headers.get(OUR_HEADER.encode()) == OUR_VALUE.encode()
    )


def _with_identity(scope: Scope, person: Person) -> dict[str, Any]:
    """Hand the person to our routes and, as headers, to Streamlit (server.trustedUserHeaders)."""
    ours = {
        "user": quote(person.email, safe="@"),
        "name": quote(person.name),
        "role": quote(person.role.value),
        "id": str(person.id),
        "sid": str(person.session_id),
    }
    headers = [pair for pair in scope["headers"] if not pair[0].lower().startswith(_IDENTITY)]
    headers += [(_IDENTITY + name.encode(), value.encode()) for name, value in ours.items()]
    return {**scope, "headers": headers, SCOPE_KEY: person}


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            there = {name.lower() for name, _ in message.get("headers", [])}
            more = [pair for pair in _HEADERS if pair[0] not in there]
            message = {**message, "headers": [*message.get("headers", []), *more]}
        await send(message)

    return sending


async def _refuse(scope: Scope, receive: Receive, send: Send, stranger: Stranger) -> None:
    path: str = scope["path"]
    if scope["type"] == "websocket":
        await _refuse_websocket(receive, send)
        return
    if path.startswith(_NO_PAGES) or scope["method"] != "GET":
        detail = {"because": stranger.because.value} if stranger.because else {}
        answer: Response = errors.answer(401, stranger.code, detail=detail)
    else:
        query = scope.get("query_string", b"").decode("latin-1")
        to = quote(f"{path}?{query}" if query else path, safe="")
        why = f"&e={stranger.because.value}" if stranger.because else ""
        answer = RedirectResponse(f"/login?next={to}{why}", status_code=303)
    await answer(scope, receive, _with_headers(send))


async def _ask_for_password(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await _refuse_websocket(receive, send)
        return
    pages = scope["method"] == "GET" and not scope["path"].startswith(_NO_PAGES)
    answer = (
        RedirectResponse("/password", status_code=303)
        if pages
        else errors.answer(403, "password_change_required")
    )
    await answer(scope, receive, _with_headers(send))


async def _refuse_websocket(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.close", "code": SESSION_OVER})
