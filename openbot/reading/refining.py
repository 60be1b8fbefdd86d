"""What a sentence says about goods already named or ordered: «que la coca sea zero», «sacá todo menos el pan»."""

from dataclasses import replace
from decimal import Decimal

from openbot.catalogue.goods import Product
from openbot.catalogue.phrases import RANKS, Size, size_said, stems_of
from openbot.catalogue.quantities import Said
from openbot.catalogue.words import phrase, word_set
from openbot.reading.goods_phrases import GoodsPhrase
from openbot.reading.goods_words import Stems
from openbot.reading.items import AmbiguousItem, Change, ItemRead
from openbot.reading.lexicon import ARTICLES, REMOVING
from openbot.reading.surroundings import Surroundings
from openbot.reading.wishes import Wish

_BEING = word_set("sea sean fuera fueran fuese")
_TURNING = _BEING | word_set("mejor pero")
_LIGHT = word_set("de d la el las los en tipo version mejor todas todos solo")
_ALL_OF_THEM = word_set("todas todos ambas ambos")
_EVERYTHING = word_set("todo todos todas")
_EMPTYING = word_set("vacia vaciame vaciar vacialo limpia limpiame")
_ORDER = word_set("el la los las lo pedido carrito lista orden productos cosas que pedi puse anote anotado")
_LEAVING = word_set("deja dejame dejale dejar dejas")
_ONLY = word_set("solo solamente unicamente")
_FACTORS = {
    **dict.fromkeys(word_set("doble duplica duplicame duplicar duplicas"), Decimal(2)),
    **dict.fromkeys(word_set("triple triplica triplicame"), Decimal(3)),
    "mitad": Decimal("0.5"),
}
_EXCEPT = word_set("menos excepto salvo")


