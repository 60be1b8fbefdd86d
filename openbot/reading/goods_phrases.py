"""Where in a sentence is a thing named, and which words belong to it? One phrase of goods at a time."""

from dataclasses import dataclass

from openbot.catalogue.goods import Unit
from openbot.catalogue.phrases import RANKS, Size, size_said
from openbot.catalogue.quantities import CONTAINERS, Said, read_quantity
from openbot.catalogue.words import stem
from openbot.reading.goods_words import COUNTING, NEVER_GOODS, GoodsWords, Stems
from openbot.reading.lexicon import CONNECTORS, TRAILING

_LITTLE = 100  #: from here on a bare number after goods is a size («coca 500»), below it a quantity
_LONGEST_UNKNOWN = 4
_MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class GoodsPhrase:
    """Some words that name goods; a word no product has stands as an empty set."""

    stems: Stems
    start: int  #: first token
    stop: int  #: after the last token
    sizes: tuple[Size, ...] = ()
    rank: str = ""
    plural: bool = False  #: the first word was written in the plural


class GoodsReader(GoodsWords):
    """Reads phrases of goods out of one sentence."""

    def goods(self, at: int) -> GoodsPhrase | None:
        """Read the phrase of goods that begins here, or None."""
        first = self.named_at(at)
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
            found = self.named_at(place + skip) if stems and skip else None
            if found is not None:
                stems += found[0]
                place = found[1]
            elif self.is_unknown(place + skip):
                stems.append(frozenset())
                place += skip + 1
            else:
                break
        return GoodsPhrase(tuple(stems), at, place) if stems else None

    # --- one step longer -----------------------------------------------------------------------

    def _longer(self, phrase: GoodsPhrase) -> GoodsPhrase | None:
        at = phrase.stop
        word = self.word(at)
        if not word or len(phrase.stems) >= _MOST_WORDS:
            return None
        if word in TRAILING:
            return self._grown(phrase, at + 1)
        ranked = at + (word == "mas")  # «la coca más chica»
        rank = RANKS.get(self.word(ranked), "")
        if rank and not self._matcher.fits((*phrase.stems, frozenset((stem(word),)))):
            return self._grown(phrase, ranked + 1, rank=rank)
        named = self.named_at(at)
        if named is not None:
            return self._with_name(phrase, named, linked=False)
        sized = self._sized(phrase, at, linked=False)
        if sized is not None:
            return sized
        if word in CONNECTORS or word == "x":
            return self._linked(phrase, at)
        if self.is_unknown(at) and self._ends_after(at + 1) and not self._matcher.vocabulary.softly(word):
            return self._grown(phrase, at + 1, stems=(*phrase.stems, frozenset()))
        soft = (
            self._matcher.vocabulary.softly(word)
            if word not in NEVER_GOODS and word not in COUNTING
            else frozenset()
        )
        if soft and self._matcher.fits((*phrase.stems, soft)):
            return self._grown(phrase, at + 1, stems=(*phrase.stems, soft))
        return None

    def _linked(self, phrase: GoodsPhrase, at: int) -> GoodsPhrase | None:
        """«de», «con», «y» …: does what follows belong to the phrase?"""
        link = self.word(at)
        after = at + 1
        flavour = (
            {"gusto", "sabor", "a", "de"}
            if link == "con" and self.word(after) in {"gusto", "sabor"}
            else set()
        )
        while self.word(after) in {"la", "el", "los", "las"} | flavour:
            after += 1
        named = self.named_at(after)
        if link in {"de", "del", "d", "sabor", "gusto", "x", "marca", "tipo"}:
            sized = self._sized(phrase, after, linked=True)
            if link == "x":
                sold = sized is not None and sized.sizes[-1].base == "" and not self._pieces(sized)
                return None if sold else sized  # «coca x2» is how many
            if sized is not None:
                return sized
            rank = RANKS.get(self.word(after), "")
            if rank and not (named and self._matcher.fits((*phrase.stems, *named[0]))):
                return self._grown(phrase, after + 1, rank=rank)
            if named is not None:
                return self._grown(phrase, named[1], stems=(*phrase.stems, *named[0]))
            if self.is_unknown(after):
                return self._grown(phrase, after + 1, stems=(*phrase.stems, frozenset()))
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

    def _ends_after(self, at: int) -> bool:
        """Nothing follows but a size: «coca light 2 litros»."""
        if not self.open(at):
            return True
        found = self.quantity(at)
        measured = found is not None and found[0].unit in {Unit.KILO, Unit.LITRE}
        return found is not None and measured and not self.open(found[1])

    def _pieces(self, phrase: GoodsPhrase) -> bool:
        return self._matcher.has_size(phrase.stems, Size(phrase.sizes[-1].amount, "x"))

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
        following = self.named_at(after + skip)
        return following is not None and self._matcher.named((*stems, *following[0]))

    def _sized(self, phrase: GoodsPhrase, at: int, *, linked: bool) -> GoodsPhrase | None:
        """«coca **de litro y medio**», «coca **1.5**», «yerba **500**»."""
        if self.word(at) in CONTAINERS or phrase.sizes:
            return None
        for said, after in self._measures(at, linked=linked):
            size = size_said(said)
            if size is None:
                continue
            measured = said.unit in {Unit.KILO, Unit.LITRE}
            if not (linked or measured or said.amount % 1 or said.amount >= _LITTLE):
                continue
            fitting = self._matcher.has_size(phrase.stems, size)
            if measured and not (linked and fitting) and self._matcher.is_weighed(phrase.stems):
                continue  # «papa 1 kg», «un pollo de 2 kilos» say how much
            # «de 1,5», «de 500»: nobody counts so; a size that we do not have is asked about.
            meant = linked and (measured or said.unit is None)
            sold_so = (meant or said.unit is Unit.LITRE) and self._matcher.comes_in_sizes(phrase.stems)
            if fitting or sold_so:
                return self._grown(phrase, after, sizes=(*phrase.sizes, size))
        return None

    def _measures(self, at: int, *, linked: bool) -> list[tuple[Said, int]]:
        """What may be a size here: «2 y cuarto», else, before goods of its own («… de jamón»), the 2 alone."""
        whole = self.quantity(at)
        if whole is None:
            return []
        joint = next((place for place in range(at + 1, whole[1]) if self._words[place].word == "y"), None)
        if not linked or joint is None:
            return [whole]
        alone = read_quantity(self._words[:joint], at)
        if alone is None:
            return [whole]
        after = whole[1]
        others = self.word(after) == "de" and self.named_at(after + 1) is not None
        return [alone, whole] if others else [whole, alone]

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
