"""Products to a file and from one: a preview first, then exactly what it showed."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from api.catalogue_wishes import note
from api.errors import ApiError
from api.panel_api import Db, PanelApi
from api.signed_in import Administrator, Person
from openbot import company
from openbot.catalogue import imports
from openbot.catalogue.product_file import COLUMNS, LARGEST
from openbot.exports import CSV_TYPE, csv_chunks, file_name

#: Lines of each kind in a preview; the counts are of all.
SHOWN = 500
_BODY = {"requestBody": {"required": True, "content": {"text/csv": {"schema": {"type": "string"}}}}}


class NewLine(BaseModel):
    """A product that would be added."""

    line: int
    code: str
    name: str
    price: str


class ChangedLine(BaseModel):
    """A product that would change, field by field."""

    line: int
    code: str
    name: str
    changes: dict[str, list[Any]]


class RefusedLine(BaseModel):
    """A line that cannot be taken, and why."""

    line: int
    code: str
    column: str
    reason: str
    value: str


class AlikeLine(BaseModel):
    """A product of the file that the assistant would take for others; empty: it would not find it by its name."""

    line: int
    taken_for: list[str]


class Preview(BaseModel):
    """What a file would do; `digest` confirms exactly this."""

    digest: str
    encoding: str
    new_count: int
    changed_count: int
    unchanged_count: int
    refused_count: int
    new: list[NewLine]
    changed: list[ChangedLine]
    refused: list[RefusedLine]
    alike: list[AlikeLine]


class Applied(BaseModel):
    """What a file did."""

    new_count: int
    changed_count: int
    unchanged_count: int


def add_routes(routes: APIRouter) -> None:
    """Add the routes of files."""
    routes.get("/products.csv", summary="All products as CSV", response_class=StreamingResponse)(export)
    routes.post(
        "/products/import/preview", summary="What a CSV would change; changes nothing", openapi_extra=_BODY
    )(preview)
    routes.post("/products/import", summary="Do what the preview showed", openapi_extra=_BODY)(apply)


def export(*, person: Administrator, api: Db) -> StreamingResponse:
    """Write the products in the columns that the import reads."""
    with api.database.transaction() as session:
        lines = list(imports.file_rows(session))
        zone = company.read(session).zone
        note(session, "products_exported", "products", person=person, api=api, count=len(lines))
    name = file_name("productos", now=api.now, zone=zone, ending="csv")
    return StreamingResponse(
        csv_chunks(list(COLUMNS.values()), lines, zone=zone),
        media_type=CSV_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


async def preview(*, request: Request, _person: Administrator, api: Db) -> Preview:
    """Read the file of the body. 422 with `detail.line` when it is no list of products."""
    raw = await _body(request)
    return await run_in_threadpool(_preview, raw, api)


async def apply(
    *, request: Request, digest: Annotated[str, Query(max_length=64)], person: Administrator, api: Db
) -> Applied:
    """Apply the file of the body, all or nothing. 409 when it would do something else than `digest` says."""
    raw = await _body(request)
    return await run_in_threadpool(_apply, raw, digest, person, api)


async def _body(request: Request) -> bytes:
    """Stop reading as soon as it is too much: 200 MB never come in."""
    told = request.headers.get("content-length", "")
    if told.isdigit() and len(told) < 20 and int(told) > LARGEST:  # noqa: PLR2004 - digits of any length
        raise ApiError(413, "file_too_large", detail={"most": LARGEST})
    raw = bytearray()
    async for piece in request.stream():
        raw += piece
        if len(raw) > LARGEST:
            raise ApiError(413, "file_too_large", detail={"most": LARGEST})
    return bytes(raw)


def _preview(raw: bytes, api: PanelApi) -> Preview:
    with api.database.reading() as session:
        plan = imports.preview(session, raw=raw)
        alike = imports.look_alikes(session, plan=plan, now=api.now)
    return Preview(
        digest=plan.digest,
        encoding=plan.encoding,
        new_count=len(plan.new),
        changed_count=len(plan.changed),
        unchanged_count=plan.unchanged,
        refused_count=len(plan.refused),
        new=[
            NewLine(
                line=each.line,
                code=each.values["code"],
                name=each.values["name"],
                price=f"{each.values['price']:.2f}",
            )
            for each in plan.new[:SHOWN]
        ],
        changed=[
            ChangedLine(line=each.line, code=each.code, name=each.name, changes=each.changes)
            for each in plan.changed[:SHOWN]
        ],
        refused=[
            RefusedLine(
                line=each.line, code=each.code, column=each.column, reason=each.reason, value=each.value
            )
            for each in plan.refused[:SHOWN]
        ],
        alike=[
            AlikeLine(line=line, taken_for=[each.name for each in rivals])
            for line, rivals in sorted(alike.items())[:SHOWN]
        ],
    )


def _apply(raw: bytes, digest: str, person: Person, api: PanelApi) -> Applied:
    with api.database.transaction() as session:
        plan = imports.apply(session, raw=raw, digest=digest, by=person.id, now=api.now)
        counts = {
            "new_count": len(plan.new),
            "changed_count": len(plan.changed),
            "unchanged_count": plan.unchanged,
        }
        note(session, "products_imported", "products", person=person, api=api, **counts)
    return Applied(**counts)
