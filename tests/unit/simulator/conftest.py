"""A running simulator whose clock stands still, and the shop that its webhooks reach; all in this process."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from simulator.app import create_app
from simulator.clock import Clock
from simulator.settings import Settings
from simulator.wiring import assemble, running

NOW = 1_793_500_000.0
SECRET = "s3cr3t-app"
SETTINGS = Settings(app_secret=SECRET, access_token="token", verify_token="verify")
MESSAGES = f"/v26.0/{SETTINGS.phone_number_id}/messages"


@dataclass
class Shop:
    """The other end of the webhook: checks signatures, keeps payloads, answers what it is told to."""

    answers: list[int] = field(default_factory=list)
    payloads: list[dict[str, Any]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    headers: list[httpx.Headers] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            good = request.url.params["hub.verify_token"] == "verify"
            return httpx.Response(
                200 if good else 403, text=request.url.params["hub.challenge"] if good else ""
            )
        wanted = "sha256=" + hmac.new(SECRET.encode(), request.content, hashlib.sha256).hexdigest()
        if request.headers.get("X-Hub-Signature-256") != wanted:
            return httpx.Response(401)
        self.bodies.append(request.content)
        self.headers.append(request.headers)
        self.payloads.append(json.loads(request.content))
        return httpx.Response(self.answers.pop(0) if self.answers else 200)

    def values(self, name: str = "messages") -> list[dict[str, Any]]:
        """All changes' values of this field, in order of arrival."""
        return [
            change["value"]
            for payload in self.payloads
            for entry in payload["entry"]
            for change in entry["changes"]
            if change["field"] == name
        ]

    def messages(self) -> list[dict[str, Any]]:
        return [message for value in self.values() for message in value.get("messages", [])]

    def statuses(self) -> list[dict[str, Any]]:
        return [status for value in self.values() for status in value.get("statuses", [])]


@dataclass
class Phones:
    """The simulator over its HTTP, with the few calls that every test makes."""

    http: httpx.AsyncClient
    shop: Shop

    async def put(self, what: str, **wish: Any) -> dict[str, Any]:
        answer = await self.http.put(f"/sim/{what}", json=wish)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def customer(self, **wish: Any) -> dict[str, Any]:
        answer = await self.http.post(
            "/sim/customers", json={"name": "Lucía", "phone": "+54 9 11 2345-6789"} | wish
        )
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def act(self, customer: str, kind: str, **action: Any) -> dict[str, Any]:
        answer = await self.http.post(f"/sim/customers/{customer}/messages", json={"kind": kind, **action})
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def send(self, **body: Any) -> httpx.Response:
        base = {"messaging_product": "whatsapp", "to": "+5491123456789", "type": "text"}
        return await self.http.post(
            MESSAGES,
            json={key: value for key, value in (base | body).items() if value is not None},
            headers=BEARER,
        )

    async def text(self, body: str = "Hola", **more: Any) -> httpx.Response:
        return await self.send(text={"body": body}, **more)

    async def chat(self, customer: str = "1", **query: Any) -> list[dict[str, Any]]:
        answer = await self.http.get(f"/sim/customers/{customer}/chat", params=query)
        return answer.json()["messages"]

    async def settle(self) -> None:
        answer = await self.http.get("/sim/idle", params={"wait": 5})
        assert answer.json()["idle"], answer.text

    async def figures(self) -> dict[str, Any]:
        return (await self.http.get("/sim/statistics")).json()


BEARER = {"Authorization": "Bearer token"}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def app() -> FastAPI:
    """The routes, which take long to build; every test gives them its own world."""
    return create_app(assemble(SETTINGS))


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
async def phones(app: FastAPI, shop: Shop, anyio_backend: str) -> AsyncIterator[Phones]:
    parts = assemble(SETTINGS, clock=Clock(wall=lambda: NOW), webhook_transport=httpx.MockTransport(shop))
    app.state.parts = parts
    async with (
        running(parts),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://simulator") as http,
    ):
        result = Phones(http, shop)
        await result.put("behaviour", sent_ms=0, delivered_ms=0, read_ms=0, retry_first_ms=1, retry_max_ms=8)
        yield result