class Refining(Surroundings):
    """Changes what was said or ordered before; who inherits reads things."""

    # --- everything ----------------------------------------------------------------------------

    def _everything(self, at: int) -> int | None:
        """«sacá todo», «vaciá el carrito», «borrá todo menos el pan»: the lines of the order, one by one."""
        if not self._cart:
            return None
        place = self._end_of_everything(at)
        kept, after = self._exceptions(place) if place is not None else self._only_those(at)
        if place is None and not kept:
            return None
        for line in self._cart:
            product = self._matcher.catalogue.product(line.product_id)
            if product is not None and product not in kept:
                self._settle(at, after, product, change=Change.GONE)
        self._change = self._usual
        return after

    def _end_of_everything(self, at: int) -> int | None:
        word, place = self._reader.word(at), at + 1
        if word not in REMOVING | _EMPTYING:
            return None
        while self._reader.word(place) in _EVERYTHING | _ORDER:
            place += 1
        said = {self._reader.word(each) for each in range(at + 1, place)}
        whole = said & _EVERYTHING or (word in _EMPTYING and said & {"pedido", "carrito", "lista", "orden"})
        following = self._reader.word(place)
        return place if whole and (not following or following in _EXCEPT | {"y", "porfa", "por"}) else None

    def _exceptions(self, place: int) -> tuple[list[Product], int]:
        return self._products(place + 1) if self._reader.word(place) in _EXCEPT else ([], place)

    def _only_those(self, at: int) -> tuple[list[Product], int]:
        """«dejá solo las cocas»; with a quantity it only changes that."""
        words = [self._reader.word(at), self._reader.word(at + 1)]
        if not (words[0] in _LEAVING and words[1] in _ONLY) and not (
            words[0] in _ONLY and words[1] in _LEAVING
        ):
            return [], at
        kept, after = self._products(at + 2)
        return (kept, after) if not self._reader.open(after) else ([], at)

    def _products(self, place: int) -> tuple[list[Product], int]:
        """Goods named one after the other, without quantities."""
        kept: list[Product] = []
        while place < len(self._words):
            while self._reader.word(place) in ARTICLES | {"y", "e"} or self._comma(place):
                place += 1
            goods = self._reader.goods(place)
            if goods is None:
                break
            item = self._resolver.resolve(
                Wish(change=Change.GONE, goods=goods, said=None, phrase=self._said_at(goods))
            )
            kept += [item.product] if isinstance(item, ItemRead) else getattr(item, "candidates", ())
            place = goods.stop
        return kept, place

    def _comma(self, place: int) -> bool:
        return place < len(self._words) and self._words[place].word == ","

    def _multiplied(self, at: int) -> int | None:
        """«el doble de empanadas», «solo la mitad de las cocas», «duplicame las cocas»: of a line of the order."""
        factor = _FACTORS.get(self._reader.word(at)) if self._cart and not self._items else None
        place = at + 1 + (self._reader.word(at + 1) == "de")
        while self._reader.word(place) in ARTICLES:
            place += 1
        goods = self._reader.goods(place) if factor is not None and place > at + 1 else None
        if goods is None or factor is None:
            return None
        wish = Wish(change=Change.GONE, goods=goods, said=None, phrase=self._said_at(goods))
        item = self._resolver.resolve(wish)
        held = {line.product_id: line.quantity for line in self._cart}
        if not isinstance(item, ItemRead) or item.product.id not in held:
            return None
        said = Said(held[item.product.id] * factor, item.product.unit)
        self._wishes.append(replace(wish, change=Change.SET, said=said))
        self._items.append(self._resolver.settled(self._wishes[-1], item.product))
        return goods.stop

    # --- another kind --------------------------------------------------------------------------

    def _refined(self, at: int) -> int | None:
        """«que la coca **sea zero**», «2 cocas, que sean de 2,25», «una empanada de carne mejor de pollo»."""
        word = self._reader.word(at)
        if word in _ALL_OF_THEM and self._items:
            return self._all_of_a_size(at)
        if word not in _TURNING:
            return None
        detail = self._detail(at + 1)
        if detail is None:
            return None
        if self._items:
            wish = self._wishes[-1]
            longer = self._longer_phrase(wish.goods.stems, detail)
            if longer is None:
                return None
            old = self._ordered(wish)
            if old is None:
                own = wish.goods.sizes
                if own and not longer.sizes and self._matcher.has_size(longer.stems, own[0]):
                    longer = replace(longer, sizes=own)
                self._items[-1] = self._resolver.resolve(replace(wish, goods=longer))
            else:
                self._items.pop()
                self._wishes.pop()
                self._swap(old, longer)
            return detail.stop
        return self._of_the_order(detail) if word in _BEING else None

    def _all_of_a_size(self, at: int) -> int | None:
        """«una coca, una sprite, **todas de 2,25**»: the size of those it is open for."""
        detail = self._detail(at + 1)
        if detail is None or not detail.sizes:
            return None
        for place, (item, wish) in enumerate(zip(self._items, self._wishes, strict=True)):
            fits = self._matcher.has_size(wish.goods.stems, detail.sizes[0])
            if isinstance(item, AmbiguousItem) and fits:
                goods = replace(wish.goods, sizes=detail.sizes)
                self._items[place] = self._resolver.resolve(replace(wish, goods=goods))
        return detail.stop

    def _detail(self, at: int) -> GoodsPhrase | None:
        """Read what something shall be: words, a size or «grande»; no quantity."""
        place, linked = at, False
        while self._reader.word(place) in _LIGHT:
            linked = linked or self._reader.word(place) in {"de", "d"}
            place += 1
        if self._reader.word(place) in RANKS:
            return GoodsPhrase((), place, place + 1, rank=RANKS[self._reader.word(place)])
        found = self._reader.quantity(place)
        if found is None:
            return self._reader.goods(place)
        size = size_said(found[0])
        return GoodsPhrase((), place, found[1], sizes=(size,)) if linked and size is not None else None

    def _longer_phrase(self, stems: Stems, detail: GoodsPhrase) -> GoodsPhrase | None:
        """Put the noun said before and the new words together, where such goods exist."""
        for kept in (stems, stems[:1]) if stems else ():
            longer = (*kept, *(each for each in detail.stems if each not in kept))
            fits = self._matcher.fits(longer)
            if fits and all(self._matcher.has_size(longer, size) for size in detail.sizes):
                return replace(detail, stems=longer)
        return None

    def _ordered(self, wish: Wish) -> Product | None:
        """Give the one product of the order that a thing named without a quantity means."""
        if wish.said is not None or not self._cart:
            return None
        item = self._resolver.resolve(replace(wish, change=Change.GONE))
        held = {line.product_id for line in self._cart}
        return item.product if isinstance(item, ItemRead) and item.product.id in held else None

    def _of_the_order(self, detail: GoodsPhrase) -> int | None:
        """«que sea zero», of the latest line it can be said of."""
        for line in reversed(self._cart):
            product = self._matcher.catalogue.product(line.product_id)
            head = stems_of(product.name)[:1] if product else ()
            longer = self._longer_phrase(tuple(frozenset((each,)) for each in head), detail)
            if product is not None and longer is not None:
                self._swap(product, longer)
                return detail.stop
        return None

    def _swap(self, old: Product, goods: GoodsPhrase) -> None:
        """As many of the new kind, in the size it had, as there were of the old one."""
        held = next((line.quantity for line in self._cart if line.product_id == old.id), Decimal(1))
        if not goods.sizes and not goods.rank:
            goods = replace(goods, sizes=self._same_size(old, goods.stems))
        wish = Wish(change=Change.ADD, goods=goods, said=Said(held, old.unit), phrase=self._said_at(goods))
        item = self._resolver.resolve(wish)
        if isinstance(item, ItemRead) and item.product == old:
            return
        self._settle(goods.start, goods.stop, old, change=Change.GONE)
        self._wishes.append(wish)
        self._items.append(item)

    def _same_size(self, old: Product, stems: Stems) -> tuple[Size, ...]:
        sizes = [Size(amount, base) for base, amount in self._matcher.sizes_of(old)]
        return tuple(sizes) if len(sizes) == 1 and self._matcher.has_size(stems, sizes[0]) else ()

    def _said_at(self, goods: GoodsPhrase) -> str:
        return phrase(self._cleaned, self._words[goods.start : goods.stop])
