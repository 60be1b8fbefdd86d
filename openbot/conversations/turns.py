"""Turns: which messages are answered in one go, by which worker, and what became of them (architecture §3.3-3.5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from openbot.contacts import operations as contacts
from openbot.conversations import outbox, turn_messages
from openbot.conversations import turn_statements as statements
from openbot.conversations.ownership import RESUMING_INTENTS, intent_of_tap, owner_of
from openbot.conversations.turn_messages import TurnMessage
from openbot.database import Session
from openbot.orders import operations as order_writes
from openbot.orders import queries as orders
from openbot.schema import ActionCall, Contact, Dialogue, Inbound, Turn
from openbot.vocabulary import InboxState, Owner, TurnState
from openbot.whatsapp.outbound import Reply

OPEN_TURN = (TurnState.DUE, TurnState.CLAIMED)
LEASE = timedelta(seconds=60)
MAX_BACKOFF = timedelta(seconds=30)
NO_ANSWER = "el bot no pudo responder"


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
    bound = {"now": now, "limit": limit}
    found = [*session.scalars(statements.AGAIN, bound), *session.scalars(statements.DUE, bound)]
    return list(dict.fromkeys(found))[:limit]


def is_over(session: Session, *, turn_id: int) -> bool:
    """Say whether the turn is settled: what still runs for it, late, must not write any more."""
    state = session.scalar(select(Turn.state).where(Turn.id == turn_id))
    return state is not None and state not in OPEN_TURN


def claim(session: Session, *, contact_id: int, worker: str, now: datetime) -> FrozenTurn | None:
    """Claim the contact's open turn, or freeze its due messages into one.

    None when another worker was first, and when the conversation is no longer the bot's: then its messages are
    left for the person.
    """
    contact = session.scalar(statements.FREE_CONTACT, {"contact_id": contact_id})
    if contact is None:
        return None
    turn = session.scalar(statements.OPEN_TURN_OF, {"contact_id": contact_id})
    if turn is not None and turn.next_try_at > now:
        return None
    rows: Sequence[Inbound] | None = None
    if turn is None:
        turn, rows = _freeze(session, contact=contact, now=now)
    if turn is None:
        return None
    if not _is_the_bots(session, turn=turn, contact=contact, now=now):
        _let_go(session, turn=turn, contact=contact, now=now)
        return None
    turn.state, turn.claimed_by = TurnState.CLAIMED, worker
    turn.attempt += 1
    turn.next_try_at = now + LEASE
    session.flush()
    return _frozen(session, turn=turn, contact=contact, rows=rows)


def answered(session: Session, *, turn_id: int, attempt: int, answer: Answer, now: datetime) -> bool:
    """Store snapshot, replies and «answered» together. False: the lease was lost, nothing is written."""
    mine = _mine(session, turn_id=turn_id, attempt=attempt)
    if mine is None:
        return False
    turn, contact = mine
    stale = contact.dialogue_number != turn.dialogue_number
    outbox.queue_replies(session, contact=contact, turn=turn, replies=answer.replies, now=now, stale=stale)
    if stale:  # a person took over (or gave back) meanwhile
        _let_go(session, turn=turn, contact=contact, now=now)
        return True
    _store_dialogue(session, turn=turn, events=answer.dialogue, now=now)
    held = _mine_as_held(session, turn=turn)
    state = InboxState.HELD if held else InboxState.ANSWERED
    session.execute(statements.SETTLE, {"of_turn": turn.id, "new_state": state})
    _finish(turn, state=TurnState.ANSWERED, now=now)
    session.flush()
    return True


def overtaken(session: Session, *, turn_id: int, attempt: int, now: datetime) -> bool:
    """An action found owner or order changed: the messages go to the operator, or into one new turn."""
    mine = _mine(session, turn_id=turn_id, attempt=attempt)
    if mine is None:
        return False
    turn, contact = mine
    _let_go(session, turn=turn, contact=contact, now=now)
    return True


def try_again(
    session: Session, *, turn_id: int, attempt: int, failure: str, now: datetime, failures: int = 0
) -> bool:
    """Hand the turn back for a later try, with back-off; `failures` 1 when the assistant itself failed."""
    mine = _mine(session, turn_id=turn_id, attempt=attempt)
    if mine is None:
        return False
    turn, _ = mine
    wait = min(timedelta(seconds=2 ** min(attempt, 6) / 2), MAX_BACKOFF)
    turn.state, turn.next_try_at, turn.failure = TurnState.DUE, now + wait, failure[:200]
    turn.failures += failures
    session.flush()
    return True


def hand_back(session: Session, *, turn_id: int, attempt: int, now: datetime) -> bool:
    """Give a claimed turn to whoever comes next, at once: this worker stops."""
    mine = _mine(session, turn_id=turn_id, attempt=attempt)
    if mine is None:
        return False
    turn, _ = mine
    turn.state, turn.next_try_at = TurnState.DUE, now
    session.flush()
    return True


def failed(
    session: Session, *, turn_id: int, attempt: int, failure: str, apology: Reply, now: datetime
) -> bool:
    """Give a turn up: the customer is told, messages and order wait for a person; so does the conversation."""
    mine = _mine(session, turn_id=turn_id, attempt=attempt)
    if mine is None:
        return False
    turn, contact = mine
    if _is_the_bots(session, turn=turn, contact=contact, now=now):
        contact.waiting_since = contact.waiting_since or now
        contact.waiting_turn_id = turn.id
        outbox.queue_replies(session, contact=contact, turn=turn, replies=(apology,), now=now, stale=False)
        order_id = orders.open_order_id(session, contact_id=contact.id)
        if order_id is not None:
            order_writes.ask_for_person(session, order_id=order_id, reason=NO_ANSWER, now=now)
    _leave(session, turn=turn, contact=contact, now=now, state=TurnState.FAILED)
    turn.failure = failure[:200]
    session.flush()
    return True


def _freeze(
    session: Session, *, contact: Contact, now: datetime
) -> tuple[Turn | None, Sequence[Inbound] | None]:
    if contact.due_at is None or contact.due_at > now:
        return None, None
    due = turn_messages.due(session, contact=contact, now=now)
    contact.due_at = contact.due_since = None
    if not due:
        session.flush()
        return None, None
    turn = Turn(
        contact_id=contact.id,
        order_id=orders.open_order_id(session, contact_id=contact.id),
        dialogue_number=contact.dialogue_number,
        state=TurnState.DUE,
        attempt=0,
        failures=0,
        next_try_at=now,
        created_at=now,
    )
    session.add(turn)
    session.flush()  # gives the turn its id
    session.execute(statements.FREEZE, {"ids": [row.id for row in due], "of_turn": turn.id})
    return turn, due


def _frozen(session: Session, *, turn: Turn, contact: Contact, rows: Sequence[Inbound] | None) -> FrozenTurn:
    if rows is None:
        rows = session.scalars(statements.ROWS_OF_TURN, {"turn_id": turn.id}).all()
    events = session.scalar(statements.EVENTS, {"contact_id": contact.id, "number": turn.dialogue_number})
    return FrozenTurn(
        id=turn.id,
        attempt=turn.attempt,
        failures=turn.failures,
        contact_id=contact.id,
        order_id=turn.order_id,
        messages=turn_messages.as_asked(session, turn=turn, rows=rows),
        dialogue_number=turn.dialogue_number,
        dialogue=events or "[]",
        last_wamid=rows[-1].wamid if rows else "",
    )


def _mine(session: Session, *, turn_id: int, attempt: int) -> tuple[Turn, Contact] | None:
    contact_id = session.scalar(statements.CONTACT_OF, {"turn_id": turn_id})
    if contact_id is None:
        return None
    try:
        contact = contacts.lock(session, contact_id=contact_id)
    except contacts.ContactGone:  # joined to another contact, which took the turn away
        return None
    turn = session.scalar(statements.CLAIMED, {"turn_id": turn_id, "attempt": attempt})
    return None if turn is None else (turn, contact)


def _is_the_bots(session: Session, *, turn: Turn, contact: Contact, now: datetime) -> bool:
    """Say whether the bot may answer this turn now, in the dialogue for which it was frozen."""
    if contact.blocked_at is not None or contact.dialogue_number != turn.dialogue_number:
        return False
    match _owner(session, contact=contact, now=now):
        case Owner.BOT:
            return True
        case Owner.OPERATOR:
            return False
        case Owner.WAITING:
            payloads = session.scalars(select(Inbound.payload).where(Inbound.turn_id == turn.id))
            resumes = any(intent_of_tap(payload) in RESUMING_INTENTS for payload in payloads)
            return resumes or contact.waiting_turn_id == turn.id


def _let_go(session: Session, *, turn: Turn, contact: Contact, now: datetime) -> None:
    """What the turn was frozen for changed: one new turn if it is the bot's still, else it is for a person.

    Messages that came before somebody closed the order never become a turn again; nor does a turn of which
    something took effect, for that would happen twice.
    """
    order_id = orders.open_order_id(session, contact_id=contact.id)
    is_same = contact.dialogue_number == turn.dialogue_number or order_id == turn.order_id
    wrote = session.scalar(select(ActionCall.turn_id).where(ActionCall.turn_id == turn.id).limit(1))
    is_bots = contact.blocked_at is None and _owner(session, contact=contact, now=now) is Owner.BOT
    if not (is_bots and is_same) or wrote is not None:
        _leave(session, turn=turn, contact=contact, now=now)
        return
    session.execute(
        update(Inbound)
        .where(Inbound.turn_id == turn.id)
        .values(state=InboxState.DUE, turn_id=None, order_id=order_id)
    )
    contact.due_at = contact.due_since = now
    _finish(turn, state=TurnState.OVERTAKEN, now=now)
    session.flush()


def _leave(
    session: Session, *, turn: Turn, contact: Contact, now: datetime, state: TurnState = TurnState.LEFT
) -> None:
    left = session.execute(
        update(Inbound).where(Inbound.turn_id == turn.id).values(state=InboxState.LEFT).returning(Inbound.id)
    ).all()
    contact.unread += 0 if contact.blocked_at else len(left)
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
    state = orders.open_order_state(session, contact_id=contact.id)
    return owner_of(
        order_state=state,
        phone_reply_until=contact.phone_reply_until,
        waiting_since=contact.waiting_since,
        now=now,
    )


__all__ = [
    "Answer", "FrozenTurn", "TurnMessage", "answered", "candidates", "claim", "failed", "overtaken", "try_again",
]  # fmt: skip
