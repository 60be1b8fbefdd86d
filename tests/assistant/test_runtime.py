"""The overrides: every reply and every event as on Rasa alone, and each of them is really in place."""

import pytest
import rasa
from conftest import Conversation, request
from rasa.core.actions.action import RemoteAction
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot import runtime, strict_actions
from bot.turn_contract import hear, read_turn
from bot.whatsapp_channel import Replies
from scripts import JOKE, ORDER, YES, conversation


class StockConversation:
    """The same messages on Rasa alone: its processor, its in-memory store, every event kept."""

    def __init__(self, agent, loop):
        self.loop, self.processor, self.domain = loop, agent.processor, agent.domain
        self.store = InMemoryTrackerStore(agent.domain)

    def say(self, message):
        replies = Replies()
        heard = hear(read_turn(request(message)), intents=self.domain.intents)[0]
        self.loop.run_until_complete(
            self.processor.handle_message(
                UserMessage(
                    heard.text,
                    replies,
                    "45",
                    parse_data=heard.parse_data,
                    input_channel="whatsapp",
                    message_id=str(heard.id),
                    metadata=heard.metadata,
                )
            )
        )
        return [reply["text"] for reply in replies.said]


@pytest.fixture
def stock(plain_agent, loop, monkeypatch):
    """Rasa's own code in every place."""
    monkeypatch.setattr(RemoteAction, "run", strict_actions._run_remote_action)
    monkeypatch.setattr(MessageProcessor, "_run_action", strict_actions._run_action)
    conversation = StockConversation(plain_agent, loop)
    ours = plain_agent.processor.tracker_store
    plain_agent.processor.tracker_store = conversation.store
    yield conversation
    plain_agent.processor.tracker_store = ours


def told(event):
    """An event without what differs from run to run."""
    return {
        name: value
        for name, value in event.as_dict().items()
        if name not in ("timestamp", "metadata", "message_id")
    }


@pytest.mark.parametrize("seed", range(4))
def test_every_reply_of_a_random_conversation_is_the_one_of_rasa_alone(
    stock, plain_agent, loop, monkeypatch, seed
):
    script = conversation(seed, 40)
    expected = [stock.say(message) for message in script]
    alone = loop.run_until_complete(stock.store.retrieve("45"))
    monkeypatch.undo()
    plain_agent.processor.tracker_store = plain_agent.tracker_store
    with runtime.installed(plain_agent):
        ours = Conversation(plain_agent, loop)
        assert [ours.say(message) for message in script] == expected
        assert len(ours.events) < 130 < len(alone.events)
        slots = DialogueStateTracker.from_dict(
            "45", ours.events, plain_agent.domain.slots
        ).current_slot_values()
    theirs = alone.current_slot_values()
    for values in (slots, theirs):
        values.pop("session_started_metadata")
    assert slots == theirs


def test_the_events_of_a_short_conversation_are_those_of_rasa_alone(stock, plain_agent, loop, monkeypatch):
    script = [*ORDER, JOKE, YES]
    for message in script:
        stock.say(message)
    expected = [told(event) for event in loop.run_until_complete(stock.store.retrieve("45")).events]
    monkeypatch.undo()
    plain_agent.processor.tracker_store = plain_agent.tracker_store
    monkeypatch.setattr("bot.tracker_store.compact", lambda *_: None)
    with runtime.installed(plain_agent):
        ours = Conversation(plain_agent, loop)
        for message in script:
            ours.say(message)
        events = [told(Event.from_parameters(event)) for event in ours.events]
    assert events == expected


def test_the_overrides_are_for_one_release_only(monkeypatch):
    monkeypatch.setattr(rasa, "__version__", "3.6.22")
    with pytest.raises(runtime.WrongRelease, match=r"3\.6\.22"):
        runtime.overrides()


