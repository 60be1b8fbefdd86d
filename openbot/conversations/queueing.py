"""What is to be said enters the outbox, in order; what may go out at once is released in the same commit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select

from openbot.conversations import outbox_statements as statements
from openbot.conversations.outbox import LEASE, Released, window_is_open
from openbot.conversations.ownership import may_release, owner_of
from openbot.database import Session
from openbot.schema import Contact, Outbound
from openbot.vocabulary import Author, OutboxState, State
from openbot.whatsapp import outbound, pacing
from openbot.whatsapp.outbound import Bubble


@dataclass(frozen=True, slots=True, kw_only=True)
class AtOnce:
    """Whoever stores a turn may send its first message itself."""

    worker: str
    interval: timedelta = pacing.INTERVAL  #: as for `release`


def queue_replies(
    session: Session,
    *,
    contact: Contact | Row[Any],
    turn_id: int,
    order_id: int | None,
    dialogue_number: int,
    bubbles: Sequence[Bubble],
    now: datetime,
    order_state: State | None = None,
    at_once: AtOnce | None = None,
) -> Released | None:
    """Queue a turn's messages; those of an earlier dialogue are kept as discarded. The contact is locked.

    With `at_once` the first is released and returned when nothing goes out before it, its author may speak
    (`order_state` is that of the open order) and the pair rate allows it.
    """
    if not bubbles:
        return None
    stale = contact.dialogue_number != dialogue_number
    rows = [
        {
            "contact_id": contact.id,
            "turn_id": turn_id,
            "position": position,
            "dialogue_number": dialogue_number,
            "author": Author.BOT,
            "order_id": order_id,
            "text": outbound.text_of(bubble),
            "bubble": bubble.to_json(),
            "state": OutboxState.DISCARDED if stale else OutboxState.QUEUED,
            "reason": "una persona tomó la conversación" if stale else "",
            "queued_at": now,
            "not_before": now,
            "attempt": 0,
            "claimed_by": "",
            "released_at": None,
        }
        for position, bubble in enumerate(bubbles)
    ]
    if stale:
        session.execute(statements.QUEUE, rows)
        return None
    options = [option.title for option in outbound.options_of(bubbles[-1])]
    booked = None
    if at_once is not None:
        booked = _book(
            session, contact=contact, turn_id=turn_id, order_state=order_state, now=now, at_once=at_once
        )
    asked = {"of_contact": contact.id, "options": options}
    if at_once is None or booked is None:
        session.execute(statements.ASK, asked)
        session.execute(statements.QUEUE, rows)
        return None
    session.execute(statements.ASK_AND_BOOK, {**asked, "booked": booked})
    rows[0] |= {
        "state": OutboxState.RELEASED,
        "attempt": 1,
        "claimed_by": at_once.worker,
        "released_at": now,
        "not_before": now + LEASE,
    }
    outbound_id: int = session.execute(statements.QUEUE_FIRST, rows[0]).scalar_one()
    if rows[1:]:
        session.execute(statements.QUEUE, rows[1:])
    return Released(
        id=outbound_id,
        attempt=1,
        contact_id=contact.id,
        tries=0,
        bubble=bubbles[0].to_json(),
        user_id=contact.user_id,
        wa_id=contact.wa_id,
        deliverable_as=contact.deliverable_as,
    )


def _book(
    session: Session,
    *,
    contact: Contact | Row[Any],
    turn_id: int,
    order_state: State | None,
    now: datetime,
    at_once: AtOnce,
) -> datetime | None:
    """Return the contact's next booked moment if a bot's message of the current dialogue may go out right now."""
    owner = owner_of(
        order_state=order_state,
        phone_reply_until=contact.phone_reply_until,
        waiting_since=contact.waiting_since,
        now=now,
    )
    may_go = may_release(
        author=Author.BOT,
        owner=owner,
        turn_id=turn_id,
        waiting_turn_id=contact.waiting_turn_id,
        dialogue_is_current=True,
    )
    if contact.blocked_at is not None or not may_go or not window_is_open(contact, now=now):
        return None  # the sender says why
    ready, following = pacing.next_send(contact.next_send_at, now=now, interval=at_once.interval)
    if ready > now or session.scalar(statements.ANY_UNSETTLED_OF, {"contact_id": contact.id}) is not None:
        return None
    return following


def queue_notice(
    session: Session, *, contact: Contact, bubble: Bubble, now: datetime, order_id: int | None = None
) -> Outbound:
    """Queue a sentence of the system (author *sistema*): allowed under any owner."""
    message = Message(author=Author.SYSTEM, bubble=bubble, order_id=order_id)
    return queue_message(session, contact=contact, message=message, now=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is not a reply of the bot: of an operator, of the system, of a broadcast."""

    author: Author
    bubble: Bubble
    key: str | None = None  #: unique among all; who queues it twice gets the first one
    operator_id: int | None = None
    order_id: int | None = None
    broadcast_id: int | None = None
    reply_to: str | None = None  #: wamid of the message it answers
    file_id: int | None = None


def queue_message(session: Session, *, contact: Contact, message: Message, now: datetime) -> Outbound:
    """Queue it, once for its key; a note is only kept. The contact is locked by the caller."""
    if message.key is not None:
        there = session.scalar(select(Outbound).where(Outbound.key == message.key))
        if there is not None:
            return there
    row = Outbound(
        contact_id=contact.id,
        author=message.author,
        operator_id=message.operator_id,
        order_id=message.order_id,
        broadcast_id=message.broadcast_id,
        file_id=message.file_id,
        key=message.key,
        reply_to=message.reply_to,
        text=outbound.text_of(message.bubble),
        bubble=message.bubble.to_json(),
        state=OutboxState.NOTE if message.author is Author.NOTE else OutboxState.QUEUED,
        queued_at=now,
        not_before=now,
    )
    session.add(row)
    if message.author is Author.OPERATOR:
        contact.away_notice_at = None  # somebody is there again
    session.flush()
    return row
