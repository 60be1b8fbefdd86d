"""Which product does a wish mean? With what was shown, said before and ordered in mind."""

from collections.abc import Sequence
from dataclasses import replace

from openbot.catalogue.goods import Product, Unit
from openbot.catalogue.matching import MOST_CANDIDATES, Ambiguous, Exact, Match, Matcher, NotFound
from openbot.catalogue.phrases import size_said
from openbot.catalogue.quantities import Refusal, Said
from openbot.reading.goods_words import Stems
from openbot.reading.items import CartLine, Change
from openbot.reading.wishes import Wish, quantity_of


class Meaning:
    """Finds products for wishes; who inherits settles how much."""

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
        self._whole: Said | None = None  # «una docena de empanadas: …»

    @property
    def head(self) -> Stems:
        """The noun said last."""
        return self._head

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
        """«6 de pollo» are hardly six kilos: give it and what of that name is sold by the piece."""
        said = wish.pieces or wish.said
        if said is not None and wish.vague:
            said = replace(said, unit=Unit.PIECE)  # «una muzza»
        bare = said is not None and said.unit in {None, Unit.PIECE} and not said.container
        if said is None or not bare or not product.unit.weighed or self._fits(said, product):
            return ()
        covering = self._matcher.covering(wish.goods.stems)
        if not wish.linked:  # «2 muzzas» may be pizzas, «2 pollos» are no empanadas
            covering = tuple(
                each for each in covering if self._matcher.begins_with(each, wish.goods.stems[0])
            )
        by_piece = tuple(each for each in covering if each.unit is Unit.PIECE)[: MOST_CANDIDATES - 1]
        if not by_piece:
            return ()
        return (*by_piece, product) if wish.linked else (product, *by_piece)

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
            stems,
            phrase=wish.phrase,
            sizes=wish.goods.sizes,
            rank=wish.goods.rank,
            held=() if wish.change is Change.ADD else self._cart,
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

    def _inherited(self, wish: Wish) -> Said | None:
        """«una docena de carne y **otra** de pollo»: a dozen again. «… y 6 de pollo»: six."""
        said, before = wish.said, self._said
        if said is None or said.unit is not None or before is None or before.unit is not Unit.DOZEN:
            return said
        if before.amount < 1 and said.amount % 1 == 0:
            return before if wish.again and said.amount == 1 else said  # «media docena de carne y 3 de pollo»
        if wish.part and self._whole is not None and said.amount > self._whole.amount:
            return said  # «una docena de empanadas: 3 de carne, 3 …»
        few = said.amount in {1, 2, 3} or said.amount % 1 != 0
        return replace(said, unit=Unit.DOZEN) if few else said


def _narrowed(match: Ambiguous, kept: list[Product]) -> Match:
    if len(kept) == 1:
        return Exact(kept[0])
    return Ambiguous(match.phrase, tuple(kept)) if kept else match
