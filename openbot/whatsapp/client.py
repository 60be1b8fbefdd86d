"""The Cloud API over HTTP: send, mark as read, look at the number, fetch files (contract §5). Logs nothing."""

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import replace
from types import TracebackType
from typing import IO, Any, Self, cast
from urllib.parse import quote

import httpx

from openbot.whatsapp.graph_answers import Refused, SendResult, Sent, Uncertain, read_object, read_send
from openbot.whatsapp.json_reading import maybe_name, maybe_part, maybe_words, objects
from openbot.whatsapp.media import (
    File,
    MediaAddress,
    NotDownloaded,
    Uploaded,
    WhyNot,
    is_file,
    may_see_token,
)

__all__ = [
    "File",
    "GraphClient",
    "MediaAddress",
    "NotDownloaded",
    "Refused",
    "SendResult",
    "Sent",
    "Uncertain",
    "Uploaded",
    "WhyNot",
]

LARGEST_FILE = 100 << 20
#: A file that comes drop by drop is given up.
LONGEST_DOWNLOAD_SECONDS = 240.0
LONGEST_UPLOAD_SECONDS = 100.0
_PIECE = 256 << 10
_CONNECT_SECONDS = 5.0
_REDIRECTS = 4
_OK = 200
_TEMPLATE_FIELDS = "name,language,status,category,components"
_TEMPLATES_A_PAGE, _MOST_PAGES = 100, 60
_NUMBER_FIELDS = "display_phone_number,verified_name,quality_rating,code_verification_status"
#: The request cannot have reached WhatsApp. Every other fault of the transport leaves that open.
_NEVER_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)


