"""Turns: claimed, asked, stored; whatever happens in between (architecture §3.3-3.5)."""

import json
import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from openbot.assistant import Answered, AssistantAway, AssistantFailed, Question
from openbot.conversations import turn_endings, turns
from openbot.conversations.sentences import GIVEN_UP, NOT_ANSWERED
from openbot.schema import ActionCall, Count, Dialogue, Inbound, Outbound, Turn
from openbot.vocabulary import InboxState, OrderKind, OutboxState, State, TurnState
from openbot.whatsapp.outbound import Reply
from tests.kill_matrix.notes import note_taker
from tests.support.sends import queue
from tests.support.world import World


def asked(world: World) -> list[tuple[int, tuple[dict, ...]]]:
    return [(question.turn_id, question.messages) for question in world.assistant.questions]


def test_snapshot_replies_and_answered_are_stored_together(world: World) -> None:
    world.converse("hola")
    [turn] = world.rows(Turn)
    [dialogue] = world.rows(Dialogue)
    assert (turn.state, turn.attempt, turn.finished_at) == (TurnState.ANSWERED, 1, world.clock())
    assert (dialogue.number, json.loads(dialogue.events)) == (turn.dialogue_number, [{"turn": turn.id}])
    assert [row.turn_id for row in world.rows(Outbound)] == [turn.id]


def test_the_dialogue_goes_out_again_with_the_next_turn(world: World) -> None:
    world.converse("uno")
    world.converse("dos")
    first, second = world.assistant.questions
    assert first.dialogue == "[]"
    assert json.loads(second.dialogue) == [{"turn": first.turn_id}]
    assert first.dialogue_number == second.dialogue_number


def test_a_retry_asks_exactly_the_same_and_later_messages_wait(world: World) -> None:
    world.assistant.errors = [AssistantFailed("503"), AssistantAway("gone")]
    world.says("uno")
    world.wait(seconds=3)
    world.says("dos")
    world.taps("/menu", title="Menú")
    for _ in range(6):
        world.wait(seconds=10)
    assert asked(world)[0] == asked(world)[1] == asked(world)[2]
    assert world.assistant.heard[3:] == [["dos", "Menú"]]
    assert world.whatsapp.texts() == ["oí: uno", "oí: dos | Menú"]


def test_while_the_assistant_is_away_messages_wait_and_are_answered_later(world: World) -> None:
    world.assistant.errors = [AssistantAway("nobody there")] * 40
    world.says("hola")
    for _ in range(80):
        world.wait(seconds=31)
    assert world.whatsapp.texts() == ["oí: hola"]
    [turn] = world.rows(Turn)
    assert turn.failures == 0


def test_a_worker_that_lost_its_lease_writes_nothing(world: World) -> None:
    other = world.turn_worker("two")

    def stall(_question: Question) -> None:
        world.clock.move(seconds=61)
        world.answer(worker=other)

    world.says("hola")
    world.clock.move(seconds=3)
    world.assistant.during = stall
    world.answer()
    world.send()
    assert len(world.assistant.questions) == 2
    assert world.whatsapp.texts() == ["oí: hola"]
    [turn] = world.rows(Turn)
    assert (turn.attempt, turn.claimed_by, turn.state) == (2, "two", TurnState.ANSWERED)
    assert json.loads(world.rows(Dialogue)[0].events) == [{"turn": turn.id}]


@pytest.mark.parametrize("error", [AssistantAway("gone"), AssistantFailed("503")])
def test_a_worker_that_lost_its_lease_does_not_put_the_turn_off(world: World, error: Exception) -> None:
    other = world.turn_worker("two")

    def stall(_question: Question) -> None:
        world.clock.move(seconds=61)
        world.answer(worker=other)
        raise error

    world.says("hola")
    world.clock.move(seconds=3)
    world.assistant.during = stall
    world.answer()
    assert [(turn.state, turn.failure) for turn in world.rows(Turn)] == [(TurnState.ANSWERED, "")]


