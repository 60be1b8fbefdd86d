"""«Lugar en la lista»: the place that people see is the one that counts, whatever number the row holds."""

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from openbot.database import Database
    from tests.support.panel import Browser, Panel

PART = "/api/catalogue/categories"


@pytest.fixture
def ana(seeded: "Database", panel: "Panel") -> "Browser":
    return panel.administrator(name="Ana")


def listed(ana: "Browser") -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = ana.get(PART).json()["rows"]
    return rows


def last(ana: "Browser", count: int) -> list[str]:
    return [row["name"] for row in listed(ana)][-count:]


def move(ana: "Browser", name: str, position: int) -> dict[str, Any]:
    row = next(row for row in listed(ana) if row["name"] == name)
    answer = ana.patch(f"{PART}/{row['id']}", json={"version": row["version"], "position": position})
    assert answer.status_code == 200, answer.text
    changed: dict[str, Any] = answer.json()["changed"]
    return changed


def test_after_one_was_deleted_another_moves_to_the_place_that_is_asked_for(ana: "Browser"):
    ids = [ana.post(PART, json={"name": name}).json()["id"] for name in ("Uno", "Dos", "Tres")]
    ana.delete(f"{PART}/{ids[0]}")
    count = len(listed(ana))
    assert move(ana, "Dos", count) == {"position": [count - 1, count]}
    assert last(ana, 2) == ["Tres", "Dos"]


def test_a_place_past_the_end_is_the_end_and_the_same_place_is_no_change(ana: "Browser"):
    for name in ("Uno", "Dos"):
        ana.post(PART, json={"name": name})
    count = len(listed(ana))
    assert move(ana, "Uno", 900) == {"position": [count - 1, count]}
    assert last(ana, 2) == ["Dos", "Uno"]
    assert move(ana, "Uno", 900) == {}


def test_a_new_one_gets_the_place_that_is_asked_for(ana: "Browser"):
    ana.post(PART, json={"name": "Primera", "position": 1})
    assert listed(ana)[0]["name"] == "Primera"
