"""Names of files come from outside: made harmless before they are kept, shown or offered to be saved."""

import re
import unicodedata
from urllib.parse import quote

from openbot.files.kinds import KINDS, ending_of

LONGEST = 120
_LONGEST_ENDING = 10
_ODD = re.compile(r'[\\/:*?"<>|]+')
_NAMES = {"image": "imagen", "audio": "audio", "video": "video", "document": "documento"}


def clean(filename: str) -> str:
    """Return a name without folders, control characters and marks that turn the reading order around."""
    name = filename.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(sign for sign in name if unicodedata.category(sign)[0] != "C")
    tidy = " ".join(_ODD.sub("_", shown).split()).strip(". ")
    if len(tidy) <= LONGEST:
        return tidy
    ending = ending_of(tidy)
    kept = f".{ending}" if 0 < len(ending) <= _LONGEST_ENDING else ""
    return tidy[: LONGEST - len(kept)].rstrip() + kept


def to_save(filename: str, *, mime_type: str, file_id: int) -> str:
    """Return the name under which a file is offered: its ending is that of what it really is."""
    kind = KINDS.get(mime_type)
    name = filename or f"{_NAMES[kind.family] if kind else 'archivo'}-{file_id}"
    if kind is None or ending_of(name) in kind.endings:
        return name
    return f"{name}.{kind.endings[0]}"


def disposition(name: str, *, inline: bool) -> str:
    """Write the header Content-Disposition (RFC 6266): any name, and a plain one for who reads no other."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().replace('"', "_")
    how = "inline" if inline else "attachment"
    return f"{how}; filename=\"{plain or 'archivo'}\"; filename*=UTF-8''{quote(name, safe='')}"