def test_rasa_is_itself_again_after_a_comparison(plain_agent):
    before = [(owner, name, owner.__dict__.get(name)) for owner, name, _ in runtime.overrides()]
    with runtime.installed(plain_agent):
        assert all(owner.__dict__.get(name) is not was for owner, name, was in before)
    assert all(owner.__dict__.get(name) is was for owner, name, was in before)
    assert type(SlotSet) is type(Event) is not runtime._PlainKind


def test_every_override_replaces_something_that_rasa_has():
    missing = [
        name for owner, name, _ in runtime.overrides() if not hasattr(owner, name) and name != "__copy__"
    ]
    assert missing == []


@pytest.mark.parametrize(
    "answer",
    [
        {"events": [{"event": "slot", "name": "a", "value": 1, "timestamp": None}], "responses": []},
        {"events": [{"event": "followup", "name": "action_echo"}], "responses": [{"text": "x"}]},
        {"events": []},
        {},
        {"events": [{"event": "slot", "name": 5, "value": 1}], "responses": []},
        {"events": [{"event": "slot", "value": 1}], "responses": []},
        {"events": [{"event": "slot", "name": "a"}], "responses": []},
        {"events": [{"event": "slot", "name": "a", "value": 1, "timestamp": "now"}], "responses": []},
        {"events": [{"event": "slot", "name": "a", "value": 1, "metadata": 5}], "responses": []},
        {"events": [{"event": "unheard_of"}], "responses": []},
        {"events": [{}], "responses": []},
        {"events": "none", "responses": []},
        {"events": [], "responses": ["x"]},
        [],
        None,
        "x",
    ],
)
def test_an_answer_of_the_action_server_is_accepted_exactly_when_rasa_accepts_it(plain_agent, answer):
    def accepted():
        try:
            return RemoteAction("a", None)._validate_action_result(answer)
        except Exception as error:  # noqa: BLE001  which one is the question
            return type(error)

    expected = accepted()
    with runtime.installed(plain_agent):
        assert accepted() == expected


def test_an_event_type_is_found_once_and_unknown_ones_still_fail(agent):
    assert Event.resolve_by_type("slot") is SlotSet
    assert Event.resolve_by_type("slot") is Event.resolve_by_type("slot", None)
    with pytest.raises(ValueError, match="Unknown event name"):
        Event.resolve_by_type("unheard_of")
    assert Event.resolve_by_type("unheard_of", SlotSet) is SlotSet


def test_a_copied_tracker_is_equal_and_independent(agent, loop, talk):
    ours = talk()
    for message in ORDER[:4]:
        ours.say(message)
    tracker = DialogueStateTracker.from_dict("45", ours.events, agent.domain.slots)
    stock_copy = tracker.travel_back_in_time(float("inf"))
    copied = tracker.copy()
    for one in (copied, stock_copy):
        assert one.current_slot_values() == tracker.current_slot_values()
        assert (one.active_loop, one.latest_action, one.followup_action) == (
            tracker.active_loop,
            tracker.latest_action,
            tracker.followup_action,
        )
        assert list(one.events) == list(tracker.events)
        assert (one.model_id, one.assistant_id) == (None, None)
    copied.update(SlotSet("product", "milanesas"))
    copied.active_loop.rejected = True
    assert tracker.get_slot("product") == "pizza"
    assert not tracker.active_loop.rejected
    assert len(copied.events) == len(tracker.events) + 1


def test_a_copy_replays_no_event(agent, talk, monkeypatch):
    ours = talk()
    for message in ORDER[:4]:
        ours.say(message)
    tracker = DialogueStateTracker.from_dict("45", ours.events, agent.domain.slots)
    monkeypatch.setattr(DialogueStateTracker, "update", lambda *_: pytest.fail("replayed"))
    assert list(tracker.copy().events) == list(tracker.events)


