"""A phrase of goods taken apart: content words, sizes («de litro y medio»), «grande» or «chica»."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from openbot.catalogue.figures import NUMBER_WORDS
from openbot.catalogue.goods import Product, Unit
from openbot.catalogue.quantities import CONTAINERS, UNIT_WORDS, Said, read_quantity
from openbot.catalogue.words import Token, clean, fold, stem, tokens, word_set

STOPWORDS = word_set("de del la el lo los las con y e a al en para por un una x d o")
#: Sizes in words: only where several sizes of one thing are sold.
RANKS = {
    **dict.fromkeys(word_set("grande grandes grandota gigante familiar maxi"), "max"),
    **dict.fromkeys(word_set("chica chico chicas chicos chiquita chiquito pequena peque individual"), "min"),
    **dict.fromkeys(word_set("mediana mediano medianas medianos"), "middle"),
}
_NUMBER_STEMS = frozenset(map(stem, NUMBER_WORDS))
_MEASURES = "|".join(
    sorted((word for word, (unit, _) in UNIT_WORDS.items() if unit.weighed), key=len, reverse=True)
)
_SIZE = re.compile(rf"(\d+(?:[.,]\d+)?)\s*({_MEASURES})\b|\bx\s*(\d+)\b")
BASES = {Unit.KILO: "kg", Unit.LITRE: "l"}


@dataclass(frozen=True, slots=True)
class Size:
    """What one piece holds: (2.25, "l"), (0.5, "kg"), (6, "x"); base "" when it was not said."""

    amount: Decimal
    base: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase of goods taken apart."""

    words: tuple[str, ...]  #: folded; «sin gas» is «singas»
    sizes: tuple[Size, ...] = ()
    rank: str = ""


def literal_at(
    words: Sequence[Token], at: int, literals: Mapping[str, list[tuple[str, ...]]]
) -> tuple[str, ...]:
    """Give the name with numbers in it that is written here («harina 4 ceros»), as stems, or ()."""
    for name in literals.get(stem(words[at].word), ()):
        if tuple(stem(each.word) for each in words[at : at + len(name)]) == name:
            return name
    return ()


def read_phrase(words: Sequence[Token], literals: Mapping[str, list[tuple[str, ...]]]) -> Phrase:
    """Take a phrase apart: content words, sizes («de litro y medio»), «grande» or «chica»."""
    content: list[str] = []
    sizes: list[Size] = []
    rank, at = "", 0
    while at < len(words):
        word = words[at].word
        literal = literal_at(words, at, literals)
        if literal:
            content += [each for each in literal if each not in STOPWORDS]
            at += len(literal)
            continue
        found = read_quantity(words, at)
        size = (
            size_said(found[0])
            if found is not None and not (word in CONTAINERS or set(word) == {"0"})
            else None
        )
        if found is not None and size is not None:
            sizes.append(size)
            at = found[1]
            continue
        if word == "sin" and at + 1 < len(words):
            content.append(f"sin{words[at + 1].word}")
            at += 1
        elif word in RANKS:
            rank = RANKS[word]
        elif word not in STOPWORDS and word.isalnum():
            content.append(word)
        at += 1
    return Phrase(tuple(content), tuple(sizes), rank)


def size_said(said: Said) -> Size | None:
    """Take a quantity as a size, where it can be one: a bare number, weight or volume."""
    if said.unit is not None and not said.unit.weighed:
        return None
    return Size(said.amount, BASES[said.unit] if said.unit else "")


def stems_of(name: str) -> tuple[str, ...]:
    """Give the stems of a product's name, without its size."""
    words = tokens(_SIZE.sub(" ", fold(clean(name))))
    stems = []
    for before, token in pairwise([None, *words]):
        if token is None or not token.word.isalnum() or token.word in STOPWORDS or token.word == "sin":
            continue
        joined = before is not None and before.word == "sin"
        stems.append(stem(f"sin{token.word}" if joined else token.word))
    return tuple(stems)


def sizes_in(text: str) -> tuple[Size, ...]:
    """Find the sizes written in a product's name: «2,25 L», «500 g», «x 6»."""
    sizes = []
    for amount, unit, pieces in _SIZE.findall(fold(clean(text))):
        if pieces:
            sizes.append(Size(Decimal(pieces), "x"))
        else:
            base, factor = UNIT_WORDS[unit]
            sizes.append(Size(Decimal(amount.replace(",", ".")) * factor, BASES[base]))
    return tuple(sizes)


def literals_of(products: Iterable[Product]) -> dict[str, list[tuple[str, ...]]]:
    """Names with numbers that are no quantities («harina 4 ceros», «7 up»), by first stem, longest first."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for product in products:
        for name in (product.name, *product.aliases):
            words = tuple(
                stem(each.word) for each in tokens(_SIZE.sub(" ", fold(clean(name)))) if each.word.isalnum()
            )
            if any(word[0].isdigit() or word in _NUMBER_STEMS for word in words):
                found.setdefault(words[0], set()).add(words)
    return {first: sorted(names, key=len, reverse=True) for first, names in found.items()}


def same_size(said: Size, own: Size) -> bool:
    """Tell whether a size said is a size sold; a bare number may be grams: «yerba 500»."""
    if said.base in ("", own.base) and said.amount == own.amount:
        return True
    return not said.base and own.base in BASES.values() and said.amount == own.amount * 1000
