"""How often does the assistant understand? `python -m bot.nlu.evaluate` in the assistant's environment.

Measures sentences that were never trained on, with the thresholds of config.yml applied as Rasa's
FallbackClassifier applies them. `--model` takes the weights of a trained Rasa model; without it the sentences
of data/nlu are trained here (under a minute).
"""

# ruff: noqa: T201 (a command that prints figures)

import argparse
import sys
import tarfile
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.nlu.linear_model import LinearModel
from bot.nlu.normalise import normalise

FALLBACK = "nlu_fallback"
_ROOT = Path(__file__).parents[2]
_WEIGHTS = "NormalizingLinearClassifier0/intents.npz"


class NoWeights(Exception):
    """This Rasa model was not trained with our classifier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the assistant made of one sentence."""

    text: str
    wanted: str
    intent: str  #: after the fallback thresholds
    guess: str  #: before them
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The answers to one set of sentences."""

    answers: tuple[Answer, ...]
    milliseconds: float  #: of CPU per sentence, normalisation included

    @property
    def accuracy(self) -> float:
        """Share of sentences with the right intent, 0 to 1."""
        return sum(a.intent == a.wanted for a in self.answers) / len(self.answers)

    @property
    def confusions(self) -> list[tuple[tuple[str, str], int]]:
        """(wanted, answered) pairs that differ, the most frequent first."""
        return Counter((a.wanted, a.intent) for a in self.answers if a.intent != a.wanted).most_common()


def training_sentences(folder: Path = _ROOT / "data" / "nlu") -> list[tuple[str, str]]:
    """(text, intent) of every example in data/nlu."""
    return [
        (line.removeprefix("- "), block["intent"])
        for path in sorted(folder.glob("*.yml"))
        for block in yaml.safe_load(path.read_text("utf-8"))["nlu"]
        for line in block["examples"].splitlines()
    ]


def sentences(path: Path) -> list[tuple[str, str]]:
    """(text, intent) of a file that maps intents to sentences."""
    by_intent = yaml.safe_load(path.read_text("utf-8"))
    return [(str(text), intent) for intent, texts in by_intent.items() for text in texts]


def thresholds(config: Path = _ROOT / "config.yml") -> tuple[float, float]:
    """(threshold, ambiguity_threshold) of the FallbackClassifier."""
    pipeline = yaml.safe_load(config.read_text("utf-8"))["pipeline"]
    fallback = next(component for component in pipeline if component["name"] == "FallbackClassifier")
    return fallback["threshold"], fallback["ambiguity_threshold"]


def trained_here() -> LinearModel:
    """The model that `rasa train` would make of data/nlu and config.yml."""
    from bot.nlu.linear_training import Recipe, train, word_classes

    examples = training_sentences()
    return train(
        [normalise(text) for text, _ in examples],
        [intent for _, intent in examples],
        recipe=Recipe(classes=word_classes(_ROOT / "data" / "words.yml")),
    )


def weights_of(rasa_model: Path) -> LinearModel:
    """The classifier inside a models/*.tar.gz. Raises NoWeights when there is none."""
    with tarfile.open(rasa_model) as archive, tempfile.TemporaryDirectory() as folder:
        member = next((m for m in archive.getmembers() if m.name.endswith(_WEIGHTS)), None)
        stored = archive.extractfile(member) if member else None
        if stored is None:
            raise NoWeights(rasa_model.name)
        target = Path(folder) / "intents.npz"
        target.write_bytes(stored.read())
        return LinearModel.load(target)


def evaluate(model: LinearModel, expected: list[tuple[str, str]]) -> Report:
    """Ask the model every sentence."""
    started = time.process_time()
    rankings = [model.ranking(normalise(text)) for text, _ in expected]
    spent = time.process_time() - started
    least, lead = thresholds()
    answers = [
        Answer(
            text=text,
            wanted=wanted,
            intent=_after_fallback(ranking, least=least, lead=lead),
            guess=ranking[0][0] if ranking else FALLBACK,
            confidence=ranking[0][1] if ranking else 0.0,
        )
        for (text, wanted), ranking in zip(expected, rankings, strict=True)
    ]
    return Report(answers=tuple(answers), milliseconds=spent / len(expected) * 1000)


def _after_fallback(ranking: list[tuple[str, float]], *, least: float, lead: float) -> str:
    if not ranking or ranking[0][1] < least or ranking[0][1] - ranking[1][1] < lead:
        return FALLBACK
    return ranking[0][0]


def _print(name: str, report: Report, *, verbose: bool) -> None:
    asked = sum(a.intent == FALLBACK != a.wanted for a in report.answers)
    wrong = sum(a.intent not in (FALLBACK, a.wanted) for a in report.answers)
    print(
        f"{name}: intent {report.accuracy:.1%} of {len(report.answers)} sentences "
        f"({wrong} wrong, {asked} asked again), {report.milliseconds:.2f} ms each"
    )
    for (wanted, got), count in report.confusions:
        print(f"  {count} x {wanted} -> {got}")
    for a in report.answers if verbose else ():
        if a.intent != a.wanted:
            print(f"    {a.text!r}: {a.wanted} -> {a.intent} ({a.guess} {a.confidence:.2f})")


def main() -> int:
    """Print the figures; exit 1 when the first set is below --least."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", type=Path, default=[_ROOT / "tests" / "nlu" / "heldout.yml"])
    parser.add_argument("--model", type=Path, help="a trained models/*.tar.gz")
    parser.add_argument("--least", type=float, default=0.92, help="accuracy that the first set must reach")
    parser.add_argument("--verbose", action="store_true", help="list the sentences that were not understood")
    wish = parser.parse_args()
    model = weights_of(wish.model) if wish.model else trained_here()
    reports = {path: evaluate(model, sentences(path)) for path in wish.sets}
    for path, report in reports.items():
        _print(path.stem, report, verbose=wish.verbose)
    return int(reports[wish.sets[0]].accuracy < wish.least)


if __name__ == "__main__":
    sys.exit(main())
