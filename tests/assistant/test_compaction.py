"""A long dialogue stays short, and nobody can tell from the replies."""

import itertools
import json
import random

import pytest
from conftest import Conversation, tap
from rasa.shared.core.events import ActionExecuted, BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot import compaction
from scripts import (
    CANCEL,
    CENTRE,
    EMPANADAS,
    HELLO,
    HOURS,
    JOKE,
    NO,
    ORDER,
    PIZZA,
    SAID,
    START,
    TWO,
    YES,
    ZERO,
    conversation,
)

#: More than ever is kept, with slots and the form's own turns: what a dialogue may grow to.
BOUND = 130


def both(agent, loop, monkeypatch, script):
    """The replies with and without compaction, and how often a dialogue became shorter."""
    ours = Conversation(agent, loop)
    sizes, said = [], []
    for message in script:
        said.append(ours.say(message))
        sizes.append(len(ours.events))
    monkeypatch.setattr("bot.tracker_store.compact", lambda *_: None)
    full = Conversation(agent, loop)
    expected = [full.say(message) for message in script]
    monkeypatch.undo()
    return said, expected, sizes


@pytest.mark.parametrize("seed", range(100, 106))
def test_no_reply_changes_in_a_random_conversation(agent, loop, monkeypatch, caplog, seed):
    said, expected, sizes = both(agent, loop, monkeypatch, conversation(seed, 60))
    assert said == expected
    assert max(sizes) <= BOUND
    assert any(later < earlier for earlier, later in itertools.pairwise(sizes))
    assert "could not be compacted" not in caplog.text


def test_a_form_with_hundreds_of_corrections_stays_short(agent, loop, monkeypatch, caplog):
    draw = random.Random(7)  # noqa: S311  dice are no secrets
    wrong = [ZERO, HOURS, tap('/choose{"product":"pizza"}'), tap('/choose{"product":"empanadas"}'), HOURS]
    script = [HELLO, START, PIZZA, *draw.choices(wrong, k=90), TWO, CENTRE, JOKE, YES]
    said, expected, sizes = both(agent, loop, monkeypatch, script)
    assert said == expected
    assert said[-3][0].startswith("Pedido 1: ")
    assert max(sizes) <= BOUND
    assert "could not be compacted" not in caplog.text


def test_a_form_that_only_digresses_stays_short(agent, loop, monkeypatch):
    said, expected, sizes = both(agent, loop, monkeypatch, [START, PIZZA, *[HOURS] * 40, TWO, HOURS, CENTRE])
    assert said == expected
    assert said[-1] == ["Pedido 1: dos pizza en centro."]
    assert max(sizes) <= BOUND


def test_a_form_left_and_entered_again_works_after_a_compaction(agent, loop, monkeypatch):
    once = [START, PIZZA, CANCEL, HELLO, START, EMPANADAS, TWO, HOURS, CENTRE]
    said, expected, sizes = both(agent, loop, monkeypatch, once * 8)
    assert said == expected
    assert max(sizes) <= BOUND


@pytest.mark.parametrize("before", range(9))
def test_a_story_goes_on_wherever_the_compaction_falls(agent, loop, monkeypatch, before):
    """`before` moves the compaction through all steps of the story."""
    script = [HELLO] * before + [*[HELLO, HOURS, JOKE, YES, JOKE, NO] * 4]
    said, expected, sizes = both(agent, loop, monkeypatch, script)
    assert said == expected
    assert said.count(["¡Qué masa!"]) == said.count(["Otra vez será."]) == 4
    assert any(later < earlier for earlier, later in itertools.pairwise(sizes))


def test_a_story_works_fresh_after_an_order_and_after_a_compaction(talk):
    ours = talk()
    joke = [["¿Sabés qué le dice una pizza a otra?"], ["¡Qué masa!"]]
    assert [ours.say(JOKE), ours.say(YES)] == joke
    for message in ORDER:
        ours.say(message)
    assert [ours.say(JOKE), ours.say(YES)] == joke
    while not ours.events[1].get("metadata", {}).get("compacted_to"):
        ours.say(HELLO)
    assert [ours.say(JOKE), ours.say(YES)] == joke


