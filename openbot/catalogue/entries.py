"""Products as the index of names sees them, and how sizes narrow them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from openbot.catalogue.goods import Product
from openbot.catalogue.phrases import Size, same_size, sizes_in, stems_of

_NEAR = Decimal("0.15")  #: «la de 2 litros» is the one of 2,25


@dataclass(frozen=True, slots=True)
class Entry:
    """A product as the index sees it."""

    product: Product
    place: int
    forms: tuple[frozenset[str], ...]  #: each name or alias as stems
    heads: frozenset[str]  #: the first stem of each name
    words: frozenset[str]
    soft: frozenset[str]  #: words of the description: they narrow, they do not name
    sizes: tuple[Size, ...]


def indexed(product: Product, place: int) -> Entry:
    """Index a product."""
    names = [name for name in map(stems_of, (product.name, *product.aliases)) if name]
    forms = tuple(dict.fromkeys(map(frozenset, names)))
    heads = frozenset(name[0] for name in names)
    words = frozenset[str]().union(*forms)
    sizes = sizes_in(product.name) or sizes_in(product.size)
    return Entry(product, place, forms, heads, words, frozenset(stems_of(product.size)) - words, sizes)


def of_size(entries: list[Entry], sizes: Sequence[Size]) -> list[Entry]:
    """Those of exactly the sizes said, else the nearest within 15 %."""
    exact = [
        each for each in entries if all(any(same_size(size, own) for own in each.sizes) for size in sizes)
    ]
    if exact:
        return exact
    near = [
        (far, each) for each in entries if (far := _distance(each, sizes[0])) is not None and far <= _NEAR
    ]
    closest = min((far for far, _ in near), default=None)
    return [each for far, each in near if far == closest]


def by_size(entries: list[Entry], sizes: Sequence[Size]) -> list[Entry]:
    """Nearest size first."""
    return sorted(entries, key=lambda each: _distance(each, sizes[0]) or Decimal(10**6))


def _distance(entry: Entry, said: Size) -> Decimal | None:
    """How far, as a part of what was said; None where it cannot be compared."""
    far = [
        abs(own.amount - said.amount) / said.amount
        for own in entry.sizes
        if said.base in ("", own.base) and said.amount
    ]
    return min(far, default=None)


def ranked(entries: list[Entry], rank: str) -> list[Entry]:
    """«la grande», «la chica»: only where sizes can be compared."""
    if not rank or len(entries) == 1 or not all(each.sizes for each in entries):
        return entries
    ordered = sorted(entries, key=lambda each: each.sizes[0].amount)
    wanted = {"max": ordered[-1], "min": ordered[0], "middle": ordered[(len(ordered) - 1) // 2]}[rank]
    return [each for each in entries if each.sizes[0] == wanted.sizes[0]]
