"""What a file really is, by its bytes; what of that is kept, and what WhatsApp takes from us (contract §5.2)."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO

MB = 1 << 20
_HEAD = 4096
_OFFICE = "application/vnd.openxmlformats-officedocument."
JPEG, PNG, WEBP, GIF = "image/jpeg", "image/png", "image/webp", "image/gif"
OGG, MP3, M4A, AAC, AMR = "audio/ogg", "audio/mpeg", "audio/mp4", "audio/aac", "audio/amr"
MP4, MP4_3G = "video/mp4", "video/3gpp"
PDF, TEXT, CSV = "application/pdf", "text/plain", "text/csv"
DOC, XLS, PPT = "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint"
DOCX = f"{_OFFICE}wordprocessingml.document"
XLSX = f"{_OFFICE}spreadsheetml.sheet"
PPTX = f"{_OFFICE}presentationml.presentation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One type of file that we know."""

    mime_type: str
    endings: tuple[str, ...]
    family: str  #: image, audio, video or document
    goes_out: bool = True  #: WhatsApp takes it from us
    is_shown: bool = True  #: in the page; else it is only saved


KINDS: Mapping[str, Kind] = {
    kind.mime_type: kind
    for kind in (
        Kind(mime_type=JPEG, endings=("jpg", "jpeg", "jpe"), family="image"),
        Kind(mime_type=PNG, endings=("png",), family="image"),
        Kind(mime_type=WEBP, endings=("webp",), family="image", goes_out=False),
        Kind(mime_type=GIF, endings=("gif",), family="image", goes_out=False),
        Kind(mime_type=OGG, endings=("ogg", "oga", "opus"), family="audio"),
        Kind(mime_type=MP3, endings=("mp3",), family="audio"),
        Kind(mime_type=M4A, endings=("m4a",), family="audio"),
        Kind(mime_type=AAC, endings=("aac",), family="audio"),
        Kind(mime_type=AMR, endings=("amr",), family="audio"),
        Kind(mime_type=MP4, endings=("mp4",), family="video"),
        Kind(mime_type=MP4_3G, endings=("3gp", "3gpp"), family="video"),
        Kind(mime_type=PDF, endings=("pdf",), family="document"),
        Kind(mime_type=DOC, endings=("doc",), family="document", is_shown=False),
        Kind(mime_type=XLS, endings=("xls",), family="document", is_shown=False),
        Kind(mime_type=PPT, endings=("ppt", "pps"), family="document", is_shown=False),
        Kind(mime_type=DOCX, endings=("docx",), family="document", is_shown=False),
        Kind(mime_type=XLSX, endings=("xlsx",), family="document", is_shown=False),
        Kind(mime_type=PPTX, endings=("pptx", "ppsx"), family="document", is_shown=False),
        Kind(mime_type=TEXT, endings=("txt",), family="document", is_shown=False),
        Kind(mime_type=CSV, endings=("csv",), family="document", is_shown=False),
    )
}
_BY_ENDING = {ending: kind.mime_type for kind in KINDS.values() for ending in kind.endings}
#: What others call our types.
_ALSO = {
    "image/jpg": JPEG, "image/pjpeg": JPEG, "audio/mp3": MP3, "audio/x-m4a": M4A, "audio/m4a": M4A,
    "audio/aacp": AAC, "audio/x-aac": AAC, "audio/opus": OGG, "application/ogg": OGG, "audio/3gpp": MP4_3G,
    "application/x-pdf": PDF, "application/csv": CSV, "text/comma-separated-values": CSV,
}  # fmt: skip
_SAYS_NOTHING = frozenset({"", "application/octet-stream", "binary/octet-stream", "application/x-download"})
#: Types whose bytes look alike: any of a group may be called any other of it.
_ALIKE = (frozenset({M4A, MP4, MP4_3G}), frozenset({TEXT, CSV}), frozenset({CSV, XLS}))
#: Largest file of each family: what WhatsApp takes from us; from customers our own setting decides alone.
_LARGEST = {"image": 5 * MB, "audio": 16 * MB, "video": 16 * MB, "document": 100 * MB}
_BEGINNINGS = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"%PDF-", PDF),
    (b"OggS", OGG),
    (b"ID3", MP3),
    (b"#!AMR", AMR),
    (b"ADIF", AAC),
)
_IN_ZIP = (("word/", DOCX), ("xl/", XLSX), ("ppt/", PPTX))
_IN_OLE = (("WordDocument", DOC), ("Workbook", XLS), ("Book", XLS), ("PowerPoint Document", PPT))
_MOST_OLE = 1 * MB
_BLANK, _MOST_BLANK = b"\xef\xbb\xbf\r\n\t ", 64


