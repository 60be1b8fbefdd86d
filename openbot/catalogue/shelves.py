"""The names of shelves in a sentence: «dame gaseosas», «¿qué verduras tenés?». Pure."""

from collections.abc import Callable, Iterable

from openbot.catalogue.goods import Category
from openbot.catalogue.phrases import STOPWORDS
from openbot.catalogue.words import sound, stem, words_of

_SHORTEST = 5  #: letters of a word that names a shelf
#: What a shop says for a word on a shelf, by that word's stem.
_ALSO = {
    "gaseosa": "gaseosas bebidas refrescos",
    "fruta": "frutas fruteria",
    "verdura": "verduras verduleria",
    "carn": "carnes carniceria",
    "fiambr": "fiambres fiambreria",
    "panaderia": "panificados panes",
    "cerveza": "birras",
}


class Shelves:
    """Finds the name of a shelf at a place of a sentence."""

    def __init__(self, categories: Iterable[Category], *, named: Callable[[str], bool]) -> None:
        """`named` tells whether a word belongs to a product's name: «pollo» alone is no shelf, «carnes» is."""
        self._parts: dict[str, Category] = {}
        self._starts: set[str] = set()
        for category in categories:
            words = [word for word in words_of(category.name) if word not in STOPWORDS]
            for place, word in enumerate(words):
                self._parts.setdefault(_key(word), category)
                if word.endswith("s") or (place == 0 and not named(word)):
                    self._starts.add(_key(word))
            self._add(words_of(category.code), category)
        for root, words_said in _ALSO.items():
            shelf = self._parts.get(sound(root))
            if shelf is not None:
                self._add(words_said.split(), shelf)

    def _add(self, words: Iterable[str], shelf: Category) -> None:
        for word in words:
            self._parts.setdefault(_key(word), shelf)
            self._starts.add(_key(word))

    def at(self, words: Callable[[int], str], place: int) -> tuple[Category, int] | None:
        """Give the shelf named at a place and the place after its name; `words` gives "" where a phrase ends."""
        word = words(place)
        key = _key(word) if len(word) >= _SHORTEST and word.isalpha() else ""
        if key not in self._starts:
            return None
        shelf, stop = self._parts[key], place + 1
        while words(stop) in {"y", "e"} and self._parts.get(_key(words(stop + 1))) is shelf:
            stop += 2
        return shelf, stop


def _key(word: str) -> str:
    return sound(stem(word))
