"""Calls the action server over plain HTTP/1.1 connections that stay open, one write for each call.

Rasa opens a connection for each call and writes it in three pieces. Anything but an `http://` address without
sign-in is left to Rasa's own client.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

import aiohttp
import ujson
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

#: An action commits within seconds or the turn is asked again; Rasa's own limit is five minutes.
ACTION_SECONDS = 25
MOST_IDLE = 64
LARGEST_ANSWER = 16 * 1024 * 1024
_END_OF_HEAD = b"\r\n\r\n"


class AnswerBroken(aiohttp.ClientPayloadError):
    """The action server's answer is no HTTP, or ended too early."""


class ActionEndpoint(EndpointConfig):
    """As EndpointConfig for JSON calls; any number of calls at once, on one event loop."""

    @classmethod
    def like(cls, endpoint: EndpointConfig) -> EndpointConfig:
        """The same address with kept connections, or `endpoint` itself where that is not possible."""
        address = urlsplit(endpoint.url or "")
        if address.scheme != "http" or endpoint.basic_auth or endpoint.cafile:
            return endpoint
        new = cls(endpoint.url, endpoint.params, endpoint.headers, None, endpoint.token, endpoint.token_name)
        new.kwargs = endpoint.kwargs
        return new

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        address = urlsplit(self.url)
        self._host, self._port = address.hostname, address.port or 80
        query = urlencode(self.combine_parameters())
        target = (address.path or "/") + (f"?{query}" if query else "")
        head = {"Host": address.netloc, "Content-Type": "application/json", "Accept": "*/*", **self.headers}
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        self._head = f"POST {target} HTTP/1.1\r\n{lines}Content-Length: ".encode()
        self._idle: list[_Connection] = []

    async def request(self, _method: str = "post", *, json: Any = None, **_: Any) -> Any:  # type: ignore[override]
        """The decoded answer; raise ClientResponseError for a status from 400, aiohttp's errors for the rest."""
        body = ujson.dumps(json, ensure_ascii=False, escape_forward_slashes=False).encode(
            "utf-8", "surrogatepass"
        )
        call = self._head + str(len(body)).encode() + _END_OF_HEAD + body
        try:
            status, answer = await asyncio.wait_for(self._send(call), ACTION_SECONDS)
        except asyncio.TimeoutError as error:  # noqa: UP041  another class on Python 3.10
            raise aiohttp.ServerTimeoutError("the action server is too slow") from error
        except OSError as error:
            raise aiohttp.ClientConnectionError(f"{type(error).__name__}") from error
        if status >= HTTPStatus.BAD_REQUEST:
            raise ClientResponseError(status, "", answer.decode("utf-8", "replace"))
        return ujson.loads(answer) if answer else None

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()

    async def _send(self, call: bytes) -> tuple[int, bytes]:
        while self._idle:
            connection = self._idle.pop()
            try:
                return await self._over(connection, call)
            except _ClosedBefore:
                continue  # the server had closed it while it was idle, and has not seen the call
        _, connection = await asyncio.get_running_loop().create_connection(
            _Connection, self._host, self._port
        )
        return await self._over(connection, call)

    async def _over(self, connection: _Connection, call: bytes) -> tuple[int, bytes]:
        try:
            status, answer, stays_open = await connection.exchange(call)
        except BaseException:
            connection.close()
            raise
        if stays_open and len(self._idle) < MOST_IDLE:
            self._idle.append(connection)
        else:
            connection.close()
        return status, answer


class _ClosedBefore(ConnectionError):
    """Closed by the server before the first byte of an answer."""


class _Connection(asyncio.Protocol):
    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[tuple[int, bytes, bool]] | None = None
        self._received = bytearray()
        self._closed = False

    async def exchange(self, call: bytes) -> tuple[int, bytes, bool]:
        """Status, body, and whether the connection may be used again."""
        if self._closed or self._received or self._transport is None:
            raise _ClosedBefore
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(call)
        return await self._waiting

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        if self._waiting is None or self._waiting.done():
            self.close()  # nobody asked
            return
        try:
            answer = _read_answer(self._received, ended=False)
        except (AnswerBroken, ValueError) as error:
            self._fail(AnswerBroken(str(error)))
        else:
            if answer is not None:
                self._received = bytearray()
                self._waiting.set_result(answer)

    def connection_lost(self, _error: Exception | None) -> None:
        self._closed = True
        if not self._received:
            self._fail(_ClosedBefore())
            return
        try:
            answer = _read_answer(self._received, ended=True)
        except (AnswerBroken, ValueError):
            answer = None
        if answer is None:
            self._fail(AnswerBroken("the answer ended too early"))
        elif self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(answer)

    def _fail(self, error: Exception) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(error)


def _read_answer(received: bytearray, *, ended: bool) -> tuple[int, bytes, bool] | None:
    """The whole answer, or None while it is not there yet; raise AnswerBroken or ValueError."""
    if len(received) > LARGEST_ANSWER:
        raise AnswerBroken("the answer is too large")
    head, found, body = bytes(received).partition(_END_OF_HEAD)
    if not found:
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    version, status = first.split(" ", 2)[:2]
    headers: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip().lower()
    stays_open = version == "HTTP/1.1" and headers.get("connection") != "close" and not ended
    if headers.get("transfer-encoding") == "chunked":
        whole = _join_chunks(body)
    elif "content-length" in headers:
        length = int(headers["content-length"])
        whole = body[:length] if len(body) >= length else None
    else:
        whole, stays_open = (body, False) if ended else (None, False)
    return None if whole is None else (int(status), whole, stays_open)


def _join_chunks(body: bytes) -> bytes | None:
    whole = b""
    while True:
        size, found, body = body.partition(b"\r\n")
        if not found:
            return None
        length = int(size.split(b";")[0], 16)
        if length == 0:
            return whole if body.endswith(b"\r\n") else None
        if len(body) < length + 2:
            return None
        whole, body = whole + body[:length], body[length + 2 :]
