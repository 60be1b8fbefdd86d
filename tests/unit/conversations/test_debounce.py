from datetime import UTC, datetime, timedelta

import pytest

from openbot.conversations.debounce import Waits, answers, due_at

NOW = datetime(2026, 11, 24, 13, tzinfo=UTC)
WAITS = Waits(quiet=timedelta(seconds=2.5), answered=timedelta(seconds=1), longest=timedelta(seconds=8))


def wait(
    text: str = "hola", *, is_text: bool = True, options: tuple[str, ...] = (), ago: float | None = None
) -> float:
    since = None if ago is None else NOW - timedelta(seconds=ago)
    due = due_at(is_text=is_text, text=text, options=options, due_since=since, now=NOW, waits=WAITS)
    return (due - NOW).total_seconds()


def test_a_tap_is_never_delayed() -> None:
    assert wait(is_text=False, ago=1) == 0


def test_a_text_waits_for_the_next_one() -> None:
    assert wait() == 2.5
    assert wait(ago=3) == 2.5


@pytest.mark.parametrize(("ago", "left"), [(5.5, 2.5), (6, 2), (8, 0), (20, -12)])
def test_nobody_waits_longer_than_the_longest_time(ago: float, left: float) -> None:
    assert wait(ago=ago) == left


def test_an_answer_to_the_open_question_waits_less() -> None:
    assert wait("centro", options=("Centro",)) == 1
    assert wait("centro", options=("Norte",)) == 2.5


@pytest.mark.parametrize(
    ("text", "options", "is_answer"),
    [
        ("Sí", ("si", "no"), True),
        ("si, dale", ("si",), False),
        (" 3 ", ("#",), True),
        ("tres", ("#",), False),
        ("", ("Sí",), False),
        ("sí", (), False),
        ("s" * 101, ("s" * 101,), False),
    ],
)
def test_an_answer_is_an_option_in_other_letters(
    text: str, options: tuple[str, ...], *, is_answer: bool
) -> None:
    assert answers(text, options=options) is is_answer
