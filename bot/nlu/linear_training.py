"""Training of the linear classifier: multinomial logistic regression by L-BFGS, then one temperature.

Needs scipy; only training imports this file.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import yaml
from scipy.optimize import minimize, minimize_scalar
from scipy.sparse import csr_matrix

from bot.nlu.linear_model import LinearModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How to train; the defaults were chosen by cross-validation on data/nlu (docs/decisions/0004)."""

    strength: float = 100.0  #: of the data against the regulariser (scikit-learn's C)
    balance: float = 1.0  #: 0: every sentence counts the same; 1: every intent counts the same
    min_lines: int = 2  #: n-grams in fewer training lines are left out
    iterations: int = 60
    classes: Mapping[str, str] = field(default_factory=dict)  #: word -> class, see `word_classes`
    folds: int = 5  #: one of them is held out to find the temperature; 0 leaves it at 1


def train(lines: Sequence[str], intents: Sequence[str], *, recipe: Recipe | None = None) -> LinearModel:
    """A calibrated model. Same input, same model. Raises ValueError with fewer than two intents."""
    recipe = recipe or Recipe()
    labels = tuple(sorted(set(intents)))
    if len(labels) < 2:  # noqa: PLR2004
        raise ValueError(f"at least two intents are needed to train, got {len(labels)}")
    model = _fit(lines, intents, labels, recipe)
    if not recipe.folds:
        return model
    scores, wanted = held_out_scores(lines, intents, recipe=recipe, only_first=True)
    return replace(model, temperature=_temperature(scores, wanted))


def word_classes(path: Path) -> dict[str, str]:
    """Word -> class in capitals, from data/words.yml; the first class that lists a word has it."""
    classes: dict[str, str] = {}
    for name, words in yaml.safe_load(path.read_text("utf-8")).items():
        for word in words.split():
            classes.setdefault(word, name.upper())
    return classes


def held_out_scores(
    lines: Sequence[str], intents: Sequence[str], *, recipe: Recipe, only_first: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Cross-validation: what models that did not see a line say of it.

    Returns the scores at temperature 1, shape (lines, labels in alphabetical order), and the right columns;
    with `only_first` for the first fold alone.
    """
    labels = tuple(sorted(set(intents)))
    wanted = np.array([labels.index(intent) for intent in intents])
    fold_of = _folds(wanted, recipe.folds)
    scores = np.zeros((len(lines), len(labels)))
    for fold in range(1 if only_first else recipe.folds):
        kept = np.flatnonzero(fold_of != fold)
        model = _fit([lines[i] for i in kept], [intents[i] for i in kept], labels, recipe)
        for i in np.flatnonzero(fold_of == fold):
            rows, values = model.vector(lines[i])
            scores[i] = values @ model.weights[rows] + model.bias
    asked = np.flatnonzero(fold_of == 0) if only_first else np.arange(len(lines))
    return scores[asked], wanted[asked]


def _fit(
    lines: Sequence[str], intents: Sequence[str], labels: tuple[str, ...], recipe: Recipe
) -> LinearModel:
    empty = _untrained(lines, labels, recipe)
    table = _matrix(empty, lines)
    wanted = np.array([labels.index(intent) for intent in intents])
    share = np.bincount(wanted, minlength=len(labels)) / len(wanted)
    importance = (1.0 / (share[wanted] * len(labels))) ** recipe.balance
    target = np.zeros((len(wanted), len(labels)))
    target[np.arange(len(wanted)), wanted] = 1.0
    weights, bias = _logistic_regression(table, target, importance / importance.mean(), recipe)
    return replace(empty, weights=weights.astype(np.float32), bias=bias)


def _untrained(lines: Sequence[str], labels: tuple[str, ...], recipe: Recipe) -> LinearModel:
    empty = LinearModel(
        labels=labels,
        classes=dict(recipe.classes),
        vocabulary={},
        rarity=np.zeros(0, dtype=np.float32),
        unseen_rarity=float(np.log(1 + len(lines)) + 1.0),
        weights=np.zeros((0, len(labels)), dtype=np.float32),
        bias=np.zeros(len(labels)),
        temperature=1.0,
    )
    seen_in = Counter(gram for line in lines for gram in set().union(*empty.grams(line)))
    known = sorted(gram for gram, count in seen_in.items() if count >= recipe.min_lines)
    frequency = np.array([seen_in[gram] for gram in known])
    return replace(
        empty,
        vocabulary={gram: row for row, gram in enumerate(known)},
        rarity=(np.log((1 + len(lines)) / (1 + frequency)) + 1.0).astype(np.float32),
    )


def _matrix(model: LinearModel, lines: Sequence[str]) -> csr_matrix:
    vectors = [model.vector(line) for line in lines]
    ends = np.cumsum([0] + [len(rows) for rows, _ in vectors])
    columns = np.concatenate([rows for rows, _ in vectors])
    values = np.concatenate([values for _, values in vectors]).astype(np.float64)
    return csr_matrix((values, columns, ends), shape=(len(lines), len(model.vocabulary)))


def _logistic_regression(
    table: csr_matrix, target: np.ndarray, importance: np.ndarray, recipe: Recipe
) -> tuple[np.ndarray, np.ndarray]:
    grams, labels = table.shape[1], target.shape[1]
    transposed = table.T.tocsr()

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights, bias = flat[: grams * labels].reshape(grams, labels), flat[grams * labels :]
        scores = table @ weights + bias
        scores -= scores.max(axis=1, keepdims=True)
        log_sum = np.log(np.exp(scores).sum(axis=1, keepdims=True))
        misfit = -(importance[:, None] * target * (scores - log_sum)).sum() * recipe.strength
        slope = (np.exp(scores - log_sum) - target) * importance[:, None] * recipe.strength
        gradient = np.concatenate([(transposed @ slope + weights).ravel(), slope.sum(axis=0)])
        return misfit + 0.5 * float((weights * weights).sum()), gradient

    start = np.zeros(grams * labels + labels)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": recipe.iterations}).x
    return found[: grams * labels].reshape(grams, labels), found[grams * labels :]


def _folds(wanted: np.ndarray, folds: int) -> np.ndarray:
    """Every intent is dealt over all folds, by a fixed shuffle."""
    order = np.random.default_rng(1).permutation(len(wanted))
    fold_of = np.zeros(len(wanted), dtype=int)
    dealt: Counter[int] = Counter()
    for i in order:
        fold_of[i] = dealt[wanted[i]] % folds
        dealt[wanted[i]] += 1
    return fold_of


def _temperature(scores: np.ndarray, wanted: np.ndarray) -> float:
    def surprise(temperature: float) -> float:
        scaled = scores / temperature
        scaled = scaled - scaled.max(axis=1, keepdims=True)
        chances = scaled - np.log(np.exp(scaled).sum(axis=1, keepdims=True))
        return -float(chances[np.arange(len(wanted)), wanted].mean())

    return float(minimize_scalar(surprise, bounds=(0.2, 5.0), method="bounded").x)
