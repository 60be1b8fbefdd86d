"""Which intent does a normalised line have, and how sure is that?

Needs numpy only; linear_training makes the model. Features are words, word pairs, the letters inside words
(2 to 5 at a time) and the pattern of word classes ("mandame # UNITS de GOODS"), weighted by rarity; the answer
is one matrix product and a softmax. N-grams never seen in training count in the length of the vector, so a
line of unknown words is a *short* vector and gets a low confidence instead of a confident guess.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np

_FORMAT = 1
_SHORT_LINE = 7  # the two frames included
_PRONOUNS = ("lo", "la", "los", "las")
_ENDINGS = (
    "", "s", "es", "me", "le", "les", "nos", "te", "se", *_PRONOUNS,
    *(person + thing for person in ("me", "se", "te", "nos") for thing in _PRONOUNS),
)  # fmt: skip


class UnreadableWeights(Exception):
    """The file of weights was written by another version of the classifier: train again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearModel:
    """A trained classifier."""

    labels: tuple[str, ...]
    classes: dict[str, str]  #: word -> its class in capitals, from data/words.yml
    vocabulary: dict[str, int]  #: n-gram -> row of `weights`
    rarity: np.ndarray  #: (n,) inverse document frequency of each n-gram
    unseen_rarity: float  #: the same for n-grams that training never saw
    weights: np.ndarray  #: (n, labels) float32
    bias: np.ndarray  #: (labels,)
    temperature: float  #: scores are divided by it before the softmax

    def ranking(self, line: str) -> list[tuple[str, float]]:
        """All intents with their probability, best first; [] for an empty line.

        `line` must come from `normalise.normalise`.
        """
        if not line:
            return []
        rows, values = self.vector(line)
        scores = (values @ self.weights[rows] + self.bias) / self.temperature
        odds = np.exp(scores - scores.max())
        chances = (odds / odds.sum()).tolist()
        order = sorted(range(len(chances)), key=chances.__getitem__, reverse=True)
        return [(self.labels[place], chances[place]) for place in order]

    def vector(self, line: str) -> tuple[np.ndarray, np.ndarray]:
        """The known n-grams of a line as (rows, values); each of the three kinds has unit length."""
        blocks = [self._block(grams) for grams in self.grams(line)]
        rows = np.array([row for known, _ in blocks for row in known], dtype=np.intp)
        return rows, np.concatenate([values for _, values in blocks])

    def grams(self, line: str) -> tuple[list[str], list[str], list[str]]:
        """The features of a line before weighting: words, letters, patterns."""
        return word_grams(line), letter_grams(line), pattern_grams(line, self.classes)

    def _block(self, grams: list[str]) -> tuple[list[int], np.ndarray]:
        rows: list[int] = []
        counts: list[int] = []
        unseen = 0
        vocabulary = self.vocabulary
        for gram, count in Counter(grams).items():
            row = vocabulary.get(gram)
            if row is None:
                unseen += 1
            else:
                rows.append(row)
                counts.append(count)
        values = (1.0 + np.log(np.array(counts, dtype=np.float32))) * self.rarity[rows]
        length = float(np.sqrt(values @ values + unseen * self.unseen_rarity**2))
        return rows, values / length if length else values

    def save(self, path: Path) -> None:
        """Write the model as a compressed .npz without pickled objects."""
        np.savez_compressed(
            path,
            format=np.array(_FORMAT),
            labels=_packed(self.labels),
            classes=_packed(f"{word} {name}" for word, name in self.classes.items()),
            vocabulary=_packed(self.vocabulary),
            rarity=self.rarity,
            scalars=np.array([self.unseen_rarity, self.temperature]),
            weights=self.weights.astype(np.float16),
            bias=self.bias,
        )

    @classmethod
    def load(cls, path: Path) -> "LinearModel":
        """Read what `save` wrote. Raises UnreadableWeights for a file of another version."""
        with np.load(path, allow_pickle=False) as stored:
            if "format" not in stored or int(stored["format"]) != _FORMAT:
                raise UnreadableWeights(path.name)
            unseen_rarity, temperature = stored["scalars"].tolist()
            return cls(
                labels=tuple(_unpacked(stored["labels"])),
                classes=dict(pair.split() for pair in _unpacked(stored["classes"])),
                vocabulary={gram: row for row, gram in enumerate(_unpacked(stored["vocabulary"]))},
                rarity=stored["rarity"],
                unseen_rarity=unseen_rarity,
                weights=stored["weights"].astype(np.float32),
                bias=stored["bias"],
                temperature=temperature,
            )


def word_grams(line: str) -> list[str]:
    """Words and pairs of neighbours, the line's ends ("^", "$") and its length class included."""
    words = line.split()
    framed = ["^", *words, "$"]
    pairs = [f"{left} {right}" for left, right in pairwise(framed)]
    return [f"{word} " for word in words] + pairs + [f"length {min(len(words).bit_length(), 5)}"]


def letter_grams(line: str) -> list[str]:
    """2 to 5 neighbouring letters inside each word, its borders marked by "|"."""
    return [gram for word in line.split() for gram in _grams_of_word(word)]


def pattern_grams(line: str, classes: dict[str, str]) -> list[str]:
    """Up to three neighbours with words replaced by their class; a short line also as a whole."""
    words = ["^", *(class_of(word, classes) or word for word in line.split()), "$"]
    grams = [
        f"{size}:{' '.join(words[i : i + size])}" for size in (1, 2, 3) for i in range(len(words) - size + 1)
    ]
    if len(words) <= _SHORT_LINE:
        grams.append(f"all:{' '.join(words)}")
    return grams


def class_of(word: str, classes: dict[str, str]) -> str | None:
    """The class of a word, of its singular, or of the verb before "me", "lo", "las" …; None when unknown."""
    for ending in _ENDINGS:
        if word.endswith(ending) and (name := classes.get(word.removesuffix(ending))):
            return name
    return None


@lru_cache(maxsize=8192)
def _grams_of_word(word: str) -> tuple[str, ...]:
    if word.startswith("#"):
        return ()
    framed = f"|{word[:40]}|"
    return tuple(
        framed[start : start + size]
        for size in range(2, 6)
        for start in range(max(len(framed) - size + 1, 0))
    )


def _packed(strings: Iterable[str]) -> np.ndarray:
    return np.frombuffer("\n".join(strings).encode(), dtype=np.uint8)


def _unpacked(packed: np.ndarray) -> list[str]:
    return packed.tobytes().decode().split("\n") if packed.size else []
