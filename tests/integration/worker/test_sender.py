"""Sending: release, order, limits, and WhatsApp's refusals (architecture §3.6, contract §6.2)."""

import threading
from datetime import timedelta

import httpx
import pytest

from openbot.conversations import outbox
from openbot.conversations.receipts import callback_data
from openbot.schema import Count
from openbot.vocabulary import OutboxState, State
from tests.support import whatsapp
from tests.support.sends import queue, rows
from tests.support.whatsapp import ANA, BETO, refusal
from tests.support.world import World


def test_each_send_carries_our_mark(world: World) -> None:
    world.converse("hola")
    [row] = rows(world)
    assert world.whatsapp.delivered[0].mark == callback_data(row.id)
    assert (row.state, row.wamid, row.reason) == (OutboxState.ACCEPTED, "wamid.OUT1", "")


def test_read_and_typing_are_shown_while_a_turn_is_answered(world: World) -> None:
    wamid = world.says("hola")
    world.wait(seconds=3)
    world.presence.stop()
    assert world.whatsapp.marks == [
        {
            "messaging_product": "whatsapp",
            "status": "read",
            "message_id": wamid,
            "typing_indicator": {"type": "text"},
        }
    ]


def test_messages_leave_in_order_also_with_two_senders(ana: World) -> None:
    queue(ana, *(str(number) for number in range(8)))
    senders = [ana.sender_worker(name) for name in ("one", "two", "three")]
    threads = [threading.Thread(target=ana.send, kwargs={"worker": sender}) for sender in senders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ana.send()
    assert ana.whatsapp.texts() == [str(number) for number in range(8)]


def test_nothing_is_released_before_the_one_before_is_settled(ana: World) -> None:
    queue(ana, "uno", "dos")
    seen: list[list[int]] = []
    ana.whatsapp.during_send = lambda _bubble: seen.append(ana.sender.due(10))
    ana.send()
    assert seen == [[], []]


# --- answers that never came ------------------------------------------------------------------------


def test_a_lost_answer_waits_for_a_status_and_is_not_sent_again(ana: World) -> None:
    ana.whatsapp.faults = [whatsapp.lost]
    queue(ana, "uno", "dos")
    ana.send()
    assert [row.state for row in rows(ana)[1:]] == [OutboxState.UNCERTAIN, OutboxState.QUEUED]
    ana.wait(seconds=60)
    assert ana.whatsapp.texts() == ["uno"]
    [bubble] = ana.whatsapp.delivered
    ana.status("delivered", wamid=bubble.wamid, mark=bubble.mark)
    ana.settle()
    assert ana.whatsapp.texts() == ["uno", "dos"]
    assert (rows(ana)[1].state, rows(ana)[1].wamid, rows(ana)[1].delivery) == (
        OutboxState.ACCEPTED, bubble.wamid, "delivered",
    )  # fmt: skip
    ana.wait(hours=1)
    assert ana.whatsapp.texts() == ["uno", "dos"]


def test_a_status_settles_a_message_that_waits_to_be_sent_again_after_an_error(ana: World) -> None:
    ana.whatsapp.faults.append(refusal(131000, http=500))
    queue(ana, "una vez")
    ana.send()
    row = rows(ana)[-1]
    assert row.state is OutboxState.QUEUED
    ana.status("delivered", wamid="wamid.ARRIVED", mark=callback_data(row.id))
    ana.wait(minutes=5)
    assert ana.whatsapp.texts() == []
    assert (rows(ana)[-1].state, rows(ana)[-1].wamid) == (OutboxState.ACCEPTED, "wamid.ARRIVED")


def test_without_a_status_it_is_sent_once_more_after_the_grace(ana: World) -> None:
    ana.whatsapp.faults = [whatsapp.lost, whatsapp.lost]
    queue(ana, "uno", "dos")
    ana.send()
    ana.wait(seconds=89)
    assert len(ana.whatsapp.asked) == 1
    ana.wait(seconds=1)
    assert len(ana.whatsapp.asked) == 2
    ana.wait(hours=1)
    assert ana.whatsapp.texts() == ["uno", "uno", "dos"]
    assert (rows(ana)[1].state, rows(ana)[1].reason) == (
        OutboxState.FAILED, "sin respuesta de WhatsApp, dos veces",
    )  # fmt: skip


def test_refusals_before_it_do_not_use_up_the_one_resend(ana: World) -> None:
    ana.whatsapp.faults = [refusal(131000), refusal(131000), whatsapp.lost]
    queue(ana, "uno")
    for _ in range(4):
        ana.wait(seconds=25)
    assert rows(ana)[1].state is OutboxState.UNCERTAIN
    ana.wait(minutes=3)
    assert ana.whatsapp.texts() == ["uno", "uno"]
    assert rows(ana)[1].state is OutboxState.ACCEPTED


def test_an_operator_who_took_over_stops_the_resend(world: World) -> None:
    world.whatsapp.faults = [whatsapp.lost]
    world.converse("hola")
    world.move(State.IN_PROGRESS)
    world.wait(minutes=5)
    assert len(world.whatsapp.asked) == 1
    assert rows(world)[0].state is OutboxState.DISCARDED


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, text="<html>ok</html>"),
        httpx.Response(502, text="<html>bad gateway</html>"),
        httpx.Response(200, json={"messages": []}),
    ],
)
def test_an_answer_that_says_nothing_is_uncertain(ana: World, answer: httpx.Response) -> None:
    ana.whatsapp.faults = [answer]
    queue(ana, "uno")
    ana.send()
    assert rows(ana)[1].state is OutboxState.UNCERTAIN
    ana.wait(minutes=2)
    assert ana.whatsapp.texts() == ["uno"]


