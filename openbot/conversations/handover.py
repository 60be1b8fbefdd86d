"""What a move of an order does to its conversation: take, give back, close (product §2)."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, update

from openbot.actor import SYSTEM, Actor
from openbot.contacts import operations as contacts
from openbot.conversations import telling
from openbot.conversations.opt_out import Wish
from openbot.conversations.turn_endings import OPEN_TURN
from openbot.database import Session
from openbot.orders import lifecycle, waiting
from openbot.orders import operations as orders
from openbot.orders import queries as order_reads
from openbot.schema import ActionCall, Contact, Inbound, Order, OrderChange, Outbound, Turn
from openbot.vocabulary import OPEN_STATES, Author, InboxState, State


def move_order(
    session: Session,
    *,
    order_id: int,
    to: State,
    actor: Actor,
    now: datetime,
    seen_version: int | None = None,
    reason: str = "",
    expires_after: timedelta | None = None,
    is_told: bool = True,
) -> Order:
    """Move an order and let its conversation follow: each change of voice starts a clean dialogue.

    `is_told`: the customer gets the company's sentence of the new state, if there is one. The contact is locked
    first. Raises what `orders.move` raises.
    """
    contact_id = session.scalar(select(Order.contact_id).where(Order.id == order_id))
    if contact_id is None:
        raise orders.OrderNotFound
    contact = contacts.lock(session, contact_id=contact_id)
    before = orders.get(session, order_id=order_id).state
    order = orders.move(
        session,
        order_id=order_id,
        to=to,
        actor=actor,
        now=now,
        seen_version=seen_version,
        reason=reason,
        expires_after=expires_after,
    )
    contact.dialogue_number += 1
    contact.waiting_since = contact.waiting_turn_id = None
    contact.open_options = None
    if to is not State.IN_PROGRESS:
        contact.away_notice_at = None
    if before is State.IN_PROGRESS and to in (State.INCOMPLETE, State.COMPLETE):
        _give_back(session, contact=contact, now=now)
    else:
        _leave_due(session, contact=contact)
    session.flush()
    if to in OPEN_STATES:
        waiting.messages_left(session, contact_ids=(contact.id,))
    if is_told:
        telling.tell(session, contact=contact, order=order, now=now)
    return order


def end_phone_reply(session: Session, *, contact_id: int, now: datetime) -> bool:
    """«Devolver al bot» while the company answers from its own phone: what came after its last word is a turn.

    False: nobody answers from there (any more). An order EN PROCESO stays its operator's.
    """
    contact = contacts.lock(session, contact_id=contact_id)
    if contact.phone_reply_until is None or contact.phone_reply_until <= now:
        return False
    contact.phone_reply_until = None
    contact.dialogue_number += 1
    contact.open_options = None
    order = order_reads.open_order(session, contact_id=contact.id)
    if order is None or order.state is not State.IN_PROGRESS:
        _give_back(session, contact=contact, now=now)
        session.flush()
        waiting.answered(session, contact_id=contact.id)
        waiting.messages_left(session, contact_ids=(contact.id,))
    return True


def expire_due(session: Session, *, now: datetime, limit: int = 100) -> tuple[int, int]:
    """Expire orders past their time, at most `limit`; returns (expired, put off). Idempotent.

    Skips contacts with an unanswered message or an open turn: they are settled when that is done.
    """
    due = session.execute(
        select(Order.id, Order.contact_id)
        .where(Order.state.in_(OPEN_STATES), Order.expires_at <= now, ~_unanswered())
        .order_by(Order.contact_id)
        .limit(limit)
    ).all()
    expired = put_off = 0
    for order_id, contact_id in due:
        contacts.lock(session, contact_id=contact_id)
        order = orders.get(session, order_id=order_id)
        if order.state not in OPEN_STATES or order.expires_at > now:
            continue
        later = lifecycle.expiry_after_activity(
            expires_at=order.expires_at, last_activity=_last_activity(session, contact_id=contact_id), now=now
        )
        if later is None:
            move_order(session, order_id=order_id, to=State.EXPIRED, actor=SYSTEM, now=now)
            expired += 1
        else:
            order.expires_at = later
            put_off += 1
    session.flush()
    return expired, put_off


def _leave_due(session: Session, *, contact: Contact) -> None:
    """What waited for a turn until now is for the person who took or closed the order."""
    left = session.execute(
        update(Inbound)
        .where(Inbound.contact_id == contact.id, Inbound.state == InboxState.DUE)
        .values(state=InboxState.LEFT)
        .returning(Inbound.id)
    ).all()
    contact.unread += len(left)
    contact.due_at = contact.due_since = None


def _give_back(session: Session, *, contact: Contact, now: datetime) -> None:
    """What came after the operator's last word, and after the last close, becomes a turn of the bot.

    Not what took effect already though its answer was discarded: that would happen twice.
    """
    last_word = select(func.max(Outbound.queued_at)).where(
        Outbound.contact_id == contact.id, Outbound.author == Author.OPERATOR
    )
    last_close = (
        select(func.max(OrderChange.at))
        .join(Order, Order.id == OrderChange.order_id)
        .where(Order.contact_id == contact.id, OrderChange.to_state.not_in(OPEN_STATES))
    )
    since = max(
        (time for time in (session.scalar(last_word), session.scalar(last_close)) if time), default=None
    )
    took_effect = select(ActionCall.turn_id).where(ActionCall.turn_id == Inbound.turn_id).exists()
    query = update(Inbound).where(
        Inbound.contact_id == contact.id, Inbound.state == InboxState.LEFT, ~took_effect
    )
    if since is not None:
        query = query.where(Inbound.received_at > since)
    noted = session.execute(
        query.where(Inbound.reason.in_(Wish)).values(state=InboxState.NO_TURN).returning(Inbound.id)
    ).all()
    contact.unread = max(0, contact.unread - len(noted))
    given = session.execute(query.values(state=InboxState.DUE, turn_id=None).returning(Inbound.id)).all()
    contact.unread = max(0, contact.unread - len(given))
    if given:
        contact.due_at = contact.due_since = now


def _unanswered() -> ColumnElement[bool]:
    due = (
        select(Inbound.id)
        .where(
            Inbound.contact_id == Order.contact_id,
            Inbound.state.in_((InboxState.DUE, InboxState.IN_TURN)),
        )
        .exists()
    )
    turn = select(Turn.id).where(Turn.contact_id == Order.contact_id, Turn.state.in_(OPEN_TURN)).exists()
    return due | turn


def _last_activity(session: Session, *, contact_id: int) -> datetime | None:
    came = session.scalar(select(func.max(Inbound.received_at)).where(Inbound.contact_id == contact_id))
    went = session.scalar(
        select(func.max(Outbound.queued_at)).where(
            Outbound.contact_id == contact_id, Outbound.author == Author.OPERATOR
        )
    )
    return max((time for time in (came, went) if time), default=None)
