"""Whole turns on the toy, in this process: what goes in, what comes out, and what a failure leaves behind."""

import asyncio
import json
from pathlib import Path

import pytest
from conftest import NOW, other, request, tap, text
from rasa.shared.exceptions import RasaException

from bot import strict_actions
from bot.tracker_store import Dialogue, NoDialogueInHand, SnapshotTrackerStore, in_hand
from bot.turn_contract import read_turn
from bot.whatsapp_channel import Replies, answer
from scripts import HELLO, ORDER, PIZZA, START

SAMPLES = Path(__file__).resolve().parent.parent / "contracts" / "turns"


def test_an_order_by_text_and_taps(talk, actions):
    ours = talk()
    assert ours.say("hola") == ["¡Hola! ¿Qué te preparo?"]
    assert ours.say("quiero hacer un pedido") == ["¿Qué querés pedir?"]
    assert ours.say("pizza") == ["¿Cuántas?"]
    assert ours.say("horarios") == ["Abrimos de 9 a 20.", "¿Cuántas?"]
    assert ours.say(tap('/choose{"quantity":"2"}', title="2")) == ["¿De qué sucursal?"]
    assert ours.say("centro") == ["Pedido 1: 2 pizza en centro."]
    assert [call["next_action"] for call in actions.calls].count("action_save_order") == 1


def test_buttons_and_lists_come_out_as_the_designers_wrote_them(talk):
    ours = talk()
    ours.say(START, PIZZA)
    reply = ours.answers[-1]["replies"][-1]
    assert reply == {
        "text": "¿Cuántas?",
        "buttons": [
            {"title": "1", "payload": '/choose{"quantity":"1"}'},
            {"title": "2", "payload": '/choose{"quantity":"2"}'},
        ],
        "custom": {},
    }
    ours.say(tap('/choose{"quantity":"2"}'))
    assert ours.answers[-1]["replies"][0]["custom"]["list"]["sections"][0]["rows"] == [
        {"id": '/choose{"branch":"2"}', "title": "Centro"}
    ]


def test_several_messages_of_one_turn_are_answered_in_order_on_one_dialogue(talk, actions):
    ours = talk()
    said = ours.say(
        text("quiero hacer un pedido", id=1), text("pizza", id=2), text("dos", id=3), text("centro", id=4)
    )
    assert said == ["¿Qué querés pedir?", "¿Cuántas?", "¿De qué sucursal?", "Pedido 1: dos pizza en centro."]
    assert [one["id"] for one in ours.answers[0]["understood"]] == [1, 2, 3, 4]
    positions = [
        call["tracker"]["latest_message"]["metadata"]["position"]
        for call in actions.calls
        if call["tracker"]["latest_message"].get("metadata")
    ]
    assert positions == sorted(positions)


def test_an_action_is_told_turn_position_message_order_and_clock(talk, actions):
    talk().say(other("location", {"latitude": -34.6}, caption="Obelisco", id=9913), order_id=1043)
    events = actions.calls[0]["tracker"]["events"]
    told = next(event["metadata"] for event in reversed(events) if event["event"] == "user")
    assert {
        name: told[name] for name in ("turn_id", "position", "message_id", "kind", "order_id", "now", "data")
    } == {
        "turn_id": 812,
        "position": 0,
        "message_id": 9913,
        "kind": "location",
        "order_id": 1043,
        "now": NOW,
        "data": {"latitude": -34.6},
    }
    assert actions.calls[0]["sender_id"] == "45"
    assert "domain" not in actions.calls[0]  # enable_selective_domain


def test_the_same_request_twice_gives_the_same_answer(talk):
    one, two = talk(), talk()
    for ours in (one, two):
        ours.say(HELLO)
    one.events = two.events
    assert one.say(START) == two.say(START)
    assert one.answers[-1]["replies"] == two.answers[-1]["replies"]


def test_nothing_is_remembered_between_turns(talk):
    ours = talk()
    ours.say(START)
    ours.events = []
    assert ours.say("horarios") == ["Abrimos de 9 a 20."]  # no form is open