def test_a_sender_that_died_is_taken_for_uncertain_when_its_lease_ends(ana: World) -> None:
    queue(ana, "uno", "dos")
    with ana.database.transaction() as session:
        outbound_id = rows(ana)[1].id
        grace = timedelta(seconds=90)
        assert outbox.release(session, outbound_id=outbound_id, worker="dead", now=ana.clock(), grace=grace)
    ana.wait(seconds=59)
    assert ana.whatsapp.texts() == []
    ana.wait(seconds=1)
    assert rows(ana)[1].state is OutboxState.UNCERTAIN
    ana.wait(seconds=29)
    assert ana.whatsapp.texts() == []
    ana.wait(seconds=1)
    assert ana.whatsapp.texts() == ["uno", "dos"]


def test_a_slow_senders_answer_counts_after_its_lease(ana: World) -> None:
    queue(ana, "uno")
    other = ana.sender_worker("other")

    def too_slow(_bubble: whatsapp.Bubble) -> None:
        ana.whatsapp.during_send = None
        ana.clock.move(seconds=61)
        ana.send(worker=other)

    ana.whatsapp.during_send = too_slow
    ana.send()
    assert (rows(ana)[1].state, rows(ana)[1].wamid) == (OutboxState.ACCEPTED, "wamid.OUT2")
    ana.wait(minutes=10)
    assert ana.whatsapp.texts() == ["uno"]


def test_a_sender_that_lost_its_message_to_a_resend_writes_nothing(ana: World) -> None:
    queue(ana, "uno")
    other = ana.sender_worker("other")

    def much_too_slow(_bubble: whatsapp.Bubble) -> None:
        ana.whatsapp.during_send = None
        ana.clock.move(seconds=61)
        ana.send(worker=other)
        ana.clock.move(seconds=91)
        ana.send(worker=other)

    ana.whatsapp.during_send = much_too_slow
    ana.send()
    row = rows(ana)[1]
    assert (row.state, row.wamid, row.attempt) == (OutboxState.ACCEPTED, "wamid.OUT3", 2)


# --- refusals -----------------------------------------------------------------------------------------


def test_no_connection_is_tried_again_without_doubt(ana: World) -> None:
    ana.whatsapp.faults = [whatsapp.unreachable] * 6
    queue(ana, "uno")
    for _ in range(40):
        ana.wait(seconds=20)
    assert ana.whatsapp.texts() == ["uno"]
    assert rows(ana)[1].state is OutboxState.ACCEPTED