class GraphClient:
    """One business number. Threads may share it; connections are kept alive. No method raises for the network."""

    def __init__(
        self,
        *,
        base_url: str,
        version: str,
        phone_number_id: str,
        access_token: str,
        timeout: float,
        connections: int = 64,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """Open no connection yet. `timeout` in seconds, for each read; `transport` replaces the network in tests."""
        self._base_url = base_url.rstrip("/")
        self._root = f"{self._base_url}/{version}"
        self._number = f"{self._root}/{phone_number_id}"
        self._phone_number_id = phone_number_id
        self._authorization = {"Authorization": f"Bearer {access_token}"}
        self._http = httpx.Client(
            timeout=httpx.Timeout(timeout, connect=min(_CONNECT_SECONDS, timeout)),
            limits=httpx.Limits(max_connections=connections, max_keepalive_connections=connections),
            transport=transport,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def send(self, body: Mapping[str, Any]) -> SendResult:
        """Send a body of `outbound.body`. There is no idempotency key: an Uncertain one may be with the customer."""
        try:
            answer = self._post(body)
        except _NEVER_LEFT as fault:
            return _no_connection(fault)
        except httpx.HTTPError as fault:
            return Uncertain(reason=type(fault).__name__)
        return read_send(http_status=answer.status_code, content=answer.content, headers=answer.headers)

    def mark_read(self, wamid: str, *, typing: bool) -> bool:
        """Mark this message and those before it as read; `typing` shows «escribiendo…» for 25 s at most."""
        body: dict[str, Any] = {"messaging_product": "whatsapp", "status": "read", "message_id": wamid}
        if typing:
            body["typing_indicator"] = {"type": "text"}
        try:
            answer = self._post(body)
        except (httpx.HTTPError, httpx.InvalidURL):
            return False
        return answer.status_code == _OK

    def number_info(self) -> dict[str, Any] | Refused:
        """Return display_phone_number, verified_name, quality_rating and code_verification_status."""
        return self._get(self._number, {"fields": _NUMBER_FIELDS})

    def subscribed_apps(self, waba_id: str) -> tuple[str, ...] | Refused:
        """Return the names of the apps that get this account's webhooks; without one nothing ever comes in."""
        answer = self._get(f"{self._root}/{waba_id}/subscribed_apps", {})
        if isinstance(answer, Refused):
            return answer
        apps = [app.get("whatsapp_business_api_data", {}) for app in objects(answer, "data")]
        return tuple(maybe_words(app, "name") if isinstance(app, dict) else "" for app in apps)

    def templates(self, waba_id: str) -> tuple[dict[str, Any], ...] | Refused:
        """Return all message templates of this account, as Graph gives them; all or none."""
        found: list[dict[str, Any]] = []
        wanted = {"fields": _TEMPLATE_FIELDS, "limit": str(_TEMPLATES_A_PAGE)}
        for _ in range(_MOST_PAGES):
            answer = self._get(f"{self._root}/{waba_id}/message_templates", wanted)
            if isinstance(answer, Refused):
                return answer
            found += objects(answer, "data")
            paging = maybe_part(answer, "paging")
            after = maybe_words(maybe_part(paging, "cursors"), "after")
            # The last page has a cursor too, but no next one.
            if not (after and paging.get("next")) or after == wanted.get("after"):
                break
            wanted["after"] = after
        return tuple(found)

    def media_url(self, media_id: str) -> MediaAddress | Refused:
        """Find where a file is. An inbound id lives 7 days, the address 5 minutes."""
        answer = self._get(
            f"{self._root}/{quote(media_id, safe='')}", {"phone_number_id": self._phone_number_id}
        )
        if isinstance(answer, Refused):
            return answer
        size = maybe_name(answer, "file_size")
        return MediaAddress(
            url=maybe_words(answer, "url"),
            mime_type=maybe_words(answer, "mime_type"),
            sha256=maybe_words(answer, "sha256"),
            size=int(size) if size.isascii() and size.isdecimal() else None,
        )

    def upload(self, file: IO[bytes], *, mime_type: str, filename: str) -> Uploaded | Refused:
        """Hand a file to WhatsApp, to be sent by its id. Repeating it does no harm."""
        file.seek(0)
        try:
            answer = self._http.post(
                f"{self._number}/media",
                data={"messaging_product": "whatsapp", "type": mime_type},
                files={"file": (filename, cast("IO[bytes]", _Hurried(file)), mime_type)},
                headers=self._authorization,
            )
        except (httpx.HTTPError, httpx.InvalidURL) as fault:
            return _no_connection(fault)
        found = read_object(http_status=answer.status_code, content=answer.content, headers=answer.headers)
        if isinstance(found, Refused):
            # What is no answer of Graph's own says nothing about the file.
            return found if found.code is not None else replace(found, is_transient=True)
        media_id = maybe_name(found, "id")
        if not media_id:
            return Refused(code=None, http_status=None, message="no media id", is_transient=True)
        return Uploaded(media_id=media_id)

    def download(
        self, url: str, *, into: IO[bytes], sha256: str = "", at_most: int = LARGEST_FILE
    ) -> File | NotDownloaded:
        """Fetch a file of at most so many bytes. The address is data of a stranger: see `media.may_see_token`."""
        for _ in range(_REDIRECTS):
            if not may_see_token(url, base_url=self._base_url):
                return NotDownloaded(reason=WhyNot.FOREIGN_HOST)
            try:
                found = self._fetch(url, into=into, at_most=at_most)
            except (httpx.HTTPError, httpx.InvalidURL):
                return NotDownloaded(reason=WhyNot.UNREACHABLE)
            if isinstance(found, str):
                url = found
            elif isinstance(found, File) and not is_file(found.sha256, announced=sha256):
                return NotDownloaded(reason=WhyNot.CORRUPT)
            else:
                return found
        return NotDownloaded(reason=WhyNot.UNREACHABLE)

    def _fetch(self, url: str, *, into: IO[bytes], at_most: int) -> File | NotDownloaded | str:
        """Return the file, why there is none, or where it is said to be instead."""
        until = time.monotonic() + LONGEST_DOWNLOAD_SECONDS
        with self._http.stream("GET", url, headers=self._authorization) as answer:
            if answer.has_redirect_location:
                return str(answer.url.join(answer.headers["location"]))
            if answer.status_code != _OK:
                gone = answer.status_code in {401, 403, 404, 410}
                reason = WhyNot.EXPIRED if gone else WhyNot.UNREACHABLE
                return NotDownloaded(reason=reason, http_status=answer.status_code)
            into.seek(0)
            into.truncate()
            digest = hashlib.sha256()
            for chunk in answer.iter_bytes(_PIECE):
                into.write(chunk)
                digest.update(chunk)
                if into.tell() > at_most:
                    return NotDownloaded(reason=WhyNot.TOO_BIG)
                if time.monotonic() > until:
                    return NotDownloaded(reason=WhyNot.UNREACHABLE)
            into.flush()
            mime_type = answer.headers.get("content-type", "")
        return File(size=into.tell(), mime_type=mime_type, sha256=digest.hexdigest())

    def _post(self, body: Mapping[str, Any]) -> httpx.Response:
        headers = {**self._authorization, "Content-Type": "application/json"}
        return self._http.post(f"{self._number}/messages", content=json.dumps(body).encode(), headers=headers)

    def _get(self, url: str, parameters: Mapping[str, str]) -> dict[str, Any] | Refused:
        try:
            answer = self._http.get(url, params=dict(parameters), headers=self._authorization)
        except (httpx.HTTPError, httpx.InvalidURL) as fault:
            return _no_connection(fault)
        return read_object(http_status=answer.status_code, content=answer.content, headers=answer.headers)


class _Hurried:
    """A file that cannot be read any more after a while: httpx has no limit for a whole request."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._until = time.monotonic() + LONGEST_UPLOAD_SECONDS
        self.seek, self.tell = file.seek, file.tell

    def read(self, size: int = -1) -> bytes:
        if time.monotonic() > self._until:
            raise httpx.WriteTimeout("the upload takes too long")
        return self._file.read(size)


def _no_connection(fault: Exception) -> Refused:
    # The fault's own words may hold an address; its class says enough.
    return Refused(code=None, http_status=None, message=type(fault).__name__, is_transient=True)
