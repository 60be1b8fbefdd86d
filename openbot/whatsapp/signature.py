"""Does a webhook come from Meta? (contract §2.1)."""

import hashlib
import hmac
import re

_HEADER = re.compile(r"sha256=([0-9a-f]{64})", re.ASCII)


def sign(secret: str, raw: bytes) -> str:
    """Return the value of `X-Hub-Signature-256` for these exact bytes; the key is the app secret."""
    return "sha256=" + hmac.new(secret.encode("utf-8", "surrogatepass"), raw, hashlib.sha256).hexdigest()


def is_valid(secret: str, raw: bytes, header: str | None) -> bool:
    """Compare in constant time. Never raises; an empty secret makes every signature invalid."""
    if not secret or not isinstance(header, str) or _HEADER.fullmatch(header) is None:
        return False
    return hmac.compare_digest(sign(secret, raw), header)
