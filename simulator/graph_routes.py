"""The Graph side: what the product calls as if it were graph.facebook.com (contract §5-6)."""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.datastructures import UploadFile

from . import graph
from .chat import Json
from .graph_errors import GraphError
from .spoiling import Spoiling
from .templates import Template
from .wiring import Parts, Simulator

LOST = "<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Sorry, something went wrong.</h1></body></html>"


def bearer(parts: Parts, authorization: Annotated[str, Header()] = "") -> None:
    """Refuse a call without the access token: 190."""
    if authorization != f"Bearer {parts.world.settings.access_token}":
        raise GraphError(190)


def version(version: str) -> None:
    """Refuse a path whose version Meta does not serve."""
    number = version.removeprefix("v").removesuffix(".0")
    if version != f"v{number}.0" or not number.isdecimal() or not 21 <= int(number) <= 99:  # noqa: PLR2004 - v21 is the oldest
        raise GraphError(2500, f"Unknown path components: /{version}")


router = APIRouter(prefix="/{version}", dependencies=[Depends(version), Depends(bearer)])
files = APIRouter()


@router.post("/{node}/messages")
async def send(parts: Parts, node: str, request: Request) -> Response:
    own_number(parts, node)
    raw = await request.body()
    try:
        body = json.loads(raw)
    except ValueError:
        raise GraphError(100, "The body is not valid JSON.") from None
    is_read = isinstance(body, dict) and "status" in body
    spoiling = Spoiling(parts.world, on="reads" if is_read else "messages")
    spoiling.before()
    now = parts.world.clock.now()
    wish = graph.parse(
        body,
        medium=lambda media_id: parts.world.media.get(media_id, now=now),
        known_templates=parts.world.templates,
    )
    if isinstance(wish, graph.Read):
        return await spoiling.answer(parts.sending.read(wish))
    return await spoiling.answer(parts.sending.send(wish))


@router.post("/{node}/media")
async def upload(parts: Parts, node: str, request: Request) -> Response:
    own_number(parts, node)
    spoiling = Spoiling(parts.world, on="media")
    spoiling.before()
    async with request.form() as form:
        file = form.get("file")
        declared = form.get("type")
        if form.get("messaging_product") != "whatsapp":
            raise GraphError(100, "The parameter messaging_product is required.")
        if not isinstance(file, UploadFile):
            raise GraphError(100, "The parameter file is required.")
        medium = parts.world.media.upload(
            data=await file.read(),
            mime_type=declared if isinstance(declared, str) else (file.content_type or ""),
            filename=file.filename,
            now=parts.world.clock.now(),
        )
    return await spoiling.answer({"id": medium.id})


@router.get("/{node}/subscribed_apps")
async def subscriptions(parts: Parts, node: str) -> Json:
    own_account(parts, node)
    apps = [{"whatsapp_business_api_data": {"id": "1", "name": "Simulator", "link": "http://localhost/"}}]
    return {"data": apps if parts.world.subscribed else []}


@router.post("/{node}/subscribed_apps")
async def subscribe(parts: Parts, node: str, request: Request) -> Json:
    own_account(parts, node)
    raw = await request.body()
    wish: Any = json.loads(raw) if raw else {}
    if isinstance(wish, dict) and wish.get("override_callback_uri"):
        parts.world.webhook_url = str(wish["override_callback_uri"])
    parts.world.subscribed = True
    return {"success": True}


@router.delete("/{node}/subscribed_apps")
async def unsubscribe(parts: Parts, node: str) -> Json:
    own_account(parts, node)
    parts.world.subscribed = False
    return {"success": True}


@router.get("/{node}/message_templates")
async def templates(parts: Parts, node: str, request: Request, limit: int = 25, after: str = "") -> Json:
    """A page; its cursor is the place of its last template."""
    own_account(parts, node)
    start = int(after) if after.isdecimal() else 0
    end = start + max(1, min(limit, 1000))
    known = parts.world.templates
    shown = [_template(template) for template in known[start:end]]
    cursors = {"cursors": {"before": str(start), "after": str(min(end, len(known)))}} if shown else {}
    more = {"next": f"{request.url.include_query_params(after=end)}"} if end < len(known) else {}
    return {"data": shown, **({"paging": {**cursors, **more}} if shown else {})}


def _template(template: Template) -> Json:
    buttons = [{"type": "QUICK_REPLY", "text": title} for title in template.buttons]
    return {
        "name": template.name,
        "language": template.language,
        "status": template.status,
        "category": template.category.upper(),
        "components": [
            {"type": "BODY", "text": template.body},
            *([{"type": "BUTTONS", "buttons": buttons}] if buttons else []),
        ],
        "id": str(int.from_bytes(f"{template.name}/{template.language}".encode()) % 10**15),
    }


@router.get("/{node}")
async def look_up(parts: Parts, node: str, fields: str = "", phone_number_id: str | None = None) -> Json:
    """Return the number's fields, or resolve a media id."""
    world = parts.world
    if node == world.settings.phone_number_id:
        return _number(parts, [name for name in fields.split(",") if name])
    medium = world.media.get(node, now=world.clock.now())
    if medium is None or phone_number_id not in {None, world.settings.phone_number_id}:
        raise unknown(node)
    return world.media.resolved(medium, now=world.clock.now())


@router.delete("/{node}")
async def delete(parts: Parts, node: str) -> Json:
    if not parts.world.media.delete(node):
        raise unknown(node)
    return {"success": True}


@files.get("/whatsapp_business/attachments/")
async def download(
    parts: Parts, key: Annotated[str, Query(alias="hash")] = "", authorization: Annotated[str, Header()] = ""
) -> Response:
    """Return the bytes, with the token and while the address lives; else HTML, as Meta's file hosts answer."""
    if authorization != f"Bearer {parts.world.settings.access_token}":
        return HTMLResponse(LOST, status_code=401)
    medium = parts.world.media.behind(key, now=parts.world.clock.now())
    if medium is None:
        return HTMLResponse(LOST, status_code=404)
    return Response(medium.data, media_type=medium.mime_type)


def own_number(parts: Simulator, node: str) -> None:
    if node != parts.world.settings.phone_number_id:
        raise unknown(node)


def own_account(parts: Simulator, node: str) -> None:
    if node != parts.world.settings.waba_id:
        raise unknown(node)


def unknown(node: str) -> GraphError:
    """Return the error for an id that is none of ours."""
    return GraphError(
        100,
        f"Unsupported request. Object with ID '{node}' does not exist, cannot be loaded due to missing permissions.",
        subcode=33,
    )


def refused(parts: Simulator, error: GraphError) -> JSONResponse:
    """Count and answer a refusal."""
    parts.world.figures.refused[error.code] += 1
    return JSONResponse(error.answer(), status_code=error.status)


def _number(parts: Simulator, names: list[str]) -> Json:
    settings = parts.world.settings
    known = {
        "display_phone_number": settings.display_phone,
        "verified_name": settings.business_name,
        "quality_rating": "GREEN",
        "code_verification_status": "VERIFIED",
        "platform_type": "CLOUD_API",
        "throughput": {"level": "STANDARD"},
        "status": "CONNECTED",
        "name_status": "APPROVED",
    }
    wanted = names or ["verified_name", "code_verification_status", "display_phone_number", "quality_rating"]
    for name in wanted:
        if name not in {*known, "id"}:
            raise GraphError(100, f"Tried accessing nonexisting field ({name}).")
    return {name: known[name] for name in wanted if name != "id"} | {"id": settings.phone_number_id}
