"""Files of conversations: what operators attach, and the bytes of all of them for who reaches the contact."""

import hashlib
import re
import shutil
from pathlib import Path as FilePath
from typing import IO, Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from api.contacts import ContactId
from api.errors import DOCUMENTED
from api.panel_api import Db, PanelApi
from api.signed_in import Person, SignedIn
from api.uploads import Received, received
from openbot.contacts import reach
from openbot.contacts.queries import ContactNotFound
from openbot.files import attaching, naming, queries
from openbot.files.kinds import KINDS, MB
from openbot.files.operations import FileNotFound, Kept
from openbot.files.queries import InStore
from openbot.files.scanning import Scanner
from openbot.files.temporary import temporary

FileId = Annotated[int, Path(ge=1, le=2**63 - 1)]
_PIECE = 1 << 20
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})", re.ASCII)
_UPLOAD = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}
_BYTES: dict[int | str, dict[str, Any]] = {
    200: {"content": {"*/*": {}}, "description": "The file"},
    206: {"content": {"*/*": {}}, "description": "The part of the file that Range asked for"},
    304: {"description": "It is what If-None-Match says"},
    416: {"content": {"*/*": {}}, "description": "The file has no such part"},
}


class Attached(BaseModel):
    """A file that can be sent within a day."""

    id: int
    kind: str  #: image, audio, video or document
    filename: str
    mime_type: str
    size: int


def router() -> APIRouter:
    """Build the routes."""
    routes = APIRouter(prefix="/api", tags=["conversations"], responses=DOCUMENTED)
    routes.post(
        "/conversations/{contact_id}/files",
        summary="Attach a file, to be sent with a message",
        status_code=201,
        openapi_extra=_UPLOAD,
    )(attach)
    routes.get(
        "/files/{file_id}", summary="A file of a conversation", response_class=Response, responses=_BYTES
    )(show)
    return routes


async def attach(*, contact_id: ContactId, request: Request, person: SignedIn, api: Db) -> Attached:
    """Check and keep a file.

    422 says why not: file_type, attachment_too_large (`detail.largest`, bytes), attachment_empty,
    file_not_what_it_says, file_infected. 503 when the scanner or the store is away.
    """
    await run_in_threadpool(_check_reach, contact_id, person, api)
    async with received(request, most=api.settings.files_largest_mb * MB) as upload:
        return await run_in_threadpool(_keep, upload, contact_id, person, api)


def show(
    *,
    file_id: FileId,
    person: SignedIn,
    api: Db,
    download: Annotated[bool, Query(description="To be saved, not shown")] = False,
    wanted: Annotated[str, Header(alias="Range", max_length=100)] = "",
    known: Annotated[str, Header(alias="If-None-Match", max_length=1000)] = "",
) -> Response:
    """Stream a file, or a part of it. What it is says our own look at its bytes, never its sender."""
    with api.database.reading() as session:
        file = queries.in_store(session, file_id=file_id, now=api.now)
        if not reach.may_reach(session, contact_id=file.contact_id, branch_ids=person.branch_ids):
            raise FileNotFound
    headers = _headers(file, download=download)
    if headers["ETag"] in known:
        return Response(status_code=304, headers=headers)
    part = _part(wanted, file.size)
    if part is None:
        headers["Content-Length"] = str(file.size)
        return StreamingResponse(api.store.read(file.key), media_type=file.mime_type, headers=headers)
    start, length = part
    if length <= 0:
        headers["Content-Range"] = f"bytes */{file.size}"
        return Response(status_code=416, headers=headers)
    headers |= {
        "Content-Range": f"bytes {start}-{start + length - 1}/{file.size}",
        "Content-Length": str(length),
    }
    pieces = api.store.read(file.key, start=start, length=length)
    return StreamingResponse(pieces, 206, media_type=file.mime_type, headers=headers)


def _check_reach(contact_id: int, person: Person, api: PanelApi) -> None:
    with api.database.reading() as session:
        if not reach.may_reach(session, contact_id=contact_id, branch_ids=person.branch_ids):
            raise ContactNotFound


def _keep(upload: Received, contact_id: int, person: Person, api: PanelApi) -> Attached:
    filename = naming.clean(upload.filename)
    with temporary() as file:
        upload.file.seek(0)
        shutil.copyfileobj(upload.file, file, _PIECE)
        file.flush()
        kind = attaching.check(
            file,
            path=FilePath(file.name),
            size=upload.size,
            declared=upload.declared,
            filename=filename,
            setting_mb=api.settings.files_largest_mb,
            scanner=Scanner(command=api.settings.scan_command, seconds=api.settings.scan_seconds),
        )
        kept = Kept(mime_type=kind.mime_type, size=upload.size, sha256=_digest(file))
        with api.database.transaction() as session:
            if not reach.may_reach(session, contact_id=contact_id, branch_ids=person.branch_ids):
                raise ContactNotFound
            begun = attaching.begin(
                session,
                contact_id=contact_id,
                operator_id=person.id,
                kind=kind,
                filename=filename,
                now=api.now,
            )
        api.store.put(begun.key, file)
    with api.database.transaction() as session:
        attaching.finish(session, begun=begun, kept=kept, now=api.now)
    return Attached(
        id=begun.id, kind=kind.family, filename=filename, mime_type=kind.mime_type, size=upload.size
    )


def _digest(file: IO[bytes]) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while piece := file.read(_PIECE):
        digest.update(piece)
    return digest.hexdigest()


def _headers(file: InStore, *, download: bool) -> dict[str, str]:
    kind = KINDS.get(file.mime_type)
    inline = kind is not None and kind.is_shown and not download
    name = naming.to_save(file.filename, mime_type=file.mime_type, file_id=file.id)
    return {
        "Content-Disposition": naming.disposition(name, inline=inline),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        # Kept by the browser, but asked for again each time: who is signed out sees nothing any more.
        "Cache-Control": "private, no-cache",
        "ETag": f'"{file.sha256 or file.key}"',
        "Accept-Ranges": "bytes",
    }


def _part(wanted: str, size: int) -> tuple[int, int] | None:
    """Return where the part begins and how long it is; None: all. Several parts at once we do not give."""
    match = _RANGE.fullmatch(wanted.strip())
    if match is None or match[0] == "bytes=-":
        return None
    if not match[1]:
        length = min(int(match[2]), size)
        return size - length, length
    start = int(match[1])
    last = min(int(match[2]), size - 1) if match[2] else size - 1
    return start, last - start + 1
