"""The verbs of a sentence, what is done with the things that follow, and what refers back to things said before."""

from dataclasses import replace
from decimal import Decimal

from openbot.catalogue.goods import Product, Unit
from openbot.catalogue.quantities import Said
from openbot.reading.goods_phrases import GoodsReader
from openbot.reading.goods_words import closed_places
from openbot.reading.items import AmbiguousItem, Change, ItemRead, ReadItem
from openbot.reading.lexicon import ADDING, ARTICLES, CHANGING, REMOVING, SETTING, UNWANTED, WISHING
from openbot.reading.resolving import Resolver
from openbot.reading.spoken import Spoken
from openbot.reading.wishes import Wish

HARD = frozenset(("\n", ".", "?", "!", ";", "¿", "¡"))  #: signs that end what a verb says
_OPENERS = WISHING | ADDING


class Verbs:
    """Walks over verbs and remembers what they want; who inherits reads the things."""

    def __init__(self, spoken: Spoken) -> None:
        """Read nothing yet."""
        self._cleaned, self._words = spoken.cleaned, spoken.words
        self._closed = closed_places(spoken.words, spoken.taken)
        accented = frozenset(
            place
            for place, each in enumerate(spoken.words)
            if spoken.cleaned[each.start : each.end].lower() != each.word
        )
        self._matcher, self._cart = spoken.matcher, spoken.cart
        self._reader = GoodsReader(
            matcher=spoken.matcher, words=spoken.words, closed=self._closed, accented=accented
        )
        self._resolver = Resolver(
            matcher=spoken.matcher, cart=spoken.cart, group=spoken.group, answering=spoken.answering
        )
        self._usual = spoken.change
        self._change = spoken.change
        self._wished = False  # a verb that wants something stands directly before
        self._instead_of: int | None = None  # the place among the items of what comes after «en vez de»
        self._swapping = False  # «cambiame la coca por …»
        self._items: list[ReadItem] = []
        self._wishes: list[Wish] = []

    def _thing(self, at: int) -> int | None:
        """Read one thing from a place; give the place after it, or None."""
        raise NotImplementedError

    def _verb(self, at: int) -> int | None:
        """Take a word that says what is done with the things after it."""
        word, following = self._reader.word(at), self._reader.word(at + 1)
        me = following == "me"
        if word == "no" and self._reader.word(at + 1 + me) in UNWANTED - {"me"}:
            self._change = Change.GONE
            return at + 2 + me
        if word == "no" and self._items and not self._reader.open(at + 1) and self._more_follows(at + 1):
            self._items.pop()  # «un kilo no, dos kilos»
            return at + 1
        if (
            word == "no"
            and self._items
            and (found := self._reader.quantity(at + 1))
            and not self._reader.open(found[1])
        ):
            return found[1]  # «tres, no 2»
        if word == "en" and following in {"vez", "lugar"}:
            return self._instead(at + 2 + (self._reader.word(at + 2) == "de"))
        if word in CHANGING and (self._has_later(at, "por") or self._has_later(at, "x")):
            self._change, self._swapping = Change.GONE, True
            return at + 1
        if word in {"por", "x"} and self._swapping and self._items:
            self._change = Change.ADD
            return at + 1
        if word == "sin" and self._cart and following in ARTICLES:
            self._change = Change.GONE
            return at + 1
        if word == "menos" and self._cart and self._reader.quantity(at + 1):
            self._change = Change.GONE
            return at + 1
        return self._plain_verb(at, word)

    def _plain_verb(self, at: int, word: str) -> int | None:
        if word in REMOVING:
            self._change = Change.GONE
        elif word in SETTING | CHANGING or self._corrects(at):
            self._change = Change.SET
        elif word in ADDING:
            self._change = Change.ADD
        elif word in WISHING:
            self._change = self._usual if self._change is Change.GONE else self._change
        else:
            return None
        self._wished = word in _OPENERS
        return at + 1

    def _corrects(self, at: int) -> bool:
        """«5, **perdón**, 5 docenas»."""
        found = self._reader.word(at) == "perdon" and self._reader.quantity(at + 1)
        return bool(self._items and found and self._reader.goods(found[1]) is None)

    def _instead(self, at: int) -> int:
        """«en vez de la coca» takes it out; «en vez de una» only corrects."""
        self._change = Change.GONE
        found = self._reader.quantity(at)
        place = found[1] if found else at
        while self._reader.word(place) in ARTICLES:
            place += 1
        if self._reader.goods(place) is None:
            self._change = Change.SET
            if self._items and found:  # «quiero 3 cocas en vez de 2»
                self._wishes[-1] = replace(self._wishes[-1], change=Change.SET)
                self._items[-1] = self._resolver.resolve(self._wishes[-1])
            return place
        before = len(self._items)
        after = self._thing(at)
        self._change = Change.ADD
        if len(self._items) == before + 1:
            self._instead_of = before
        return after if after is not None else place

    def _has_later(self, at: int, word: str) -> bool:
        for token in self._words[at:]:
            if token.word in HARD:
                return False
            if token.word == word:
                return True
        return False

    def _more_follows(self, at: int) -> bool:
        return any(
            self._reader.quantity(place) or self._reader.goods(place) for place in range(at, len(self._words))
        )

    # --- what was said before ------------------------------------------------------------------

    def _half(self) -> Said | None:
        """«una docena de empanadas, **mitad** carne mitad pollo»."""
        heading = next((each for each in reversed(self._items) if isinstance(each, AmbiguousItem)), None)
        if heading is None or heading.said is None:
            return None
        return replace(heading.said, amount=heading.said.amount / 2)

    def _meant(self, said: Said) -> Product | None:
        """Which line of the order «mejor 3 docenas» corrects: the latest of which it can be said."""
        lines = [
            (self._matcher.catalogue.product(line.product_id), line.quantity) for line in reversed(self._cart)
        ]
        known = [(product, quantity) for product, quantity in lines if product is not None]
        for product, quantity in known:
            by_dozens = product.unit is Unit.DOZEN or quantity % 6 == 0
            if said.unit in {None, Unit.PIECE, product.unit} or (said.unit is Unit.DOZEN and by_dozens):
                return product
        return known[0][0] if known else None

    def _swapped(self) -> Said | None:
        """As many of the new thing as there were of the old one."""
        last = self._items[-1] if self._items else None
        if not isinstance(last, ItemRead):
            return None
        there = next((line.quantity for line in self._cart if line.product_id == last.product.id), None)
        amount = last.quantity or there
        return Said(amount, last.product.unit) if amount else None

    def _drop_headings(self) -> None:
        """«2 docenas de empanadas: una de carne y una de pollo»: the first says nothing that the others do not."""
        for place in range(len(self._items) - 2, -1, -1):
            heading, detail = self._items[place], self._items[place + 1]
            if self._counts_up(place) or (
                isinstance(heading, AmbiguousItem)
                and isinstance(detail, ItemRead)
                and self._wishes[place + 1].elliptic
                and self._wishes[place].goods.stems[:1] != self._wishes[place + 1].goods.stems[:1]
                and detail.product in heading.candidates
            ):
                del self._items[place], self._wishes[place]

    def _counts_up(self, place: int) -> bool:
        """«2 pizzas: una muzza y una napo», «2 leches, 1 entera 1 descremada»: what follows are the two."""
        heading, total, several = self._items[place], Decimal(0), 0
        head = self._wishes[place].goods.stems[:1]
        if not isinstance(heading, ItemRead) or heading.quantity is None or not head:
            return False
        for item, wish in zip(self._items[place + 1 :], self._wishes[place + 1 :], strict=True):
            short = wish.goods.stems[:1] != head  # «una napo», not «una pizza napolitana»
            if not isinstance(item, ItemRead) or item.quantity is None or not short:
                break
            if not self._matcher.begins_with(item.product, head[0]):
                break
            total, several = total + item.quantity, several + 1
        return total == heading.quantity and several > 1
