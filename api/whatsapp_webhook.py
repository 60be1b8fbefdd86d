"""The public door: Meta's webhook. Verify, store, answer; no dialogue and no sending in here (contract §1-2)."""

import hmac
import logging
from collections.abc import Callable

from fastapi.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from api.intake import Intake
from openbot.settings import Settings
from openbot.whatsapp import envelope, signature

log = logging.getLogger(__name__)

PATH = "/whatsapp/webhook"
#: Meta's bodies have up to 3 MB; more is not Meta's (contract §2.3).
MAX_BODY = 4 * 1024 * 1024
#: A body of this size is read in a thread: other webhooks need not wait for it.
LARGE_BODY = 64 * 1024


def routes(*, intake: Intake, settings: Settings, count: Callable[[str], None]) -> list[Route]:
    """Build the two routes of the webhook: plain ones, for a framework's checks of the body cost more than ours.

    `count` is told what became of each: stored, not_stored, refused, unreadable.
    """
    app_secret = settings.whatsapp_app_secret.get_secret_value()
    verify_token = settings.whatsapp_verify_token.get_secret_value().encode()

    async def handshake(request: Request) -> Response:
        """Echo Meta's challenge."""
        query = request.query_params
        token = query.get("hub.verify_token", "").encode()
        right = hmac.compare_digest(token, verify_token)
        if query.get("hub.mode") != "subscribe" or not right or "hub.challenge" not in query:
            return PlainTextResponse("forbidden", status_code=403)
        return PlainTextResponse(query["hub.challenge"])

    async def receive(request: Request) -> Response:
        """Receive messages and statuses."""
        try:
            raw = await _body(request)
        except ClientDisconnect:
            return PlainTextResponse("gone", status_code=400)
        if raw is None:
            count("refused")
            return PlainTextResponse("too large", status_code=413)
        if not signature.is_valid(app_secret, raw, request.headers.get("X-Hub-Signature-256")):
            count("refused")
            return PlainTextResponse("wrong signature", status_code=401)
        try:
            is_large = len(raw) > LARGE_BODY
            items = await run_in_threadpool(envelope.read, raw) if is_large else envelope.read(raw)
        except envelope.UnreadableEnvelope:
            count("unreadable")
            log.warning("signed webhook that is no JSON object, %s bytes", len(raw))
            return PlainTextResponse("not a JSON object", status_code=400)
        is_stored = await intake.store(items)
        count("stored" if is_stored else "not_stored")
        if not is_stored:
            return PlainTextResponse("not stored, send again", status_code=503)
        return PlainTextResponse("ok")

    return [Route(PATH, handshake, methods=["GET"]), Route(PATH, receive, methods=["POST"])]


async def _body(request: Request) -> bytes | None:
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > MAX_BODY:
            return None
        parts.append(part)
    return b"".join(parts)
