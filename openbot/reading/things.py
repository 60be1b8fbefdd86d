"""One thing of a sentence: «[quantity] [de] goods [quantity]», or a quantity or a name by itself."""

import re
from dataclasses import replace
from decimal import Decimal

from openbot.catalogue.phrases import RANKS, size_said
from openbot.catalogue.quantities import Said
from openbot.catalogue.words import phrase, stem, word_set
from openbot.reading.goods_phrases import GoodsPhrase
from openbot.reading.items import (
    AmbiguousItem,
    Change,
    ItemRead,
    ReadItem,
    RefusedItem,
    products_meant,
)
from openbot.reading.lexicon import (
    ALL,
    ARTICLES,
    ASSORTED,
    CONNECTORS,
    NO_GOODS,
)
from openbot.reading.listing import OTHERS, Listing
from openbot.reading.spoken import Spoken
from openbot.reading.wishes import Wish

_INFINITIVE = re.compile(r"[a-z]+[aei]r(?:me|te|lo|la|los|las|le|les|se|nos)*")
#: «dame», «mandame»: never followed by a verb.
_HANDING = word_set(
    "dame deme danos mandame mandanos mande enviame pasame traeme poneme ponme anotame agregame sumame"
)
_AFTER_ONE = CONNECTORS | word_set("mas nomas sola solo porfa por pls gracias dame quiero mejor")
_ONE = Said(Decimal(1))
_SURE_LENGTH = 6  #: a typo in a shorter word may be another word


