"""A client whose network answers what a test says."""

from collections.abc import Callable
from typing import Any

import httpx

from openbot.whatsapp.client import GraphClient

TOKEN = "EAAG-a-secret-token"
BODY = {
    "messaging_product": "whatsapp",
    "to": "+5491136943434",
    "type": "text",
    "text": {"body": "¿Qué tal? 🧉"},
}
TAKEN = {
    "messaging_product": "whatsapp",
    "contacts": [{"input": "+5491136943434", "wa_id": "5491136943434"}],
    "messages": [{"id": "wamid.OUT80", "message_status": "accepted"}],
}


def client(
    answer: Callable[[httpx.Request], httpx.Response], *, base_url: str = "https://graph.facebook.com"
) -> GraphClient:
    return GraphClient(
        base_url=base_url,
        version="v26.0",
        phone_number_id="106540352242922",
        access_token=TOKEN,
        timeout=0.2,
        transport=httpx.MockTransport(answer),
    )


def answering(status: int = 200, **content: Any) -> GraphClient:
    return client(lambda _: httpx.Response(status, **content))


def failing(fault: type[httpx.RequestError]) -> GraphClient:
    def fail(request: httpx.Request) -> httpx.Response:
        raise fault("broken", request=request)

    return client(fail)


def error(code: int, *, status: int = 400, **more: Any) -> dict[str, Any]:
    return {
        "json": {"error": {"message": f"(#{code}) No", "type": "OAuthException", "code": code, **more}},
        "status": status,
    }
