"""Plain numbers in figures or Spanish words: «2,5», «1.500», «treinta y dos», «20 mil»."""

import re
from collections.abc import Sequence
from decimal import Decimal

from openbot.catalogue.words import Token

_NUMBERS = """
cero ningun ninguno ninguna / un uno una otro otra / dos / tres / cuatro / cinco sinco / seis / siete / ocho
/ nueve nuebe / diez dies / once onse / doce dose / trece / catorce / quince / dieciseis / diecisiete / dieciocho
/ diecinueve / veinte
/ veintiuno veintiun veintiuna / veintidos / veintitres / veinticuatro / veinticinco / veintiseis / veintisiete
/ veintiocho / veintinueve
"""
_ONES = {word: Decimal(n) for n, words in enumerate(_NUMBERS.split("/")) for word in words.split()}
_TENS = {
    "treinta": 30,
    "cuarenta": 40,
    "cincuenta": 50,
    "sesenta": 60,
    "setenta": 70,
    "ochenta": 80,
    "noventa": 90,
}
_HUNDREDS = {"cien": 100, "ciento": 100, "quinientos": 500, "setecientos": 700, "novecientos": 900}
_HUNDREDS |= {
    f"{_word}cientos": 100 * _n
    for _word, _n in {"dos": 2, "tres": 3, "cuatro": 4, "seis": 6, "ocho": 8}.items()
}
_HUNDREDS |= {f"{word[:-2]}as": value for word, value in _HUNDREDS.items() if word.endswith("os")}
_THOUSANDS = {
    "mil": 1000,
    "millon": 10**6,
    "millones": 10**6,
    "luca": 1000,
    "lucas": 1000,
    "palo": 10**6,
    "palos": 10**6,
}
PARTS = {
    "medio": "0.5",
    "media": "0.5",
    "medios": "0.5",
    "medias": "0.5",
    "cuarto": "0.25",
    "cuartos": "0.25",
}
NUMBER_WORDS = frozenset(_ONES) | _TENS.keys() | _HUNDREDS.keys() | _THOUSANDS.keys() | PARTS.keys() | {"par"}
_FIGURE = re.compile(r"\d+(?:[.,]\d{1,3})?")
_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?")
_LONGEST_FIGURE = 15
_TEN, _HUNDRED, _THOUSAND = 10, 100, 1000


def read_number(words: Sequence[Token], at: int) -> tuple[Decimal, int] | None:
    """Read a plain number in figures or words («20 mil», «1.500», «treinta y dos»)."""
    return _figure(words, at) or _spelled(words, at)


def _figure(words: Sequence[Token], at: int) -> tuple[Decimal, int] | None:
    word = word_at(words, at)
    if not word[:1].isdigit() or not word.isascii() or len(word) > _LONGEST_FIGURE:
        return (Decimal(10**9), at + 1) if word[:1].isdigit() and word.isascii() else None
    if _GROUPED.fullmatch(word):
        number = Decimal(word.replace(".", "").replace(",", "."))
    elif _FIGURE.fullmatch(word):
        number = Decimal(word.replace(",", "."))
    else:
        return None
    after = at + 1
    while word_at(words, after) in _THOUSANDS:
        number *= _THOUSANDS[word_at(words, after)]
        after += 1
    return number, after


def _spelled(words: Sequence[Token], at: int) -> tuple[Decimal, int] | None:
    """«treinta y dos», «doscientos cincuenta», «mil millones»."""
    total, block, place = Decimal(0), Decimal(0), at
    smallest = 10**9
    while True:
        word = word_at(words, place)
        value, size = _value(words, place, word)
        if value is None or (size >= smallest and size != _THOUSAND):
            break
        if size == _THOUSAND:
            total, block = (total + block or Decimal(1)) * value, Decimal(0)
            smallest = _THOUSAND
        else:
            block += value
            smallest = size
        place += 2 if word == "y" else 1
    return (total + block, place) if place > at else None


def _value(words: Sequence[Token], place: int, word: str) -> tuple[Decimal | None, int]:
    """Give a number word's value and its size: 1, 10, 100, or 1000 for what multiplies."""
    if word in _THOUSANDS:
        return Decimal(_THOUSANDS[word]), _THOUSAND
    if word in _HUNDREDS:
        return Decimal(_HUNDREDS[word]), _HUNDRED
    if word in _TENS:
        return Decimal(_TENS[word]), _TEN
    if word == "y" and place and word_at(words, place - 1) in _TENS:
        one = _ONES.get(word_at(words, place + 1))
        return (one, 1) if one is not None and 0 < one < _TEN else (None, 0)
    one = _ONES.get(word)
    return (one, _TEN if one >= _TEN else 1) if one is not None else (None, 0)


def word_at(words: Sequence[Token], at: int) -> str:
    """Give the word at a place, "" outside the sentence."""
    return words[at].word if 0 <= at < len(words) else ""
