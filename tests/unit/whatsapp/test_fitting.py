import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbot.whatsapp import fitting

FAMILY = "👨\u200d👩\u200d👧"
FLAG = "🇦🇷"
THUMB = "👍🏽"


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [
        ("hola", 10, "hola"),
        ("hola", 2, "ho"),
        ("a" + FAMILY, 3, "a"),
        (FLAG * 3, 3, FLAG),
        (FLAG * 3, 4, FLAG * 2),
        ("a" + THUMB, 2, "a"),
        ("cafe\u0301", 4, "caf"),
        ("a\r\nb", 2, "a"),
        ("e" + "\u0301" * 9, 4, "e" + "\u0301" * 3),
    ],
)
def test_a_cut_splits_no_visible_character(text, most, expected):
    assert fitting.cut(text, most) == expected


def test_a_shortened_text_says_so():
    assert fitting.shorten("Pago con transferencia", 12) == "Pago con tr…"
    assert fitting.shorten("Efectivo", 12) == "Efectivo"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("uno dos\n\ntres cuatro", ("uno dos", "tres cuatro")),
        ("uno dos\ntres cuatro", ("uno dos", "tres cuatro")),
        ("Uno dos. Tres cuatro", ("Uno dos.", "Tres cuatro")),
        ("unodos trescuatro", ("unodos", "trescuatro")),
        ("unodostrescuatrocinco", ("unodostrescu", "atrocinco")),
    ],
)
def test_a_split_is_where_a_reader_would_make_it(text, parts):
    assert fitting.split(text, 12) == parts


@given(st.text(max_size=200), st.integers(4, 40))
def test_parts_fit_and_lose_only_white_space(text, most):
    parts = fitting.split(text, most)
    assert all(0 < len(part) <= most for part in parts)
    seen = [c for c in fitting.tidy(text) if fitting.tidy(c)]
    assert [c for part in parts for c in part if fitting.tidy(c)] == seen
