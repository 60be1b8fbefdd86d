from datetime import UTC, datetime, timedelta

import pytest

from openbot.conversations.afterwords import Afterword, is_courtesy, judge

NOW = datetime(2026, 11, 24, 13, tzinfo=UTC)
COURTESIES = frozenset({"gracias", "muchas gracias", "dale", "ok", "buenisimo", "nos vemos"})


def judged(kind: str, text: str = "", *, hours: float | None = 1) -> Afterword:
    closed = None if hours is None else NOW - timedelta(hours=hours)
    return judge(kind=kind, text=text, closed_at=closed, courtesies=COURTESIES, now=NOW)


@pytest.mark.parametrize("kind", ["text", "sticker", "image", "tap"])
def test_without_a_recent_close_everything_opens_an_order(kind: str) -> None:
    assert judged(kind, "gracias", hours=None) is Afterword.OPENS
    assert judged(kind, "gracias", hours=12.01) is Afterword.OPENS


@pytest.mark.parametrize("kind", ["reaction", "sticker"])
def test_what_has_no_words_belongs_to_the_closed_order(kind: str) -> None:
    assert judged(kind, hours=12) is Afterword.BELONGS


@pytest.mark.parametrize("kind", ["tap", "cart"])
def test_a_tap_or_a_cart_is_a_new_order(kind: str) -> None:
    assert judged(kind) is Afterword.OPENS


@pytest.mark.parametrize("kind", ["image", "location", "audio", "contacts"])
def test_a_medium_is_asked_about(kind: str) -> None:
    assert judged(kind) is Afterword.ASK


def test_a_text_is_courtesy_or_asked_about() -> None:
    assert judged("text", "¡Gracias!") is Afterword.BELONGS
    assert judged("text", "me faltó una coca") is Afterword.ASK


@pytest.mark.parametrize(
    "text",
    [
        "gracias",
        "GRACIAS!!!",
        "Muchas gracias, dale 🙌",
        "buenísimo",
        "",
        "🙏🏽❤️",
        "...",
        "ok ok ok",
        "nos   vemos",
    ],
)
def test_courtesy_is_known_in_any_writing(text: str) -> None:
    assert is_courtesy(text, courtesies=COURTESIES)


@pytest.mark.parametrize("text", ["gracias y una coca", "no", "muchas", "1", "ok?? y el pan"])
def test_one_other_word_is_no_courtesy(text: str) -> None:
    assert not is_courtesy(text, courtesies=COURTESIES)


def test_a_long_text_is_judged_quickly() -> None:
    assert not is_courtesy("x " * 30_000, courtesies=COURTESIES)
