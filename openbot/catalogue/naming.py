"""Names of a handful of things (branches, barrios, payment methods) found anywhere in a text, typos forgiven."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from rapidfuzz.distance import OSA

from openbot.catalogue.words import sound, words_of

_T = TypeVar("_T")
_LONG_ENOUGH = 5  #: shorter names must be written right
_LONG = 9
_MOST_SLIPS = 2


@dataclass(frozen=True, slots=True)
class _Name(Generic[_T]):
    words: tuple[str, ...]
    joined: str
    sounds: str
    thing: _T


class Names(Generic[_T]):
    """Looks a text up in names. The longest name found wins; two different things of one length are no answer."""

    def __init__(self, things: Iterable[tuple[_T, Iterable[str]]]) -> None:
        """Each thing with all its names; several spellings of one name are welcome."""
        names: list[_Name[_T]] = []
        for thing, spellings in things:
            for spelling in dict.fromkeys(spellings):
                words = words_of(spelling)
                if words:
                    joined = "".join(words)
                    names.append(_Name(words, joined, sound(joined), thing))
        self._names = sorted(names, key=lambda each: -len(each.joined))  # longest first
        self._widest = max((len(each.words) for each in names), default=0)
        self._exact: dict[str, list[int]] = {}
        self._like: dict[str, list[int]] = {}  # by first letter: a slip is never in the first
        for place, each in enumerate(self._names):
            self._exact.setdefault(each.joined, []).append(place)
            if len(each.joined) >= _LONG_ENOUGH:
                self._like.setdefault(each.joined[0], []).append(place)

    def find(self, words: Sequence[str], *, alone: bool = False) -> tuple[_T, int, int] | None:
        """Give the thing named, and the first and last + 1 of the words that name it.

        `alone`: when another thing is named elsewhere in the text («Almagro o Belgrano»), neither is meant.
        """
        found = self._search(words, typos=False) or self._search(words, typos=True)
        if alone and found is not None:
            rest = [*words[: found[1]], *words[found[2] :]]
            other = self._search(rest, typos=False)
            return None if other is not None and other[0] is not found[0] else found
        return found

    def _search(self, words: Sequence[str], *, typos: bool) -> tuple[_T, int, int] | None:
        best: dict[int, tuple[int, int]] = {}  # name -> where it was found first
        for start in range(len(words)):
            for stop in range(start + 1, min(len(words), start + self._widest + 1) + 1):
                for place in self._named("".join(words[start:stop]), words[start:stop], typos=typos):
                    best.setdefault(place, (start, stop))
        if not best:
            return None
        longest = len(self._names[min(best)].joined)
        found = [place for place in sorted(best) if len(self._names[place].joined) == longest]
        thing = self._names[found[0]].thing
        if any(self._names[place].thing is not thing for place in found):
            return None
        return thing, *best[found[0]]

    def _named(self, window: str, words: Sequence[str], *, typos: bool) -> list[int]:
        exact = self._exact.get(window, [])
        if not typos or len(window) < _LONG_ENOUGH - _MOST_SLIPS:
            return exact
        alike = [
            place
            for place in self._like.get(window[0], ())
            if _alike(window, self._names[place]) and _same_starts(words, self._names[place].words)
        ]
        return [*exact, *alike]


def _same_starts(words: Sequence[str], name: Sequence[str]) -> bool:
    """«la coca» is no slip for «La Boca»."""
    return len(words) != len(name) or all(mine[0] == its[0] for mine, its in zip(words, name, strict=True))


def _alike(window: str, name: _Name[_T]) -> bool:
    """Both begin with the same letter, and the name is long enough to be told in spite of a slip."""
    if abs(len(window) - len(name.joined)) > _MOST_SLIPS:
        return False
    if sound(window) == name.sounds:
        return True
    slips = _MOST_SLIPS if len(name.joined) >= _LONG else 1
    return OSA.distance(window, name.joined, score_cutoff=slips) <= slips
