"""How a wish of a sentence becomes a product and a quantity, with the order so far in mind."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from openbot.catalogue.goods import Product, Unit
from openbot.catalogue.matching import Ambiguous, Exact, NotFound
from openbot.catalogue.quantities import Refusal
from openbot.catalogue.words import words_of
from openbot.reading.items import (
    AmbiguousItem,
    Change,
    ItemRead,
    ReadItem,
    RefusedItem,
    UnknownItem,
)
from openbot.reading.meaning import Meaning
from openbot.reading.wishes import Wish, quantity_of

_GRAMS_FROM = 50  #: «200 de queso» after «1 kg de pan» are grams


class Resolver(Meaning):
    """Turns wishes into products, with the order so far and the sentence's earlier things in mind."""

    def resolve(self, wish: Wish) -> ReadItem:
        """Find the product and settle the quantity."""
        wish, match = self._matched(_counted(self._like_the_last(wish)))
        if wish.heading:
            self._whole = wish.said
        if not wish.elliptic:
            self._head = wish.goods.stems[:1]
            self._heads.append(self._head)
        if not isinstance(match, Exact):
            self._said = wish.said
        if isinstance(match, NotFound):
            return UnknownItem(
                phrase=wish.phrase, nearest=match.nearest, said=wish.said, sold_out=match.sold_out
            )
        if isinstance(match, Exact) and (before := self._of_a_head(wish, match.product)) is not None:
            match = Exact(before)
        if isinstance(match, Exact) and self._in_kilos(wish, match.product):
            wish = replace(wish, said=replace(wish.said, unit=Unit.KILO) if wish.said else None)
        if isinstance(match, Exact) and (others := self._by_piece(wish, match.product)):
            match = Ambiguous(wish.phrase, others)
        if isinstance(match, Ambiguous):
            refusal = self._refused_by_all(wish, match.candidates)
            if refusal is not None and wish.said is not None:
                return RefusedItem(
                    change=wish.change, product=None, phrase=wish.phrase, said=wish.said, refusal=refusal
                )
            return AmbiguousItem(
                change=self._change(wish.change, None),
                phrase=wish.phrase,
                candidates=match.candidates,
                said=wish.said if wish.pieces is None or not _some_weighed(match) else wish.pieces,
            )
        item = self.settled(wish, match.product)
        self._said = wish.said
        return item

    def _like_the_last(self, wish: Wish) -> Wish:
        """«un cuarto de jamón y **otro** de queso»."""
        before, said = self._said, wish.said
        other = wish.again and wish.linked and said is not None and said.unit is None and said.amount == 1
        part = before is not None and (before.amount < 1 or (before.unit is not None and before.unit.weighed))
        return replace(wish, said=before, again=False) if other and part else wish

    def _in_kilos(self, wish: Wish, product: Product) -> bool:
        """«10 kg de papa, **5 de cebolla**»: still kilos; «6 de pollo» by itself is not."""
        before, said = self._said, wish.said
        if (
            said is None
            or said.unit is not None
            or said.container
            or not (wish.linked and product.unit.weighed)
        ):
            return False
        return (
            before is not None
            and before.unit is Unit.KILO
            and before.amount >= 1
            and said.amount < _GRAMS_FROM
        )

    def settled(self, wish: Wish, product: Product) -> ItemRead | RefusedItem:
        """Settle a wish's quantity for a product already known."""
        change = self._change(wish.change, product)
        if wish.said is None:
            return ItemRead(
                change=change,
                product=product,
                quantity=self._unsaid(wish, change, product),
                phrase=wish.phrase,
            )
        if wish.vague and product.unit.weighed:
            return ItemRead(change=change, product=product, quantity=None, phrase=wish.phrase)
        again = not wish.goods.stems  # said of something already there: in its unit
        said = wish.pieces if wish.pieces is not None and product.unit.weighed else wish.said
        quantity = quantity_of(said, product, matcher=self._matcher, asked=again)
        if wish.negative:
            quantity = Refusal.NEGATIVE
        if isinstance(quantity, Refusal):
            return RefusedItem(
                change=change, product=product, phrase=wish.phrase, said=wish.said, refusal=quantity
            )
        return ItemRead(change=change, product=product, quantity=quantity, phrase=wish.phrase)

    def _refused_by_all(self, wish: Wish, candidates: Sequence[Product]) -> Refusal | None:
        if wish.said is None:
            return None
        if wish.negative:
            return Refusal.NEGATIVE
        answers = [quantity_of(wish.said, each, matcher=self._matcher) for each in candidates]
        refusals = [each for each in answers if isinstance(each, Refusal)]
        if wish.said.unit is None and not wish.said.container and Refusal.OTHER_UNIT in refusals:
            return None  # «6 milanesas»: first which, then how many kilos
        return refusals[0] if len(refusals) == len(answers) else None

    # --- how much ------------------------------------------------------------------------------

    def _change(self, change: Change, product: Product | None) -> Change:
        """To set what is not there is to add it."""
        if change is Change.SET and (product is None or product.id not in self._cart):
            return Change.SET if product is None and self._cart else Change.ADD
        return change

    def _unsaid(self, wish: Wish, change: Change, product: Product) -> Decimal | None:
        if change is Change.GONE or change is Change.SET or product.unit.weighed:
            return None
        if wish.elliptic or (wish.goods.plural and _singular(product, wish.phrase)):
            return None  # «cocas»: how many?
        return Decimal(1)


def _counted(wish: Wish) -> Wish:
    """«2 limones» are pieces; «2 de limón», «2 limón», «1 limón» may be kilos."""
    said = wish.said
    bare = said is not None and said.unit is None and not said.container and said.amount % 1 == 0
    if said is None or not bare or said.amount <= 1 or wish.linked or not wish.goods.plural:
        return wish
    return replace(wish, pieces=replace(said, unit=Unit.PIECE))


def _some_weighed(match: Ambiguous) -> bool:
    return any(each.unit.weighed for each in match.candidates)


def _singular(product: Product, phrase: str) -> bool:
    """Tell whether the product's name has the phrase's plural word in the singular: «cocas», «Coca-Cola»."""
    name = set(words_of(product.name))
    first = next(
        (
            word
            for word in words_of(phrase)
            if word.endswith("s") and word not in {"las", "los", "unas", "unos"}
        ),
        "",
    )
    return bool(first) and first not in name and (first[:-1] in name or first[:-2] in name)
