"""The plan: its warnings once each, and its count exact under repetitions and at midnight (product §6)."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from openbot import company, plan
from openbot.schema import Inbound, Outbound
from tests.support import whatsapp
from tests.support.whatsapp import ANA

if TYPE_CHECKING:
    from openbot.database import Database
    from tests.support.panel import Panel
    from tests.support.world import World

NEWS = "/api/orders/news"
MIDNIGHT = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)  # the first of December begins in Buenos Aires
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def demo(seeded: "Database") -> None:
    """Everybody here works for the demo company."""


def choose(world: "World", **values: Any) -> None:
    with world.database.transaction() as session:
        version = company.read(session).version
        company.save(session, values=values, version=version, by=None, now=world.clock())


def used(panel: "Panel") -> int:
    return panel.administrator().get("/api/dashboard").json()["plan"]["used"]


def test_each_warning_is_told_once_to_administrators(world: "World", panel: "Panel"):
    ana, beto, operator = panel.administrator(), panel.administrator(), panel.operator()
    choose(world, plan_allowance=5)
    world.converse("hola")
    world.deadlines.once()
    assert ana.get(NEWS).json()["notices"] == []
    world.converse("chau")
    world.deadlines.once()
    (notice,) = ana.get(NEWS).json()["notices"]
    assert notice == {
        "key": "plan 2026-11 nearly_used",
        "code": "plan_nearly_used",
        "renews_on": "2026-12-01",
    }
    assert operator.get(NEWS).json()["notices"] == []
    assert ana.post("/api/me/notices-seen", json={"key": notice["key"]}).status_code == 204
    world.deadlines.once()
    assert ana.get(NEWS).json()["notices"] == []
    assert beto.get(NEWS).json()["notices"] == [notice]
    world.says("otra vez")
    world.deadlines.once()
    assert [each["code"] for each in ana.get(NEWS).json()["notices"]] == ["plan_used_up"]
    ana.post("/api/me/notices-seen", json={"key": "plan 2026-11 used_up"})
    choose(world, plan_allowance=6)  # back to nearly used: she has read that
    world.deadlines.once()
    assert ana.get(NEWS).json()["notices"] == []
    world.clock.move(days=10)
    assert panel.administrator().get(NEWS).json()["notices"] == []


def test_a_notice_without_a_name_is_refused(panel: "Panel"):
    for body in ({}, {"key": ""}, {"key": "x" * 61}):
        assert panel.operator().post("/api/me/notices-seen", json=body).status_code == 422


def test_the_watch_writes_only_when_something_changes(world: "World"):
    choose(world, plan_allowance=1)
    world.says("hola")
    world.deadlines.once()
    with world.database.reading() as session:
        found = plan.reached(session, now=world.clock())
        assert found is not None
        assert found.warning is plan.Warn.USED_UP
        zone = company.read(session).zone
        assert not plan.to_reach(session, now=world.clock() + timedelta(minutes=1), zone=zone)[2]


def test_repetitions_and_tries_count_once_and_midnight_divides_them(world: "World", panel: "Panel"):
    world.clock.now = MIDNIGHT - 3 * SECOND
    item = whatsapp.text(ANA, "hola", wamid="wamid.ONE", at=world.clock())
    for _ in range(3):
        world.deliver(item)
    assert used(panel) == 1
    world.clock.now = MIDNIGHT - SECOND
    world.answer()
    world.whatsapp.faults = [whatsapp.refusal(131000), whatsapp.lost]  # refused, then its answer is lost
    world.send()
    assert used(panel) == 1
    world.clock.now = MIDNIGHT
    world.deliver(item)  # once more, too late
    assert used(panel) == 0
    world.wait(seconds=30)
    world.wait(seconds=30)
    for name in ("sent", "delivered", "delivered", "read"):
        world.status(name, wamid="wamid.OUT1", mark="openbot:1")
    world.wait(minutes=5)
    assert (used(panel), world.whatsapp.texts()) == (1, ["oí: hola"])
    assert len(world.rows(Inbound)) == len(world.rows(Outbound)) == 1
    tally(world)
    assert used(panel) == 1


def test_the_last_second_is_the_old_months_and_the_first_the_new_ones(world: "World", panel: "Panel"):
    choose(world, plan_allowance=10)
    for moment in (MIDNIGHT - SECOND, MIDNIGHT - timedelta(microseconds=1), MIDNIGHT, MIDNIGHT + SECOND):
        world.clock.now = moment
        world.says("hola")
    for _ in ("counted one by one", "tallied"):
        world.clock.now = MIDNIGHT + timedelta(minutes=45)
        assert used(panel) == 2
        world.clock.now = MIDNIGHT - timedelta(microseconds=1)
        assert used(panel) == 2
        world.clock.now = MIDNIGHT + timedelta(hours=2)
        world.deadlines.once()


def test_a_company_in_another_zone_has_another_month(world: "World", panel: "Panel"):
    world.clock.now = MIDNIGHT
    world.says("hola")
    world.clock.move(minutes=30)
    assert used(panel) == 1
    choose(world, time_zone="America/Lima")  # there it is ten in the evening of 30 November
    assert used(panel) == 1
    world.clock.now = MIDNIGHT + timedelta(hours=2)
    assert used(panel) == 0


def tally(world: "World") -> None:
    choose(world, plan_allowance=10)
    world.clock.move(hours=3)
    world.deadlines.once()
