"""One sentence, and what is known when its goods are read."""

from collections.abc import Sequence
from dataclasses import dataclass

from openbot.catalogue.goods import Product
from openbot.catalogue.matching import Matcher
from openbot.catalogue.words import Token
from openbot.reading.items import CartLine, Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What a reader of goods is given."""

    cleaned: str
    words: Sequence[Token]  #: of `cleaned`
    taken: Sequence[bool]  #: the words other readers have read
    matcher: Matcher
    cart: tuple[CartLine, ...] = ()
    orders: bool = True  #: things we do not sell may be named
    expected: bool = False  #: goods were asked for, so that a word alone names some
    change: Change = Change.ADD  #: what is done when no verb says it
    group: tuple[Product, ...] = ()  #: the goods the customer was just shown
    answering: bool = False  #: with the question which of them
