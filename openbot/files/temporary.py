"""Temporary files with a name, for a scanner may want one; what a killed process left of them is removed."""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

_PREFIX = "openbot-file-"
#: Nothing is in hand for so long.
OLD_SECONDS = 3600.0


@contextmanager
def temporary() -> Iterator[IO[bytes]]:
    """Give a file that this user alone may read; it is gone at the end."""
    with tempfile.NamedTemporaryFile(prefix=_PREFIX) as file:
        yield file


def sweep() -> int:
    """Remove those of processes that were killed; returns how many."""
    removed = 0
    for path in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):
            found = path.lstat()
            if found.st_uid == os.getuid() and time.time() - found.st_mtime > OLD_SECONDS:
                path.unlink()
                removed += 1
    return removed