def test_the_pair_rate_holds_back_only_that_customer(ana: World) -> None:
    ana.converse("soy beto", who=BETO)
    ana.whatsapp.faults_of[ANA.phone or ""] = [refusal(131056), refusal(131056)]
    queue(ana, "uno", "dos")
    queue(ana, "para beto", who=BETO)
    ana.send()
    assert "para beto" in ana.whatsapp.texts(BETO.phone)
    assert ana.whatsapp.texts(ANA.phone) == []
    ana.wait(seconds=1.3)
    ana.wait(seconds=3)
    assert ana.whatsapp.texts(ANA.phone) == []
    ana.wait(seconds=3)
    assert ana.whatsapp.texts(ANA.phone) == ["uno", "dos"]


def test_a_closed_window_is_never_retried(ana: World) -> None:
    ana.whatsapp.faults = [refusal(131047)]
    queue(ana, "uno", "dos")
    ana.wait(hours=1)
    assert len(ana.whatsapp.asked) == 2
    assert (rows(ana)[1].state, rows(ana)[1].error_code) == (OutboxState.FAILED, 131047)
    assert rows(ana)[1].reason
    assert ana.whatsapp.texts() == ["dos"]


def test_after_24_hours_nothing_is_even_tried(ana: World) -> None:
    ana.clock.move(hours=24)
    queue(ana, "uno")
    ana.send()
    assert ana.whatsapp.asked == []
    assert rows(ana)[1].state is OutboxState.FAILED


def test_a_refused_token_pauses_everybody_and_loses_nothing(ana: World) -> None:
    ana.converse("soy beto", who=BETO)
    ana.whatsapp.asked.clear()
    ana.whatsapp.faults = [refusal(190, http=401)]
    queue(ana, "uno")
    queue(ana, "dos", who=BETO)
    for outbound_id in ana.sender.due(1):
        ana.sender.work(outbound_id)
    ana.wait(minutes=4)
    assert len(ana.whatsapp.asked) == 1
    ana.wait(minutes=2)
    assert ana.whatsapp.texts()[-2:] in (["uno", "dos"], ["dos", "uno"])
    assert [row.name for row in ana.rows(Count)] == ["sends paused: token"]


def test_a_test_number_is_tried_once_in_the_other_spelling_and_remembered(ana: World) -> None:
    ana.whatsapp.faults_of["5491123456789"] = [refusal(131030)]
    queue(ana, "uno", "dos")
    ana.settle()
    assert ana.whatsapp.texts("541123456789") == ["uno", "dos"]
    assert ana.contact().deliverable_as == "541123456789"
    assert len(ana.whatsapp.asked) == 3


def test_a_number_not_on_the_test_list_in_either_spelling_fails_with_a_hint(ana: World) -> None:
    for phone in ("5491123456789", "541123456789"):
        ana.whatsapp.faults_of[phone] = [refusal(131030)] * 3
    queue(ana, "uno")
    ana.wait(minutes=1)
    assert (rows(ana)[1].state, rows(ana)[1].error_code) == (OutboxState.FAILED, 131030)
    assert len(ana.whatsapp.asked) == 2


def test_buttons_that_are_refused_go_out_as_words(ana: World) -> None:
    ana.assistant.act = lambda _question: [
        {"text": "¿Cuál?", "buttons": [{"title": "Centro", "payload": "/c"}]}
    ]
    ana.whatsapp.faults = [refusal(131009)]
    ana.converse("hola")
    assert ana.whatsapp.texts() == ["¿Cuál?\n\n▸ Centro"]


def test_what_whatsapp_refuses_for_good_is_kept_with_its_reason(ana: World) -> None:
    ana.whatsapp.faults = [refusal(131026)]
    queue(ana, "uno", "dos")
    ana.settle()
    assert (rows(ana)[1].state, rows(ana)[1].error_code) == (OutboxState.FAILED, 131026)
    assert ana.whatsapp.texts() == ["dos"]


# --- statuses -------------------------------------------------------------------------------------------
