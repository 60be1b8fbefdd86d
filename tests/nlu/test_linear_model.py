import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.nlu.linear_model import (
    LinearModel,
    UnreadableWeights,
    class_of,
    letter_grams,
    pattern_grams,
    word_grams,
)
from bot.nlu.linear_training import Recipe, train, word_classes
from bot.nlu.normalise import normalise

ROOT = Path(__file__).parents[2]
CLASSES = {"asado": "GOODS", "coca": "GOODS", "pan": "GOODS", "saca": "REMOVING", "kilo": "UNITS"}
LINES = ["hola", "hola buenas", "buen dia", "quiero asado", "quiero # kilo de pan", "mandame una coca"] * 3
INTENTS = ["greet", "greet", "greet", "order", "order", "order"] * 3


@pytest.fixture(scope="module")
def model():
    return train(LINES, INTENTS, recipe=Recipe(classes=CLASSES, folds=3))


def test_the_best_intent_comes_first_and_all_sum_to_one(model):
    ranking = model.ranking("quiero # kilo de asado")

    assert ranking[0][0] == "order"
    assert [chance for _, chance in ranking] == sorted((c for _, c in ranking), reverse=True)
    assert sum(chance for _, chance in ranking) == pytest.approx(1)


def test_unknown_words_lower_the_confidence(model):
    known = dict(model.ranking("quiero asado"))["order"]
    drowned = dict(model.ranking("quiero zxcvb qwert poiuy mnbvc lkjhg asdfg trewq"))["order"]

    assert drowned < known


def test_an_empty_line_has_no_ranking(model):
    assert model.ranking("") == []


def test_a_line_without_any_known_feature_is_still_ranked(model):
    assert {name for name, _ in model.ranking("你好")} == {"greet", "order"}


def test_saved_weights_answer_the_same(model, tmp_path):
    model.save(tmp_path / "intents.npz")
    loaded = LinearModel.load(tmp_path / "intents.npz")

    assert loaded.classes == model.classes
    for line in LINES:
        assert loaded.ranking(line)[0][0] == model.ranking(line)[0][0]
        assert loaded.ranking(line)[0][1] == pytest.approx(model.ranking(line)[0][1], abs=0.01)


def test_a_model_without_word_classes_can_be_saved(model, tmp_path):
    replace(model, classes={}).save(tmp_path / "intents.npz")

    assert LinearModel.load(tmp_path / "intents.npz").classes == {}


def test_weights_of_another_version_are_refused(tmp_path):
    np.savez(tmp_path / "old.npz", format=np.array(999))

    with pytest.raises(UnreadableWeights):
        LinearModel.load(tmp_path / "old.npz")


def test_training_is_repeatable(model):
    again = train(LINES, INTENTS, recipe=Recipe(classes=CLASSES, folds=3))

    assert again.ranking("hola coca") == model.ranking("hola coca")


def test_one_intent_is_too_few_to_train():
    with pytest.raises(ValueError, match="two intents"):
        train(["hola"], ["greet"])


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("coca", "GOODS"),
        ("cocas", "GOODS"),
        ("panes", "GOODS"),
        ("sacamela", "REMOVING"),
        ("sacalos", "REMOVING"),
    ],
)
def test_plurals_and_pronouns_are_found(word, name):
    assert class_of(word, CLASSES) == name


def test_an_unknown_word_has_no_class():
    assert class_of("rivadavia", CLASSES) is None


def test_goods_can_be_exchanged_in_a_pattern():
    assert pattern_grams("saca el pan", CLASSES) == pattern_grams("saca el asado", CLASSES)


def test_numbers_have_no_letters():
    assert letter_grams("##") == []
    assert "## " in word_grams("##")


def test_the_word_lists_are_written_as_the_normaliser_writes():
    classes = word_classes(ROOT / "data" / "words.yml")

    assert len(classes) > 1000
    assert set(classes.values()) >= {"GOODS", "UNITS", "PLACES", "ADDING", "REMOVING"}
    assert [word for word in classes if normalise(word) != word] == []


def test_loading_needs_no_learning_library():
    heavy = "{'scipy', 'sklearn', 'skops', 'tensorflow', 'rasa'}"
    code = f"import sys, bot.nlu.linear_model, bot.nlu.normalise; sys.exit(bool({heavy} & set(sys.modules)))"

    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0  # noqa: S603
