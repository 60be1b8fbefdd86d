"""FakeWhatsApp: Meta's side of the wire. Signed webhooks to us, and a Graph that remembers what we sent."""

import base64
import email
import hashlib
import hmac
import itertools
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

NUMBER = "106540352242922"
SECRET = "s3cr3t-of-the-tests"
NAMED = re.compile(rb'filename="([^"]*)"')
Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Customer:
    """Somebody with a phone, a user id, or both."""

    phone: str | None = None
    user_id: str | None = None
    name: str = "Ana"

    @property
    def card(self) -> Json:
        return {
            "profile": {"name": self.name},
            **({"wa_id": self.phone} if self.phone else {}),
            **({"user_id": self.user_id} if self.user_id else {}),
        }

    @property
    def sender(self) -> Json:
        return {
            **({"from": self.phone} if self.phone else {}),
            **({"from_user_id": self.user_id} if self.user_id else {}),
        }


ANA = Customer(phone="5491123456789", user_id="AR.1001", name="Ana")
BETO = Customer(phone="5493514567890", user_id="AR.1002", name="Beto")


def sign(raw: bytes, *, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()


def message(who: Customer, *, wamid: str, at: datetime, kind: str = "text", **content: Any) -> Json:
    """One item of `messages`; `content` is what stands under the key of its type."""
    return {
        **who.sender,
        "id": wamid,
        "timestamp": str(int(at.timestamp())),
        "type": kind,
        **({kind: content} if content else {}),
    }


def text(who: Customer, body: str, *, wamid: str, at: datetime) -> Json:
    return message(who, wamid=wamid, at=at, body=body)


def tap(who: Customer, payload: str, *, title: str, wamid: str, at: datetime) -> Json:
    reply = {"id": payload, "title": title}
    return message(who, wamid=wamid, at=at, kind="interactive", type="button_reply", button_reply=reply)


def medium(content: bytes, *, media_id: str, mime_type: str, **more: Any) -> Json:
    """What stands in a message under image, document, audio …; with the digest as webhooks spell it."""
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    return {"id": media_id, "mime_type": mime_type, "sha256": digest, **more}


def status(name: str, *, wamid: str, at: datetime, mark: str = "", **more: Any) -> Json:
    return {
        "id": wamid,
        "status": name,
        "timestamp": str(int(at.timestamp())),
        **({"biz_opaque_callback_data": mark} if mark else {}),
        **more,
    }


def change(
    *messages: Json,
    who: tuple[Customer, ...] = (),
    statuses: tuple[Json, ...] = (),
    number: str = NUMBER,
    field_name: str = "messages",
    **value: Any,
) -> Json:
    return {
        "field": field_name,
        "value": {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "541152632000", "phone_number_id": number},
            **({"contacts": [one.card for one in who]} if who else {}),
            **({"messages": list(messages)} if messages else {}),
            **({"statuses": list(statuses)} if statuses else {}),
            **value,
        },
    }


def envelope(*entries: list[Json]) -> Json:
    """A webhook; each argument is the list of changes of one entry."""
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": "102290129340398", "changes": changes} for changes in entries],
    }


def refusal(code: int, *, http: int = 400, transient: bool = False) -> httpx.Response:
    error = {"message": f"(#{code}) refused", "type": "OAuthException", "code": code}
    return httpx.Response(http, json={"error": {**error, "is_transient": transient}})


