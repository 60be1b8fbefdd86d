"""The goods of one sentence: verbs, quantities and names, one after the other, in any order."""

from collections.abc import Sequence

from openbot.reading.items import Goods
from openbot.reading.lexicon import ADDING, ARTICLES, ASKING, UNWANTED, WISHING
from openbot.reading.things import Things
from openbot.reading.verbs import HARD

_LEADING = ARTICLES | WISHING | {"a", "de", "por"}  #: may stand between a verb and its thing
_MOST_ITEMS = 40


class SentenceReader(Things):
    """Reads one sentence once."""

    def read(self) -> Goods:
        """Read it."""
        at = 0
        self._begin_clause(0)
        while at < len(self._words) and len(self._items) < _MOST_ITEMS:
            at = self._step(at)
        self._drop_headings()
        self._give_each()
        if self._each_said is not None and not self._items:
            self._loose = self._loose or self._each_said
        return Goods(
            tuple(self._items),
            tuple(self._mentioned),
            self._loose,
            self._negative,
            category=self._category,
            of_group=self._of_group,
        )

    # --- walking -------------------------------------------------------------------------------

    def _step(self, at: int) -> int:
        if self._closed[at]:
            return self._sign(at)
        for look in (
            self._everything,
            self._refined,
            self._multiplied,
            self._each,
            self._of_a_size,
            self._once_more,
            self._verb,
        ):
            after = look(at)
            if after is not None:
                return after
        after = self._thing(at)
        if after is not None:
            self._wished = False
            return after
        if self._reader.word(at) not in _LEADING:
            self._wished = False
        return at + 1

    def _sign(self, at: int) -> int:
        word = self._words[at].word
        if word in HARD:
            self._change = self._usual
            self._swapping = False
            self._begin_clause(at + 1)
        return at + 1

    def _begin_clause(self, at: int) -> None:
        """Look ahead to the end of the clause: is it a question about goods?"""
        clause: list[str] = []
        for token in self._words[at:]:
            if token.word in HARD - {"¿", "¡"}:
                break
            clause.append(token.word)
        asking = any(word in ASKING and not _conditional(clause[:at]) for at, word in enumerate(clause))
        complains = any(
            before == ["no", "me"] and word not in UNWANTED
            for *before, word in zip(clause, clause[1:], clause[2:], strict=False)
        )  # «no me llegó el hielo»
        self._asking = (asking and ADDING.isdisjoint(clause)) or complains


def _conditional(before: Sequence[str]) -> bool:
    """«si no **hay** coca, …», «si **queda**, …»; but «quiero saber si **tienen** …» asks."""
    told = before[:-1] if before[-1:] == ["no"] else before
    return told[-1:] == ["si"] and (len(told) == 1 or told[-2] in {",", "y", "pero", "o"})
