"""The words of a catalogue's names, found again as people write them: plurals, sounds, slips of the finger."""

from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from openbot.catalogue.words import sound, stem

_SHORTEST = 3  #: letters; what is shorter is no typo of anything
_LONG = 8  #: from here on two slips are forgiven


class Vocabulary:
    """The stems of all names, and of the words that only describe."""

    def __init__(self, *, named: Iterable[str], describing: Iterable[str]) -> None:
        """Both as stems."""
        self._named = frozenset(named)
        self._all = self._named | frozenset(describing)
        self._list = sorted(word for word in self._named if not word[0].isdigit())
        self._diminutives = {
            base: word
            for word in self._list
            if (base := _without_diminutive(word)) is not None and len(base) >= _LONG - 2
        }
        self._sounds: dict[str, list[str]] = {}
        for word in self._list:
            self._sounds.setdefault(sound(word), []).append(word)
        self.known = lru_cache(maxsize=4096)(self._known)

    def _known(self, word: str) -> frozenset[str]:
        """Give the stems of the vocabulary a word may be: itself, as it sounds, or with a slip of the finger."""
        root = stem(word)
        if root in self._named:
            return frozenset(
                (root, *self._sounds.get(sound(root), ()))
            )  # «muza» is one name, «muzza» another
        if word[0].isdigit() or len(word) < _SHORTEST:
            return frozenset()
        alike = self._sounds.get(sound(root)) or self._sounds.get(sound(word))
        if alike:
            return frozenset(alike)
        if root in self._diminutives:  # «galletas» are «galletitas»
            return frozenset((self._diminutives[root],))
        small = _without_diminutive(root)
        if small is not None and stem(small) in self._named:
            return frozenset((stem(small),))
        return self._slip(root)

    def _slip(self, root: str) -> frozenset[str]:
        slips = 0 if len(root) <= _SHORTEST else 1 if len(root) < _LONG else 2
        if not slips:
            return frozenset()
        found = process.extract(root, self._list, scorer=OSA.distance, score_cutoff=slips, limit=8)
        close = [(word, distance) for word, distance, _ in found if _plausible(root, word)]
        best = min((distance for _, distance in close), default=0)
        return frozenset(word for word, distance in close if distance == best)

    def exactly(self, word: str) -> bool:
        """Tell whether a word as typed belongs to some product's name."""
        return stem(word) in self._named

    def softly(self, word: str) -> frozenset[str]:
        """Like `known`, also for words that only describe («retornable»)."""
        root = stem(word)
        return frozenset((root,)) if root in self._all else self.known(word)


def _without_diminutive(root: str) -> str | None:
    """«cervecita» → «cerveza» is left to the ear; «empanadita» → «empanada»."""
    for ending, vowel in (("cita", ""), ("cito", ""), ("ita", "a"), ("ito", "o")):
        if root.endswith(ending) and len(root) > len(ending) + 2:
            return root[: -len(ending)] + vowel
    return None


def _plausible(typed: str, word: str) -> bool:
    """A slip seldom hits the first letter, unless two were swapped or it sounds the same."""
    return typed[0] == word[0] or typed[:2] == word[1::-1] or (sound(typed)[:1] == sound(word)[:1])
