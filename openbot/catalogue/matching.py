"""Which product, branch, zone or payment method does a phrase mean? One index per catalogue, then pure look-ups."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from openbot.catalogue.entries import Entry, by_size, indexed, of_size, ranked
from openbot.catalogue.goods import Branch, Catalogue, Category, PaymentMethod, Product, Zone
from openbot.catalogue.naming import Names
from openbot.catalogue.phrases import STOPWORDS, Size, literals_of, read_phrase, same_size, sizes_in, stems_of
from openbot.catalogue.shelves import Shelves
from openbot.catalogue.vocabulary import Vocabulary
from openbot.catalogue.words import clean, tokens, words_of

MOST_CANDIDATES = 9  #: a WhatsApp list has ten rows, one is «ninguna de estas»
MOST_NEAREST = 3
_NONE: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Exact:
    """One product, without doubt."""

    product: Product


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Several products answer to the phrase: ask which one."""

    phrase: str
    candidates: tuple[Product, ...]  #: at most 9, best first


@dataclass(frozen=True, slots=True)
class NotFound:
    """Nothing of that name is sold, or not today."""

    phrase: str
    nearest: tuple[Product, ...]  #: at most 3 that can be ordered, best first, perhaps none
    sold_out: tuple[Product, ...] = ()  #: what was meant, and will be back


Match = Exact | Ambiguous | NotFound


