"""A folder as store: written under another name, flushed to the disk, then renamed."""

import io
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

from openbot.files.store import PIECE, NotStored, StoreAway, checked, new_key


class Folder:
    """Files under two letters of their key, readable by this user only."""

    def __init__(self, path: Path) -> None:
        """Make nothing yet."""
        self._path = path

    def put(self, key: str, source: IO[bytes]) -> None:
        """Keep all of `source`."""
        target = self._place(key)
        part = target.with_name(f"{key}.{new_key()}.part")
        source.seek(0)
        try:
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                shutil.copyfileobj(source, file, PIECE)
                file.flush()
                os.fsync(file.fileno())
            part.replace(target)
            _flush(target.parent)
        except OSError as error:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise StoreAway from error
        self._clear(key)

    def read(self, key: str, *, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """Give the bytes piece by piece."""
        try:
            file = self._place(key).open("rb")
        except FileNotFoundError:
            raise NotStored from None
        except OSError as error:
            raise StoreAway from error
        file.seek(start)
        return _pieces(file, length)

    def delete(self, key: str) -> None:
        """Remove the file and what an interrupted `put` left of it."""
        try:
            self._place(key).unlink(missing_ok=True)
            self._clear(key)
        except OSError as error:
            raise StoreAway from error

    def check(self) -> None:
        """Write, read and remove a few bytes."""
        key = new_key()
        self.put(key, io.BytesIO(b"openbot"))
        b"".join(self.read(key))
        self.delete(key)

    def _place(self, key: str) -> Path:
        return self._path / checked(key)[:2] / key

    def _clear(self, key: str) -> None:
        """Whoever still writes a part of the same key was too slow: its rename fails, and it tries again."""
        for part in self._place(key).parent.glob(f"{key}.*.part"):
            part.unlink(missing_ok=True)


def _pieces(file: IO[bytes], length: int | None) -> Iterator[bytes]:
    with file:
        left = length
        while left is None or left > 0:
            piece = file.read(PIECE if left is None else min(PIECE, left))
            if not piece:
                return
            left = None if left is None else left - len(piece)
            yield piece


def _flush(folder: Path) -> None:
    """Make the new name outlive a power cut."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