def test_a_late_write_without_the_lease_is_refused_each_way(world: World) -> None:
    world.says("hola")
    world.clock.move(seconds=3)
    contact_id = world.contact().id
    with world.database.transaction() as session:
        turn = turns.claim(session, contact_id=contact_id, worker="slow", now=world.clock())
    world.clock.move(seconds=61)
    world.settle()
    assert turn is not None
    late = {"turn_id": turn.id, "attempt": turn.attempt, "now": world.clock()}
    with world.database.transaction() as session:
        answer = turns.Answer(bubbles=(), dialogue="[]")
        assert not turns.answered(session, turn=turn, answer=answer, now=world.clock())
        assert not turn_endings.overtaken(session, **late)
        assert not turn_endings.try_again(session, failure="x", **late)
        assert not turn_endings.hand_back(session, **late)
        assert not turn_endings.failed(session, failure="x", apology=Reply(text="x"), **late)
        assert not turn_endings.overtaken(session, turn_id=999, attempt=1, now=world.clock())


def test_a_worker_that_stops_hands_its_turn_back_at_once(world: World) -> None:
    world.says("hola")
    world.clock.move(seconds=3)
    with world.database.transaction() as session:
        contact_id = world.contact().id
        turn = turns.claim(session, contact_id=contact_id, worker="stopping", now=world.clock())
        assert turn is not None
        assert turn_endings.hand_back(session, turn_id=turn.id, attempt=turn.attempt, now=world.clock())
    world.settle()
    assert world.whatsapp.texts() == ["oí: hola"]


