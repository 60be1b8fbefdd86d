"""What stands around a thing: its sign, a quantity after it, the shelf it may be the name of."""

import re
from collections.abc import Sequence

from openbot.catalogue.goods import Category, Product, Unit
from openbot.catalogue.matching import MOST_CANDIDATES, Ambiguous, Exact
from openbot.catalogue.quantities import Said
from openbot.catalogue.words import phrase, word_set
from openbot.reading.goods_phrases import GoodsPhrase
from openbot.reading.items import AmbiguousItem, Change, ItemRead
from openbot.reading.lexicon import ADDING, ARTICLES, ASKING, FILLERS, WISHING
from openbot.reading.spoken import Spoken
from openbot.reading.verbs import Verbs
from openbot.reading.wishes import Wish

_AROUND_A_SHELF = (
    FILLERS | ARTICLES | WISHING | ASKING | ADDING | word_set("mostrame muestrame mostra ver lista pasa")
)


class Surroundings(Verbs):
    """Reads what is around a thing; who inherits reads the thing."""

    def __init__(self, spoken: Spoken) -> None:
        """Read nothing yet."""
        super().__init__(spoken)
        self._expected = spoken.expected
        self._asking = False
        self._category: Category | None = None

    # --- shelves -------------------------------------------------------------------------------

    def _shelf(self, place: int, goods: GoodsPhrase | None, said: Said | None) -> int | None:
        """Take the name of a shelf: «dame gaseosas»; with a quantity it is a question of which."""
        found = self._matcher.shelves.at(self._reader.word, place)
        if (
            found is None
            or self._is_shown(goods)
            or (goods is not None and (said is not None or goods.stop > found[1]))
        ):
            return None
        category, stop = found
        products = self._matcher.catalogue.products_in(category.id)
        if goods is not None and self._are_goods(goods, products) and goods.stop == stop:
            return None
        if self._change is Change.GONE:
            held = {line.product_id for line in self._cart}
            out = [each for each in products if each.id in held]
            return self._shelf_out(place, stop, out) if out else None
        if said is not None:
            self._which(place, stop, products, said)
            return stop
        if not (self._wished or self._asking or self._expected or self._alone_in_text(place, stop)):
            return None
        self._category = self._category or category
        return stop

    def _is_shown(self, goods: GoodsPhrase | None) -> bool:
        """«de carne» after a list of empanadas is no shelf of meat."""
        if goods is None:
            return False
        wish = Wish(change=self._change, goods=goods, said=None, phrase="", linked=True)
        return self._resolver.of_group(wish) is not None

    def _are_goods(self, goods: GoodsPhrase, products: Sequence[Product]) -> bool:
        """«empanadas» are a kind of goods, «verduras» and «vinos» are a shelf."""
        match self._matcher.match_stems(goods.stems, phrase="", sizes=goods.sizes, rank=goods.rank):
            case Exact(product):
                return product in products and not goods.plural
            case Ambiguous(_, candidates):
                return all(each in products for each in candidates)
            case _:
                return False

    def _alone_in_text(self, place: int, stop: int) -> bool:
        around = (*self._words[:place], *self._words[stop:])
        return all(each.word in _AROUND_A_SHELF or not each.is_word for each in around)

    def _shelf_out(self, place: int, stop: int, products: Sequence[Product]) -> int:
        for product in products:
            self._settle(place, stop, product, change=Change.GONE)
        return stop

    def _settle(self, place: int, stop: int, product: Product, *, change: Change) -> None:
        """Keep a product of the order that was meant without its name."""
        self._wishes.append(
            Wish(change=change, goods=GoodsPhrase((), place, stop), said=None, phrase=product.name)
        )
        self._items.append(ItemRead(change=change, product=product, quantity=None, phrase=product.name))

    def _which(self, place: int, stop: int, products: Sequence[Product], said: Said) -> None:
        words = phrase(self._cleaned, self._words[place:stop])
        self._wishes.append(
            Wish(change=self._change, goods=GoodsPhrase((), place, stop), said=said, phrase=words)
        )
        candidates = tuple(each for each in products if each.available)[:MOST_CANDIDATES]
        self._items.append(AmbiguousItem(change=self._change, phrase=words, candidates=candidates, said=said))

    # --- signs and quantities ------------------------------------------------------------------

    def _signed(self, at: int) -> tuple[int, bool]:
        if self._reader.word(at) == "menos" and self._reader.quantity(at + 1):
            return at + 1, True
        token = self._words[at]
        glued = at > 0 and self._words[at - 1].word in {"-", "−"} and self._words[at - 1].end == token.start
        apart = (
            at <= 1 or self._words[at - 2].end < self._words[at - 1].start or not self._reader.open(at - 2)
        )
        return at, glued and apart and token.is_number and not self._bullets()

    def _bullets(self) -> bool:
        """Several lines that begin with «-2 …» are a list, not debts."""
        return len(re.findall(r"(?:^|\n)\s*-\s*\d", self._cleaned)) > 1

    def _weight_after(self, goods: GoodsPhrase) -> tuple[Said, int] | None:
        """«un pollo **de 2 kilos**» of something weighed."""
        if self._reader.word(goods.stop) != "de" or not self._matcher.is_weighed(goods.stems):
            return None
        found = self._reader.quantity(goods.stop + 1)
        if found is None or found[0].unit is not Unit.KILO or self._reader.word(found[1]) == "de":
            return None
        return found

    def _quantity_after(self, goods: GoodsPhrase) -> tuple[Said | None, int]:
        """«papa 3 kg», «lavandina x 4», «nuggets: 2»."""
        stop = goods.stop
        marked = self._reader.word(stop) in {"x", "por"} and not self._swapping
        if (
            not self._reader.open(stop)
            and stop < len(self._words)
            and self._words[stop].word in {":", "=", "-", "("}
        ):
            marked = True
        place = stop + marked
        found = self._reader.quantity(place)
        if found is not None and marked and not self._reader.open(stop) and not self._ends(found[1]):
            return None, stop
        if found is None or (self._reader.word(place) in {"un", "una", "otra", "otro"} and not marked):
            return None, stop
        if not marked and not self._ends(found[1]) and not self._trailing_style(goods.start):
            return None, stop
        return found[0], found[1]

    def _ends(self, at: int) -> bool:
        """Tell whether no goods follow directly."""
        word = self._reader.word(at)
        return not word or word in {"y", "e", "mas", "porfa", "por"} or word in ADDING

    def _trailing_style(self, at: int) -> bool:
        """«coca zero 1,5 2 sprite 3»: things first, figures after, to the end of the line."""
        stop = at
        while self._reader.open(stop):
            stop += 1
        return any(
            (found := self._reader.quantity(place)) is not None and found[1] == stop
            for place in range(max(at, stop - 4), stop)
        )
