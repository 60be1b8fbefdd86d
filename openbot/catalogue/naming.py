"""Names of a handful of things (branches, barrios, payment methods) found anywhere in a text, typos forgiven."""

from collections.abc import Iterable, Sequence
from typing import Generic, TypeVar

from rapidfuzz.distance import OSA

from openbot.catalogue.words import sound, words_of

_T = TypeVar("_T")
_LONG_ENOUGH = 5  #: shorter names must be written right
_LONG = 9
_MOST_SLIPS = 2


class Names(Generic[_T]):
    """Looks a text up in names. The longest name found wins; two different things of one length are no answer."""

    def __init__(self, things: Iterable[tuple[_T, Iterable[str]]]) -> None:
        """Each thing with all its names; several spellings of one name are welcome."""
        self._names: list[tuple[tuple[str, ...], str, str, _T]] = []
        for thing, names in things:
            for name in dict.fromkeys(names):
                words = words_of(name)
                if words:
                    joined = "".join(words)
                    self._names.append((words, joined, sound(joined), thing))
        self._names.sort(key=lambda each: -len(each[1]))
        self._widest = max((len(words) for words, *_ in self._names), default=0)

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
        windows = [
            (start, stop, "".join(words[start:stop]))
            for start in range(len(words))
            for stop in range(start + 1, min(len(words), start + self._widest + 1) + 1)
        ]
        best: list[tuple[int, _T, int, int]] = []
        for name, joined, sounds, thing in self._names:
            if best and len(joined) < best[0][0]:
                break
            for start, stop, window in windows:
                if window == joined or (
                    typos and _alike(window, joined, sounds) and _same_starts(words[start:stop], name)
                ):
                    best.append((len(joined), thing, start, stop))
                    break
        if not best or any(each[1] is not best[0][1] for each in best):
            return None
        return best[0][1:]


def _same_starts(words: Sequence[str], name: Sequence[str]) -> bool:
    """«la coca» is no slip for «La Boca»."""
    return len(words) != len(name) or all(mine[0] == its[0] for mine, its in zip(words, name, strict=True))


def _alike(window: str, name: str, sounds: str) -> bool:
    if len(name) < _LONG_ENOUGH or window[0] != name[0] or abs(len(window) - len(name)) > _MOST_SLIPS:
        return False
    if sound(window) == sounds:
        return True
    slips = _MOST_SLIPS if len(name) >= _LONG else 1
    return OSA.distance(window, name, score_cutoff=slips) <= slips