def kind_of(file: IO[bytes], *, declared: str = "", filename: str = "") -> Kind | None:
    """Say what a file is by its bytes; what they do not tell (text) by its names. None: nothing that we know."""
    file.seek(0)
    head = file.read(_HEAD)
    mime_type = _by_beginning(head)
    if head.startswith(b"PK\x03\x04"):
        mime_type = _office(file)
    elif head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        mime_type = _old_office(file)
    if not mime_type:
        said = _declared(declared, filename) & {TEXT, CSV}
        mime_type = min(said) if said and _is_text(file) else ""
    return KINDS.get(mime_type)


def agrees(kind: Kind, *, declared: str, filename: str) -> bool:
    """Say whether a file is what it says it is, by its type and its ending; saying nothing is no lie."""
    return all(
        said == kind.mime_type or any({said, kind.mime_type} <= group for group in _ALIKE)
        for said in _declared(declared, filename)
    )


def is_known(*, declared: str, filename: str) -> bool:
    """Say whether a file calls itself something that we know."""
    return any(said in KINDS for said in _declared(declared, filename))


def fits(kind: Kind, *, message: str) -> bool:
    """Say whether a file may be in a message of this kind: image, audio, video, sticker or document."""
    if message == "document":
        return True
    if message == "sticker":
        return kind.mime_type == WEBP
    # The bytes of sound and film of MP4 are told apart by their label only, which not every phone writes.
    return kind.family == message or (message in ("audio", "video") and kind.mime_type in _ALIKE[0])


def taken(kind: Kind, file: IO[bytes]) -> bool:
    """Say whether WhatsApp takes such a file from us: of sounds in OGG only speech in one channel."""
    if kind.mime_type != OGG:
        return kind.goes_out
    file.seek(0)
    head = file.read(_HEAD)
    at = head.find(b"OpusHead")
    return at >= 0 and head[at + 9 : at + 10] == b"\x01"


def largest_out(kind: Kind, *, setting_mb: int) -> int:
    """Return the most bytes of a file that we send."""
    return min(_LARGEST[kind.family], setting_mb * MB)


def plain(mime_type: str) -> str:
    """Return a type without its parameters, by our name for it."""
    bare = mime_type.partition(";")[0].strip().lower()
    return _ALSO.get(bare, bare)


def ending_of(filename: str) -> str:
    """Return the ending of a name, without its dot."""
    return PurePath(filename).suffix.lower().lstrip(".")


def _declared(declared: str, filename: str) -> set[str]:
    said = plain(declared)
    by_name = _BY_ENDING.get(ending_of(filename), "")
    return {each for each in (said, by_name) if each not in _SAYS_NOTHING}


def _by_beginning(head: bytes) -> str:
    found = next((mime_type for beginning, mime_type in _BEGINNINGS if head.startswith(beginning)), "")
    if found:
        return found
    if head[:_MOST_BLANK].lstrip(_BLANK).startswith(b"%PDF-"):  # as some programs write it
        return PDF
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp":
        return _by_brand(head[8:12])
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:  # noqa: PLR2004 - MPEG's mark of a frame
        return _by_layer(head[1])
    return ""


def _by_brand(brand: bytes) -> str:
    if brand[:3] in (b"M4A", b"M4B"):
        return M4A
    return MP4_3G if brand[:2] == b"3g" else MP4 if brand not in (b"heic", b"heix", b"mif1", b"avif") else ""


def _by_layer(byte: int) -> str:
    """Tell MP3 from AAC: the second has no layer."""
    if byte & 0xF6 == 0xF0:  # noqa: PLR2004 - as above
        return AAC
    return MP3 if byte & 0x18 != 0x08 and byte & 0x06 == 0x02 else ""  # noqa: PLR2004 - as above


def _office(file: IO[bytes]) -> str:
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError):
        return ""
    if "[Content_Types].xml" not in names or any(name.endswith("vbaProject.bin") for name in names):
        return ""  # macros run where the file is opened
    return next((kind for part, kind in _IN_ZIP if any(name.startswith(part) for name in names)), "")


def _old_office(file: IO[bytes]) -> str:
    """Look for the names of its streams, which stand in it as UTF-16."""
    file.seek(0)
    before = b""
    while piece := file.read(_MOST_OLE):
        found = _stream_in(before + piece)
        if found:
            return found
        before = piece[-64:]
    return ""


def _stream_in(content: bytes) -> str:
    return next((kind for name, kind in _IN_OLE if f"{name}\0".encode("utf-16-le") in content), "")


def _is_text(file: IO[bytes]) -> bool:
    """Whether it can be read as text: no zero byte, and UTF-8 or the letters of Windows."""
    file.seek(0)
    empty = True
    reader = io.BufferedReader(file, MB) if isinstance(file, io.RawIOBase) else file
    while piece := reader.read(MB):
        empty = False
        if any(byte in piece for byte in (b"\0", b"\x01", b"\x02", b"\x7fELF")):
            return False
    return not empty
