"""Which products would the assistant take for one another when a customer writes their name? Pure."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from openbot.catalogue.goods import Catalogue, Product
from openbot.catalogue.matching import Ambiguous, Exact, Matcher, NotFound
from openbot.catalogue.phrases import stems_of

MOST_CHECKED = 300  #: names looked up at one time; a file of thousands would take seconds
_MOST_RIVALS = 3


def mistakable(catalogue: Catalogue, *, ids: Collection[int]) -> dict[int, tuple[Product, ...]]:
    """For each of these products that its own full name does not lead to: those it is taken for, perhaps none.

    Looks at all products as if they could be ordered today. At most MOST_CHECKED of `ids` are looked up.
    """
    products = [replace(each, available=True) for each in catalogue.products]
    asked = [each for each in products if each.id in ids][:MOST_CHECKED]
    matcher = Matcher(catalogue.with_products(tuple(_alike(products, asked))))
    found: dict[int, tuple[Product, ...]] = {}
    for product in asked:
        match matcher.match_products(product.name):
            case Exact(other) if other.id == product.id:
                continue
            case Exact(other):
                found[product.id] = (other,)
            case Ambiguous(candidates=several):
                rivals = tuple(each for each in several if each.id != product.id)
                found[product.id] = rivals[:_MOST_RIVALS]
            case NotFound():
                found[product.id] = ()
    return found


def _alike(products: Iterable[Product], asked: Iterable[Product]) -> list[Product]:
    """Only what shares a word with those asked about can be taken for them: a smaller index is made sooner."""
    words = {stem for each in asked for stem in _stems(each)}
    return [each for each in products if not words.isdisjoint(_stems(each))]


def _stems(product: Product) -> set[str]:
    return {stem for name in (product.name, *product.aliases) for stem in stems_of(name)}
