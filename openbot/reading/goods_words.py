"""The words of one sentence as a reader of goods sees them: numbers, names of goods, words nobody sells."""

from collections.abc import Sequence
from itertools import pairwise

from openbot.catalogue.figures import NUMBER_WORDS
from openbot.catalogue.matching import Matcher
from openbot.catalogue.phrases import literal_at
from openbot.catalogue.quantities import CONTAINERS, UNIT_WORDS, Said, read_quantity
from openbot.catalogue.words import Token, stem
from openbot.reading.lexicon import (
    ADDING,
    ARTICLES,
    ASKING,
    CHANGING,
    FILLERS,
    NO_GOODS,
    REMOVING,
    SETTING,
    WISHING,
)

_SHORTEST_UNKNOWN = 3
NEVER_GOODS = FILLERS | NO_GOODS | ASKING | ADDING | REMOVING | SETTING | CHANGING | WISHING | ARTICLES
COUNTING = NUMBER_WORDS | UNIT_WORDS.keys()
Stems = tuple[frozenset[str], ...]


class GoodsWords:
    """Looks at single words. `closed` are the places that end a phrase (signs, taken words)."""

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

    def is_unknown(self, at: int) -> bool:
        """Tell whether a word could name something we do not sell."""
        word = self.word(at)
        return (
            len(word) >= _SHORTEST_UNKNOWN
            and word.isascii()
            and word.isalpha()
            and word not in NEVER_GOODS
            and word not in COUNTING
            and not self._matcher.vocabulary.known(word)
        )

    def named_at(self, at: int) -> tuple[Stems, int] | None:
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
        if word in NEVER_GOODS and not self._a_drink(at):
            return None
        if word in COUNTING and not self._matcher.vocabulary.exactly(word):
            return None
        if (
            (word in COUNTING or word in CONTAINERS)
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
        before = at - 1 - (self.word(at - 1) in {"de", "en"})
        return self.open(before) and bool(self._matcher.vocabulary.known(self._words[before].word))

    def _a_drink(self, at: int) -> bool:
        """«te» is tea when it has its accent or stands where only goods stand."""
        if self.word(at) != "te":
            return False
        before, after = self.word(at - 1), self.word(at + 1)
        counted = before in COUNTING | {"de", "y"} or before.isdigit()
        return at in self._accented or after in {"en", "x"} or (counted and after in {"", "y"})

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
