"""Files of customers: where our token may go, and whether a file is the one that was announced (contract §5.6)."""

import base64
import binascii
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

_HOSTS = (".fbsbx.com", ".facebook.com", ".fbcdn.net", ".whatsapp.net")
_DEFAULT_PORTS = {"https": 443, "http": 80}
_SHA256_BYTES = 32


class WhyNot(StrEnum):
    """Why a file was not downloaded."""

    FOREIGN_HOST = "foreign_host"  #: not Meta's: our token does not go there
    EXPIRED = "expired"  #: resolve the id again, once
    TOO_BIG = "too_big"
    CORRUPT = "corrupt"  #: not the bytes that were announced
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaAddress:
    """Where a file is, for five minutes."""

    url: str
    mime_type: str  #: as the sender says: not to be trusted
    sha256: str
    size: int | None  #: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A downloaded file; its bytes are where the caller wanted them."""

    size: int
    mime_type: str
    sha256: str  #: hex


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploaded:
    """WhatsApp has a file of ours, for 30 days."""

    media_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotDownloaded:
    """There is no file."""

    reason: WhyNot
    http_status: int | None = None


def may_see_token(url: str, *, base_url: str) -> bool:
    """Say whether the access token may be sent to this address: Meta's over https, or the configured base itself."""
    try:
        target, base = _origin(url), _origin(base_url)
    except ValueError:
        return False
    if target is None:
        return False
    scheme, host, _ = target
    return target == base or (scheme == "https" and f".{host}".endswith(_HOSTS))


def is_file(sha256: str, *, announced: str) -> bool:
    """Compare with the announced SHA-256, in hex or base64; an empty or unreadable one proves nothing."""
    return in_hex(announced) in ("", sha256)


def in_hex(announced: str) -> str:
    """Return an announced SHA-256 in small hex letters; empty when it is none."""
    if _is_hex(announced):
        return announced.lower()
    digest = _from_base64(announced)
    return digest.hex() if digest else ""


def _origin(url: str) -> tuple[str, str, int] | None:
    parts = urlsplit(url)
    port = parts.port or _DEFAULT_PORTS.get(parts.scheme)
    if not parts.hostname or port is None or parts.username is not None or "\\" in url:
        return None
    return parts.scheme, parts.hostname, port


def _is_hex(announced: str) -> bool:
    return len(announced) == 2 * _SHA256_BYTES and all(c in "0123456789abcdef" for c in announced.lower())


def _from_base64(announced: str) -> bytes | None:
    try:
        digest = base64.b64decode(announced, validate=True)
    except (binascii.Error, ValueError):
        return None
    return digest if len(digest) == _SHA256_BYTES else None