class Things(Listing):
    """Reads one thing at a time; who inherits walks over the sentence."""

    def __init__(self, spoken: Spoken) -> None:
        """Read nothing yet."""
        super().__init__(spoken)
        self._orders = spoken.orders
        self._mentioned: list[ReadItem] = []
        self._loose: Said | None = None
        self._negative = False
        self._heading = False  # «empanadas: 6 carne, 6 pollo»

    def _thing(self, at: int) -> int | None:
        """Read «[quantity] [de] goods [quantity]» from here, or give None."""
        start, negative = self._signed(at)
        start += self._reader.word(start) == "x" and self._reader.quantity(start + 1) is not None
        found = self._reader.quantity(start)
        said, place = found or (None, start)
        if said is None and negative:
            return None
        place, linked = self._linked(place, counted=said is not None)
        if said is None and self._reader.word(start) == "mitad" and (half := self._half()) is not None:
            said, linked = half, True
            place = start + 1 + (self._reader.word(start + 1) in {"de", "y"})
        goods = self._named(place, said) or self._of_the_last(place, said, linked=linked)
        after = None if linked and said is not None else self._shelf(place, goods, said)
        if after is not None:
            return after
        if goods is None:
            return self._no_goods(start, place, said, negative=negative)
        if said is None and (
            self._occasion(place) or self._far_fetched(goods) or self._only_describes(at, goods)
        ):
            return goods.stop
        elliptic = self._elliptic(at, linked=linked, counted=said is not None)
        goods = self._with_second(goods) if elliptic or self._group else goods
        wish = Wish(
            change=self._change,
            goods=goods,
            said=said,
            phrase=phrase(self._cleaned, self._words[goods.start : goods.stop]),
            elliptic=elliptic,
            part=self._heading,
            negative=negative,
            linked=linked or self._reader.word(start - 1) == "de",
            vague=said == _ONE and not linked and self._reader.word(start) in {"un", "una"},
            again=self._reader.word(at) in OTHERS or (said is not None and self._more(start, place)),
            whole=said is None and self._reader.word(start) in ALL,
        )
        return self._followed(wish)

    def _named(self, place: int, said: Said | None) -> GoodsPhrase | None:
        goods = self._reader.goods(place) or self._measure_sold(place, said)
        if goods is None or not goods.stems:
            return goods
        words = {self._words[at].word for at in range(goods.start, goods.stop)}
        return None if words <= RANKS.keys() else goods  # «los grandes» names nothing

    def _of_the_last(self, place: int, said: Said | None, *, linked: bool) -> GoodsPhrase | None:
        """«2 cocas de 2,25 y 3 **de 1,5**», «… y 3 **latas**»: the thing named last, in another size."""
        last = self._wishes[-1] if self._wishes else None
        if last is None or last.said is None or said is None or self._change is Change.SET:
            return None  # it says how many of the last
        stems = last.goods.stems
        names = said.container if said.unit is None else ""
        hint = self._matcher.vocabulary.softly(names) if names else frozenset()
        if hint and not linked and self._matcher.fits((hint, *stems)):
            return GoodsPhrase(stems, place, place)
        found = self._reader.quantity(place) if linked else None
        size = size_said(found[0]) if found else None
        if found is None or size is None or not self._matcher.comes_in_sizes(stems):
            return None
        return GoodsPhrase(stems, place, found[1], sizes=(size,))

    def _only_describes(self, at: int, goods: GoodsPhrase) -> bool:
        """«1 vacío **entero**»: no name begins with it and it follows another thing directly."""
        follows = bool(self._wishes) and self._wishes[-1].goods.stop == at
        return follows and not self._matcher.begins(goods.stems[0])

    def _linked(self, place: int, *, counted: bool) -> tuple[int, bool]:
        """Go over «de», «las» … between a quantity and its thing; tell whether it was «de»."""
        links = ARTICLES | ({"de", "del", "x", "d"} if counted else set())
        links |= {"mas", "sola", "solo", "solas", "solos"} | ASSORTED if counted else set()
        links |= {"a"} if counted and self._change is Change.GONE else set()
        linked = False
        if counted and self._items and self._reader.word(place) == "con" and self._reader.named_at(place + 1):
            return place + 1, True  # «2 aguas sin gas y 2 con gas»
        while self._reader.word(place) in links:
            linked = linked or self._reader.word(place) in {"de", "d"}
            place += 1
        return place, linked

    def _with_second(self, goods: GoodsPhrase) -> GoodsPhrase:
        """«6 empanadas de carne y 6 de **jamón y queso**»."""
        second = self._reader.named_at(goods.stop + 1) if self._reader.word(goods.stop) == "y" else None
        if second is None:
            return goods
        longer = replace(goods, stems=(*goods.stems, *second[0]), stop=second[1])
        named = self._matcher.named((*self._resolver.head, *longer.stems))
        wish = Wish(change=self._change, goods=longer, said=None, phrase="", linked=True)
        return longer if named or self._resolver.of_group(wish) is not None else goods

    def _measure_sold(self, place: int, said: Said | None) -> GoodsPhrase | None:
        """«1 maple»: the measure is the name of what is sold."""
        stems = (frozenset((stem(self._reader.word(place - 1)),)),) if said is not None and said.unit else ()
        return GoodsPhrase(stems, place - 1, place) if stems and self._matcher.named(stems) else None

    def _more(self, start: int, place: int) -> bool:
        """«dos **más** de esas cocas»."""
        return any(self._reader.word(each) == "mas" for each in range(start, place))

    def _elliptic(self, at: int, *, linked: bool, counted: bool) -> bool:
        """Tell whether the noun may have been said before: «6 empanadas de carne y 6 **de pollo**»."""
        if not self._items:
            return False
        links = {"y", "e", "de"} | ({"por"} if self._swapping else set())
        return (linked and counted) or self._heading or (not counted and self._reader.word(at - 1) in links)

    def _followed(self, wish: Wish) -> int:
        """Take what comes after a thing («x 4», «más», «menos»), and keep the wish."""
        goods, stop = wish.goods, wish.goods.stop
        weight = self._weight_after(goods) if wish.said is not None and wish.said.unit is None else None
        if weight is not None and wish.said is not None:  # «2 pollos de 2 kilos»
            in_all = replace(weight[0], amount=weight[0].amount * wish.said.amount)
            wish, stop = replace(wish, said=in_all, vague=False), weight[1]
        if wish.said is None and not wish.whole:
            said, stop = self._quantity_after(goods)
            wish = replace(wish, said=said)
        raised = self._reader.quantity(stop + 1) if self._reader.word(stop) == "a" and self._cart else None
        if raised is not None and wish.said is None and self._ends(raised[1]):  # «subí las cocas a 4»
            wish, stop = replace(wish, change=Change.SET, said=raised[0]), raised[1]
        if self._reader.word(stop) in {"mas", "extra"}:
            wish, stop = replace(wish, again=True), stop + 1
        if self._reader.word(stop) == "menos" and self._cart:
            wish, stop = replace(wish, change=Change.GONE), stop + 1
        if wish.again and wish.change is Change.SET:
            wish = replace(wish, change=Change.ADD)
        following = self._words[goods.stop].word if goods.stop < len(self._words) else ""
        self._keep(replace(wish, heading=following in {":", "("} and wish.said is not None))
        self._heading = following in {":", "("} or (self._heading and wish.elliptic)
        return stop

    def _far_fetched(self, goods: GoodsPhrase) -> bool:
        """A lone word that only looks like a typo of something sold, with neither number nor verb."""
        written = [self._words[place].word for place in range(goods.start, goods.stop)]
        if self._wished or self._expected or any(map(self._matcher.vocabulary.exactly, written)):
            return False
        return len(written[0]) < _SURE_LENGTH

    def _occasion(self, place: int) -> bool:
        """«para el asado: …» says what for, not what."""
        before = [self._reader.word(place - 1), self._reader.word(place - 2)]
        return before[0] in {"el", "la", "un"} and before[1] == "para"

    def _no_goods(self, start: int, place: int, said: Said | None, *, negative: bool) -> int | None:
        """A quantity or a wish without anything we sell."""
        word = self._reader.word(place)
        if said is not None and word in NO_GOODS:
            return place + 1
        wanted = said is not None or (self._wished and not self._reader.quantity(start)) or self._alone(place)
        unknown = self._reader.unknown(place) if wanted and not self._is_verb(place) else None
        if unknown is not None and self._orders:
            words = phrase(self._cleaned, self._words[place : unknown.stop])
            self._keep(Wish(change=self._change, goods=unknown, said=said, phrase=words))
            return unknown.stop
        if said is None or self._article_of(start):
            return None
        return self._bare(start, said, negative=negative)

    def _article_of(self, at: int) -> bool:
        """«es **una** casa» counts nothing."""
        found, following = self._reader.quantity(at), self._reader.word(at + 1)
        alone = found is not None and found[1] == at + 1 and self._reader.word(at) in {"un", "una"}
        return alone and bool(following) and following not in _AFTER_ONE

    def _is_verb(self, place: int) -> bool:
        """«quiero comprar»; but «mandame caviar»."""
        before = self._reader.word(place - 1)
        return _INFINITIVE.fullmatch(self._reader.word(place) or "-") is not None and before not in _HANDING

    def _alone(self, at: int) -> bool:
        """A word by itself where goods were asked for: «shampoo, jabón»."""
        if not self._expected or self._reader.word(at - 1) not in {"", "y", "e"}:
            return False
        unknown = self._reader.unknown(at)
        return unknown is not None and self._reader.word(unknown.stop) in {"", "y", "e"}

    def _bare(self, at: int, said: Said, *, negative: bool) -> int:
        """«mejor son **tres**», «la muzza que sea **medio kilo**»."""
        found = self._reader.quantity(at)
        after = found[1] if found else at + 1
        if self._completes(said):
            return after
        if self._instead_of is not None and self._instead_of == len(self._items) - 1:
            wish = replace(self._wishes[-1], change=Change.SET, said=said)  # «en vez de 2 fernet mandame 1»
            self._wishes[-1], self._items[-1] = wish, self._resolver.resolve(wish)
            return after
        last = self._items[-1] if self._items else None
        if (
            self._change is Change.SET
            and isinstance(last, ItemRead | RefusedItem)
            and last.product is not None
        ):
            wish = replace(self._wishes[-1], change=Change.SET, said=said, negative=negative)
            self._items[-1] = self._resolver.settled(wish, last.product)
        elif self._change is Change.SET and isinstance(last, AmbiguousItem) and last.said is None:
            self._items[-1] = self._resolver.resolve(
                replace(self._wishes[-1], change=Change.SET, said=said, negative=negative)
            )
        elif self._change is Change.SET and self._cart and not self._items:
            product = self._meant(said)
            if product is not None:
                wish = Wish(
                    change=Change.SET,
                    goods=GoodsPhrase((), at, after),
                    said=said,
                    phrase=product.name,
                    negative=negative,
                )
                self._wishes.append(wish)
                self._items.append(self._resolver.settled(wish, product))
        elif self._loose is None:
            self._loose, self._negative = said, negative
        return after

    def _completes(self, said: Said) -> bool:
        """«¿tenés fernet? dame **2**», «se acabó la yerba, mandame **2**»."""
        asked_about = products_meant(self._mentioned)
        if self._wished and not self._items and len(asked_about) == 1:
            goods = GoodsPhrase((), 0, 0)
            wish = Wish(change=Change.ADD, goods=goods, said=said, phrase=asked_about[0].name)
            self._wishes.append(wish)
            self._items.append(self._resolver.settled(wish, asked_about[0]))
            return True
        measured = said.unit is not None or bool(said.container) or self._wished
        if self._change is Change.SET or not measured or not self._items or self._wishes[-1].said is not None:
            return False
        wish = replace(self._wishes[-1], said=said)
        item = self._resolver.resolve(wish)
        if not isinstance(item, ItemRead | AmbiguousItem):
            return False
        self._wishes[-1], self._items[-1] = wish, item
        return True

    def _keep(self, wish: Wish) -> None:
        if wish.change is Change.GONE and wish.said is not None:
            wish = replace(wish, change=Change.LESS)
        if self._swapping and wish.change is Change.ADD and wish.said is None:
            wish = replace(wish, said=self._swapped())
        item = self._resolver.resolve(wish)
        if self._asking:
            self._mentioned.append(item)
            return
        self._wishes.append(wish)
        self._items.append(item)