class Matcher:
    """The index of one catalogue: make it once, use it for every sentence.

    It knows what is sold out today, and finds what can be ordered.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        """About 3 ms for 100 products."""
        self.catalogue = catalogue
        offered = [each for each in catalogue.products if each.available or each.back_on]
        self._entries = tuple(indexed(product, place) for place, product in enumerate(offered))
        self._by_id = {entry.product.id: entry for entry in self._entries}
        self._holders: dict[str, set[int]] = {}
        for entry in self._entries:
            for word in entry.words | entry.soft:
                self._holders.setdefault(word, set()).add(entry.place)
        self._nicknames: dict[str, set[str]] = {}
        for product in offered:
            first, *others = map(stems_of, (product.name, *product.aliases))
            for alias in others:
                if len(alias) == 1 and first and alias[0] not in first:
                    self._nicknames.setdefault(alias[0], set()).add(first[0])
        self.vocabulary = Vocabulary(
            named=(word for entry in self._entries for word in entry.words),
            describing=(word for entry in self._entries for word in entry.soft),
        )
        self.literals = literals_of(offered)
        self.branches = Names((each, (each.name, *each.aliases)) for each in catalogue.branches)
        self.payments = Names((each, (each.name, *each.aliases)) for each in catalogue.payment_methods)
        self.places = Names(((zone, place), (place,)) for zone in catalogue.zones for place in zone.places)
        self.shelves = Shelves(catalogue.categories, named=self.vocabulary.exactly)
        self._categories = Names(
            (each, (each.name, *_category_parts(each.name))) for each in catalogue.categories
        )

    def holders(self, stems: frozenset[str]) -> frozenset[int]:
        """Give the places of the products that have one of these stems in a name."""
        return frozenset(
            place
            for each in stems
            for place in self._holders.get(each, ())
            if each in self._entries[place].words
        )

    # --- a phrase of goods ---------------------------------------------------------------------

    def named(self, stems: Sequence[frozenset[str]]) -> bool:
        """Tell whether these words are the whole of some product's name or alias."""
        return bool(self._tier(stems)[0])

    def match_stems(
        self,
        stems: Sequence[frozenset[str]],
        *,
        phrase: str,
        sizes: Sequence[Size] = (),
        rank: str = "",
        held: Container[int] = (),
    ) -> Match:
        """Match words already looked up; an empty set among `stems` is a word no product has.

        `rank` is «max», «min» or «middle» («la grande»); products of `held` are found though they are sold out.
        """
        return self._in_stock(self._meant(stems, phrase, sizes, rank), stems, held)

    def _meant(self, stems: Sequence[frozenset[str]], phrase: str, sizes: Sequence[Size], rank: str) -> Match:
        named, covering = self._tier(stems)
        if not covering and stems:
            named, covering = self._tier((self._called(stems[0]), *stems[1:]))
        chosen = named or covering
        if not chosen:
            return NotFound(phrase, self._nearest(stems))
        fitting = of_size([*chosen, *(e for e in covering if e not in chosen)], sizes) if sizes else chosen
        if not fitting:
            return NotFound(phrase, tuple(e.product for e in by_size(chosen, sizes)[:MOST_NEAREST]))
        preferred = [each for each in fitting if each in chosen] or fitting
        preferred = ranked(preferred, rank)
        if len(preferred) == 1:
            return Exact(preferred[0].product)
        heads = [each for each in covering if each.heads & frozenset().union(*stems)]
        rest = [] if sizes else [each for each in heads if each not in preferred]
        return Ambiguous(phrase, tuple(e.product for e in [*preferred, *rest][:MOST_CANDIDATES]))

    def match_among(
        self,
        stems: Sequence[frozenset[str]],
        *,
        among: Iterable[Product],
        phrase: str,
        sizes: Sequence[Size] = (),
        rank: str = "",
    ) -> Match:
        """Match within a few products: no words at all leave all of them, sizes and rank narrow."""
        entries = self._entries_of(among)
        kept = [each for each in entries if all(stem & (each.words | each.soft) for stem in stems)]
        whole = [
            each for each in kept if stems and any(form <= frozenset().union(*stems) for form in each.forms)
        ]
        if sizes:
            fitting = of_size(kept, sizes)
            kept = [each for each in fitting if each in whole] or fitting
        kept = ranked(kept, rank) if kept else kept
        if len(kept) == 1 and kept[0].product.available:
            return Exact(kept[0].product)
        found = tuple(each.product for each in kept if each.product.available)
        return Ambiguous(phrase, found) if found else NotFound(phrase, ())

    def _in_stock(self, match: Match, stems: Sequence[frozenset[str]], held: Container[int]) -> Match:
        """Leave out what is sold out; where nothing else was meant, say so and offer what is like it."""
        match match:
            case Exact(product):
                meant: tuple[Product, ...] = (product,)
            case Ambiguous(candidates=meant):
                pass
            case NotFound(phrase, nearest):
                return NotFound(phrase, tuple(each for each in nearest if each.available))
        left = tuple(each for each in meant if each.available or each.id in held)
        if len(left) == len(meant):
            return match
        phrase = meant[0].name if isinstance(match, Exact) else match.phrase
        if not left:
            return NotFound(phrase, self._nearest(stems) or self._beside(meant[0]), sold_out=meant)
        return Exact(left[0]) if len(left) == 1 else Ambiguous(phrase, left)

    def _beside(self, product: Product) -> tuple[Product, ...]:
        shelf = self.catalogue.products_in(product.category_id)
        return tuple(each for each in shelf if each.available)[:MOST_NEAREST]

    def _entries_of(self, products: Iterable[Product]) -> list[Entry]:
        """Those that are known, in the catalogue's order."""
        found = (self._by_id.get(each.id) for each in products)
        return sorted((entry for entry in found if entry is not None), key=lambda entry: entry.place)

    def has_one_of(self, among: Iterable[Product], size: Size) -> bool:
        """Tell whether one of these products comes in this size, or in one close to it."""
        return bool(of_size(self._entries_of(among), (size,)))

    def exact_size(self, among: Iterable[Product], sizes: Sequence[Size]) -> bool:
        """Tell whether one of these products has exactly one of the sizes."""
        own = [size for product in among for size in sizes_in(product.name) or sizes_in(product.size)]
        return any(same_size(said, each) for said in sizes for each in own)

    def _called(self, stems: frozenset[str]) -> frozenset[str]:
        """«milanga» is another word for «milanesa», so «milanga de pollo» is found too."""
        return stems.union(*(self._nicknames.get(each, ()) for each in stems))

    def _tier(self, stems: Sequence[frozenset[str]]) -> tuple[list[Entry], list[Entry]]:
        """Products wholly named by the words, and products that have all the words."""
        if not stems or not all(stems):
            return [], []
        # Rarest word first: its products are looked at, those of «de» or «lote» are not.
        rarest, *others = sorted(
            ([self._holders.get(each, _NONE) for each in alternatives] for alternatives in stems),
            key=lambda holders: sum(map(len, holders)),
        )
        places = {
            place
            for holder in rarest
            for place in holder
            if all(any(place in each for each in holders) for holders in others)
        }
        covering = [self._entries[place] for place in sorted(places)]
        said = frozenset().union(*stems)
        covering = [entry for entry in covering if entry.words & said]
        fully = [entry for entry in covering if any(form <= said for form in entry.forms)]
        # «jugo de naranja» is no «naranja de jugo»: what is named first is what is wanted.
        fully = [entry for entry in fully if entry.heads & stems[0]] or fully
        return fully, covering

    def _nearest(self, stems: Sequence[frozenset[str]]) -> tuple[Product, ...]:
        scores: dict[int, float] = {}
        for weight, alternatives in enumerate(reversed(stems), 1):
            places = self.holders(alternatives)
            for place in places:
                # What is named first («coca light») is what is wanted.
                scores[place] = scores.get(place, 0) + 1 + weight / 2 + 1 / (2 + len(places))
        scores = {place: score for place, score in scores.items() if self._entries[place].product.available}
        best = sorted(scores, key=lambda place: (-scores[place], place))[:MOST_NEAREST]
        return tuple(self._entries[place].product for place in best)

    def sizes_of(self, product: Product) -> frozenset[tuple[str, Decimal]]:
        """Give what one piece holds, as `quantities.settle` wants it."""
        return frozenset(
            (size.base, size.amount) for size in sizes_in(product.name) or sizes_in(product.size)
        )

    def has_size(self, stems: Sequence[frozenset[str]], size: Size) -> bool:
        """Tell whether one of the products with these words comes in this size, or in one close to it."""
        return bool(of_size(self._tier(stems)[1], (size,)))

    def comes_in_sizes(self, stems: Sequence[frozenset[str]]) -> bool:
        """Tell whether products with these words are told apart by weight or volume, not weighed."""
        return any(entry.sizes and not entry.product.unit.weighed for entry in self._tier(stems)[1])

    def is_weighed(self, stems: Sequence[frozenset[str]]) -> bool:
        """Tell whether these words are the whole name of something sold by weight or volume."""
        return any(entry.product.unit.weighed for entry in self._tier(stems)[0])

    def begins(self, stems: frozenset[str]) -> bool:
        """Tell whether some name begins with this word: «entero» names nothing by itself."""
        return any(stems & self._entries[place].heads for place in self.holders(stems))

    def begins_with(self, product: Product, stems: frozenset[str]) -> bool:
        """Tell whether one of a product's names begins with this word."""
        entry = self._by_id.get(product.id)
        return entry is not None and bool(stems & entry.heads)

    def covering(self, stems: Sequence[frozenset[str]]) -> tuple[Product, ...]:
        """Give the products that have all these words and can be ordered."""
        return tuple(entry.product for entry in self._tier(stems)[1] if entry.product.available)

    def fits(self, stems: Sequence[frozenset[str]]) -> bool:
        """Tell whether some product has all these words."""
        return bool(self._tier(stems)[1])

    # --- whole phrases -------------------------------------------------------------------------

    def match_products(self, text: str) -> Match:
        """Match a whole phrase («coca zero 2.25», «empanada de carne») to the products."""
        cleaned = clean(text)
        said = read_phrase(tokens(cleaned), self.literals)
        stems = [self.vocabulary.softly(word) for word in said.words]
        return self.match_stems(stems, phrase=" ".join(cleaned.split()), sizes=said.sizes, rank=said.rank)

    def match_branch(self, text: str) -> Branch | None:
        """Find the one branch a text names, by name or alias, with typos; None for none or several."""
        return _thing(self.branches.find(words_of(text), alone=True))

    def match_payment(self, text: str) -> PaymentMethod | None:
        """Find the one payment method a text names."""
        return _thing(self.payments.find(words_of(text)))

    def match_category(self, text: str) -> Category | None:
        """Find the one category a text names («bebidas» needs no full «Gaseosas y aguas»: each word counts)."""
        return _thing(self._categories.find(words_of(text)))

    def match_zone(self, text: str) -> Zone | None:
        """Find the zone of the barrio or localidad a text names; the longest name wins."""
        found = self.places.find(words_of(text))
        return found[0][0] if found else None


def _category_parts(name: str) -> list[str]:
    return [word for word in words_of(name) if word not in STOPWORDS]


_T = TypeVar("_T")


def _thing(found: tuple[_T, int, int] | None) -> _T | None:
    return found[0] if found else None
