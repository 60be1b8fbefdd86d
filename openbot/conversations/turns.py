"""Turns: which messages are answered in one go, by which worker, and what became of them (architecture §3.3-3.5)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from openbot.contacts import operations as contacts
from openbot.conversations import outbox
from openbot.conversations.ownership import intent_of_tap, owner_of
from openbot.database import Session
from openbot.orders import queries as orders
from openbot.schema import Contact, Dialogue, Inbound, Order, Turn
from openbot.vocabulary import InboxState, Owner, TurnState
from openbot.whatsapp.outbound import Reply

OPEN_TURN = (TurnState.DUE, TurnState.CLAIMED)
LEASE = timedelta(seconds=60)
MAX_BACKOFF = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnMessage:
    """One message as the assistant gets it; consecutive texts are one."""

    id: int  #: of the (last) inbox row
    kind: str
    text: str
    payload: str | None = None
    data: dict[str, Any] | None = None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the assistant answered."""

    replies: tuple[Reply, ...]
    dialogue: str


def candidates(session: Session, *, now: datetime, limit: int) -> list[int]:
    """Return contacts with a turn to try again or messages due, longest waiting first. Locks nothing."""
    again = select(Turn.contact_id).where(Turn.state.in_(OPEN_TURN), Turn.next_try_at <= now)
    due = (
        select(Contact.id)
        .where(
            Contact.due_at <= now,
            ~select(Turn.id).where(Turn.contact_id == Contact.id, Turn.state.in_(OPEN_TURN)).exists(),
        )
        .order_by(Contact.due_at)
    )
    found = [*session.scalars(again.limit(limit)), *session.scalars(due.limit(limit))]
    return list(dict.fromkeys(found))[:limit]


