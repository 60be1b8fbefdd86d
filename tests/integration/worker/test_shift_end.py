"""The end of a shift: an hour to finish what is theirs, then orders go back and the session ends."""

import pytest

from openbot.schema import AuditEntry, Draft, OrderChange, PanelSession, SignInFailure
from openbot.vocabulary import Enabled, State
from tests.support.panel import Browser, Panel
from tests.support.world import World

TUESDAY = [{"weekday": 1, "from": "09:00", "to": "11:00"}]  # it is Tuesday 10:00


@pytest.fixture
def panel(world: World) -> Panel:
    return Panel(world)


@pytest.fixture
def beto(panel: Panel, world: World) -> Browser:
    """At work, with an order in hand."""
    browser = panel.operator(name="Beto", shift=TUESDAY)
    world.says("hola")
    world.move(State.IN_PROGRESS, actor=panel.actor(browser))
    return browser


def test_until_an_hour_after_the_shift_everything_stays(world: World, beto: Browser):
    world.clock.move(hours=1, minutes=59)
    assert world.deadlines.once() == 0
    assert world.order().state is State.IN_PROGRESS
    assert beto.get("/api/me").json()["overtime"] is True


def test_then_the_order_is_in_the_queue_again_and_says_why(world: World, beto: Browser):
    world.clock.move(hours=2)
    assert world.deadlines.once() == 1
    order = world.order()
    assert (order.state, order.operator_id) == (State.INCOMPLETE, None)
    assert (order.needs_person, order.person_reason) == (True, "Terminó el plan de trabajo de Beto")
    history = world.rows(OrderChange, OrderChange.order_id == order.id)
    assert [(line.actor, line.reason) for line in history[-2:]] == [
        ("sistema", "Terminó el plan de trabajo de Beto")
    ] * 2


def test_the_session_ends_and_the_drafts_stay(world: World, beto: Browser):
    with world.database.transaction() as session:
        session.add(
            Draft(
                operator_id=beto.person_id, key="order 1", body={"comment": "a med"}, updated_at=world.clock()
            )
        )
    world.clock.move(hours=2)
    assert beto.get("/api/me").json()["error"]["detail"] == {"because": "shift"}  # also without the worker
    world.deadlines.once()
    (row,) = world.rows(PanelSession)
    assert row.ended_because == "shift"
    assert len(world.rows(Draft)) == 1


def test_it_is_noted_once(world: World, beto: Browser):
    world.clock.move(hours=2)
    order_id = world.order().id
    for _ in range(3):
        world.deadlines.once()
    (entry,) = world.rows(AuditEntry)
    assert (entry.action, entry.operator_id) == ("shift_ended", beto.person_id)
    assert entry.detail == {"because": "shift", "orders": [order_id]}


def test_who_went_home_before_loses_the_order_just_the_same(world: World, beto: Browser):
    beto.post("/api/sign-out")
    world.clock.move(hours=2)
    assert world.deadlines.once() == 1


def test_who_has_no_plan_keeps_the_order(world: World, panel: Panel):
    browser = panel.operator()
    world.says("hola")
    world.move(State.IN_PROGRESS, actor=panel.actor(browser))
    browser.post("/api/sign-out")
    world.clock.move(hours=30)
    world.deadlines.once()
    assert world.order().state is State.IN_PROGRESS


def test_an_order_taken_in_the_instant_of_being_disabled_goes_back_too(world: World, panel: Panel):
    browser = panel.operator(enabled=Enabled.NO)
    world.says("hola")
    world.move(State.IN_PROGRESS, actor=panel.actor(browser))
    assert world.deadlines.once() == 1
    assert world.order().operator_id is None


def test_old_failures_are_forgotten(world: World):
    with world.database.transaction() as session:
        session.add(SignInFailure(key="address:x", at=world.clock()))
    world.deadlines.once()
    assert len(world.rows(SignInFailure)) == 1
    world.clock.move(hours=2)
    world.deadlines.once()
    assert world.rows(SignInFailure) == []
