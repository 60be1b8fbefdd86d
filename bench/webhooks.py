"""Signed webhooks as Meta sends them, over a few kept connections."""

import asyncio
import hashlib
import hmac
import itertools
import json
import time
from typing import Any

from bench.customer import Say

_Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class NotAcknowledged(RuntimeError):
    """The webhook was not answered with 200."""


class Door:
    """Posts webhooks to one URL and remembers how long each acknowledgement took (seconds)."""

    def __init__(self, *, port: int, path: str, secret: str, number_id: str, connections: int = 16) -> None:
        self._port, self._path, self._secret, self._number_id = port, path, secret.encode(), number_id
        self._free: asyncio.LifoQueue[tuple[asyncio.StreamReader, asyncio.StreamWriter] | None] = (
            asyncio.LifoQueue()
        )
        for _ in range(connections):
            self._free.put_nowait(None)
        self._ids = itertools.count(time.time_ns() // 1000)
        self.acknowledged: list[float] = []

    async def say(self, *, wa_id: str, say: Say) -> None:
        """Post one message of a customer; returns when it is acknowledged. Raises NotAcknowledged."""
        await self.post(self._webhook(wa_id=wa_id, say=say))

    async def post(self, webhook: dict[str, Any]) -> None:
        """Post a webhook, signed."""
        raw = json.dumps(webhook).replace("/", "\\/").encode()
        signature = hmac.new(self._secret, raw, hashlib.sha256).hexdigest()
        head = (
            f"POST {self._path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"X-Hub-Signature-256: sha256={signature}\r\nContent-Length: {len(raw)}\r\n\r\n"
        )
        kept = await self._free.get()
        started = time.perf_counter()
        try:
            status, kept = await self._exchange(kept, head.encode() + raw)
        except (OSError, asyncio.IncompleteReadError) as error:
            self._free.put_nowait(None)
            raise NotAcknowledged(type(error).__name__) from error
        self._free.put_nowait(kept)
        self.acknowledged.append(time.perf_counter() - started)
        if status != 200:  # noqa: PLR2004
            raise NotAcknowledged(str(status))

    async def _exchange(self, kept: _Connection | None, request: bytes) -> tuple[int, _Connection]:
        if kept is not None:
            try:
                kept[1].write(request)
                return await _answer(kept[0]), kept
            except (OSError, asyncio.IncompleteReadError):
                pass  # the server closed it while it was idle: a new one, as any HTTP client does
        fresh = await asyncio.open_connection("127.0.0.1", self._port)
        fresh[1].write(request)
        return await _answer(fresh[0]), fresh

    def _webhook(self, *, wa_id: str, say: Say) -> dict[str, Any]:
        user_id = f"AR.{wa_id}"
        content: dict[str, Any] = {"type": "text", "text": {"body": say.text}}
        if say.payload:
            reply = {"id": say.payload, "title": say.text}
            content = {"type": "interactive", "interactive": {"type": "list_reply", "list_reply": reply}}
        message = {
            "from": wa_id,
            "from_user_id": user_id,
            "id": f"wamid.LOAD{next(self._ids)}",
            "timestamp": str(int(time.time())),
            **content,
        }
        value = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "541136943434", "phone_number_id": self._number_id},
            "contacts": [{"profile": {"name": "Ana Gómez"}, "wa_id": wa_id, "user_id": user_id}],
            "messages": [message],
        }
        return {
            "object": "whatsapp_business_account",
            "entry": [{"id": "102290129340398", "changes": [{"field": "messages", "value": value}]}],
        }


async def _answer(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    await reader.readexactly(length)
    return int(head.split(b" ", 2)[1])
