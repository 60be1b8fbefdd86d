"""Kill a process in every gap: each message is answered once, in order, and nothing is done twice."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from openbot.conversations import leases
from openbot.schema import ActionCall, Inbound, Order, OrderChange, Outbound, Turn
from openbot.vocabulary import InboxState, OutboxState, State, TurnState
from tests.kill_matrix.gaps import GAPS, Gap, table
from tests.kill_matrix.killing import kill
from tests.support import whatsapp
from tests.support.whatsapp import ANA
from tests.support.world import World

if TYPE_CHECKING:
    from tests.kill_matrix.conftest import Victim

ROOT = Path(__file__).resolve().parents[2]
WORK = {"answer", "answer at once", "away", "send"}
ON_THE_WAY = [gap for gap in GAPS if gap.step in {"receive", *WORK}]
EXPIRING = [gap for gap in GAPS if gap.step == "expire"]


def webhook(world: World) -> dict[str, Any]:
    item = whatsapp.text(ANA, "uno", wamid="wamid.uno", at=world.clock())
    return whatsapp.envelope([whatsapp.change(item, who=(ANA,))])


def phone(world: World) -> list[dict[str, Any]]:
    assert world.whatsapp.journal is not None
    return [json.loads(line) for line in world.whatsapp.journal.read_text().splitlines()]


def words(world: World) -> list[str]:
    """What the customer's phone shows an answer to, in order."""
    return re.findall("uno|dos", " ".join(bubble["text"] for bubble in phone(world)))


def bring_to(world: World, gap: Gap) -> dict[str, Any]:
    """Go on to where the killed step begins."""
    hello = webhook(world)
    if gap.step == "receive":
        return hello
    assert world.post(hello).status_code == 200
    world.clock.move(seconds=3)
    if gap.step == "send":
        world.answer()
    return hello


def repair(world: World, hello: dict[str, Any]) -> None:
    """The customer writes on, Meta repeats what was not acknowledged, workers run until all is quiet."""
    assert world.post(hello).status_code == 200
    world.clock.move(seconds=1)
    world.says("dos")
    for _ in range(12):
        world.wait(seconds=31)


def all_is_settled(world: World) -> bool:
    turns = {turn.state for turn in world.rows(Turn)}
    sends = {row.state for row in world.rows(Outbound)}
    open_sends = {OutboxState.QUEUED, OutboxState.RELEASED, OutboxState.UNCERTAIN}
    return turns == {TurnState.ANSWERED} and not sends & open_sends


@pytest.mark.parametrize(
    ("gap", "kills"),
    [
        pytest.param(gap, kills, id=f"{gap.name}, {kills}x")
        for gap in ON_THE_WAY
        for kills in (1, 2)
        if gap.repeats or kills == 1
    ],
)
def test_a_kill_loses_and_doubles_nothing(after: World, victim: "Victim", gap: Gap, kills: int) -> None:
    hello = bring_to(after, gap)
    for _ in range(kills):
        kill(after, victim, gap, webhook=hello)
    repair(after, hello)
    lost = gap.may_fail and kills == 2
    assert words(after) == [*(["uno"] * (0 if lost else 2 if gap.may_double else 1)), "dos"]
    assert re.findall(r"\w+", after.order().comment) == ["uno", "dos"]
    assert [line.text for line in after.transcript() if line.author == "cliente"] == ["uno", "dos"]
    assert len(after.rows(Order)) == 1
    assert all_is_settled(after)
    # What twice nobody could know is shown to a person; everything else the bot has answered.
    unsure = kills == 2 and (gap.may_fail or gap.may_double)
    assert [row.state for row in after.rows(Inbound)] == [
        InboxState.LEFT if unsure else InboxState.ANSWERED,
        InboxState.ANSWERED,
    ]
    assert after.contact().unread == (1 if unsure else 0)


@pytest.mark.parametrize("kills", [1, 2], ids=["once", "twice"])
@pytest.mark.parametrize("gap", [gap for gap in GAPS if gap.may_double], ids=lambda gap: gap.name)
def test_a_status_closes_the_one_window_for_doubles(
    after: World, victim: "Victim", gap: Gap, kills: int
) -> None:
    hello = bring_to(after, gap)
    kill(after, victim, gap)
    [bubble] = phone(after)
    for _ in range(kills):
        after.status("delivered", wamid=bubble["wamid"], mark=bubble["mark"])
    repair(after, hello)
    assert words(after) == ["uno", "dos"]
    assert after.rows(Outbound)[0].wamid == bubble["wamid"]
    assert {row.state for row in after.rows(Inbound)} == {InboxState.ANSWERED}


@pytest.mark.parametrize("gap", [gap for gap in GAPS if gap.step in WORK], ids=lambda gap: gap.name)
def test_the_next_worker_goes_on_at_once(after: World, victim: "Victim", gap: Gap) -> None:
    """No lease has to end: what was being answered is, at once; what was being sent waits for its grace, not more."""
    bring_to(after, gap)
    kill(after, victim, gap)
    with after.database.transaction() as session:
        leases.give_back(session, worker="one", now=after.clock())
    after.settle()
    in_doubt = gap.may_fail or gap.may_double or gap.step == "answer at once"
    assert {turn.state for turn in after.rows(Turn)} == {TurnState.ANSWERED}
    assert after.rows(Outbound)[0].state is (OutboxState.UNCERTAIN if in_doubt else OutboxState.ACCEPTED)
    after.wait(seconds=after.settings.uncertain_grace_seconds)
    assert words(after) == ["uno"] * (2 if gap.may_double else 1)
    assert all_is_settled(after)


@pytest.mark.parametrize("gap", EXPIRING, ids=lambda gap: gap.name)
def test_a_kill_expires_an_order_once(after: World, victim: "Victim", gap: Gap) -> None:
    after.converse("uno")
    after.clock.move(hours=49)
    kill(after, victim, gap)
    for _ in range(2):
        after.deadlines.once()
    assert after.order().state is State.EXPIRED
    assert len(after.rows(OrderChange, OrderChange.to_state == State.EXPIRED)) == 1
    assert after.rows(OrderChange)[-1].version == after.order().version


def test_a_kill_at_every_gap_in_turn_loses_and_doubles_nothing(after: World, victim: "Victim") -> None:
    """The same message meets one kill after another, on its whole way; statuses come at the end."""
    hello = webhook(after)
    for gap in ON_THE_WAY:
        if gap.step in {"answer", "away"}:
            after.clock.move(seconds=61)
        if gap.name == "released, not sent":
            continue  # its resend is the one that the next gap uses up
        if gap.name == "settled, not committed":
            [bubble] = phone(after)
            after.status("delivered", wamid=bubble["wamid"], mark=bubble["mark"])
            break
        kill(after, victim, gap, webhook=hello)
        if gap.name == "turn stored":
            break
    repair(after, hello)
    assert words(after) == ["uno", "dos"]
    assert re.findall(r"\w+", after.order().comment) == ["uno", "dos"]
    assert len(after.rows(ActionCall)) == 2


def test_every_name_in_the_code_is_a_line_of_the_matrix() -> None:
    folders = ["api", "worker", "actions", "openbot"]
    code = "".join(path.read_text() for folder in folders for path in (ROOT / folder).rglob("*.py"))
    assert sorted(re.findall(r'crash_at\("(.+?)"\)', code)) == sorted(gap.name for gap in GAPS)


def test_the_matrix_in_the_documentation_is_this_one() -> None:
    assert table() in (ROOT / "docs" / "architecture.md").read_text()
