"""Text within a length, cut only where a reader would cut it: paragraph, line, sentence, word, visible character."""

import unicodedata

from openbot.whatsapp.json_reading import clean

ELLIPSIS = "…"
_JOINER = "\u200d"
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_FLAG_LETTERS = range(0x1F1E6, 0x1F200)
_TAGS = range(0xE0020, 0xE0080)
#: From the best place for a cut to the worst; what is cut off stays with the part before, but for white space.
_SEPARATORS = ("\n\n", "\n", ". ", "! ", "? ", "… ", " ")


def tidy(text: str) -> str:
    """Make a text storable and strip it; empty when nothing in it can be seen."""
    text = clean(text).strip()
    return text if any(_is_seen(character) for character in text) else ""


def one_line(text: str) -> str:
    """Tidy a title: all white space becomes one blank."""
    return tidy(" ".join(clean(text).split()))


def cut(text: str, most: int) -> str:
    """Return the longest beginning of at most `most` code points that splits no visible character."""
    if len(text) <= most:
        return text
    end = most
    while end > 0 and not _is_boundary(text, end):
        end -= 1
    # One "character" longer than the limit (stacked accents): better cut than nothing.
    return text[: end or most]


def shorten(text: str, most: int) -> str:
    """Return the text, or its beginning with «…», within `most`."""
    return text if len(text) <= most else cut(text, most - 1).rstrip() + ELLIPSIS


def split(text: str, most: int) -> tuple[str, ...]:
    """Split into parts of at most `most`, none empty, nothing lost but white space at the cuts."""
    parts = []
    rest = tidy(text)
    while len(rest) > most:
        first = _first_part(rest, most)
        parts.append(first.rstrip())
        rest = rest[len(first) :].lstrip()
    return tuple(part for part in (*parts, rest) if tidy(part))


def _first_part(text: str, most: int) -> str:
    # A cut in the first half would leave a stub before a long part: then the next worse separator is better.
    for separator in _SEPARATORS:
        kept = len(separator.rstrip())
        at = text.rfind(separator, most // 2, most - kept + len(separator))
        if at > 0:
            return text[: at + kept]
    return cut(text, most)


def _is_boundary(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at]
    if _JOINER in (before, after) or unicodedata.category(after).startswith("M"):
        return False
    if ord(after) in _SKIN_TONES or ord(after) in _TAGS or (before, after) == ("\r", "\n"):
        return False
    if ord(before) in _FLAG_LETTERS and ord(after) in _FLAG_LETTERS:
        return _flag_letters_before(text, at) % 2 == 0
    return True


def _flag_letters_before(text: str, at: int) -> int:
    start = at
    while start > 0 and ord(text[start - 1]) in _FLAG_LETTERS:
        start -= 1
    return at - start


def _is_seen(character: str) -> bool:
    return unicodedata.category(character)[0] not in "CZ"
