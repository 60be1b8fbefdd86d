"""Answer turns: claim, ask the assistant, store. Up to N conversations at a time, one turn of each."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.exc import OperationalError

from openbot.assistant import Answered, Assistant, AssistantAway, AssistantFailed, Question
from openbot.conversations import counts, turn_endings, turns
from openbot.conversations.outbox import Released
from openbot.conversations.queueing import AtOnce
from openbot.conversations.sentences import GIVEN_UP, NOT_ANSWERED
from openbot.conversations.turns import Answer, FrozenTurn, Stored
from openbot.crash import crash_at
from openbot.database import Database, DatabaseBusy, Session
from openbot.whatsapp import outbound
from openbot.whatsapp.outbound import Bubble, Reply
from worker.presence import Presence

log = logging.getLogger(__name__)

#: Tries that the assistant itself could not finish before a person takes over.
MAX_FAILURES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnWorker:
    """Answers the turn of one contact at a time; shared by the threads of a pool."""

    database: Database
    assistant: Assistant
    presence: Presence
    name: str
    clock: Callable[[], datetime]
    at_once: AtOnce
    is_free: Callable[[], bool]  #: whether the number may send right now: then the first reply needs no look
    deliver: Callable[[Released], None]  #: sends what was released with its turn
    stored: Callable[[], None] = lambda: None  #: told when replies may be waiting to be sent
    told: Callable[[str], None] = lambda _outcome: None  #: answered, overtaken, put_off, given_up
    _in_hand: dict[int, FrozenTurn] = field(default_factory=dict)

    def due(self, limit: int) -> list[int]:
        """Contacts whose turn is due."""
        with self.database.reading() as session:
            return turns.candidates(session, now=self.clock(), limit=limit)

    def work(self, contact_id: int) -> None:
        """Claim the contact's turn, if it is still to be had, and see it through."""
        turn = self.database.write(lambda session: self._claim(session, contact_id))
        if turn is None:
            return
        crash_at("turn claimed")
        self._in_hand[turn.id] = turn
        try:
            self._see_through(turn)
        finally:
            del self._in_hand[turn.id]

    def _claim(self, session: Session, contact_id: int) -> FrozenTurn | None:
        turn = turns.claim(session, contact_id=contact_id, worker=self.name, now=self.clock())
        crash_at("turn claimed, not committed")
        return turn

    def hand_back(self) -> int:
        """Give the turns still in hand to the next worker, at once; their answers here come too late.

        Returns how many there were.
        """
        left = list(self._in_hand.values())
        with self.database.transaction() as session:
            for turn in left:
                turn_endings.hand_back(session, turn_id=turn.id, attempt=turn.attempt, now=self.clock())
        return len(left)

    def _see_through(self, turn: FrozenTurn) -> None:
        self.presence.announce(turn.last_wamid)
        try:
            answered = self._ask(turn)
        except AssistantAway as away:
            self._again(turn, failure=str(away), failures=0)
        except AssistantFailed as failed:
            self._failed(turn, failure=str(failed))
        else:
            crash_at("turn answered, not stored")
            self._store_or_fail(turn, answered)
            self.stored()

    def _ask(self, turn: FrozenTurn) -> Answered:
        return self.assistant.reply_to(
            Question(
                turn_id=turn.id,
                contact_id=turn.contact_id,
                order_id=turn.order_id,
                messages=tuple(
                    {
                        "id": message.id,
                        "kind": message.kind,
                        "text": message.text,
                        **({"payload": message.payload} if message.payload else {}),
                        **({"data": message.data} if message.data else {}),
                    }
                    for message in turn.messages
                ),
                dialogue_number=turn.dialogue_number,
                dialogue=turn.dialogue,
                now=self.clock(),
            )
        )

    def _store_or_fail(self, turn: FrozenTurn, answered: Answered) -> None:
        try:
            self._store(turn, answered)
        except (OperationalError, DatabaseBusy):
            raise  # the database is away; the lease brings the turn back
        except Exception as error:
            # What cannot be stored now cannot be stored later: without a count it would be tried for ever.
            log.exception("the answer to turn %s cannot be stored", turn.id)
            self._failed(turn, failure=f"answer not stored: {type(error).__name__}")

    def _store(self, turn: FrozenTurn, answered: Answered) -> None:
        if answered.overtaken:
            with self.database.transaction() as session:
                turn_endings.overtaken(session, turn_id=turn.id, attempt=turn.attempt, now=self.clock())
            self.told("overtaken")
            return
        replies = [Reply.from_assistant(reply) for reply in answered.replies]
        bubbles = outbound.merge(replies)
        said = sum(not reply.is_empty for reply in replies)
        answer = Answer(
            bubbles=bubbles or (Bubble(text=NOT_ANSWERED),),
            dialogue=answered.dialogue,
            step=answered.step,
            merged=max(0, said - len(bubbles)),  # a long text alone may have become two
        )
        at_once = self.at_once if self.is_free() else None

        def store(session: Session) -> Stored | None:
            if not bubbles:
                # No reply and no error: the customer still gets a sentence, and the event is counted.
                counts.add(session, name="turns without a reply")
            stored = turns.answered(session, turn=turn, answer=answer, now=self.clock(), at_once=at_once)
            crash_at("turn stored, not committed")
            return stored

        stored = self.database.write(store)
        crash_at("turn stored")
        self.told("answered")
        if stored is not None and stored.released is not None:
            crash_at("turn stored and released, not sent")
            self.deliver(stored.released)

    def _again(self, turn: FrozenTurn, *, failure: str, failures: int) -> None:
        log.warning("turn %s put off: %s", turn.id, failure)
        self.told("put_off")
        crash_at("turn failed, not put off")
        with self.database.transaction() as session:
            turn_endings.try_again(
                session,
                turn_id=turn.id,
                attempt=turn.attempt,
                failure=failure,
                failures=failures,
                now=self.clock(),
            )

    def _failed(self, turn: FrozenTurn, *, failure: str) -> None:
        if turn.failures + 1 < MAX_FAILURES:
            self._again(turn, failure=failure, failures=1)
            return
        log.error("turn %s given up: %s", turn.id, failure)
        self.told("given_up")
        with self.database.transaction() as session:
            counts.add(session, name="turns given up")
            turn_endings.failed(
                session,
                turn_id=turn.id,
                attempt=turn.attempt,
                failure=failure,
                apology=Reply(text=GIVEN_UP),
                now=self.clock(),
            )
