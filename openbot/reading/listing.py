"""Goods of a list: «2 de cada uno» of those just named or shown, «media docena de cada gusto»."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from openbot.catalogue.figures import NUMBER_WORDS
from openbot.catalogue.goods import Product
from openbot.catalogue.matching import Ambiguous, Exact, Matcher
from openbot.catalogue.phrases import RANKS, Size, size_said, stems_of
from openbot.catalogue.quantities import Said
from openbot.catalogue.words import phrase, word_set
from openbot.reading.goods_phrases import GoodsPhrase
from openbot.reading.items import AmbiguousItem, CartLine, Change, ReadItem
from openbot.reading.lexicon import ARTICLES, TRAILING
from openbot.reading.refining import Refining
from openbot.reading.resolving import Resolver
from openbot.reading.spoken import Spoken
from openbot.reading.wishes import Wish, quantity_of

_KINDS = word_set("uno una sabor gusto tipo clase variedad marca producto cosa")
OTHERS = frozenset(("otra", "otro", "otras", "otros"))
_NOT_MORE = frozenset(("por", "de", "la", "el", "las", "los"))  #: «la otra», «el pedido de otro»
_MORE = OTHERS | word_set("mas igual iguales esa ese eso esas esos mismo misma mismas mismos")
_LINKS = frozenset(("de", "d", "por", "para"))


class Listing(Refining):
    """Reads what is wanted of each thing of a list; who inherits reads things."""

    def __init__(self, spoken: Spoken) -> None:
        """Read nothing yet."""
        super().__init__(spoken)
        self._group = spoken.group
        self._each_said: Said | None = None  # of the things that follow
        self._of_group = False  # the whole group was taken

    def _each(self, at: int) -> int | None:
        """«2 de cada uno», «una de cada», «de cada gusto 3»."""
        found = self._reader.quantity(at)
        said, place = found or (None, at)
        while self._reader.word(place) in _LINKS:
            place += 1
        after = self._after_each(place)
        if after is None:
            return None
        named = self._reader.goods(after + 1) if said and self._reader.word(after) in _LINKS else None
        if named is not None and said is not None:  # «una de cada gusto de empanada»
            words = phrase(self._cleaned, self._words[named.start : named.stop])
            self._wishes.append(Wish(change=self._change, goods=named, said=said, phrase=words))
            self._items.append(self._resolver.resolve(self._wishes[-1]))
            self._wanted_of_each(said, at, named.stop)
            return named.stop
        if said is None:
            found = self._reader.quantity(after)
            said, after = found or (None, after)
        return after if self._wanted_of_each(said, at, after) else None

    def _of_a_size(self, at: int) -> int | None:
        """«3 de 2,25», «dos comunes de litro y medio», «2 de los grandes», of the goods just named or shown."""
        open_one = bool(self._wishes) and self._wishes[-1].said is None
        found = self._reader.quantity(at) if self._group or open_one else None
        if found is None:
            return None
        said, place = found
        while self._reader.word(place) in TRAILING:
            place += 1
        if self._reader.word(place) not in {"de", "d"}:
            return None
        place += 1
        while self._reader.word(place) in ARTICLES | {"de"}:
            place += 1
        rank = RANKS.get(self._reader.word(place), "")
        if rank:
            return self._of_this_kind(GoodsPhrase((), at, place + 1, rank=rank), said)
        measure = self._reader.quantity(place)
        size = size_said(measure[0]) if measure else None
        after = measure[1] if measure else place
        if measure is None or size is None or self._reader.goods(after + (self._reader.word(after) == "de")):
            return None
        return self._of_this_kind(GoodsPhrase((), at, measure[1], sizes=(size,)), said)

    def _of_this_kind(self, kind: GoodsPhrase, said: Said) -> int | None:
        """Of the thing named last, if no quantity was said of it, else of the goods shown."""
        words = phrase(self._cleaned, self._words[kind.start : kind.stop])
        wish = Wish(change=self._change, goods=kind, said=said, phrase=words)
        last = self._wishes[-1] if self._wishes else None
        if last is not None and last.said is None:
            own = replace(last.goods, sizes=kind.sizes, rank=kind.rank)
            if kind.rank or self._matcher.has_size(own.stems, kind.sizes[0]):
                self._wishes[-1] = replace(last, goods=own, said=said)
                self._items[-1] = self._resolver.resolve(self._wishes[-1])
                return kind.stop
        item = self._item_of_group(wish)
        if item is None:
            return None
        self._wishes.append(wish)
        self._items.append(item)
        return kind.stop

    def _item_of_group(self, wish: Wish) -> ReadItem | None:
        kind = wish.goods
        match self._matcher.match_among(
            (), among=self._group, phrase=wish.phrase, sizes=kind.sizes, rank=kind.rank
        ):
            case Exact(product):
                return self._resolver.settled(wish, product)
            case Ambiguous(_, candidates) if len(candidates) < len(self._group):
                return AmbiguousItem(
                    change=wish.change, phrase=wish.phrase, candidates=candidates, said=wish.said
                )
            case _:
                return None

    def _once_more(self, at: int) -> int | None:
        """«otra», «2 más», «otras dos iguales», «una más de 1,5»: of what was shown, else of the line touched last."""
        if self._items or self._swapping or not (self._cart or self._group):
            return None
        other = self._reader.word(at) in OTHERS and (
            self._reader.word(at) in {"otra", "otro"} or self._reader.quantity(at + 1) is not None
        )
        found = self._reader.quantity(at) or (self._reader.quantity(at + 1) if other else None)
        whole = self._expected and sum(each.is_word or each.is_number for each in self._words) == 1
        bare = other and not self._reader.open(at + 1) and not (self._wished or whole)
        counted = self._words[at].is_number or self._reader.word(at) in NUMBER_WORDS or other
        if (
            bare
            or (found is None and not (other and counted))
            or not counted
            or self._reader.word(at - 1) in _NOT_MORE
        ):
            return None
        said, place = found or (Said(Decimal(1)), at + 1)
        of_this = self._touched_last(said)
        while (after := self._after_more(place)) > place:
            other, place = True, after
        size = self._size_after(place)
        place = size[1] if size else place
        if (
            of_this is None
            or not other
            or self._reader.word(place) not in {"", "y", "e", "porfa", "por", "pls"}
        ):
            return None
        goods = GoodsPhrase((), at, place)
        if size is not None:
            head = tuple(frozenset((each,)) for each in stems_of(of_this.name)[:1])
            goods = replace(goods, stems=head, sizes=(size[0],))
        words = phrase(self._cleaned, self._words[at:place]) if size else of_this.name
        wish = Wish(change=Change.ADD, goods=goods, said=said, phrase=words)
        self._wishes.append(wish)
        self._items.append(self._resolver.resolve(wish) if size else self._resolver.settled(wish, of_this))
        return place

    def _touched_last(self, said: Said) -> Product | None:
        """The one thing shown, else the latest line of the order of which this quantity can be said."""
        if self._group:
            return self._group[0] if len(self._group) == 1 else None
        lines = [self._matcher.catalogue.product(line.product_id) for line in reversed(self._cart)]
        fitting = (
            each
            for each in lines
            if each is not None and isinstance(quantity_of(said, each, matcher=self._matcher), Decimal)
        )
        return next(fitting, None)

    def _after_more(self, place: int) -> int:
        at = place + (self._reader.word(place) == "de")
        at += self._reader.word(at) in {"lo", "la", "las", "los"}
        too_many = at > place and self._reader.word(at) == "mas"  # «una de más»
        return at + 1 if self._reader.word(at) in _MORE and not too_many else place

    def _size_after(self, place: int) -> tuple[Size, int] | None:
        """«de 1,5», «de litro y medio»."""
        found = self._reader.quantity(place + 1) if self._reader.word(place) in {"de", "d"} else None
        size = size_said(found[0]) if found else None
        return (size, found[1]) if found is not None and size is not None else None

    def _after_each(self, place: int) -> int | None:
        if self._reader.word(place) == "cada":
            return place + 1 + (self._reader.word(place + 1) in _KINDS)
        signs = [each.word for each in self._words[place : place + 3]]
        return place + 3 if signs == ["c", "/", "u"] else None

    def _wanted_of_each(self, said: Said | None, start: int, stop: int) -> bool:
        open_ones = [place for place, wish in enumerate(self._wishes) if wish.said is None]
        if len(open_ones) > 1 and said is not None:
            for place in open_ones:
                self._wishes[place] = replace(self._wishes[place], said=said)
                self._items[place] = self._resolver.resolve(self._wishes[place])
            return True
        last = self._items[-1] if self._items else None
        if isinstance(last, AmbiguousItem):
            self._items.pop()
            self._wishes.pop()
            self._add_all(last.candidates, said or last.said, start, stop, change=last.change)
            return True
        if open_ones and said is not None:
            self._wishes[-1] = replace(self._wishes[-1], said=said)
            self._items[-1] = self._resolver.resolve(self._wishes[-1])
            return True
        if last is None and len(self._group) <= 1 and said is not None:
            self._each_said = said  # «100 de cada uno: jamón, salame y mortadela»
            return True
        if last is not None or said is None:
            return False
        self._add_all(self._group, said, start, stop, change=self._change)
        self._of_group = True
        return True

    def _give_each(self) -> None:
        """What was said before the things, to each of them."""
        for place, wish in enumerate(self._wishes):
            if self._each_said is not None and wish.said is None:
                self._wishes[place] = replace(wish, said=self._each_said)
                self._items[place] = self._resolver.resolve(self._wishes[place])

    def _add_all(
        self, products: Sequence[Product], said: Said | None, start: int, stop: int, *, change: Change
    ) -> None:
        for product in products:
            wish = Wish(change=change, goods=GoodsPhrase((), start, stop), said=said, phrase=product.name)
            self._wishes.append(wish)
            self._items.append(self._resolver.settled(wish, product))


def all_of(
    products: Sequence[Product], said: Said | None, *, matcher: Matcher, cart: tuple[CartLine, ...]
) -> tuple[ReadItem, ...]:
    """Want as much of each of these: of one when no quantity was said."""
    resolver = Resolver(matcher=matcher, cart=cart)
    nothing = GoodsPhrase((), 0, 0)
    return tuple(
        resolver.settled(Wish(change=Change.ADD, goods=nothing, said=said, phrase=each.name), each)
        for each in products
    )