@dataclass(frozen=True, kw_only=True)
class Bubble:
    """What a customer's phone shows."""

    to: str
    text: str
    wamid: str
    mark: str
    body: Json


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file that we uploaded."""

    content: bytes
    mime_type: str
    filename: str

    @classmethod
    def read(cls, request: httpx.Request) -> "Upload":
        kind = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
        parts = email.message_from_bytes(kind + request.read()).get_payload()
        [file] = [part for part in parts if part.get_filename()]
        return cls(
            content=file.get_payload(decode=True),
            mime_type=file.get_content_type(),
            filename=NAMED.findall(request.content)[0].decode(),  # email reads no letters but ASCII
        )


Fault = Callable[[httpx.Request], httpx.Response]


def lost(request: httpx.Request) -> httpx.Response:
    """The message went out, its answer never came."""
    raise httpx.ReadTimeout("no answer", request=request)


def unreachable(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("nobody there", request=request)


@dataclass
class FakeWhatsApp:
    """Graph as a transport of httpx. Faults are used up one by one, in order; `lost` delivers all the same."""

    faults: list[Fault | httpx.Response] = field(default_factory=list)
    faults_of: dict[str, list[Fault | httpx.Response]] = field(default_factory=dict)  #: by phone
    delivered: list[Bubble] = field(default_factory=list)
    asked: list[Json] = field(default_factory=list)  #: every body of a send, refused ones too
    marks: list[Json] = field(default_factory=list)
    during_send: Callable[[Bubble], None] | None = None  #: called before the send is answered
    journal: Path | None = None  #: a file of what was delivered, by whichever process
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    media: dict[str, bytes] = field(default_factory=dict)  #: what customers sent, by media id
    uploads: dict[str, Upload] = field(default_factory=dict)  #: what we uploaded, by media id
    media_faults: list[Fault | httpx.Response] = field(
        default_factory=list
    )  #: of uploads, look-ups, downloads
    during_upload: Callable[[], None] | None = None

    @property
    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self._handle)

    def texts(self, to: str | None = None) -> list[str]:
        return [bubble.text for bubble in self.delivered if to in (None, bubble.to)]

    def _handle(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET" or request.url.path.endswith("/media"):
            return self._handle_media(request)
        body = json.loads(request.content)
        if body.get("status") == "read":
            self.marks.append(body)
            return httpx.Response(200, json={"success": True})
        self.asked.append(body)
        to = str(body.get("to") or body.get("recipient")).lstrip("+")
        faults = self.faults_of.get(to) or self.faults
        fault = faults.pop(0) if faults else None
        if fault is not None and fault is not lost:
            return fault if isinstance(fault, httpx.Response) else fault(request)
        bubble = Bubble(
            to=to,
            text=_words(body),
            wamid=f"wamid.OUT{next(self.numbers)}",
            mark=body.get("biz_opaque_callback_data", ""),
            body=body,
        )
        self.delivered.append(bubble)
        if self.journal is not None:
            with self.journal.open("a") as journal:
                journal.write(json.dumps(asdict(bubble)) + "\n")
        if self.during_send is not None:
            self.during_send(bubble)
        if fault is lost:
            return lost(request)
        return httpx.Response(
            200,
            json={
                "messaging_product": "whatsapp",
                "contacts": [{"input": to, "wa_id": to}],
                "messages": [{"id": bubble.wamid}],
            },
        )

    def _handle_media(self, request: httpx.Request) -> httpx.Response:
        fault = self.media_faults.pop(0) if self.media_faults else None
        if fault is not None:
            return fault if isinstance(fault, httpx.Response) else fault(request)
        if request.method == "POST":
            if self.during_upload is not None:
                self.during_upload()
            media_id = str(7_000_000 + next(self.numbers))
            self.uploads[media_id] = Upload.read(request)
            return httpx.Response(200, json={"id": media_id})
        media_id = request.url.params.get("mid") or request.url.path.rsplit("/", 1)[-1]
        content = self.media.get(media_id)
        if "mid" in request.url.params:
            return httpx.Response(404) if content is None else httpx.Response(200, content=content)
        if content is None:
            return refusal(100)
        address = f"https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid={media_id}"
        found = {
            "url": address,
            "sha256": hashlib.sha256(content).hexdigest(),
            "file_size": str(len(content)),
        }
        return httpx.Response(200, json={**found, "mime_type": "", "id": media_id})


def _words(body: Json) -> str:
    if body["type"] == "interactive":
        return str(body["interactive"]["body"]["text"])
    return str(body.get("text", {}).get("body", ""))
