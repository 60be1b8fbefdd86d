import pytest

from bot.nlu.normalise import PLAIN_LIMIT, normalise


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("HOLAAAA!!", "hola"),
        ("graciasss", "gracias"),
        ("Mañana, ¿tenés JAMÓN?", "manana tenes jamon ?"),
        ("kiero 2kg d pan x favor", "quiero # kilo de pan por favor"),
        ("xq no tmb dsp", "por que no tambien despues"),
        ("q tenes porfa", "que tenes por favor"),
        ("2 k de papa", "# kilo de papa"),
        ("k tenes", "que tenes"),
        ("quiero dos docenas", "quiero # docena"),
        ("rivadavia 1234", "rivadavia ##"),
        ("$ 12.450,00", "###"),
        ("½ kg", "# / # kilo"),
        ("1155667788", "###"),
        ("jajajaja xD", "emo_risa emo_risa"),
        ("dale 👍🏽", "dale emo_ok"),
        ("gracias :)", "gracias emo_gracias"),
        ("🦄", "emo_otro"),
        ("ho\u200bla", "hola"),
        ("\u202ehola\u202c", "hola"),
        ("𝓱𝓸𝓵𝓪 ｈｏｌａ", "hola hola"),
        ("／restart", "/ restart"),
        ("nº 5, 3º piso", "n # # piso"),
    ],
)
def test_a_chat_spelling_becomes_plain(typed, plain):
    assert normalise(typed) == plain


def test_double_letters_inside_a_word_stay():
    assert normalise("carro leer mozzarella") == "carro leer mozzarella"


@pytest.mark.parametrize("nothing", ["", "   ", "\n\t", "\u200b\u200d\ufeff", "...", "\x00"])
def test_nothing_readable_is_an_empty_line(nothing):
    assert normalise(nothing) == ""


@pytest.mark.parametrize(
    "bad",
    [
        "a" * 60_000,
        "hola " * 12_000,
        "👍" * 60_000,
        "\ufdfa" * 60_000,
        "ja" * 30_000,
        "é" * 60_000,
        "1" * 60_000,
        ":" * 60_000,
        ";-" * 30_000,
        "\ud800\udfff",
        "e\u0301" * 30_000,
        "ñ\u0000" * 9,
    ],
)
def test_any_text_is_capped_and_never_raises(bad):
    assert len(normalise(bad)) <= PLAIN_LIMIT


def test_other_alphabets_survive():
    assert normalise("שלום مرحبا 你好") == "שלום مرحبا 你好"