def test_slots_survive_also_one_that_was_emptied_against_its_initial_value(agent, talk):
    ours = talk()
    for message in [*ORDER, CANCEL]:  # the toy's cancel empties `tone`, whose initial value is "cordial"
        ours.say(message)
    for _ in range(14):
        ours.say(HELLO)
    assert ours.events[1]["metadata"]["compacted_to"]
    slots = DialogueStateTracker.from_dict("45", ours.events, agent.domain.slots).current_slot_values()
    assert (slots["orders"], slots["tone"], slots["product"]) == (1, None, None)


def test_the_three_hundredth_turn_costs_what_the_hundredth_cost(talk, monkeypatch):
    """Counted in events replayed and bytes sent, which no other process on the machine disturbs."""
    ours = talk()
    replayed = [0]
    real = DialogueStateTracker.update
    monkeypatch.setattr(
        DialogueStateTracker,
        "update",
        lambda self, *given: (replayed.__setitem__(0, replayed[0] + 1), real(self, *given))[1],
    )
    script = [*ORDER, JOKE, YES, SAID[18], SAID[12]]
    blocks, bytes_sent = [], []
    for _block in range(10):
        replayed[0] = 0
        for number in range(60):
            ours.say(script[number % len(script)])
        blocks.append(replayed[0])
        bytes_sent.append(len(json.dumps(ours.answers[-1])))
    assert max(blocks[1:]) <= 1.1 * blocks[1]
    assert max(bytes_sent) < 30_000


def test_the_last_turns_are_kept_word_for_word(agent, talk):
    ours = talk()
    sizes = [0]
    while len(ours.events) >= sizes[-1]:
        sizes.append(len(ours.events))
        ours.say(HOURS)
    words = [event["text"] for event in ours.events if event["event"] == "user"]
    assert words[-2:] == ["horarios", "horarios"]
    assert [event["text"] for event in ours.events if event["event"] == "bot"][-2:] == [
        "Abrimos de 9 a 20."
    ] * 2


def tracker_of(agent, events):
    return DialogueStateTracker.from_events("45", events, agent.domain.slots)


def turns(number):
    made = [ActionExecuted("action_session_start"), ActionExecuted("action_listen")]
    for _ in range(number):
        made += [
            UserUttered("hola", {"name": "greet", "confidence": 1.0}),
            ActionExecuted("utter_greet"),
            BotUttered("¡Hola!"),
            SlotSet("product", "pizza"),
            ActionExecuted("action_listen"),
        ]
    return made


@pytest.mark.parametrize(
    "restless",
    [
        lambda events: events[:-1],  # an action is still running
        lambda events: [*events, compaction.ActionExecuted("utter_greet")],
        lambda events: [*events, UserUttered("hola", {"name": "greet"})],
        lambda events: [*events, _event("pause")],
        lambda events: [*events, _event("followup", name="utter_greet")],
        lambda _: turns(5),  # short
        lambda events: [event for event in events if not isinstance(event, UserUttered)],
    ],
)
def test_a_dialogue_that_is_short_or_not_at_rest_stays_as_it_is(agent, restless):
    events = restless(turns(20))
    assert compaction.compact(events, tracker_of(agent, events), agent.domain, agent.dialogue_memory) is None


def _event(type_name, **fields):
    return compaction.Event.from_parameters({"event": type_name, **fields})


def test_a_compaction_that_would_change_anything_is_not_used(agent, monkeypatch, caplog):
    events = turns(20)
    tracker = tracker_of(agent, events)
    assert len(compaction.compact(events, tracker, agent.domain, agent.dialogue_memory)) < 50
    monkeypatch.setattr(compaction, "_worth_setting", lambda *_: [])
    monkeypatch.setattr(
        compaction, "_without_repetition", lambda turn: [e for e in turn if not isinstance(e, SlotSet)]
    )
    monkeypatch.setattr(compaction, "TURNS_WORD_FOR_WORD", 0)
    tracker.slots["product"].value = "empanadas"
    assert compaction.compact(events, tracker, agent.domain, agent.dialogue_memory) is None
    assert "could not be compacted" in caplog.text
    assert "pizza" not in caplog.text


def test_it_knows_how_far_the_policies_of_the_model_look_back(agent):
    memory = agent.dialogue_memory
    assert memory.max_history == 6
    assert memory.longest_rule >= 3
    assert set(memory.rule_only_data) == {"rule_only_slots", "rule_only_loops"}
