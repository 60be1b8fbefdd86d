"""Who did what: newest first, by person, act, subject and day."""

from datetime import timedelta
from typing import Any

import pytest

from openbot.operators import audit
from tests.support.panel import Browser, Panel


@pytest.fixture
def boss(panel: Panel) -> Browser:
    """An administrator, and thirty lines of the log: one an hour, the first at 10:00 of 24/11 in Buenos Aires."""
    browser = panel.administrator(name="Ana")
    with panel.world.database.transaction() as session:
        for hour in range(30):
            audit.note(
                session,
                operator_id=browser.person_id if hour % 2 else None,
                action="order_exported" if hour % 3 else "user_changed",
                subject=f"order {hour}",
                detail={"hour": hour},
                address="10.0.0.1",
                now=panel.world.clock() + timedelta(hours=hour),
            )
    return browser


def hours(browser: Browser, **query: Any) -> list[int]:
    answer = browser.get("/api/audit", params=query)
    assert answer.status_code == 200, answer.text
    return [row["detail"]["hour"] for row in answer.json()["rows"]]


def test_the_newest_line_comes_first_with_who_when_and_from_where(boss: Browser):
    row = boss.get("/api/audit").json()["rows"][0]
    assert row.pop("id") > 0
    assert row == {
        "at": "2026-11-25T18:00:00Z",
        "operator_id": boss.person_id,
        "operator": "Ana",
        "action": "order_exported",
        "subject": "order 29",
        "detail": {"hour": 29},
        "address": "10.0.0.1",
    }


def test_it_is_filtered_by_person_act_and_subject(boss: Browser):
    assert hours(boss, operator_id=boss.person_id) == list(range(29, 0, -2))
    assert hours(boss, action="user_changed") == list(range(27, -1, -3))
    assert hours(boss, action=["user_changed", "order_exported"], subject="order 7") == [7]
    assert hours(boss, action="nothing") == []


def test_days_are_the_companys(boss: Browser):
    assert hours(boss, at_from="2026-11-25") == list(range(29, 13, -1))  # 14 h after 10:00 it is midnight
    assert hours(boss, at_to="2026-11-24") == list(range(13, -1, -1))
    assert hours(boss, at_from="2026-11-26") == []
    assert hours(boss, at_from="2026-11-24", at_to="2026-11-24", operator_id=boss.person_id) == [
        13,
        11,
        9,
        7,
        5,
        3,
        1,
    ]


def test_pages_follow_each_other_without_a_gap(boss: Browser):
    seen: list[int] = []
    after = ""
    while after is not None:
        answer = boss.get("/api/audit", params={"limit": 7, "after": after}).json()
        seen += [row["detail"]["hour"] for row in answer["rows"]]
        after = answer["next"]
    assert seen == list(range(29, -1, -1))
    assert (answer["total"], answer["total_is_capped"]) == (30, False)


@pytest.mark.parametrize(
    "query",
    [{"after": "x"}, {"after": "-1"}, {"after": "9" * 25}, {"operator_id": "0"}, {"at_from": "ayer"}, {"limit": "0"},
     {"limit": "1000"}, {"at_from": "2026-13-01"}],
)  # fmt: skip
def test_nonsense_is_refused_by_field(boss: Browser, query: dict[str, str]):
    answer = boss.get("/api/audit", params=query)
    assert answer.status_code == 422
    assert answer.json()["error"]["fields"].keys() == query.keys()


@pytest.mark.parametrize(
    "query", [{"subject": "\x00"}, {"at_to": "9999-12-31"}, {"at_from": "0001-01-01"}, {"action": "\ud800"}]
)
def test_extremes_are_answered(boss: Browser, query: dict[str, str]):
    try:
        answer = boss.get("/api/audit", params=query)
    except UnicodeEncodeError:
        return  # no client can even send that
    assert answer.status_code in (200, 422)