def test_several_workers_answer_each_conversation_once(world: World) -> None:
    from tests.support.whatsapp import Customer

    people = [Customer(phone=f"54911{n:08}", user_id=f"AR.{n}") for n in range(6)]
    for one in people:
        world.says(f"soy {one.user_id}", who=one)
    world.clock.move(seconds=3)
    workers = [world.turn_worker(name) for name in ("one", "two", "three")]
    threads = [threading.Thread(target=world.answer, kwargs={"worker": worker}) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    world.settle()
    assert sorted(world.whatsapp.texts()) == sorted(f"oí: soy {one.user_id}" for one in people)
    assert len(world.rows(Turn)) == len(people)


@pytest.mark.parametrize("replies", [[], [{"text": ""}], [{"text": " \u200b "}], [{"unknown": 1}]])
def test_no_reply_and_no_error_is_still_a_sentence_and_counted(world: World, replies: list) -> None:
    world.assistant.act = lambda _question: replies
    world.converse("hola")
    assert world.whatsapp.texts() == [NOT_ANSWERED]
    assert [(row.name, row.value) for row in world.rows(Count)] == [("turns without a reply", 1)]


def test_where_the_dialogue_stands_and_what_joining_saved_are_kept_with_the_turn(world: World) -> None:
    replies = (
        {"text": "Abrimos de 9 a 20."},
        {"text": ""},
        {"text": "Y hoy también."},
        {"text": "¿Qué llevás?"},
    )
    world.assistant.act = lambda _: Answered(overtaken=False, replies=replies, dialogue="[]", step="items")
    world.converse("hola")
    world.assistant.act = lambda _: [{"text": "a" * 5000}]
    world.converse("largo")
    assert [(turn.step, turn.merged) for turn in world.rows(Turn)] == [("items", 2), ("", 0)]


def test_a_turn_that_fails_again_and_again_is_given_to_a_person(world: World) -> None:
    world.assistant.errors = [AssistantFailed("500")] * 6
    world.says("hola")
    for _ in range(12):
        world.wait(seconds=31)
    assert len(world.assistant.questions) == 6
    assert world.whatsapp.texts() == [GIVEN_UP]
    assert (world.rows(Turn)[0].state, world.rows(Turn)[0].failure) == (TurnState.FAILED, "500")
    assert (world.rows(Inbound)[0].state, world.contact().unread) == (InboxState.LEFT, 1)
    assert world.contact().waiting_since is not None
    order = world.order()
    assert (order.state, order.kind, order.needs_person) == (State.COMPLETE, OrderKind.HELP, True)


def test_a_turn_given_up_under_an_operator_says_nothing(world: World) -> None:
    world.assistant.errors = [AssistantFailed("500")] * 6
    world.says("hola")
    for _ in range(5):
        world.wait(seconds=31)
    world.clock.move(seconds=31)
    world.assistant.errors = []

    def taken(_question: Question):
        world.move(State.IN_PROGRESS)
        raise AssistantFailed("500")

    world.assistant.act = taken
    world.settle()
    assert world.whatsapp.texts() == []
    assert world.contact().waiting_since is None
    assert (world.rows(Inbound)[0].state, world.contact().unread) == (InboxState.LEFT, 1)


def test_an_answer_that_cannot_be_stored_is_not_asked_for_ever(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cannot(*_args, **_kwargs):
        raise ValueError("a bug in storing")

    monkeypatch.setattr(turns, "answered", cannot)
    world.says("hola")
    for _ in range(20):
        world.wait(seconds=61)
    assert len(world.assistant.questions) == 6
    assert world.rows(Turn)[0].state is TurnState.FAILED


def test_a_database_that_is_away_at_the_end_leaves_the_turn_to_its_lease(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from openbot.database import DatabaseBusy

    def busy(*_args, **_kwargs):
        raise DatabaseBusy

    world.says("hola")
    world.clock.move(seconds=3)
    with monkeypatch.context() as patch:
        patch.setattr(turns, "answered", busy)
        with pytest.raises(DatabaseBusy):
            world.answer()
    world.wait(seconds=59)
    assert world.whatsapp.texts() == []
    world.wait(seconds=2)
    assert world.whatsapp.texts() == ["oí: hola"]
    assert world.rows(Turn)[0].failures == 0


def test_text_for_the_assistant_carries_no_phone(world: World) -> None:
    world.converse("hola")
    [question] = world.assistant.questions
    assert question.contact_id == world.contact().id
    assert world.contact().wa_id not in repr(question)


def test_a_dialogue_of_another_number_is_not_sent(world: World) -> None:
    world.converse("hola")
    world.move(State.IN_PROGRESS)
    world.move(State.INCOMPLETE)
    world.converse("hola de nuevo")
    assert world.assistant.questions[-1].dialogue == "[]"
    assert world.assistant.questions[-1].dialogue_number == 3


def test_what_the_assistant_answers_besides_words_reaches_the_phone(world: World) -> None:
    menu = {"button": "Ver", "sections": [{"title": "Bebidas", "rows": [{"id": "/c", "title": "Coca"}]}]}
    world.assistant.act = lambda question: Answered(
        overtaken=False, replies=({"text": "Elegí", "custom": {"list": menu}},), dialogue=question.dialogue
    )
    world.converse("hola")
    interactive = world.whatsapp.delivered[0].body["interactive"]
    assert interactive["action"]["sections"][0]["rows"] == [{"id": "/c", "title": "Coca"}]


def test_an_action_that_runs_late_for_a_settled_turn_writes_nothing(world: World) -> None:
    """The assistant was too slow, the turn was given up: what still runs for it must not touch the order."""
    take_notes = note_taker(world.database)
    world.says("hola")
    world.clock.move(seconds=3)

    def too_slow(question: Question):
        with world.database.transaction() as session:
            turn_endings.failed(
                session,
                turn_id=question.turn_id,
                attempt=1,
                failure="too slow",
                apology=Reply(text=GIVEN_UP),
                now=world.clock(),
            )
        return take_notes(question)

    world.assistant.act = too_slow
    world.settle()
    assert world.order().comment == ""
    assert world.rows(ActionCall) == []
    assert world.whatsapp.texts() == [GIVEN_UP]


def test_an_error_in_the_log_shows_neither_phone_nor_message(world: World) -> None:
    with pytest.raises(SQLAlchemyError) as refused, world.database.transaction() as session:
        session.execute(text("INSERT INTO nowhere VALUES (:phone)"), {"phone": "5491123456789"})
    assert "5491123456789" not in str(refused.value)


def test_the_first_reply_goes_out_with_its_turn_when_the_number_is_free(world: World) -> None:
    world.sends_at_once = True
    world.says("hola")
    world.clock.move(seconds=3)
    world.answer()
    assert world.whatsapp.texts() == ["oí: hola"]
    assert world.send() == 0


def test_a_reply_never_goes_out_before_what_waits_already(world: World) -> None:
    world.converse("hola")
    queue(world, "un aviso")
    world.sends_at_once = True
    world.says("dos")
    world.clock.move(seconds=3)
    world.answer()
    assert world.whatsapp.texts() == ["oí: hola"]
    world.settle()
    assert world.whatsapp.texts() == ["oí: hola", "un aviso", "oí: dos"]


def test_a_reply_does_not_go_out_with_its_turn_when_a_person_took_over(world: World) -> None:
    world.sends_at_once = True
    world.converse("hola")
    world.says("dos")
    world.clock.move(seconds=3)
    world.assistant.during = lambda _question: world.move(State.IN_PROGRESS)
    world.answer()
    assert world.whatsapp.texts() == ["oí: hola"]
    assert world.rows(Outbound)[-1].state is OutboxState.DISCARDED
