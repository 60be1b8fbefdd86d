"""How a wish of a sentence becomes a product and a quantity, with the order so far in mind."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from openbot.catalogue.goods import Product, Unit
from openbot.catalogue.matching import MOST_CANDIDATES, Ambiguous, Exact, Match, Matcher, NotFound
from openbot.catalogue.phrases import size_said
from openbot.catalogue.quantities import Refusal, Said, settle
from openbot.catalogue.words import words_of
from openbot.reading.goods_phrases import GoodsPhrase
from openbot.reading.goods_words import Stems
from openbot.reading.items import (
    AmbiguousItem,
    CartLine,
    Change,
    ItemRead,
    ReadItem,
    RefusedItem,
    UnknownItem,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One thing of the sentence before the catalogue is asked."""

    change: Change
    goods: GoodsPhrase
    said: Said | None
    phrase: str
    elliptic: bool = False  #: «… y una **de pollo**»: the noun was said before
    linked: bool = False  #: «6 **de** pollo»
    negative: bool = False
    whole: bool = False  #: «todas las cocas»
    vague: bool = False  #: «una cebolla» of something weighed: no quantity
    again: bool = False  #: «otra», «una más»: one like those in the order


class Resolver:
    """Turns wishes into products, with the order so far and the sentence's earlier things in mind."""

    def __init__(
        self,
        *,
        matcher: Matcher,
        cart: Sequence[CartLine],
        group: Sequence[Product] = (),
        answering: bool = False,
    ) -> None:
        """The cart decides which coca «sacá una coca» means; the goods just shown, what «6 de pollo» is.

        `answering`: the customer was asked which of the group.
        """
        self._group = group
        self._answering = answering
        self._matcher = matcher
        self._cart = {line.product_id: line.quantity for line in cart}
        self._head: Stems = ()
        self._heads: list[Stems] = []
        self._said: Said | None = None

    @property
    def head(self) -> Stems:
        """The noun said last."""
        return self._head

    def resolve(self, wish: Wish) -> ReadItem:
        """Find the product and settle the quantity."""
        wish, match = self._matched(wish)
        if not wish.elliptic:
            self._head = wish.goods.stems[:1]
            self._heads.append(self._head)
        self._said = wish.said
        if isinstance(match, NotFound):
            return UnknownItem(phrase=wish.phrase, nearest=match.nearest, said=wish.said)
        if isinstance(match, Exact) and (before := self._of_a_head(wish, match.product)) is not None:
            match = Exact(before)
        if isinstance(match, Exact) and (others := self._by_piece(wish, match.product)):
            match = Ambiguous(wish.phrase, (*others, match.product))
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
                said=wish.said,
            )
        return self.settled(wish, match.product)

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
        quantity = quantity_of(wish.said, product, matcher=self._matcher, asked=again)
        if wish.negative:
            quantity = Refusal.NEGATIVE
        if isinstance(quantity, Refusal):
            return RefusedItem(
                change=change, product=product, phrase=wish.phrase, said=wish.said, refusal=quantity
            )
        return ItemRead(change=change, product=product, quantity=quantity, phrase=wish.phrase)

    # --- which product -------------------------------------------------------------------------

    def _matched(self, wish: Wish) -> tuple[Wish, Match]:
        goods, said = wish.goods, wish.said
        if wish.elliptic and self._head and (said is None or said.unit in {None, Unit.DOZEN, Unit.PIECE}):
            match = self._match(wish, (*self._head, *goods.stems))
            if self._matcher.named((*self._head, *goods.stems)):
                return replace(
                    wish, said=self._inherited(wish), goods=replace(goods, stems=(*self._head, *goods.stems))
                ), match
        if self._group:
            inherited = replace(wish, said=self._inherited(wish)) if wish.linked else wish
            shown = self.of_group(inherited)
            if shown is not None:
                return inherited, shown
        if said is not None and said.container:
            hint = self._matcher.vocabulary.softly(said.container)
            match = self._match(wish, (hint, *goods.stems)) if hint else NotFound("", ())
            if not isinstance(match, NotFound):
                return wish, match
        plain = self._match(wish, goods.stems)
        by_weight = isinstance(plain, Exact) and plain.product.unit.weighed
        if (
            said is not None
            and said.unit is not None
            and said.unit.weighed
            and not goods.sizes
            and not by_weight
        ):
            size = size_said(said)
            if size is not None and self._matcher.comes_in_sizes(goods.stems):
                exact = self._matcher.match_stems(goods.stems, phrase=wish.phrase, sizes=(size,))
                if isinstance(exact, Exact) and self._fits(said, exact.product):
                    return wish, exact
        return replace(wish, elliptic=False), plain

    def _of_a_head(self, wish: Wish, product: Product) -> Product | None:
        """«6 empanadas carne 6 jyq **12 pollo**»: hardly twelve kilos of chicken."""
        if wish.said is None or wish.said.unit is not None or not product.unit.weighed:
            return None
        if self._fits(wish.said, product):
            return None
        for head in reversed(self._heads):
            stems = (*head, *wish.goods.stems)
            match = self._match(wish, stems) if head and self._matcher.named(stems) else None
            if isinstance(match, Exact) and self._fits(wish.said, match.product):
                return match.product
        return None

    def _by_piece(self, wish: Wish, product: Product) -> tuple[Product, ...]:
        """«6 de pollo» are hardly six kilos: give what of that name is sold by the piece."""
        bare = wish.linked and wish.said is not None and wish.said.unit is None and not wish.said.container
        if not bare or not product.unit.weighed or wish.said is None or self._fits(wish.said, product):
            return ()
        covering = self._matcher.covering(wish.goods.stems)
        return tuple(each for each in covering if each.unit is Unit.PIECE)[: MOST_CANDIDATES - 1]

    def of_group(self, wish: Wish) -> Match | None:
        """«6 de carne» after a list of empanadas; None where it is none of them."""
        goods, said = wish.goods, wish.said
        if not self._group:
            return None
        match = self._matcher.match_among(
            goods.stems, among=self._group, phrase=wish.phrase, sizes=goods.sizes, rank=goods.rank
        )
        if isinstance(match, NotFound) or not all(goods.stems) or wish.change is Change.GONE:
            return None
        plain = self._match(wish, goods.stems)
        named_else = isinstance(plain, Exact) and plain.product not in self._group
        if named_else and not (wish.linked or (self._answering and said is None)):
            return None
        if isinstance(match, Exact):
            return match if said is None or self._fits(said, match.product) else None
        fitting = [each for each in match.candidates if said is None or self._fits(said, each)]
        return None if isinstance(plain, Exact) or not fitting else _narrowed(match, fitting)

    def _match(self, wish: Wish, stems: Stems) -> Match:
        match = self._matcher.match_stems(
            stems, phrase=wish.phrase, sizes=wish.goods.sizes, rank=wish.goods.rank
        )
        if isinstance(match, Ambiguous):
            match = self._by_cart(wish, match)
        if isinstance(match, Ambiguous) and wish.said is not None and not wish.negative:
            match = self._by_unit(wish.said, match)
        return match

    def _by_cart(self, wish: Wish, match: Ambiguous) -> Match:
        """«sacá una coca»: the one in the order."""
        if wish.change is Change.ADD and not wish.again:
            return match
        return _narrowed(match, [each for each in match.candidates if each.id in self._cart])

    def _by_unit(self, said: Said, match: Ambiguous) -> Match:
        """«una docena de carne» is not the minced meat sold by the kilo."""
        if said.unit is None and not said.container:
            return match
        other = {Refusal.OTHER_UNIT} if said.unit is not None and said.unit.weighed else set(Refusal)
        return _narrowed(
            match,
            [
                each
                for each in match.candidates
                if quantity_of(said, each, matcher=self._matcher) not in other
            ],
        )

    def _fits(self, said: Said, product: Product) -> bool:
        return not isinstance(quantity_of(said, product, matcher=self._matcher), Refusal)

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

    def _inherited(self, wish: Wish) -> Said | None:
        """«una docena de carne y **otra** de pollo»: a dozen again. «… y 6 de pollo»: six."""
        said, before = wish.said, self._said
        if said is None or said.unit is not None or before is None or before.unit is not Unit.DOZEN:
            return said
        if before.amount < 1 and said.amount % 1 == 0:
            return before if wish.again and said.amount == 1 else said  # «media docena de carne y 3 de pollo»
        few = said.amount in {1, 2, 3} or said.amount % 1 != 0
        return replace(said, unit=Unit.DOZEN) if few else said

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


def _narrowed(match: Ambiguous, kept: list[Product]) -> Match:
    if len(kept) == 1:
        return Exact(kept[0])
    return Ambiguous(match.phrase, tuple(kept)) if kept else match


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