def claim(session: Session, *, contact_id: int, worker: str, now: datetime) -> FrozenTurn | None:
    """Claim the contact's open turn, or freeze its due messages into one. None when another worker was first."""
    contact = session.scalar(
        select(Contact)
        .where(Contact.id == contact_id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if contact is None:
        return None
    turn = session.scalar(select(Turn).where(Turn.contact_id == contact_id, Turn.state.in_(OPEN_TURN)))
    if turn is not None and turn.next_try_at > now:
        return None
    turn = turn or _freeze(session, contact=contact, now=now)
    if turn is None:
        return None
    turn.state, turn.claimed_by = TurnState.CLAIMED, worker
    turn.attempt += 1
    turn.next_try_at = now + LEASE
    session.flush()
    return _frozen(session, turn=turn, contact=contact)


def answered(session: Session, *, turn_id: int, attempt: int, answer: Answer, now: datetime) -> bool:
    """Store snapshot, replies and «answered» together. False: the lease was lost, nothing is written."""
    turn = _mine(session, turn_id=turn_id, attempt=attempt)
    if turn is None:
        return False
    contact = contacts.lock(session, contact_id=turn.contact_id)
    stale = contact.dialogue_number != turn.dialogue_number
    outbox.queue_replies(session, contact=contact, turn=turn, replies=answer.replies, now=now, stale=stale)
    if stale:  # a person took over (or gave back) meanwhile: the messages are theirs
        _leave(session, turn=turn, contact=contact, now=now)
        return True
    _store_dialogue(session, turn=turn, events=answer.dialogue, now=now)
    held = _mine_as_held(session, turn=turn)
    state = InboxState.HELD if held else InboxState.ANSWERED
    session.execute(update(Inbound).where(Inbound.turn_id == turn.id).values(state=state))
    _finish(turn, state=TurnState.ANSWERED, now=now)
    session.flush()
    return True


def overtaken(session: Session, *, turn_id: int, attempt: int, now: datetime) -> bool:
    """An action found owner or order changed: the messages go to the operator, or into one new turn."""
    turn = _mine(session, turn_id=turn_id, attempt=attempt)
    if turn is None:
        return False
    contact = contacts.lock(session, contact_id=turn.contact_id)
    if _owner(session, contact=contact, now=now) is not Owner.BOT:
        _leave(session, turn=turn, contact=contact, now=now)
        return True
    session.execute(
        update(Inbound)
        .where(Inbound.turn_id == turn.id)
        .values(
            state=InboxState.DUE, turn_id=None, order_id=orders.open_order_id(session, contact_id=contact.id)
        )
    )
    contact.due_at = contact.due_since = now
    _finish(turn, state=TurnState.OVERTAKEN, now=now)
    session.flush()
    return True


def try_again(
    session: Session, *, turn_id: int, attempt: int, failure: str, now: datetime, failures: int = 0
) -> bool:
    """Hand the turn back for a later try, with back-off; `failures` 1 when the assistant itself failed."""
    turn = _mine(session, turn_id=turn_id, attempt=attempt)
    if turn is None:
        return False
    wait = min(timedelta(seconds=2 ** min(attempt, 6) / 2), MAX_BACKOFF)
    turn.state, turn.next_try_at, turn.failure = TurnState.DUE, now + wait, failure[:200]
    turn.failures += failures
    session.flush()
    return True


def hand_back(session: Session, *, turn_id: int, attempt: int, now: datetime) -> bool:
    """Give a claimed turn to whoever comes next, at once: this worker stops."""
    turn = _mine(session, turn_id=turn_id, attempt=attempt)
    if turn is None:
        return False
    turn.state, turn.next_try_at = TurnState.DUE, now
    session.flush()
    return True


def failed(
    session: Session, *, turn_id: int, attempt: int, failure: str, apology: Reply, now: datetime
) -> bool:
    """Give a turn up: the customer is told, the messages are left for a person, the conversation waits for one."""
    turn = _mine(session, turn_id=turn_id, attempt=attempt)
    if turn is None:
        return False
    contact = contacts.lock(session, contact_id=turn.contact_id)
    contact.waiting_since = contact.waiting_since or now
    contact.waiting_turn_id = turn.id
    outbox.queue_replies(session, contact=contact, turn=turn, replies=(apology,), now=now, stale=False)
    _leave(session, turn=turn, contact=contact, now=now, state=TurnState.FAILED)
    turn.failure = failure[:200]
    session.flush()
    return True


def _freeze(session: Session, *, contact: Contact, now: datetime) -> Turn | None:
    if contact.due_at is None or contact.due_at > now:
        return None
    due = _due(session, contact=contact)
    contact.due_at = contact.due_since = None
    if not due:
        session.flush()
        return None
    order_id = orders.open_order_id(session, contact_id=contact.id)
    turn = Turn(
        contact_id=contact.id,
        order_id=order_id,
        dialogue_number=contact.dialogue_number,
        state=TurnState.DUE,
        attempt=0,
        failures=0,
        next_try_at=now,
        created_at=now,
    )
    session.add(turn)
    session.flush()
    session.execute(
        update(Inbound)
        .where(Inbound.id.in_([row.id for row in due]))
        .values(state=InboxState.IN_TURN, turn_id=turn.id)
    )
    return turn


def _due(session: Session, *, contact: Contact) -> Sequence[Inbound]:
    """The due messages; with the tap that says what they are about, the held ones too."""
    rows = session.scalars(
        select(Inbound)
        .where(Inbound.contact_id == contact.id, Inbound.state.in_((InboxState.DUE, InboxState.HELD)))
        .order_by(Inbound.sent_at, Inbound.id)
    ).all()
    due = [row for row in rows if row.state is InboxState.DUE]
    if due and all(row.reason != "afterword" for row in due):
        return rows  # whatever was held belongs to what the customer does now
    return due


def _frozen(session: Session, *, turn: Turn, contact: Contact) -> FrozenTurn:
    rows = session.scalars(
        select(Inbound).where(Inbound.turn_id == turn.id).order_by(Inbound.sent_at, Inbound.id)
    ).all()
    events = session.scalar(
        select(Dialogue.events).where(
            Dialogue.contact_id == contact.id, Dialogue.number == turn.dialogue_number
        )
    )
    return FrozenTurn(
        id=turn.id,
        attempt=turn.attempt,
        failures=turn.failures,
        contact_id=contact.id,
        order_id=turn.order_id,
        messages=_messages(session, turn=turn, rows=rows),
        dialogue_number=turn.dialogue_number,
        dialogue=events or "[]",
        last_wamid=rows[-1].wamid if rows else "",
    )


def _messages(session: Session, *, turn: Turn, rows: Sequence[Inbound]) -> tuple[TurnMessage, ...]:
    if turn.order_id is None and any(row.reason == "afterword" for row in rows):
        closed = session.scalar(
            select(Order.id).where(Order.contact_id == turn.contact_id).order_by(Order.id.desc()).limit(1)
        )
        payload = "/after_close" + json.dumps({"order": str(closed)})
        return (TurnMessage(id=rows[-1].id, kind="tap", text="", payload=payload),)
    taps = [row for row in rows if intent_of_tap(row.payload) in ("new_order", "about_closed")]
    if taps and intent_of_tap(taps[0].payload) == "about_closed":
        rows = taps[:1]  # what was written before is for the person who will read it
    elif taps:
        rows = [taps[0], *(row for row in rows if row is not taps[0])]
    messages: list[TurnMessage] = []
    for row in rows:
        if row.kind == "text" and messages and messages[-1].kind == "text":
            joined = f"{messages[-1].text}\n{row.text}"
            messages[-1] = TurnMessage(id=row.id, kind="text", text=joined)
            continue
        messages.append(
            TurnMessage(id=row.id, kind=row.kind, text=row.text, payload=row.payload, data=row.data)
        )
    return tuple(messages)


def _mine(session: Session, *, turn_id: int, attempt: int) -> Turn | None:
    contact_id = session.scalar(select(Turn.contact_id).where(Turn.id == turn_id))
    if contact_id is None:
        return None
    contacts.lock(session, contact_id=contact_id)
    return session.scalar(
        select(Turn)
        .where(Turn.id == turn_id, Turn.attempt == attempt, Turn.state == TurnState.CLAIMED)
        .execution_options(populate_existing=True)
    )


def _leave(
    session: Session, *, turn: Turn, contact: Contact, now: datetime, state: TurnState = TurnState.LEFT
) -> None:
    left = session.execute(
        update(Inbound).where(Inbound.turn_id == turn.id).values(state=InboxState.LEFT).returning(Inbound.id)
    ).all()
    contact.unread += len(left)
    _finish(turn, state=state, now=now)
    session.flush()


def _finish(turn: Turn, *, state: TurnState, now: datetime) -> None:
    turn.state, turn.finished_at = state, now


def _mine_as_held(session: Session, *, turn: Turn) -> bool:
    asked = select(Inbound.id).where(Inbound.turn_id == turn.id, Inbound.reason == "afterword")
    return turn.order_id is None and session.scalar(asked.limit(1)) is not None


def _store_dialogue(session: Session, *, turn: Turn, events: str, now: datetime) -> None:
    row = session.get(Dialogue, turn.contact_id)
    if row is None:
        row = Dialogue(contact_id=turn.contact_id)
        session.add(row)
    row.number, row.events, row.updated_at = turn.dialogue_number, events, now


def _owner(session: Session, *, contact: Contact, now: datetime) -> Owner:
    order_id = orders.open_order_id(session, contact_id=contact.id)
    state = session.scalar(select(Order.state).where(Order.id == order_id)) if order_id else None
    return owner_of(
        order_state=state,
        phone_reply_until=contact.phone_reply_until,
        waiting_since=contact.waiting_since,
        now=now,
    )


__all__ = [
    "Answer", "FrozenTurn", "TurnMessage", "answered", "candidates", "claim", "failed", "overtaken", "try_again",
]  # fmt: skip
