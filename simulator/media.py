"""Uploaded and received files: ids that live 30 or 7 days, addresses that live five minutes (§5.6)."""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from pathlib import Path

from .chat import Json
from .graph_errors import GraphError

UPLOADED_DAYS = 30
RECEIVED_DAYS = 7
ADDRESS_SECONDS = 300
SAMPLES = Path(__file__).parent / "samples"

_OFFICE = "application/vnd.openxmlformats-officedocument."
#: kind of message → mime types that Meta takes, and its largest size in bytes.
KINDS: dict[str, tuple[frozenset[str], int]] = {
    "image": (frozenset({"image/jpeg", "image/png"}), 5 << 20),
    "video": (frozenset({"video/mp4", "video/3gpp"}), 16 << 20),
    "audio": (frozenset({"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"}), 16 << 20),
    "sticker": (frozenset({"image/webp"}), 500 << 10),
    "document": (
        frozenset(
            {
                "text/plain",
                "text/csv",
                "application/pdf",
                "application/msword",
                "application/vnd.ms-excel",
                "application/vnd.ms-powerpoint",
                _OFFICE + "wordprocessingml.document",
                _OFFICE + "spreadsheetml.sheet",
                _OFFICE + "presentationml.presentation",
            }
        ),
        100 << 20,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """One file."""

    id: str
    mime_type: str
    data: bytes
    filename: str | None
    expires: float  #: unix seconds

    @property
    def plain_type(self) -> str:
        """The mime type without parameters."""
        return self.mime_type.partition(";")[0].strip().lower()


class MediaStore:
    """Files by id. Times are unix seconds of the simulated clock."""

    def __init__(self, *, public_url: str) -> None:
        self._public_url = public_url
        self._media: dict[str, Medium] = {}
        self._addresses: dict[str, tuple[str, float]] = {}

    def upload(self, *, data: bytes, mime_type: str, filename: str | None, now: float) -> Medium:
        """Keep a file of the business; a type or size that no message takes is refused with 131053."""
        plain = mime_type.partition(";")[0].strip().lower()
        limits = [largest for types, largest in KINDS.values() if plain in types]
        if not limits:
            raise GraphError(
                100, f"Param file must be a file with one of the supported types; received {mime_type}."
            )
        if not data or len(data) > max(limits):
            raise GraphError(
                131053, f"File of {len(data)} bytes; the largest {plain} is {max(limits)} bytes."
            )
        return self._keep(data, mime_type, filename, now + UPLOADED_DAYS * 86400)

    def receive(self, *, data: bytes, mime_type: str, filename: str | None, now: float) -> Medium:
        """Keep a file that a customer sent."""
        return self._keep(data, mime_type, filename, now + RECEIVED_DAYS * 86400)

    def get(self, media_id: str, *, now: float) -> Medium | None:
        """Return the file, or None when there is none or it expired."""
        medium = self._media.get(media_id)
        return medium if medium is not None and now < medium.expires else None

    def delete(self, media_id: str) -> bool:
        return self._media.pop(media_id, None) is not None

    def address(self, medium: Medium, *, now: float) -> str:
        """Return a new address, good for five minutes with the bearer token."""
        key = secrets.token_hex(12)
        self._addresses[key] = (medium.id, now + ADDRESS_SECONDS)
        return f"{self._public_url}/whatsapp_business/attachments/?mid={medium.id}&hash={key}"

    def behind(self, key: str, *, now: float) -> Medium | None:
        """Return the file behind an address, or None when the address or the file expired."""
        media_id, until = self._addresses.get(key, ("", 0.0))
        return self.get(media_id, now=now) if now < until else None

    def resolved(self, medium: Medium, *, now: float) -> Json:
        """Return the answer of GET /{media-id}; its sha256 is hexadecimal."""
        return {
            "messaging_product": "whatsapp",
            "url": self.address(medium, now=now),
            "mime_type": medium.mime_type,
            "sha256": hashlib.sha256(medium.data).hexdigest(),
            "file_size": len(medium.data),
            "id": medium.id,
        }

    def in_webhook(self, medium: Medium, *, now: float, with_url: bool) -> Json:
        """Return the object of a received file; its sha256 is base64."""
        digest = base64.b64encode(hashlib.sha256(medium.data).digest()).decode()
        url = {"url": self.address(medium, now=now)} if with_url else {}
        return {"mime_type": medium.mime_type, "sha256": digest, "id": medium.id, **url}

    def _keep(self, data: bytes, mime_type: str, filename: str | None, expires: float) -> Medium:
        medium = Medium(
            id=str(10**15 + secrets.randbelow(9 * 10**15)),
            mime_type=mime_type,
            data=data,
            filename=filename,
            expires=expires,
        )
        self._media[medium.id] = medium
        return medium
