"""Where in a sentence is a thing named, and which words belong to it? One phrase of goods at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from openbot.catalogue.figures import NUMBER_WORDS
from openbot.catalogue.goods import Unit
from openbot.catalogue.lexicon import (
    ADDING,
    ARTICLES,
    ASKING,
    CHANGING,
    CONNECTORS,
    FILLERS,
    NO_GOODS,
    REMOVING,
    SETTING,
    TRAILING,
)
from openbot.catalogue.lexicon import WISHING as _WISHING
from openbot.catalogue.matching import Matcher
from openbot.catalogue.phrases import RANKS, Size, literal_at, size_said
from openbot.catalogue.quantities import CONTAINERS, UNIT_WORDS, Said, read_quantity
from openbot.catalogue.words import Token, stem

_LITTLE = 100  #: from here on a bare number after goods is a size («coca 500»), below it a quantity
_SHORTEST_UNKNOWN = 3
_LONGEST_UNKNOWN = 4
_MOST_WORDS = 8
_NEVER_GOODS = FILLERS | NO_GOODS | ASKING | ADDING | REMOVING | SETTING | CHANGING | _WISHING | ARTICLES
_COUNTING = NUMBER_WORDS | UNIT_WORDS.keys()
Stems = tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class GoodsPhrase:
    """Some words that name goods; a word no product has stands as an empty set."""

    stems: Stems
    start: int  #: first token
    stop: int  #: after the last token
    sizes: tuple[Size, ...] = ()
    rank: str = ""
    plural: bool = False  #: the first word was written in the plural


class GoodsReader:
    """Reads phrases of goods out of one sentence. `closed` are the places that end a phrase (signs, taken words)."""

    def __init__(
        self, *, matcher: Matcher, words: Sequence[Token], closed: Sequence[bool], accented: frozenset[int]
    ) -> None:
        """`accented`: places of words written with an accent («té» is a drink, «te» is not)."""
        self._matcher = matcher
        self._words = words
        self._closed = closed
        self._accented = accented

    def open(self, at: int) -> bool:
        """Tell whether there is a word at this place."""
        return 0 <= at < len(self._words) and not self._closed[at]

    def word(self, at: int) -> str:
        """Give the word at a place, "" where a phrase ends."""
        return self._words[at].word if self.open(at) else ""

    def quantity(self, at: int) -> tuple[Said, int] | None:
        """Read a quantity, unless a name with a number begins here; never across the end of a phrase."""
        if not self.open(at) or literal_at(self._words, at, self._matcher.literals):
            return None
        found = read_quantity(self._words, at)
        if found is None or not all(
            self.open(place) or self._words[place].word == "/" for place in range(at, found[1])
        ):
            return None
        return found

    def goods(self, at: int) -> GoodsPhrase | None:
        """Read the phrase of goods that begins here, or None."""
        first = self._named_at(at)
        if first is None:
            return None
        stems, place = first
        phrase = GoodsPhrase(stems, at, place, plural=self.word(at).endswith("s"))
        while True:
            longer = self._longer(phrase)
            if longer is None:
                return phrase
            phrase = longer

    def unknown(self, at: int) -> GoodsPhrase | None:
        """Read words that name nothing we sell («sushi», «shampoo de coco»), or None."""
        place = at
        stems: list[frozenset[str]] = []
        while len(stems) < _LONGEST_UNKNOWN:
            skip = 1 if stems and self.word(place) in {"de", "con", "sin", "sabor", "d"} else 0
            found = self._named_at(place + skip) if stems and skip else None
            if found is not None:
                stems += found[0]
                place = found[1]
            elif self.is_unknown(place + skip):
                stems.append(frozenset())
                place += skip + 1
            else:
                break
        return GoodsPhrase(tuple(stems), at, place) if stems else None

    def is_unknown(self, at: int) -> bool:
        """Tell whether a word could name something we do not sell."""
        word = self.word(at)
        return (
            len(word) >= _SHORTEST_UNKNOWN
            and word.isascii()
            and word.isalpha()
            and word not in _NEVER_GOODS
            and word not in _COUNTING
            and not self._matcher.vocabulary.known(word)
        )

    # --- one step longer -----------------------------------------------------------------------

    def _longer(self, phrase: GoodsPhrase) -> GoodsPhrase | None:
        at = phrase.stop
        word = self.word(at)
        if not word or len(phrase.stems) >= _MOST_WORDS:
            return None
        if word in TRAILING:
            return self._grown(phrase, at + 1)
        if word in RANKS and not self._matcher.fits((*phrase.stems, frozenset((stem(word),)))):
            return self._grown(phrase, at + 1, rank=RANKS[word])
        named = self._named_at(at)
        if named is not None:
            return self._with_name(phrase, named, linked=False)
        sized = self._sized(phrase, at, linked=False)
        if sized is not None:
            return sized
        if word in CONNECTORS or word == "x":
            return self._linked(phrase, at)
        if self.is_unknown(at) and not self.open(at + 1) and not self._matcher.vocabulary.softly(word):
            return self._grown(phrase, at + 1, stems=(*phrase.stems, frozenset()))
        soft = (
            self._matcher.vocabulary.softly(word)
            if word not in _NEVER_GOODS and word not in _COUNTING
            else frozenset()
        )
        if soft and self._matcher.fits((*phrase.stems, soft)):
            return self._grown(phrase, at + 1, stems=(*phrase.stems, soft))
        return None

    def _linked(self, phrase: GoodsPhrase, at: int) -> GoodsPhrase | None:
        """«de», «con», «y» …: does what follows belong to the phrase?"""
        link = self.word(at)
        after = at + 1
        while self.word(after) in {"la", "el", "los", "las"}:
            after += 1
        named = self._named_at(after)
        if link in {"de", "del", "d", "sabor", "gusto", "x", "marca", "tipo"}:
            sized = self._sized(phrase, after, linked=True)
            if sized is not None or link == "x":
                return sized
            if named is not None:
                return self._grown(phrase, named[1], stems=(*phrase.stems, *named[0]))
            if self.is_unknown(after):
                return self._grown(phrase, after + 1, stems=(*phrase.stems, frozenset()))
            if self.word(after) in RANKS:
                return self._grown(phrase, after + 1, rank=RANKS[self.word(after)])
            return None
        if named is None:
            return None
        longer = (*phrase.stems, *named[0])
        if link in {"y", "e", "o"}:
            whole = self._whole(longer, named[1])
            return (
                self._grown(phrase, named[1], stems=longer)
                if whole and not self._matcher.named(phrase.stems)
                else None
            )
        return self._grown(phrase, named[1], stems=longer) if self._matcher.fits(longer) else None

    def _with_name(
        self, phrase: GoodsPhrase, named: tuple[Stems, int], *, linked: bool
    ) -> GoodsPhrase | None:
        """Another word of a name directly after: the same thing («coca zero»), or the next («coca sprite»)?"""
        longer = (*phrase.stems, *named[0])
        if not self._matcher.fits(longer) and not linked:
            return None
        alone = self._matcher.named(named[0]) and self._matcher.named(phrase.stems)
        if alone and not self._whole(longer, named[1]):
            return None
        return self._grown(phrase, named[1], stems=longer)

    def _whole(self, stems: Stems, after: int) -> bool:
        """Tell whether these words, perhaps with the next one, are the whole of a name."""
        if self._matcher.named(stems):
            return True
        skip = 1 if self.word(after) in {"de", "y", "con"} else 0
        following = self._named_at(after + skip)
        return following is not None and self._matcher.named((*stems, *following[0]))

    def _sized(self, phrase: GoodsPhrase, at: int, *, linked: bool) -> GoodsPhrase | None:
        """«coca **de litro y medio**», «coca **1.5**», «yerba **500**»."""
        found = self.quantity(at)
        if found is None or self.word(at) in CONTAINERS or phrase.sizes:
            return None
        said, after = found
        size = size_said(said)
        if size is None:
            return None
        measured = said.unit in {Unit.KILO, Unit.LITRE}
        if linked or measured or said.amount % 1 or said.amount >= _LITTLE:
            if measured and not linked and self._matcher.is_weighed(phrase.stems):
                return None  # «papa 1 kg» is how much
            fitting = self._matcher.has_size(phrase.stems, size)
            sold_so = measured and self._matcher.comes_in_sizes(phrase.stems)
            if fitting or (sold_so and (linked or said.unit is Unit.LITRE)):
                return self._grown(phrase, after, sizes=(*phrase.sizes, size))
        return None

    def _grown(
        self,
        phrase: GoodsPhrase,
        stop: int,
        *,
        stems: Stems | None = None,
        sizes: tuple[Size, ...] | None = None,
        rank: str = "",
    ) -> GoodsPhrase:
        return GoodsPhrase(
            stems or phrase.stems,
            phrase.start,
            stop,
            sizes or phrase.sizes,
            rank or phrase.rank,
            phrase.plural,
        )

    def _named_at(self, at: int) -> tuple[Stems, int] | None:
        """A word (or a name with numbers, or «sin gas») that some product has in its name."""
        word = self.word(at)
        if not word or not word.isalnum():
            return None
        literal = literal_at(self._words, at, self._matcher.literals)
        if literal and all(self.open(place) for place in range(at, at + len(literal))):
            return tuple(frozenset((each,)) for each in literal), at + len(literal)
        if word == "sin" and self.word(at + 1):
            joined = frozenset((stem(f"sin{self.word(at + 1)}"),))
            return ((joined,), at + 2) if self._matcher.holders(joined) else None
        if word in _NEVER_GOODS and not self._a_drink(at):
            return None
        if word in _COUNTING and not self._matcher.vocabulary.exactly(word):
            return None
        if (
            (word in _COUNTING or word in CONTAINERS)
            and self.quantity(at) is not None
            and not self._names_more(at)
        ):
            return None
        stems = self._matcher.vocabulary.known(word) if not word.isdigit() else frozenset()
        if stems:
            return (stems,), at + 1
        return self._glued(word, at)

    def _names_more(self, at: int) -> bool:
        """«quilmes **lata**»: a container that follows a name belongs to it; before one it counts."""
        return (
            self.open(at - 1)
            and bool(self._matcher.vocabulary.known(self._words[at - 1].word))
            and not self._closed[at - 1]
        )

    def _a_drink(self, at: int) -> bool:
        """«te» is tea when it has its accent or stands where only goods stand."""
        if self.word(at) != "te":
            return False
        before, after = self.word(at - 1), self.word(at + 1)
        counted = before in _COUNTING | {"de", "y"} or before.isdigit()
        return at in self._accented or after in {"en", "x"} or (counted and not after)

    def _glued(self, word: str, at: int) -> tuple[Stems, int] | None:
        """«lecheentera»: two words of names without the space."""
        for cut in range(4, len(word) - 3):
            first, second = stem(word[:cut]), stem(word[cut:])
            pair = (frozenset((first,)), frozenset((second,)))
            if all(map(self._matcher.holders, pair)) and self._matcher.fits(pair):
                return pair, at + 1
        return None


def closed_places(words: Sequence[Token], taken: Sequence[bool]) -> list[bool]:
    """Tell for each token whether it ends a phrase: a sign, a line break, or a word another reader took."""
    closed = [
        taken[place] or not (token.is_word or token.is_number or token.word == "/")
        for place, token in enumerate(words)
    ]
    for place, (before, token) in enumerate(pairwise(words), 1):
        if token.word == "/" and not before.is_number:
            closed[place] = True
    return closed
