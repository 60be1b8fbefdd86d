"""A minimal Graph API: takes every send at once and shows it to the customer it was meant for."""

import asyncio
import itertools
import json
from collections import defaultdict
from typing import Any

ANSWER = (
    '{{"messaging_product":"whatsapp","contacts":[{{"input":"{to}","wa_id":"{digits}"}}],'
    '"messages":[{{"id":"{wamid}"}}]}}'
)
READ = b'{"success":true}'


class Sink:
    """An HTTP/1.1 server on asyncio alone, so that it costs the machine as little as possible."""

    def __init__(self) -> None:
        self.arrived: dict[str, asyncio.Queue[dict[str, Any]]] = defaultdict(asyncio.Queue)
        self.sends = 0
        self._numbers = itertools.count(1)
        self._server: asyncio.Server | None = None

    async def start(self, port: int) -> None:
        """Listen on 127.0.0.1."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", port)

    async def stop(self) -> None:
        """Stop listening."""
        if self._server:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                body = await reader.readexactly(_length(head))
                answer = self._take(body)
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                    + str(len(answer)).encode()
                    + b"\r\n\r\n"
                    + answer
                )
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass  # the client closed its kept connection, or the run is over
        finally:
            writer.close()

    def _take(self, body: bytes) -> bytes:
        message = json.loads(body or b"{}")
        if message.get("status") == "read":
            return READ
        to = str(message.get("to") or message.get("recipient"))
        digits = to.lstrip("+")
        wamid = f"wamid.SINK{next(self._numbers)}"
        message["wamid"] = wamid
        self.sends += 1
        self.arrived[digits].put_nowait(message)
        return ANSWER.format(to=to, digits=digits, wamid=wamid).encode()


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0
