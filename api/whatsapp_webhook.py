"""The public door: Meta's webhook. Verify, store, answer; no dialogue and no sending in here (contract §1-2)."""

import hmac
import logging
from collections.abc import Callable
from datetime import datetime

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import PlainTextResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import ClientDisconnect

from openbot.conversations.reception import Reception
from openbot.crash import crash_at
from openbot.database import Database, DatabaseBusy
from openbot.settings import Settings
from openbot.whatsapp import envelope, signature

log = logging.getLogger(__name__)

#: Meta's bodies have up to 3 MB; more is not Meta's (contract §2.3).
MAX_BODY = 4 * 1024 * 1024


def router(*, database: Database, settings: Settings, clock: Callable[[], datetime]) -> APIRouter:
    """Build the two routes of the webhook."""
    routes = APIRouter()
    reception = Reception(settings=settings)
    app_secret = settings.whatsapp_app_secret.get_secret_value()
    verify_token = settings.whatsapp_verify_token.get_secret_value().encode()

    @routes.get("/whatsapp/webhook", summary="Handshake: echo Meta's challenge")
    async def handshake(request: Request) -> Response:
        query = request.query_params
        token = query.get("hub.verify_token", "").encode()
        right = hmac.compare_digest(token, verify_token)
        if query.get("hub.mode") != "subscribe" or not right or "hub.challenge" not in query:
            return PlainTextResponse("forbidden", status_code=403)
        return PlainTextResponse(query["hub.challenge"])

    @routes.post("/whatsapp/webhook", summary="Receive messages and statuses")
    async def receive(request: Request) -> Response:
        try:
            raw = await _body(request)
        except ClientDisconnect:
            return PlainTextResponse("gone", status_code=400)
        if raw is None:
            return PlainTextResponse("too large", status_code=413)
        if not signature.is_valid(app_secret, raw, request.headers.get("X-Hub-Signature-256")):
            return PlainTextResponse("wrong signature", status_code=401)
        try:
            items = envelope.read(raw)
        except envelope.UnreadableEnvelope:
            log.warning("signed webhook that is no JSON object, %s bytes", len(raw))
            return PlainTextResponse("not a JSON object", status_code=400)
        return await run_in_threadpool(_store, items)

    def _store(items: envelope.Envelope) -> Response:
        try:
            with database.transaction() as session:
                reception.take(session, items=items, now=clock())
                crash_at("webhook stored, not committed")
        except (SQLAlchemyError, DatabaseBusy) as error:
            log.error("webhook not stored: %s", type(error).__name__)  # noqa: TRY400 - a trace would show messages
            return PlainTextResponse("not stored, send again", status_code=503)
        crash_at("webhook committed, not answered")
        return PlainTextResponse("ok")

    return routes


async def _body(request: Request) -> bytes | None:
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > MAX_BODY:
            return None
        parts.append(part)
    return b"".join(parts)