def test_two_contacts_and_two_turns_of_one_contact_do_not_meet(agent, loop):
    async def at_once():
        turns = [request(START, contact_id=number % 4 + 1, turn_id=number) for number in range(12)]
        return await asyncio.gather(*[answer(agent, read_turn(turn)) for turn in turns])

    for status, body in loop.run_until_complete(at_once()):
        assert (status, [reply["text"] for reply in body["replies"]]) == (200, ["¿Qué querés pedir?"])


def test_a_turn_that_says_nothing_is_reported(talk, actions):
    actions.faults["action_echo"] = [(200, {"events": [], "responses": []})]
    ours = talk()
    ours.turn(tap('/confirm_order{"order":"1"}'))
    assert ours.answers[-1]["replies"] == []
    assert ours.answers[-1]["problems"] == ["no_reply"]
    ours.say("hola")
    assert ours.answers[-1]["problems"] == []


FAILURES = {
    "status 500": (500, {"error": "x"}),
    "status 404": (404, {"error": "x"}),
    "status 400 without a name": (400, {"error": "x"}),
    "no JSON": (200, b"<html>"),
    "JSON null": (200, None),
    "a list": (200, []),
    "events of a wrong type": (200, {"events": "none", "responses": []}),
    "an event that does not exist": (200, {"events": [{"event": "unheard_of"}], "responses": []}),
    "a slot without a name": (200, {"events": [{"event": "slot", "value": 1}], "responses": []}),
    "hangs up": "drop",
}


@pytest.mark.parametrize("fault", FAILURES.values(), ids=FAILURES)
@pytest.mark.parametrize("action", ["action_echo", "validate_order_form"])
def test_a_failed_action_gives_503_and_no_dialogue(talk, actions, caplog, action, fault):
    ours = talk()
    ours.say(HELLO)
    before = ours.events
    actions.faults[action] = [fault, fault]
    status, body = ours.turn(
        START if action == "validate_order_form" else tap('/confirm_order{"order":"1"}'), PIZZA
    )
    assert (status, body) == (503, {"error": "action_failed", "action": action})
    assert ours.events == before
    assert "quiero hacer" not in caplog.text
    actions.faults.clear()
    assert ours.say(START) == ["¿Qué querés pedir?"]  # asked again, it works


def test_an_action_server_that_is_down_gives_503(agent, loop, talk):
    from bot.action_client import ActionEndpoint

    endpoint = agent.processor.action_endpoint
    agent.processor.action_endpoint = ActionEndpoint("http://127.0.0.1:1/webhook")
    try:
        assert talk().turn(START, PIZZA)[0] == 503
    finally:
        agent.processor.action_endpoint = endpoint


def test_a_rejection_by_the_action_is_no_failure(talk, actions):
    ours = talk()
    ours.say(START)
    actions.faults["validate_order_form"] = [(400, {"action_name": "order_form", "error": "not that"})]
    assert ours.say("pizza") == ["No te entendí.", "¿Cuántas?"]


def test_an_overtaken_turn_says_nothing_and_gives_the_old_dialogue_back(talk, actions):
    ours = talk()
    ours.say(START)
    before = ours.events
    overtaken = {
        "events": [{"event": "slot", "name": "overtaken", "value": True}],
        "responses": [{"text": "tarde"}],
    }
    actions.faults["validate_order_form"] = [(200, overtaken)]
    calls = len(actions.calls)
    status, body = ours.turn(text("horarios", id=1), text("pizza", id=2), text("dos", id=3))
    assert (status, body["outcome"], body["replies"], body["problems"]) == (200, "overtaken", [], [])
    assert body["dialogue"]["events"] == before
    assert body["dialogue"]["number"] == 3
    assert len(actions.calls) == calls + 1  # neither another action nor another message ran
    assert len(body["understood"]) <= 1


