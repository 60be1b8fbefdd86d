"""What became of what was sent: statuses, pace, and who is left without an answer (contract §4, §6.3)."""

from datetime import timedelta

import pytest

from openbot.schema import BadItem, Inbound, Receipt
from openbot.vocabulary import InboxState, OutboxState
from tests.support.sends import queue, rows
from tests.support.whatsapp import refusal
from tests.support.world import World
from worker.pace import Pace


def test_a_status_may_come_before_the_sends_own_answer(ana: World) -> None:
    queue(ana, "uno")
    ana.whatsapp.during_send = lambda bubble: ana.status("delivered", wamid=bubble.wamid, mark=bubble.mark)
    ana.send()
    assert (rows(ana)[1].state, rows(ana)[1].delivery) == (OutboxState.ACCEPTED, "delivered")


def test_a_status_without_our_mark_is_kept_and_joined_later(ana: World) -> None:
    queue(ana, "uno")
    ana.whatsapp.during_send = lambda bubble: ana.status("sent", wamid=bubble.wamid)
    ana.send()
    assert rows(ana)[1].delivery == "sent"


@pytest.mark.parametrize(
    ("came", "stays"),
    [
        (["read", "delivered", "sent"], "read"),
        (["sent", "read", "delivered"], "read"),
        (["delivered", "delivered"], "delivered"),
        (["sent", "failed"], "failed"),
        (["failed", "sent"], "failed"),
        (["failed", "delivered"], "delivered"),
        (["read", "failed"], "read"),
        (["played", "read"], "played"),
        (["sent", "warped"], "sent"),
    ],
)
def test_a_status_never_goes_back(ana: World, came: list[str], stays: str) -> None:
    queue(ana, "uno")
    ana.send()
    for name in came:
        errors = [{"code": 131026, "title": "Undeliverable"}] if name == "failed" else []
        ana.status(name, wamid="wamid.OUT2", errors=errors)
    row = rows(ana)[1]
    assert row.delivery == stays
    assert (row.error_code, row.reason) == ((131026, "Undeliverable") if stays == "failed" else (None, ""))


@pytest.mark.parametrize("came", [["sent", "delivered", "read"], ["read", "sent", "delivered"], ["played"]])
def test_the_time_of_delivery_is_the_first_proof_of_it_by_whatsapps_clock(
    ana: World, came: list[str]
) -> None:
    queue(ana, "uno")
    ana.send()
    at = ana.clock.now
    minutes = {"sent": 1, "delivered": 2, "read": 3, "played": 4}
    for name in [*came, *came]:  # each comes twice
        ana.clock.now = at + timedelta(minutes=minutes[name])
        ana.status(name, wamid="wamid.OUT2", pricing={"category": "service", "type": "regular"})
    row = rows(ana)[1]
    first = min(minutes[name] for name in came if name != "sent")
    assert row.delivered_at == at + timedelta(minutes=first)
    assert row.pricing == {"category": "service", "type": "regular"}


def test_what_was_only_sent_or_failed_was_not_delivered(ana: World) -> None:
    queue(ana, "uno", "dos")
    ana.send()
    ana.status("sent", wamid="wamid.OUT2")
    ana.status("failed", wamid="wamid.OUT3", errors=[{"code": 131026}])
    assert [row.delivered_at for row in rows(ana)[1:]] == [None, None]


def test_a_delivery_told_before_our_send_was_answered_has_its_time(ana: World) -> None:
    queue(ana, "uno")
    ana.whatsapp.during_send = lambda bubble: ana.status("delivered", wamid=bubble.wamid)
    ana.send()
    assert rows(ana)[1].delivered_at == ana.clock.now


def test_a_status_of_a_message_that_is_not_ours_is_no_turn(ana: World) -> None:
    ana.status("read", wamid="wamid.other-app", mark="another app")
    ana.status("read", wamid="wamid.other-app-2", mark="openbot:999999")
    ana.wait(minutes=1)
    assert len(ana.assistant.questions) == 1


# --- limits ---------------------------------------------------------------------------------------------


def test_to_one_customer_45_leave_at_once_and_then_one_each_6_seconds(ana: World) -> None:
    ana.clock.move(hours=1)
    queue(ana, *(str(number) for number in range(48)))
    ana.send()
    assert len(ana.whatsapp.delivered) == 45
    for expected in (46, 47, 48):
        ana.wait(seconds=6)
        assert len(ana.whatsapp.delivered) == expected
    assert ana.whatsapp.texts() == [str(number) for number in range(48)]


def test_the_number_sends_so_many_a_second(ana: World) -> None:
    ana.pace = Pace(per_second=20, now=lambda: ana.clock().timestamp())
    ana.sender = ana.sender_worker("slow")
    queue(ana, "uno", "dos", "tres")
    ana.send()
    assert ana.slept == pytest.approx([0.05, 0.1], abs=0.01)


def test_a_turn_is_at_most_two_bubbles(world: World) -> None:
    world.assistant.act = lambda _question: [{"text": "x" * 3000}] * 5
    world.converse("hola")
    assert len(world.whatsapp.delivered) == 2


# --- a customer who got no answer is seen by a person -----------------------------------------------------


def test_who_got_no_answer_because_it_was_refused_is_unread(world: World) -> None:
    world.whatsapp.faults = [refusal(131026)]
    world.converse("hola")
    assert [row.state for row in world.rows(Inbound)] == [InboxState.LEFT]
    assert world.contact().unread == 1


@pytest.mark.parametrize("marked", [True, False])
def test_who_got_no_answer_because_it_failed_later_is_unread(world: World, marked: bool) -> None:  # noqa: FBT001
    world.converse("hola")
    [bubble] = world.whatsapp.delivered
    errors = [{"code": 131047, "title": "Re-engagement message"}]
    for _ in range(2):
        world.status("failed", wamid=bubble.wamid, mark=bubble.mark if marked else "", errors=errors)
    assert [row.state for row in world.rows(Inbound)] == [InboxState.LEFT]
    assert world.contact().unread == 1


def test_a_mark_with_an_impossible_number_is_not_ours(world: World) -> None:
    world.status("sent", wamid="wamid.x", mark="openbot:" + "9" * 40)
    world.status("failed", wamid="wamid.y", mark="openbot:" + "9" * 40)
    assert world.rows(BadItem) == []
    assert len(world.rows(Receipt)) == 2
