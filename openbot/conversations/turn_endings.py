"""How a turn ends when it is not simply answered: overtaken, put off, handed back, given up (architecture §3.5)."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from openbot.contacts import operations as contacts
from openbot.conversations import queueing
from openbot.conversations import turn_statements as statements
from openbot.conversations.ownership import bot_may_answer, owner_of
from openbot.database import Session
from openbot.orders import operations as order_writes
from openbot.orders import queries as orders
from openbot.orders import waiting
from openbot.schema import ActionCall, Contact, Inbound, Turn
from openbot.vocabulary import InboxState, Owner, TurnState
from openbot.whatsapp import outbound
from openbot.whatsapp.outbound import Reply

OPEN_TURN = (TurnState.DUE, TurnState.CLAIMED)
MAX_BACKOFF = timedelta(seconds=30)
NO_ANSWER = "el bot no pudo responder"


def is_over(session: Session, *, turn_id: int) -> bool:
    """Say whether the turn is settled: what still runs for it, late, must not write any more."""
    state = session.scalar(statements.STATE, {"turn_id": turn_id})
    return state is not None and state not in OPEN_TURN


def overtaken(session: Session, *, turn_id: int, attempt: int, now: datetime) -> bool:
    """An action found owner or order changed: the messages go to the operator, or into one new turn."""
    mine = _mine(session, turn_id=turn_id, attempt=attempt)
    if mine is None:
        return False
    turn, contact = mine
    let_go(session, turn=turn, contact=contact, now=now)
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
    is_the_bots = bot_may_answer(
        contact,
        order_state=orders.open_order_state(session, contact_id=contact.id),
        turn_id=turn.id,
        payloads=session.scalars(select(Inbound.payload).where(Inbound.turn_id == turn.id)),
        now=now,
    )
    if is_the_bots and contact.dialogue_number == turn.dialogue_number:
        contact.waiting_since = contact.waiting_since or now
        contact.waiting_turn_id = turn.id
        session.flush()
        queueing.queue_replies(
            session,
            contact=contact,
            turn_id=turn.id,
            order_id=turn.order_id,
            dialogue_number=turn.dialogue_number,
            bubbles=outbound.merge((apology,)),
            now=now,
        )
        order_id = orders.open_order_id(session, contact_id=contact.id)
        if order_id is not None:
            order_writes.ask_for_person(session, order_id=order_id, reason=NO_ANSWER, now=now)
    _leave(session, turn=turn, contact=contact, now=now, state=TurnState.FAILED)
    turn.failure = failure[:200]
    session.flush()
    return True


def let_go(session: Session, *, turn: Turn, contact: Contact, now: datetime) -> None:
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
    waiting.messages_left(session, contact_ids=(contact.id,))


def _finish(turn: Turn, *, state: TurnState, now: datetime) -> None:
    turn.state, turn.finished_at = state, now


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


def _owner(session: Session, *, contact: Contact, now: datetime) -> Owner:
    state = orders.open_order_state(session, contact_id=contact.id)
    return owner_of(
        order_state=state,
        phone_reply_until=contact.phone_reply_until,
        waiting_since=contact.waiting_since,
        now=now,
    )
