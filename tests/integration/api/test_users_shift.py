"""A day of two stretches, «9 a 13 y 16 a 20»: stored as typed, and what it means for who works them."""

from typing import Any

import pytest

from openbot.operators.passwords import hash_password
from openbot.vocabulary import Role
from tests.support.panel import Browser, Panel

PASSWORD = "una clave larga"
HASH = hash_password(PASSWORD)


def day(weekday: int, *hours: str) -> list[dict[str, Any]]:
    pairs = (each.split("-") for each in hours)
    return [{"weekday": weekday, "from": begins, "to": ends} for begins, ends in pairs]


NOON = day(1, "09:00-13:00", "16:00-20:00")  # it is Tuesday 10:00


@pytest.fixture
def boss(panel: Panel) -> Browser:
    return panel.administrator(name="Ana")


@pytest.fixture
def beto(panel: Panel, boss: Browser) -> Browser:
    """An operator whose plan has a break at noon."""
    browser = panel.signed_in(panel.person(role=Role.OPERATOR, email="beto@example.com", password_hash=HASH))
    answer = boss.patch(f"/api/users/{browser.person_id}", json={"version": 1, "shift": NOON})
    assert answer.status_code == 200, answer.text
    return browser


def test_both_stretches_are_stored_and_described(boss: Browser, beto: Browser):
    row = boss.get(f"/api/users/{beto.person_id}").json()
    assert row["shift"] == NOON
    assert row["shift_text"] == "martes de 9 a 13 y de 16 a 20"


def test_three_stretches_on_each_day_are_a_plan_too(boss: Browser, beto: Browser):
    week = [
        stretch
        for weekday in range(7)
        for stretch in day(weekday, "06:00-08:00", "09:00-13:00", "16:00-20:00")
    ]
    answer = boss.patch(f"/api/users/{beto.person_id}", json={"version": 2, "shift": week})
    assert answer.json()["shift"] == week
    more = boss.patch(
        f"/api/users/{beto.person_id}", json={"version": 3, "shift": week + day(0, "21:00-22:00")}
    )
    assert more.json()["error"]["fields"] == {"shift": "too_many"}


@pytest.mark.parametrize(
    ("hours", "overtime"), [(2.9, False), (3.5, True), (6, False), (9.9, False), (10.5, True)]
)
def test_in_both_stretches_and_a_while_after_each_one_is_at_work(
    panel: Panel, beto: Browser, *, hours: float, overtime: bool
):
    panel.world.clock.move(hours=hours)
    fresh = panel.signed_in(beto.person_id)
    assert fresh.get("/api/me").json()["overtime"] is overtime


def test_between_the_stretches_nobody_gets_in_and_hears_when_the_second_begins(panel: Panel, beto: Browser):
    panel.world.clock.move(hours=4)
    assert beto.get("/api/me").json()["error"]["detail"] == {"because": "shift"}
    signed = panel.anonymous().post("/api/sign-in", json={"email": "beto@example.com", "password": PASSWORD})
    assert (signed.status_code, signed.json()["error"]["code"]) == (403, "outside_shift")
    assert signed.json()["error"]["detail"]["begins"].startswith("2026-11-24T16:00:00")
    panel.world.clock.move(hours=2)
    again = panel.anonymous().post("/api/sign-in", json={"email": "beto@example.com", "password": PASSWORD})
    assert again.status_code == 200
