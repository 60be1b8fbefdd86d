"""What a PDF of ours says, page by page: enough of the format for what fpdf2 writes."""

import re
import zlib

_OBJECT = re.compile(rb"\n(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
_STREAM = re.compile(rb"stream\n(.*)\nendstream", re.DOTALL)
_SHOWN = re.compile(rb"(?:^|(?<=\s))([qQ])(?=\s)|/(F\d+) [\d.]+ Tf|\(((?:\\.|[^\\)])*)\) Tj", re.DOTALL)
_BOX = re.compile(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]")
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def pages(pdf: bytes) -> list[str]:
    """Return the text of each page, a line for each piece that was written."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    fonts = _fonts(objects)
    contents = (
        re.search(rb"/Contents (\d+) 0 R", body) for body in objects.values() if _is(body, rb"/Type /Page")
    )
    return [_text(_stream(objects[int(found[1])]), fonts) for found in contents if found]


def sizes(pdf: bytes) -> list[tuple[float, float]]:
    """Return width and height of each page in millimetres."""
    bodies = [body for _, body in _OBJECT.findall(pdf)]
    (usual,) = (_BOX.search(body) for body in bodies if _is(body, rb"/Type /Pages"))
    boxes = (_BOX.search(body) or usual for body in bodies if _is(body, rb"/Type /Page"))
    return [(_millimetres(box[1]), _millimetres(box[2])) for box in boxes if box]


def _millimetres(points: bytes) -> float:
    return round(float(points) / 72 * 25.4, 1)


def _is(body: bytes, kind: bytes) -> bool:
    return re.search(kind + rb"\b", body) is not None


def _fonts(objects: dict[int, bytes]) -> dict[bytes, dict[int, str]]:
    named = {name: int(number) for body in objects.values() for name, number in _named(body)}
    found = {}
    for name, number in named.items():
        table = re.search(rb"/ToUnicode (\d+) 0 R", objects[number])
        assert table
        found[name] = {
            int(glyph, 16): bytes.fromhex(letter.decode()).decode("utf-16-be")
            for glyph, letter in re.findall(
                rb"<([0-9A-F]+)> <([0-9A-F]+)>\n", _stream(objects[int(table[1])])
            )
        }
    return found


def _named(body: bytes) -> list[tuple[bytes, bytes]]:
    found = re.search(rb"/Font <<(.*?)>>", body, re.DOTALL)
    return re.findall(rb"/(F\d+) (\d+) 0 R", found[1]) if found else []


def _stream(body: bytes) -> bytes:
    found = _STREAM.search(body)
    assert found
    try:
        return zlib.decompress(found[1])
    except zlib.error:
        return found[1]


def _text(content: bytes, fonts: dict[bytes, dict[int, str]]) -> str:
    letters: dict[int, str] = {}
    kept: list[dict[int, str]] = []
    lines = []
    for state, font, raw in _SHOWN.findall(content):
        if state == b"q":
            kept.append(letters)
        elif state == b"Q":
            letters = kept.pop()
        elif font:
            letters = fonts[font]
        else:
            plain = _ESCAPED.sub(lambda found: _ESCAPES.get(found[1], found[1]), raw)
            glyphs = zip(plain[::2], plain[1::2], strict=True)
            lines.append("".join(letters[high * 256 + low] for high, low in glyphs))
    return "\n".join(lines)
