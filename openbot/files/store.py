"""Where the bytes are: a folder, or a bucket of an S3-compatible service. A key is ours, never a name from outside."""

import re
import secrets
from collections.abc import Iterator
from typing import IO, Protocol

from openbot.errors import OpenbotError

#: What a file is read in.
PIECE = 256 << 10
_KEY = re.compile(r"[0-9a-f]{32}", re.ASCII)


class StoreAway(OpenbotError):
    """The store cannot be reached or written; try again."""

    code = "store_away"


class NotStored(OpenbotError):
    """There are no bytes under that key."""

    code = "file_not_found"


class Store(Protocol):
    """Bytes by key. All raise StoreAway."""

    def put(self, key: str, source: IO[bytes]) -> None:
        """Keep all of `source`, from its beginning; a second time replaces the first. All or nothing."""

    def read(self, key: str, *, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """Give the bytes piece by piece. Raises NotStored at once, not at the first piece."""

    def delete(self, key: str) -> None:
        """Remove what is there, if anything is."""

    def check(self) -> None:
        """Write, read and remove a few bytes, to see that it works."""


def new_key() -> str:
    """Make a key that nobody guesses and that says nothing of what is under it."""
    return secrets.token_hex(16)


def checked(key: str) -> str:
    """Return the key. Raises NotStored for what is none: a key never leads anywhere else."""
    if not _KEY.fullmatch(key):
        raise NotStored
    return key
