"""What a sentence wants before the catalogue is asked, and a quantity settled for one product."""

from dataclasses import dataclass, replace
from decimal import Decimal

from openbot.catalogue.goods import Product, Unit
from openbot.catalogue.matching import Matcher
from openbot.catalogue.phrases import size_said
from openbot.catalogue.quantities import Refusal, Said, settle
from openbot.catalogue.words import words_of
from openbot.reading.goods_phrases import GoodsPhrase
from openbot.reading.items import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One thing of the sentence before the catalogue is asked."""

    change: Change
    goods: GoodsPhrase
    said: Said | None
    phrase: str
    elliptic: bool = False  #: «… y una **de pollo**»: the noun was said before
    linked: bool = False  #: «6 **de** pollo»
    pieces: Said | None = None  #: «2 limones»: the quantity, should it be something weighed
    negative: bool = False
    heading: bool = False  #: a colon follows: «2 pizzas: una muzza y una napo»
    part: bool = False  #: it stands after such a colon
    whole: bool = False  #: «todas las cocas»
    vague: bool = False  #: «una cebolla» of something weighed: no quantity
    again: bool = False  #: «otra», «una más»: one like those in the order


def quantity_of(said: Said, product: Product, *, matcher: Matcher, asked: bool = False) -> Decimal | Refusal:
    """Settle what was said for one product: also after «¿cuál?», when the product is known at last."""
    sizes = matcher.sizes_of(product)
    own = size_said(said)
    if own is not None and own.base and not product.unit.weighed and (own.base, own.amount) in sizes:
        return Decimal(1)  # «un kilo de yerba» is the packet of one kilo, «medio kilo» that of 500 g
    named = {word.rstrip("s") for word in words_of(f"{product.name} {product.size}")}
    boxed = said.unit in {Unit.BOX, Unit.PACK, Unit.BAG} and not product.unit.weighed
    if boxed and said.unit is not product.unit and said.container.rstrip("s") in named:
        said = replace(said, unit=product.unit)  # «una caja de té»: the box is what is sold
    return settle(said, product.unit, holds=sizes, asked=asked)
