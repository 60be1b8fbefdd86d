"""What one sentence wants done to the goods of an order, as frozen data."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from openbot.catalogue.goods import Category, Product
from openbot.catalogue.quantities import Refusal, Said


class Change(StrEnum):
    """What is done with a thing."""

    ADD = "add"  #: this much more
    SET = "set"  #: this much in all
    LESS = "less"  #: this much less
    GONE = "gone"  #: all of it out of the order


@dataclass(frozen=True, slots=True, kw_only=True)
class CartLine:
    """A line of the order so far; the line touched last comes last."""

    product_id: int
    quantity: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRead:
    """One product and what is done with it."""

    change: Change
    product: Product
    quantity: Decimal | None  #: in the product's unit; None: ask how much (for GONE: all)
    phrase: str  #: in the customer's words


@dataclass(frozen=True, slots=True, kw_only=True)
class AmbiguousItem:
    """Something that could be several products: ask which, then `wishes.quantity_of(said, product, …)`."""

    change: Change
    phrase: str
    candidates: tuple[Product, ...]  #: at most 9, best first
    said: Said | None  #: the quantity, None when none was said


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownItem:
    """Something that is not sold, or not today."""

    phrase: str
    nearest: tuple[Product, ...]  #: at most 3, best first, perhaps none
    said: Said | None
    sold_out: tuple[Product, ...] = ()  #: what was meant, and will be back


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedItem:
    """A product whose quantity must be asked again. `product` is None when even that is open."""

    change: Change
    product: Product | None
    phrase: str
    said: Said
    refusal: Refusal


ReadItem = ItemRead | AmbiguousItem | UnknownItem | RefusedItem


@dataclass(frozen=True, slots=True)
class Goods:
    """What a sentence says about goods."""

    items: tuple[ReadItem, ...] = ()
    mentioned: tuple[ReadItem, ...] = ()  #: goods asked about («¿cuánto sale la coca?»), not ordered
    loose: Said | None = None  #: a quantity without a thing («2»)
    negative: bool = False  #: of the loose one
    category: Category | None = None  #: a shelf named without a quantity: «dame gaseosas»
    of_group: bool = False  #: the items are all the goods the customer was shown: «2 de cada uno»


def products_meant(items: Sequence[ReadItem]) -> tuple[Product, ...]:
    """Give the products some items may mean, each once."""
    found: list[Product] = []
    for item in items:
        match item:
            case AmbiguousItem(candidates=products):
                found += products
            case UnknownItem(nearest=products, sold_out=gone):
                found += (*gone, *products)
            case ItemRead(product=product) | RefusedItem(product=product) if product is not None:
                found.append(product)
            case _:
                pass
    return tuple(dict.fromkeys(found))