def test_states_are_those_of_rasa_alone_however_they_are_asked(plain_agent, loop):
    with runtime.installed(plain_agent):
        ours = Conversation(plain_agent, loop)
        for message in conversation(3, 25):
            ours.say(message)
    events = ours.events

    def states():
        tracker = DialogueStateTracker.from_dict("45", events, plain_agent.domain.slots)
        data = {"rule_only_slots": ["mood"], "rule_only_loops": ["order_form"]}
        return [
            (tracker.applied_events(), tracker.past_states(plain_agent.domain, **how))
            for how in (
                {},
                {"omit_unset_slots": True},
                {"ignore_rule_only_turns": True},
                {"ignore_rule_only_turns": True, "rule_only_data": data},
                {},
            )
        ]

    expected = states()
    with runtime.installed(plain_agent):
        assert states() == expected


def test_states_follow_the_events_and_are_nobodys_else(agent):
    tracker = DialogueStateTracker("45", agent.domain.slots)
    tracker.update(ActionExecuted("action_listen"))
    first = tracker.past_states(agent.domain)
    first[-1].clear()
    assert tracker.past_states(agent.domain)[-1] == {"prev_action": {"action_name": "action_listen"}}
    tracker.update(SlotSet("mood", value=True))
    assert "slots" in tracker.past_states(agent.domain)[-1]


def test_the_graph_is_planned_once_and_gives_what_dask_gives(plain_agent, loop):
    runner = plain_agent.processor.graph_runner
    target = plain_agent.processor.model_metadata.core_target
    tracker = DialogueStateTracker("45", plain_agent.domain.slots)
    tracker.update(ActionExecuted("action_listen"))
    inputs = {"__tracker__": tracker}
    expected = runner.run(inputs=inputs, targets=[target])[target]
    with runtime.installed(plain_agent):
        found = runner.run(inputs=inputs, targets=[target])[target]
        assert runner.run(inputs=inputs, targets=[target])[target] == found
        assert len(runner.__dict__["_openbot_plans"]) >= 1
    assert found == expected


def test_the_domain_is_asked_once_whether_it_is_empty(agent):
    assert agent.domain.is_empty() is False
    assert Domain.empty().is_empty() is True
    assert agent.domain.__dict__["_openbot_is_empty"] is False


def test_debug_lines_cost_no_copies(agent):
    from rasa.core import processor
    from rasa.core.policies import rule_policy

    value = {"a": [1]}
    assert processor.copy.deepcopy(value) is value
    assert rule_policy.copy.deepcopy(value) is value


def test_stories_are_not_asked_where_a_rule_is_certain(agent, talk, monkeypatch):
    from bot import fast_policies

    asked = []
    real = fast_policies._predict_by_stories
    monkeypatch.setattr(
        fast_policies, "_predict_by_stories", lambda *given, **named: asked.append(1) or real(*given, **named)
    )
    ours = talk()
    ours.say("hola")
    assert asked == []
    assert ours.say("contame un chiste") == ["¿Sabés qué le dice una pizza a otra?"]
    assert asked != []


@pytest.mark.parametrize(
    "payload", ['/choose{"quantity":"2"}', '{"a": {"b": "{product}"}}', "} {", "{0} {", "{}"]
)
def test_a_payload_in_a_response_stays_as_it_is_written(payload, caplog):
    from rasa.core.nlg import interpolator

    filled = interpolator.interpolate_text(payload, {"product": "pizza"})
    assert filled == payload.replace("{product}", "pizza")
    assert caplog.records == []


def test_placeholders_are_filled_as_by_rasa():
    from rasa.core.nlg import interpolator

    values = {"name": "Ana", "total": None}
    assert interpolator.interpolate_text("¡Hola, {name}!", values) == "¡Hola, Ana!"
    assert interpolator.interpolate_text("{{name}}", values) == "{name}"
    assert interpolator.interpolate_text("{total}", values) == "None"
    assert interpolator.interpolate_text('/choose{"order":"{name}"}', values) == '/choose{"order":"Ana"}'
