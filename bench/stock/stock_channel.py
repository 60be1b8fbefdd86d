"""A WhatsApp channel as most are written: verify, run the dialogue and send, all inside the request."""

import hashlib
import hmac
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse


class StockOutput(OutputChannel):
    """Posts each message when Rasa says it."""

    @classmethod
    def name(cls) -> str:
        return "stock_whatsapp"

    def __init__(self, graph_url: str) -> None:
        self.url = f"{graph_url}/v26.0/106540352242922/messages"

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        await self._post({"to": recipient_id, "type": "text", "text": {"body": text}})

    async def send_text_with_buttons(
        self, recipient_id: str, text: str, buttons: list[dict[str, Any]], **kwargs: Any
    ) -> None:
        replies = [{"type": "reply", "reply": {"id": b["payload"], "title": b["title"]}} for b in buttons]
        interactive = {"type": "button", "body": {"text": text}, "action": {"buttons": replies}}
        await self._post({"to": recipient_id, "type": "interactive", "interactive": interactive})

    async def _post(self, body: dict[str, Any]) -> None:
        async with aiohttp.ClientSession() as session:
            await session.post(self.url, json={"messaging_product": "whatsapp", **body})


class StockWhatsApp(InputChannel):
    """Answers the webhook when everything is done."""

    @classmethod
    def name(cls) -> str:
        return "stock_whatsapp"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> "StockWhatsApp":
        return cls(**(credentials or {}))

    def __init__(self, app_secret: str, graph_url: str) -> None:
        self.secret = app_secret.encode()
        self.graph_url = graph_url

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        routes = Blueprint("stock_whatsapp")

        @routes.route("/", methods=["GET"])
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @routes.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            wanted = hmac.new(self.secret, request.body, hashlib.sha256).hexdigest()
            if not hmac.compare_digest(request.headers.get("X-Hub-Signature-256", ""), f"sha256={wanted}"):
                return response.text("wrong signature", status=401)
            for entry in request.json["entry"]:
                for change in entry["changes"]:
                    for message in change["value"].get("messages", ()):
                        await on_new_message(
                            UserMessage(
                                _text(message),
                                StockOutput(self.graph_url),
                                message["from"],
                                input_channel=self.name(),
                            )
                        )
            return response.text("ok")

        return routes


def _text(message: dict[str, Any]) -> str:
    if message["type"] == "interactive":
        reply = message["interactive"]
        return reply[reply["type"]]["id"]
    return message["text"]["body"]
