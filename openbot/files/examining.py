"""What becomes of a file that a customer sent, once its bytes are here."""

from pathlib import Path
from typing import IO

from openbot.files import kinds
from openbot.files.kinds import KINDS, MB, Kind
from openbot.files.operations import Claimed
from openbot.files.scanning import Scanner, Verdict


def largest(kind: str, *, setting_mb: int) -> int:
    """Return the most bytes that are taken of a customer in a message of this kind."""
    return min(MB if kind == "sticker" else setting_mb * MB, setting_mb * MB)


def examine(file: IO[bytes], *, path: Path, size: int, claimed: Claimed, scanner: Scanner) -> Kind | str:
    """Return what the file is, or the code of why it is not kept; `scan_away`: nobody can say now."""
    if size == 0:
        return "empty"
    kind = kinds.kind_of(file, declared=claimed.mime_type, filename=claimed.filename)
    if kind is None:
        known = kinds.is_known(declared=claimed.mime_type, filename=claimed.filename)
        return "not_what_it_says" if known else "type"
    if not kinds.fits(kind, message=claimed.kind) or not _is_of_its_family(kind, claimed.mime_type):
        return "not_what_it_says"
    match scanner.scan(path):
        case Verdict.INFECTED:
            return "infected"
        case Verdict.AWAY:
            return "scan_away"
        case Verdict.CLEAN:
            return kind


def _is_of_its_family(kind: Kind, declared: str) -> bool:
    """Phones call a PNG a JPEG, and it is shown as what it is; but a picture is no document."""
    said = KINDS.get(kinds.plain(declared))
    return said is None or said.family == kind.family or kinds.agrees(kind, declared=declared, filename="")
