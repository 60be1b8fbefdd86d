"""Whatever is sent as a cursor is a place in this list, or refused."""

import base64
import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbot.orders import cursors
from openbot.orders.criteria import LARGEST_ID, numbers_in

KINDS = {"id": int, "total": Decimal, "at": datetime, "name": str}
PLACE = {"id": 7, "total": Decimal("12.50"), "at": datetime(2026, 11, 22, 15, tzinfo=UTC), "name": "Ñandú"}


def made(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


def test_a_place_comes_back_as_it_was():
    assert cursors.read(cursors.write(PLACE, sort="-total"), sort="-total", kinds=KINDS) == PLACE


@pytest.mark.parametrize(
    "content",
    [
        ["-total", {**dict.fromkeys(KINDS), "id": 10**30}],
        ["-total", {**dict.fromkeys(KINDS), "id": True}],
        ["-total", {**dict.fromkeys(KINDS), "total": "NaN"}],
        ["-total", {**dict.fromkeys(KINDS), "total": "1e400"}],
        ["-total", {**dict.fromkeys(KINDS), "total": "0.001"}],
        ["-total", {**dict.fromkeys(KINDS), "at": "2026-11-22T15:00:00"}],
        ["-total", {**dict.fromkeys(KINDS), "name": "a\0b"}],
        ["-total", {**dict.fromkeys(KINDS), "name": "\ud83d"}],
        ["total", PLACE | {"total": "1", "at": None}],
        ["-total", {"id": 1}],
        ["-total"],
        {},
        7,
    ],
)
def test_a_forged_one_is_refused(content: object):
    with pytest.raises(cursors.BadCursor):
        cursors.read(made(content), sort="-total", kinds=KINDS)


@given(st.text(max_size=700))
def test_anything_else_is_refused(text: str):
    with pytest.raises(cursors.BadCursor):
        cursors.read(text, sort="-total", kinds=KINDS)


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [("1043", (1043,)), ("#1.043", (1043,)), ("1043, 1044 1045", (1043, 1044, 1045)), ("0", ()), ("x", ())],
)
def test_numbers_are_read_as_people_write_them(typed: str, numbers: tuple[int, ...]):
    assert numbers_in(typed) == numbers


def test_a_number_no_order_can_have_is_none():
    assert numbers_in(str(10**30)) == ()
    assert numbers_in(str(LARGEST_ID)) == (LARGEST_ID,)