@pytest.mark.parametrize(
    "events",
    [
        [{"event": "unheard_of"}],
        [{"event": "user", "text": "hola", "parse_data": 5}],
        [{"event": "action"}, {"event": "slot", "name": None}],
        [
            {"event": "action", "name": "action_listen", "timestamp": "soon"},
            {"event": "user", "parse_data": []},
        ],
    ],
)
def test_a_dialogue_that_cannot_be_read_is_never_taken_for_an_empty_one(talk, events):
    ours = talk()
    ours.events = events
    status, body = ours.turn(HELLO)
    assert (status, body) == (503, {"error": "dialogue_unreadable"})


def test_a_store_that_cannot_write_gives_503(talk, monkeypatch):
    async def broken(*_):
        raise OSError("disk full")

    monkeypatch.setattr(SnapshotTrackerStore, "save", broken)
    assert talk().turn(HELLO) == (503, {"error": "turn_failed"})


def test_outside_a_turn_there_is_no_conversation_at_all(agent, loop):
    store = agent.tracker_store
    with pytest.raises(NoDialogueInHand):
        loop.run_until_complete(store.retrieve("45"))
    with in_hand(Dialogue(sender_id="46", events=[])), pytest.raises(NoDialogueInHand):
        loop.run_until_complete(store.get_or_create_tracker("45"))
    with pytest.raises(NoDialogueInHand):
        loop.run_until_complete(store.keys())


def test_the_stored_dialogue_holds_no_stamps_and_stays_small(talk):
    ours = talk()
    for message in ORDER:
        ours.say(message)
    assert "model_id" not in json.dumps(ours.events)
    assert "assistant_id" not in json.dumps(ours.events)
    assert len(json.dumps(ours.events)) < 25_000


def test_the_output_channel_takes_anything(loop):
    replies = Replies()
    for message in ({}, {"text": 5}, {"custom": 7}, {"buttons": "x"}, {"text": None, "elements": [{}]}):
        loop.run_until_complete(replies.send_response("45", message))
    assert len(replies.said) == 5


def _shape(value):
    """The skeleton of an answer: which fields, of which kind."""
    if isinstance(value, dict):
        return {name: _shape(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_shape(value[0])] if value else []
    return type(value).__name__


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("*.json")), ids=lambda path: path.stem)
def test_the_samples_of_the_contract_are_what_the_assistant_speaks(agent, loop, actions, sample):
    exchange = json.loads(sample.read_text(encoding="utf-8"))
    for action, faults in exchange.get("toy_faults", {}).items():
        actions.faults[action] = [tuple(fault) for fault in faults]
    try:
        turn = read_turn(exchange["request"])
    except ValueError as error:
        status, body = 422, {"error": "unreadable_turn", "detail": error.detail}
    else:
        status, body = loop.run_until_complete(answer(agent, turn))
    assert status == exchange["status"]
    expected = exchange["answer"]
    if status != 200:
        assert body == expected
        return
    assert set(body) == set(expected)
    for part in ("version", "turn_id", "outcome", "replies", "understood", "problems", "step"):
        assert body[part] == expected[part]
    assert body["dialogue"]["number"] == expected["dialogue"]["number"]
    assert [event["event"] for event in body["dialogue"]["events"]] == [
        event["event"] for event in expected["dialogue"]["events"]
    ]


def test_there_is_a_sample_of_each_outcome():
    statuses = [(json.loads(path.read_text(encoding="utf-8"))["status"]) for path in SAMPLES.glob("*.json")]
    assert {200, 422, 503} <= set(statuses)


def test_an_action_server_that_is_not_there_is_no_fault_of_the_turn(talk, monkeypatch):
    ours = talk()
    ours.say(HELLO)

    async def nobody_listens(*_arguments, **_named):
        refused = ConnectionRefusedError()
        raise RasaException("Failed to execute custom action") from refused

    monkeypatch.setattr(strict_actions, "_run_remote_action", nobody_listens)
    status, body = ours.turn(tap('/confirm_order{"order":"1"}'))
    assert (status, body["error"]) == (503, "actions_away")
