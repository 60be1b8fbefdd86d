"""Reading an uploaded file: streamed to the disk, and no more of it than may be."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import IO

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect

from api.errors import ApiError
from openbot.files.attaching import TooLarge

#: What surrounds the file in the body.
_AROUND = 64 << 10
_MOST_DIGITS = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A file on its way in; `file` lives as long as the context."""

    file: IO[bytes]
    size: int
    filename: str  #: as its sender says, all of it
    declared: str


@asynccontextmanager
async def received(request: Request, *, most: int) -> AsyncIterator[Received]:
    """Read the one file of a form, under the name `file`. Raises TooLarge as soon as it is, and ApiError."""
    told = request.headers.get("content-length", "")
    if told.isdigit() and len(told) <= _MOST_DIGITS and int(told) > most + _AROUND:
        raise TooLarge(largest=most)
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise ApiError(422, "invalid", fields={"file": "missing"})
    parser = MultiPartParser(request.headers, _pieces(request, most=most), max_files=1, max_fields=8)
    try:
        form = await parser.parse()
    except _TooMuch:
        raise TooLarge(largest=most) from None
    except (MultiPartException, KeyError):
        raise ApiError(400, "not_a_form") from None
    try:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise ApiError(422, "invalid", fields={"file": "missing"})
        size = file.size or 0
        if size > most:
            raise TooLarge(largest=most)
        yield Received(
            file=file.file, size=size, filename=file.filename or "", declared=file.content_type or ""
        )
    finally:
        await form.close()


class _TooMuch(MultiPartException):
    """The parser lets go of what it wrote so far when one of these comes."""

    def __init__(self) -> None:
        super().__init__("too much")


async def _pieces(request: Request, *, most: int) -> AsyncGenerator[bytes, None]:
    read = 0
    try:
        async for piece in request.stream():
            read += len(piece)
            if read > most + _AROUND:
                raise _TooMuch
            yield piece
    except ClientDisconnect:
        raise MultiPartException("the sender hung up") from None
