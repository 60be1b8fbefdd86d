"""A sheet to print on: fonts that know accents and emoji, and text that breaks nothing."""

import logging
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from fpdf import FPDF

FONTS = Path(__file__).parent / "fonts"
TEXT, EMOJI = "DejaVu", "Noto Emoji"
UNKNOWN = "□"
_FILES = {"": "DejaVuSans.ttf", "B": "DejaVuSans-Bold.ttf"}
_EMOJI_FILE = "NotoEmoji.ttf"
_ELLIPSIS = "…"
_SKIN_TONES = range(0x1F3FB, 0x1F400)

# It reports each table it leaves out, and would report each letter.
logging.getLogger("fontTools.subset").setLevel(logging.ERROR)


class Paper(FPDF):
    """A document of ours. Millimetres; text is cleaned by whoever writes it (`clean`)."""

    def __init__(self, *, width: float, height: float, margin: float, texts: str) -> None:
        """`texts` is everything that will be written: emoji are drawn only where there are any."""
        super().__init__(unit="mm", format=(width, height))
        self.set_margin(margin)
        self.c_margin = 0  # lines and texts begin at the same edge
        self.set_auto_page_break(auto=True, margin=margin + 6)
        for style, file in _FILES.items():
            self.add_font(TEXT, style, FONTS / file)
        self._has_emoji = bool(_letters(_EMOJI_FILE) & set(map(ord, texts)))
        if self._has_emoji:
            for style in _FILES:  # one for each: fpdf2 would go on in the wrong style after an emoji
                self.add_font(EMOJI, style, FONTS / _EMOJI_FILE)
            self.set_fallback_fonts([EMOJI])
        self.write_in(9)

    def write_in(self, size: float, *, bold: bool = False, grey: bool = False) -> None:
        """Choose the type for what follows."""
        self.set_font(TEXT, "B" if bold else "", size)
        self.set_text_color(110 if grey else 20)

    def fitting(self, text: str, width: float) -> str:
        """Cut a text so that it fits into one line."""
        if self.get_string_width(text) <= width:
            return text
        while text and self.get_string_width(text + _ELLIPSIS) > width:
            text = text[: len(text) * 9 // 10]
        return text + _ELLIPSIS

    def _render_styled_text_line(self, *args: Any, **named: Any) -> bool:
        """As fpdf2 does; then the type is said anew: it takes an emoji's for gone on, which ended with its line."""
        done = super()._render_styled_text_line(*args, **named)
        if self._has_emoji:
            self.current_font_is_set_on_page = False
        return done

    def line(self, *args: Any, **named: Any) -> None:
        """Draw a hair line in grey."""
        self.set_draw_color(200)
        self.set_line_width(0.2)
        super().line(*args, **named)


def clean(text: str) -> str:
    """Return a text that can be printed: accents composed, signs nobody sees gone, unknown letters as □."""
    composed = unicodedata.normalize("NFC", text)
    known = _letters("DejaVuSans.ttf") | _letters(_EMOJI_FILE)
    kept = (_printable(letter, known) for letter in composed)
    return "".join(kept)


def _printable(letter: str, known: frozenset[int]) -> str:
    if letter == "\n":
        return letter
    if letter.isspace():
        return " "
    number = ord(letter)
    if unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Mn", "Me"} or number in _SKIN_TONES:
        return ""
    return letter if number in known else UNKNOWN


@cache
def _letters(file: str) -> frozenset[int]:
    with TTFont(FONTS / file, lazy=True) as font:
        return frozenset(font.getBestCmap())
