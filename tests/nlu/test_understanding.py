"""What the customer types, through the real pipeline."""

import tarfile
from collections import Counter
from pathlib import Path

import pytest

from bot.nlu.evaluate import FALLBACK, NoWeights, evaluate, sentences, training_sentences, weights_of
from bot.nlu.linear_model import LinearModel
from bot.nlu.normalise import normalise

HERE = Path(__file__).parent
HELDOUT = HERE / "heldout.yml"
FRESH = HERE / "fresh.yml"
_INTENTS = """greet goodbye thanks affirm deny order inform change_order remove_item show_cart done skip cancel_order
    restart_order go_back menu repeat_last order_status ask_branches ask_hours ask_products ask_prices ask_delivery
    ask_payment_methods human help complaint insult bot_challenge out_of_scope"""
TEXT_INTENTS = set(_INTENTS.split())


@pytest.fixture(scope="module")
def report(pipeline):
    return evaluate(LinearModel.load(pipeline.weights), sentences(HELDOUT))


def test_at_least_92_of_100_unseen_sentences_are_understood(report):
    assert report.accuracy >= 0.92, report.confusions


def test_the_report_says_what_rasa_would_answer(pipeline, report):
    for answer in report.answers:
        assert pipeline.parse(answer.text)["intent"]["name"] == answer.intent


def test_wrong_answers_are_less_sure_than_right_ones(report):
    right = sorted(a.confidence for a in report.answers if a.guess == a.wanted)
    wrong = sorted(a.confidence for a in report.answers if a.guess != a.wanted)

    assert wrong[len(wrong) // 2] < right[len(right) // 10]


@pytest.mark.parametrize("path", [HELDOUT, FRESH], ids=lambda path: path.stem)
def test_no_unseen_sentence_is_trained_on(path):
    trained = {normalise(text) for text, _ in training_sentences()}

    assert [text for text, _ in sentences(path) if normalise(text) in trained] == []


def test_the_sets_are_large_and_cover_every_intent_of_a_text():
    trained = training_sentences()
    unseen = sentences(HELDOUT)

    assert len(trained) >= 500
    assert len(unseen) >= 200
    assert {intent for _, intent in trained} == TEXT_INTENTS
    assert {intent for _, intent in unseen} == TEXT_INTENTS
    assert all(count >= 20 for count in Counter(intent for _, intent in trained).values())


def test_no_sentence_is_trained_for_two_intents():
    intents = {}
    for text, intent in training_sentences():
        intents.setdefault(normalise(text), set()).add(intent)

    assert {line: names for line, names in intents.items() if len(names) > 1} == {}


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "   ",
        "\u200b",
        "👍" * 3000,
        "😂🤣🦄",
        "שלום, אני רוצה להזמין",
        "\u202eabc",
        "x" * 60_000,
        "hola " * 12_000,
        "'; DROP TABLE orders; --",
        "<script>alert(1)</script>",
        "／restart",
        '／confirm_order{"order":1}',
        "\x00\x01",
    ],
)
def test_bad_input_is_a_normal_answer(pipeline, bad):
    answer = pipeline.parse(bad)

    assert answer["intent"]["name"] in TEXT_INTENTS | {FALLBACK}
    assert 0 <= answer["intent"]["confidence"] <= 1


@pytest.mark.parametrize("nothing", ["", " ", "\u200b\u200d", "..."])
def test_an_empty_text_is_not_understood(pipeline, nothing):
    assert pipeline.parse(nothing)["intent"]["name"] == FALLBACK


@pytest.mark.parametrize("typed", ["／confirm_order", '／affirm{"order":"7"}', "／restart"])
def test_a_typed_command_never_confirms(pipeline, typed):
    assert pipeline.parse(typed)["intent"]["name"] in {"out_of_scope", FALLBACK}


def test_weights_can_be_read_out_of_a_trained_model(pipeline, tmp_path):
    model = tmp_path / "model.tar.gz"
    with tarfile.open(model, "w:gz") as archive:
        folder = "components/train_bot.nlu.linear_classifier.NormalizingLinearClassifier0"
        archive.add(pipeline.weights, f"{folder}/intents.npz")

    assert weights_of(model).ranking("hola")[0][0] == "greet"


def test_a_model_of_another_pipeline_is_refused(tmp_path):
    model = tmp_path / "model.tar.gz"
    with tarfile.open(model, "w:gz"):
        pass

    with pytest.raises(NoWeights):
        weights_of(model)
