"""Text as people type it, cut into words: hygiene, folding, Spanish stems and how words sound."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

MOST_CHARACTERS = 2000  #: what is read of a message; nobody orders in more
_MOST_RAW = 8000
_FRACTIONS = {"½": " 1/2 ", "¼": " 1/4 ", "¾": " 3/4 ", "⅓": " 1/3 ", "⅔": " 2/3 "}
_INVISIBLE = {"Cf", "Cc", "Cs", "Co", "Cn", "Mn", "Me", "Sk"}
_SHORT = 3
_MARKS = frozenset('"“”«»*_~')
_PLAIN = re.compile(r"[\x20-\x7e\náéíóúüñÁÉÍÓÚÜÑ¿¡°º]*")  # nothing to take away: nearly every message
_TOKENS = re.compile(r"\n|[0-9]+(?:[.,][0-9]+)*|[^\W\d_]+|\S")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number, a sign or a line break, and where it stood in the cleaned text."""

    word: str  #: folded: lower case, no accents
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        """Letters."""
        return self.word.isalpha()

    @property
    def is_number(self) -> bool:
        """Digits, perhaps with dots and commas."""
        return self.word[0] in "0123456789"


def word_set(words: str) -> frozenset[str]:
    """Write a set of words as one text: a list of eighty quoted words is not read by anyone."""
    return frozenset(words.split())


def clean(text: str) -> str:
    """Take away what cannot be read (invisible signs, a keycap's frame) and cap the length."""
    if _PLAIN.fullmatch(text):
        return text[:MOST_CHARACTERS]
    raw = unicodedata.normalize("NFC", text[:_MOST_RAW])
    kept = "".join(_FRACTIONS.get(char) or _visible(char) for char in raw)
    return kept[:MOST_CHARACTERS]


def _visible(char: str) -> str:
    if char.isascii():
        return char if char.isprintable() or char == "\n" else " "
    category = unicodedata.category(char)
    if category in _INVISIBLE:
        return ""
    return "\n" if category in {"Zl", "Zp"} else char


def fold(text: str) -> str:
    """Lower case without accents, **of the same length**: places in it are places in the text."""
    return text.lower() if text.isascii() else "".join(map(_folded, text))


@lru_cache(maxsize=4096)
def _folded(char: str) -> str:
    # The degree sign stays: "3º B" is a floor. Some letters fold to several; the first stands for them.
    plain = "°" if char == "º" else unicodedata.normalize("NFKD", char).lower()[:1]
    return plain if plain.strip() else char


def tokens(cleaned: str) -> list[Token]:
    """Cut a cleaned text into tokens; pictures, quotes and the marks of bold or italic text are none."""
    return [
        Token(found.group(), found.start(), found.end())
        for found in _TOKENS.finditer(fold(cleaned))
        if found.group() not in _MARKS and not is_picture(found.group())
    ]


def is_picture(sign: str) -> bool:
    return len(sign) == 1 and not sign.isascii() and sign != "°" and unicodedata.category(sign) == "So"


def words_of(text: str) -> tuple[str, ...]:
    """Fold a short name and give its words and numbers."""
    return tuple(each.word for each in tokens(clean(text)) if each.is_word or each.is_number)


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """Cut the plural off, the same way for both numbers: «panes» and «pan», «arroces» and «arroz»."""
    if len(word) <= _SHORT:
        return word
    root = word.removesuffix("s")
    if root.endswith("e") and len(root) > _SHORT:
        root = root[:-1]
    return f"{root[:-1]}c" if root.endswith("z") else root


_SOUNDS = (
    (re.compile(r"h"), ""),
    (re.compile(r"qu|k|ck"), "c"),
    (re.compile(r"c(?=[ei])|z|x"), "s"),
    (re.compile(r"g(?=[ei])"), "j"),
    (re.compile(r"v|w"), "b"),
    (re.compile(r"ll"), "y"),
    (re.compile(r"n(?=[bpf])"), "m"),
    (re.compile(r"(.)\1+"), r"\1"),
    (re.compile(r"s$"), ""),
)


@lru_cache(maxsize=8192)
def sound(word: str) -> str:
    """Write a word as it sounds in Buenos Aires: «serbesa» and «cerveza» are one."""
    for pattern, letter in _SOUNDS:
        word = pattern.sub(letter, word)
    return word


def phrase(cleaned: str, span: Iterable[Token]) -> str:
    """Give the original words from the first to the last of some tokens."""
    spans = list(span)
    return " ".join(cleaned[spans[0].start : spans[-1].end].split()) if spans else ""
