"""Turns: which messages are answered in one go, by which worker, and their answer (architecture §3.3-3.5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from openbot.conversations import queueing, turn_endings, turn_messages
from openbot.conversations import turn_statements as statements
from openbot.conversations.outbox import Released
from openbot.conversations.ownership import bot_may_answer
from openbot.conversations.queueing import AtOnce
from openbot.conversations.turn_messages import TurnMessage
from openbot.database import Session
from openbot.schema import Contact, Turn
from openbot.vocabulary import InboxState, TurnState
from openbot.whatsapp.outbound import Bubble

LEASE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenTurn:
    """What the assistant is asked in one go."""

    id: int
    attempt: int  #: every later write says WHERE attempt = this
    failures: int  #: tries so far that the assistant could not finish
    contact_id: int
    order_id: int | None
    messages: tuple[TurnMessage, ...]
    dialogue_number: int
    dialogue: str  #: JSON list of the assistant's events; "[]" starts clean
    last_wamid: str  #: for the read mark and «escribiendo…»
    is_after_close: bool  #: only asks what the customer means; the messages are held meanwhile


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the assistant answered."""

    bubbles: tuple[Bubble, ...]  #: of `outbound.merge`
    dialogue: str
    step: str = ""  #: where the dialogue stands now
    merged: int = 0  #: messages saved by joining the replies


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A turn's answer is stored."""

    released: Released | None  #: its first message, when it may be sent at once


def candidates(session: Session, *, now: datetime, limit: int) -> list[int]:
    """Return contacts with a turn to try again or messages due, longest waiting first. Locks nothing."""
    bound = {"now": now, "limit": limit}
    found = [*session.scalars(statements.AGAIN, bound), *session.scalars(statements.DUE, bound)]
    return list(dict.fromkeys(found))[:limit]


def claim(session: Session, *, contact_id: int, worker: str, now: datetime) -> FrozenTurn | None:
    """Claim the contact's open turn, or freeze its due messages into one.

    None when another worker was first, and when the conversation is no longer the bot's: then its messages are
    left for the person.
    """
    contact = session.execute(statements.FREE_CONTACT, {"contact_id": contact_id}).one_or_none()
    if contact is None:
        return None
    around = session.execute(statements.SITUATION_AND_DIALOGUE, {"contact_id": contact_id}).one()
    lease = {"worker": worker, "lease_ends": now + LEASE}
    if around.turn_id is None:
        rows = _due(session, contact=contact, now=now)
        if not rows:
            return None
        order_id, number = around.order_id, contact.dialogue_number
        attempt, failures = 1, 0
        new = {"contact_id": contact_id, "order_id": order_id, "number": number, "now": now, **lease}
        turn_id = session.execute(statements.NEW_TURN, new).scalar_one()
        session.execute(statements.FREEZE, {"ids": [row.id for row in rows], "of_turn": turn_id})
    else:
        if around.next_try_at > now:
            return None
        turn_id, attempt, failures = around.turn_id, around.attempt + 1, around.failures
        rows = turn_messages.of_turn(session, turn_id=turn_id)
        session.execute(statements.CLAIM_AGAIN, {"of_turn": turn_id, **lease})
        order_id, number = around.turn_order_id, around.dialogue_number
    is_the_bots = bot_may_answer(
        contact,
        order_state=around.order_state,
        turn_id=turn_id,
        payloads=[row.payload for row in rows],
        now=now,
    )
    if contact.dialogue_number != number or not is_the_bots:
        _let_go(session, turn_id=turn_id, contact_id=contact_id, now=now)
        return None
    return FrozenTurn(
        id=turn_id,
        attempt=attempt,
        failures=failures,
        contact_id=contact_id,
        order_id=order_id,
        messages=turn_messages.as_asked(session, contact_id=contact_id, order_id=order_id, rows=rows),
        dialogue_number=number,
        dialogue=around.events or "[]",
        last_wamid=rows[-1].wamid if rows else "",
        is_after_close=turn_messages.is_after_close(rows, order_id=order_id),
    )


def answered(
    session: Session, *, turn: FrozenTurn, answer: Answer, now: datetime, at_once: AtOnce | None = None
) -> Stored | None:
    """Store snapshot, replies and «answered» together. None: the lease was lost, nothing is written.

    With `at_once` the first reply is released in the same commit, if it may go out now; the owner is re-read here.
    """
    contact = session.execute(statements.LOCKED_CONTACT, {"contact_id": turn.contact_id}).one_or_none()
    if contact is None:  # joined to another contact, which took the turn away
        return None
    around = session.execute(statements.SITUATION, {"contact_id": turn.contact_id}).one()
    if (around.turn_id, around.attempt, around.turn_state) != (turn.id, turn.attempt, TurnState.CLAIMED):
        return None
    stale = contact.dialogue_number != turn.dialogue_number
    released = queueing.queue_replies(
        session,
        contact=contact,
        order_state=around.order_state,
        turn_id=turn.id,
        order_id=turn.order_id,
        dialogue_number=turn.dialogue_number,
        bubbles=answer.bubbles,
        now=now,
        at_once=at_once,
    )
    if stale:  # a person took over (or gave back) meanwhile
        _let_go(session, turn_id=turn.id, contact_id=turn.contact_id, now=now)
        return Stored(released=None)
    _store_dialogue(session, turn=turn, events=answer.dialogue, now=now)
    state = InboxState.HELD if turn.is_after_close else InboxState.ANSWERED
    session.execute(statements.SETTLE, {"of_turn": turn.id, "new_state": state})
    done = {"of_turn": turn.id, "now": now, "step": answer.step, "merged": answer.merged}
    session.execute(statements.FINISH, done)
    return Stored(released=released)


def _due(session: Session, *, contact: Row[Any], now: datetime) -> Sequence[Row[Any]]:
    if contact.due_at is None or contact.due_at > now:
        return ()
    session.execute(statements.NO_LONGER_DUE, {"contact_id": contact.id})
    return turn_messages.due(session, contact_id=contact.id, now=now)


def _let_go(session: Session, *, turn_id: int, contact_id: int, now: datetime) -> None:
    turn = session.get_one(Turn, turn_id, populate_existing=True)
    contact = session.get_one(Contact, contact_id, populate_existing=True)
    turn_endings.let_go(session, turn=turn, contact=contact, now=now)


def _store_dialogue(session: Session, *, turn: FrozenTurn, events: str, now: datetime) -> None:
    bound = {"of_contact": turn.contact_id, "number": turn.dialogue_number, "events": events, "now": now}
    if session.execute(statements.KEEP_DIALOGUE, bound).rowcount == 0:  # type: ignore[attr-defined]
        session.execute(statements.NEW_DIALOGUE, bound)


__all__ = ["LEASE", "Answer", "FrozenTurn", "Stored", "TurnMessage", "answered", "candidates", "claim"]
