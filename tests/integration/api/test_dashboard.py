"""The figures of the Dashboard, exact to the message; and the plan (product §5, §6)."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from openbot import dashboard, plan
from openbot.actor import BOT, Actor
from openbot.orders import operations
from openbot.schema import CompanySetting, Contact, Inbound, MessageTally, Outbound
from openbot.vocabulary import Author, InboxState, OutboxState, Role, State
from tests.support.whatsapp import ANA, BETO, Customer

if TYPE_CHECKING:
    from openbot.database import Database
    from tests.support.panel import Browser, Panel
    from tests.support.world import World

ZONE = ZoneInfo("America/Argentina/Buenos_Aires")
CARLA = Customer(phone="5491136943434", user_id="AR.CARLA1", name="Carla")


@pytest.fixture(autouse=True)
def company(seeded: "Database") -> None:
    """Everybody here works for the demo company."""


def figures(browser: "Browser") -> dict:
    answer = browser.get("/api/dashboard")
    assert answer.status_code == 200, answer.text
    return answer.json()


def allow(world: "World", messages: object) -> None:
    with world.database.transaction() as session:
        session.merge(CompanySetting(key=plan.ALLOWANCE, value=messages))


def test_messages_of_today_are_those_handled_and_those_accepted(world: "World", panel: "Panel"):
    browser = panel.operator()
    assert figures(browser)["messages"] == {"today": 0, "yesterday": 0, "change_percent": None}
    world.converse("hola")  # one came, one was accepted
    world.shows("reaction", message_id=world.whatsapp.delivered[0].wamid, emoji="👍")  # only kept
    world.echo("hola desde el teléfono")  # not ours
    world.says("y esto")  # for the person who answered from the phone
    assert figures(browser)["messages"]["today"] == 3


def test_today_is_compared_with_yesterday_at_the_same_time(world: "World", panel: "Panel"):
    world.says("hola")  # 10:00
    world.clock.move(hours=6)
    world.says("y a la tarde")  # 16:00: not compared with
    world.clock.move(hours=19)  # the next day, 11:00
    for body in ("uno", "dos", "tres"):
        world.says(body)
    browser = panel.operator()
    assert figures(browser)["messages"] == {"today": 3, "yesterday": 1, "change_percent": 200}
    world.clock.move(hours=6)
    assert figures(browser)["messages"] == {"today": 3, "yesterday": 2, "change_percent": 50}


def test_the_day_begins_at_midnight_of_the_company(world: "World", panel: "Panel"):
    world.clock.now = datetime(2026, 11, 25, 2, 59, tzinfo=UTC)  # 23:59 there
    world.says("antes de medianoche")
    browser = panel.operator()
    assert figures(browser)["messages"]["today"] == 1
    world.clock.move(minutes=2)
    found = figures(browser)
    assert (found["messages"]["today"], found["contacts_today"], found["contacts"]) == (0, 0, 1)
    assert found["orders"]["today_is"] == "2026-11-25"


def test_without_an_allowance_there_is_no_limit(world: "World", panel: "Panel"):
    world.converse("hola")
    found = figures(panel.operator())["plan"]
    assert (found["allowance"], found["used"], found["remaining"], found["percent"]) == (None, 2, None, None)
    assert (found["month"], found["renews_on"]) == ("2026-11-01", "2026-12-01")


@pytest.mark.parametrize(
    ("allowance", "remaining", "excess", "percent", "warning"),
    [
        (100, 96, 0, 4, None),
        (6, 2, 0, 66, None),
        (5, 1, 0, 80, "nearly_used"),
        (4, 0, 0, 100, "used_up"),
        (3, 0, 1, 133, "used_up"),
        (0, 0, 4, 100, "used_up"),
    ],
)
def test_what_is_left_never_goes_below_nothing(
    world: "World",
    panel: "Panel",
    allowance: int,
    remaining: int,
    excess: int,
    percent: int,
    warning: str | None,
):
    world.converse("hola")
    world.converse("chau")
    allow(world, allowance)
    found = figures(panel.operator())["plan"]
    assert (found["used"], found["remaining"], found["excess"]) == (4, remaining, excess)
    assert (found["percent"], found["warning"]) == (percent, warning)


def test_the_plan_begins_anew_with_the_companys_month(world: "World", panel: "Panel"):
    allow(world, 10)
    world.clock.now = datetime(2026, 12, 1, 2, 59, tzinfo=UTC)  # 30 November, 23:59 there
    world.says("de noviembre")
    browser = panel.operator()
    assert figures(browser)["plan"]["used"] == 1
    world.clock.move(minutes=1)
    found = figures(browser)["plan"]
    assert (found["used"], found["month"], found["renews_on"]) == (0, "2026-12-01", "2027-01-01")


def test_unique_contacts_are_those_who_ever_wrote(world: "World", panel: "Panel"):
    world.says("hola")
    world.says("hola", who=BETO)
    world.echo("te escribo yo", to=CARLA)  # known, and silent so far
    browser = panel.administrator()
    assert (figures(browser)["contacts"], figures(browser)["contacts_today"]) == (2, 2)
    browser.delete(f"/api/contacts/{world.contact(BETO).id}")
    assert figures(browser)["contacts"] == 2
    world.says("acá estoy", who=CARLA)
    assert figures(browser)["contacts"] == 3


def test_orders_are_counted_by_state(world: "World", panel: "Panel"):
    browser = panel.administrator()
    actor = Actor.operator(operator_id=browser.person_id, name="Ana", role=Role.ADMINISTRATOR)
    for who in (ANA, BETO, CARLA):
        world.says("hola", who=who)
    world.move(State.IN_PROGRESS, who=ANA, actor=actor)
    world.move(State.INVOICED, who=ANA, actor=actor)
    world.move(State.IN_PROGRESS, who=BETO, actor=actor)
    orders = figures(browser)["orders"]
    assert {state: n for state, n in orders["open"].items() if n} == {"INCOMPLETO": 1, "EN PROCESO": 1}
    assert {state: n for state, n in orders["today"].items() if n} == {
        "INCOMPLETO": 1,
        "EN PROCESO": 1,
        "FACTURADO": 1,
    }
    world.clock.move(hours=24)
    orders = figures(panel.operator())["orders"]
    assert sum(orders["today"].values()) == 0
    assert sum(orders["lately"].values()) == 3
    assert set(orders["today"]) == {str(state) for state in State}


def test_an_operator_sees_the_orders_of_their_branches(world: "World", panel: "Panel"):
    for who, branch in ((ANA, 1), (BETO, 2), (CARLA, None)):
        world.says("hola", who=who)
        with world.database.transaction() as session:
            fields = {"branch_id": branch}
            operations.change(
                session, order_id=world.order(who).id, actor=BOT, now=world.clock(), fields=fields
            )
    orders = figures(panel.operator(branches=[2]))["orders"]
    assert (orders["open"]["INCOMPLETO"], orders["today"]["INCOMPLETO"], orders["lately"]["INCOMPLETO"]) == (
        2,
        2,
        2,
    )
    assert figures(panel.operator(branches=[2]))["contacts"] == 3


def test_the_oldest_message_without_an_answer_is_named(world: "World", panel: "Panel"):
    browser = panel.operator()
    assert figures(browser)["unanswered"] is None
    since = world.clock()
    world.says("hola")
    world.clock.move(seconds=2)
    world.says("hola", who=BETO)
    found = figures(browser)["unanswered"]
    assert (found["contact_id"], found["name"], found["for_person"]) == (world.contact().id, "Ana", False)
    assert datetime.fromisoformat(found["since"]) == since
    world.wait(seconds=9)
    assert figures(browser)["unanswered"] is None


def test_strangers_get_no_figures(panel: "Panel"):
    assert panel.anonymous().get("/api/dashboard").status_code == 401


# --- tallies --------------------------------------------------------------------------------------


def message(contact_id: int, number: int, at: datetime, *, came: bool, counts: bool) -> Inbound | Outbound:
    if came:
        return Inbound(
            contact_id=contact_id, number_id="1", wamid=f"t{number}", kind="text", text="", raw={}, sent_at=at,
            received_at=at, state=InboxState.LEFT if counts else InboxState.NO_TURN,
        )  # fmt: skip
    return Outbound(
        contact_id=contact_id, author=Author.BOT, text="", bubble={}, state=OutboxState.ACCEPTED, queued_at=at,
        accepted_at=at, not_before=at, attempt=1 if counts else 0,
    )  # fmt: skip


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    minutes=st.lists(st.tuples(st.integers(0, 3 * 24 * 60), st.booleans(), st.booleans()), max_size=40),
    tallied_at=st.integers(0, 3 * 24 * 60),
    asked_at=st.integers(2 * 24 * 60, 3 * 24 * 60),
)
def test_tallied_or_not_the_count_is_the_same(
    database: "Database", minutes: list[tuple[int, bool, bool]], tallied_at: int, asked_at: int
):
    begin = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)  # midnight there
    with database.transaction() as session:
        for table in (Inbound, Outbound, MessageTally, Contact):
            session.execute(delete(table))
        contact = Contact(created_at=begin)
        session.add(contact)
        session.flush()
        for number, (minute, came, counts) in enumerate(minutes):
            at = begin + timedelta(minutes=minute, seconds=7)
            session.add(message(contact.id, number, at, came=came, counts=counts))
    now = begin + timedelta(minutes=asked_at)
    quarters_at = begin + timedelta(minutes=tallied_at)
    with database.transaction() as session:
        quarters = plan.untallied(session, now=quarters_at, zone=ZONE)
        plan.store(session, tallies=plan.count(session, quarters=quarters))
        # Once more, as a second process does at the same time.
        plan.store(session, tallies=plan.count(session, quarters=quarters[:3]))
    truth = sum(counts and minute < asked_at for minute, _, counts in minutes)
    with database.reading() as session:
        assert plan.processed(session, since=begin, until=now) == truth
        assert plan.status(session, now=now, zone=ZONE).used == truth


def test_a_gap_among_the_tallies_is_no_matter(world: "World", panel: "Panel"):
    for _ in range(4):
        world.converse("hola")
        world.clock.move(hours=2)
    browser = panel.operator()
    used = figures(browser)["plan"]["used"]
    assert used == 8
    assert len(world.rows(MessageTally)) > 100
    with world.database.transaction() as session:
        session.execute(
            delete(MessageTally).where(MessageTally.starts_at < world.clock() - timedelta(hours=7))
        )
        session.execute(delete(MessageTally).where(MessageTally.came == 1))
    assert figures(browser)["plan"]["used"] == used


def test_looking_often_does_not_tally_often(world: "World", panel: "Panel"):
    world.converse("hola")
    browser = panel.operator()
    figures(browser)
    tallied = len(world.rows(MessageTally))
    world.clock.move(minutes=20)
    figures(browser)
    assert len(world.rows(MessageTally)) == tallied
    world.clock.move(minutes=60)
    figures(browser)
    assert len(world.rows(MessageTally)) > tallied


def test_the_days_of_a_zone_with_summer_time_are_its_own(world: "World"):
    madrid = ZoneInfo("Europe/Madrid")
    now = datetime(2026, 10, 25, 12, 0, tzinfo=UTC)  # the day of 25 hours
    with world.database.transaction() as session:
        contact = Contact(created_at=now)
        session.add(contact)
        session.flush()
        for number, hour in enumerate((10, 12, 22, 23, 25, 26)):  # of the 24th, in Greenwich
            at = datetime(2026, 10, 24, tzinfo=UTC) + timedelta(hours=hour)
            session.add(message(contact.id, number, at, came=True, counts=True))
    with world.database.reading() as session:
        found = dashboard.figures(session, now=now, zone=madrid).messages
    assert (found.today, found.yesterday) == (4, 1)
