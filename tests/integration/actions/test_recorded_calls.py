"""The pair Rasa 3.6.21 and rasa-sdk: calls as they were recorded get the answers they got; a repeat changes nothing."""

import asyncio
import copy

import pytest
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker

from actions.message import TurnUnknown
from actions.order_form import ValidateOrderForm
from openbot.orders import operations, queries
from openbot.schema import ActionCall, Contact
from openbot.vocabulary import State
from tests.support.world import World


def play(server, recorded):
    """Make the calls in order."""
    answers = []
    for kept in recorded:
        call = copy.deepcopy(kept["call"])
        server.know(call)
        answers.append(asyncio.run(server.answer(call)))
    return answers


def the_order(server):
    with server.database.reading() as session:
        order = queries.full_order(session, order_id=1)
        assert order is not None
        return order, queries.history(session, order_id=1)


def test_calls_as_rasa_made_them_get_the_answers_they_got(server, recorded):
    assert len(recorded) >= 15
    for kept, answer in zip(recorded, play(server, recorded), strict=True):
        assert kept["status"] == 200
        assert answer == kept["answer"], kept["call"]["next_action"]


def test_the_calls_of_a_form_are_among_them(recorded):
    actions = {kept["call"]["next_action"] for kept in recorded}
    assert {"validate_order_form", "action_ask_order_form_confirmed", "action_show_hours"} <= actions
    validations = [kept for kept in recorded if kept["call"]["next_action"] == "validate_order_form"]
    asked = [kept["call"]["tracker"]["slots"]["requested_slot"] for kept in validations]
    assert asked[0] is None, "an activation"
    assert len(validations) > len(set(asked))
    rejected = [event for kept in validations for event in kept["answer"]["events"]]
    assert any(event["event"] == "action_execution_rejected" for event in rejected), "a digression"


def test_the_order_is_in_sql_when_the_form_is_through(server, recorded):
    play(server, recorded)
    order, history = the_order(server)
    assert order.state is State.COMPLETE
    assert [(item.name, int(item.quantity)) for item in order.items] == [
        ("Coca-Cola 2,25 L", 3),
        ("Pan francés", 1),
    ]
    assert all(line.inbound_id for line in history[1:]), "each change names the message that caused it"


def test_a_repeated_call_gets_the_same_answer_and_writes_nothing(server, recorded):
    first = play(server, recorded)
    before = the_order(server)
    writing = [
        (kept, answer)
        for kept, answer in zip(recorded, first, strict=True)
        if _is_kept(server, kept["call"]) and kept["call"]["next_action"] == "validate_order_form"
    ]
    assert len(writing) >= 6
    for kept, answer in writing:
        assert asyncio.run(server.answer(copy.deepcopy(kept["call"]))) == answer
    assert the_order(server) == before


def test_one_message_is_one_version_of_the_order(server, recorded):
    play(server, recorded)
    _, history = the_order(server)
    versions = [line.version for line in history]
    assert versions == list(range(1, len(history) + 1))
    causes = [line.inbound_id for line in history if line.inbound_id and not line.to_state]
    assert len(causes) == len(set(causes))


def test_an_order_taken_by_an_operator_meanwhile_voids_the_turn(server, recorded):
    play(server, recorded[:4])
    actor = World.operator.__get__(_World(server.database))()
    with server.database.transaction() as session:
        operations.move(session, order_id=1, to=State.IN_PROGRESS, actor=actor, now=_now())
    before = the_order(server)
    call = _next_validation(recorded, after=4)
    server.know(call)
    answer = asyncio.run(server.answer(call))
    assert answer["responses"] == []
    assert [(event["name"], event["value"]) for event in answer["events"]] == [("overtaken", True)]
    assert the_order(server) == before


def test_an_order_that_expired_meanwhile_voids_the_turn(server, recorded):
    play(server, recorded[:4])
    with server.database.transaction() as session:
        operations.expire(session, order=operations.get(session, order_id=1), now=_now())
    call = _next_validation(recorded, after=4)
    server.know(call)
    assert asyncio.run(server.answer(call))["events"][0]["name"] == "overtaken"


def test_a_customer_who_waits_for_a_person_is_not_answered(server, recorded):
    play(server, recorded[:4])
    with server.database.transaction() as session:
        session.get_one(Contact, 1).waiting_since = _now()
    call = _next_validation(recorded, after=4)
    server.know(call)
    assert asyncio.run(server.answer(call))["events"][0]["name"] == "overtaken"


def test_a_call_without_its_turn_is_refused(server, recorded):
    call = copy.deepcopy(recorded[0]["call"])
    call["tracker"]["latest_message"]["metadata"] = {}
    tracker = Tracker.from_dict(call["tracker"])
    with pytest.raises(TurnUnknown):
        asyncio.run(ValidateOrderForm().run(CollectingDispatcher(), tracker, {}))


def _is_kept(server, call) -> bool:
    metadata = call["tracker"]["latest_message"]["metadata"]
    with server.database.reading() as session:
        kept = session.query(ActionCall).filter(ActionCall.turn_id == metadata["turn_id"]).all()
    return any(row.action == call["next_action"] for row in kept)


def _next_validation(recorded, *, after: int):
    return copy.deepcopy(
        next(
            kept["call"] for kept in recorded[after:] if kept["call"]["next_action"] == "validate_order_form"
        )
    )


def _now():
    from tests.integration.actions.conftest import NOW

    return NOW


class _World:
    """As much of a world as `operator` needs."""

    def __init__(self, database) -> None:
        self.database = database

    def clock(self):
        return _now()
