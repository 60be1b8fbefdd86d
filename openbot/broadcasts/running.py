"""A running broadcast goes on by small steps, behind conversations and under the number's limits.

Lock order: the broadcast, then contacts in the order of their ids. Nobody who holds a contact locks a broadcast.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import String, exists, func, or_, select, text
from sqlalchemy import cast as sql_cast

from openbot.broadcasts import segment as segments
from openbot.broadcasts import wording
from openbot.contacts import operations as contacts
from openbot.conversations.ownership import owner_of
from openbot.conversations.queueing import Message, queue_message
from openbot.database import Session
from openbot.orders import queries as orders
from openbot.schema import (
    Broadcast,
    BroadcastRecipient,
    CompanySetting,
    Contact,
    Inbound,
    MessageTemplate,
    Outbound,
)
from openbot.templates import filling
from openbot.templates.filling import TemplateValuesWrong
from openbot.vocabulary import Author, BroadcastState, Owner, RecipientState

#: A broadcast's message lets what conversations queue in this time go first; costs their way nothing.
BEHIND = timedelta(seconds=1)
#: Who is attended by a person is looked at again after this time …
HELD_AGAIN = timedelta(minutes=2)
#: … and left out after this.
HELD_LONGEST = timedelta(hours=24)
WINDOW = timedelta(hours=24)
_PACE = "broadcast_pace"
_UNSETTLED = text("outbox.state IN ('queued', 'released', 'uncertain')")


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """A broadcast with something to do."""

    id: int
    state: BroadcastState
    is_frozen: bool


def open_ones(session: Session, *, now: datetime) -> list[Open]:
    """Return the broadcasts with something to do, the oldest first."""
    in_hand = exists().where(
        BroadcastRecipient.broadcast_id == Broadcast.id, BroadcastRecipient.state == RecipientState.QUEUED
    )
    query = (
        select(Broadcast.id, Broadcast.state, Broadcast.started_at)
        .where(
            or_(
                Broadcast.state == BroadcastState.RUNNING,
                (Broadcast.state == BroadcastState.SCHEDULED) & (Broadcast.starts_at <= now),
                Broadcast.state.in_((BroadcastState.PAUSED, BroadcastState.CANCELLED)) & in_hand,
            )
        )
        .order_by(Broadcast.id)
    )
    return [Open(id=id_, state=state, is_frozen=at is not None) for id_, state, at in session.execute(query)]


def room(session: Session, *, most: int, now: datetime) -> int:
    """How many of a broadcast's messages may enter the outbox: none while a conversation's message is due."""
    waits = select(Outbound.id).where(
        text("outbox.state = 'queued'"), Outbound.author != Author.BROADCAST, Outbound.not_before <= now
    )
    if session.scalar(waits.where(_UNSETTLED).limit(1)) is not None:
        return 0
    return max(0, most - in_hand(session))


def in_hand(session: Session) -> int:
    """Count the messages of broadcasts whose fate is open."""
    query = select(func.count()).select_from(Outbound).where(_UNSETTLED, Outbound.author == Author.BROADCAST)
    return session.scalar(query) or 0


def newly_reached(session: Session, *, now: datetime) -> int:
    """Count the people whom templates reached outside their window in the last 24 h (messaging tier).

    Rather one too many: who wrote more than a day ago counts, though the window was still open then.
    """
    inside = exists().where(
        Inbound.contact_id == Outbound.contact_id,
        Inbound.sent_at > now - WINDOW,
        Inbound.sent_at <= Outbound.accepted_at,
    )
    query = select(func.count(func.distinct(Outbound.contact_id))).where(
        Outbound.accepted_at.is_not(None),
        Outbound.attempt > 0,
        Outbound.accepted_at > now - WINDOW,
        sql_cast(Outbound.bubble["template"]["name"].as_string(), String).is_not(None),
        ~inside,
    )
    return session.scalar(query) or 0


def take_pace(session: Session, *, wanted: int, per_second: float, now: datetime) -> int:
    """Book up to so many sends of this moment, of all workers together; at most a second's worth was saved up."""
    row = session.get(CompanySetting, _PACE, with_for_update=True, populate_existing=True)
    if row is None:
        row = CompanySetting(key=_PACE, value="")
        session.add(row)
    free_since = datetime.fromisoformat(row.value) if row.value else now
    # A second's worth may be saved up, or one message where a second gives less.
    begin = max(min(free_since, now), now - timedelta(seconds=max(1.0, 1 / per_second)))
    if free_since > now:
        begin = free_since
    taken = max(0, min(wanted, int((now - begin).total_seconds() * per_second + 1e-6)))
    row.value = (begin + timedelta(seconds=taken / per_second)).isoformat()
    session.flush()
    return taken


def queue(
    session: Session, *, broadcast: Broadcast, template: MessageTemplate, most: int, now: datetime
) -> tuple[int, int]:
    """Queue the next of its messages; return how many, and how many recipients were looked at.

    The broadcast is locked.
    """
    queued = 0
    due = _due(session, broadcast_id=broadcast.id, limit=most, now=now)
    for recipient in due:
        contact = _locked(session, recipient.contact_id)
        reason = "deleted" if contact is None else segments.reason_of(contact, category=template.category)
        if contact is None or reason:
            _note(recipient, RecipientState.SKIPPED, reason, now=now)
        elif not _is_the_bots(session, contact, now=now):
            _hold(recipient, now=now)
        elif _queue_one(session, broadcast, template, recipient, contact, now=now):
            queued += 1
    session.flush()
    return queued, len(due)


def finish(session: Session, *, broadcast: Broadcast, now: datetime) -> bool:
    """End it when nobody is left; the broadcast is locked."""
    waiting = (RecipientState.PENDING, RecipientState.HELD, RecipientState.QUEUED)
    query = select(BroadcastRecipient.id).where(BroadcastRecipient.broadcast_id == broadcast.id)
    for state in waiting:
        if session.scalar(query.where(BroadcastRecipient.state == state).limit(1)) is not None:
            return False
    broadcast.state, broadcast.finished_at, broadcast.note = BroadcastState.DONE, now, ""
    session.flush()
    return True


def _due(session: Session, *, broadcast_id: int, limit: int, now: datetime) -> Sequence[BroadcastRecipient]:
    """Those who were held first, then the rest; in the order of their contacts, in which they are locked."""
    of = select(BroadcastRecipient).where(BroadcastRecipient.broadcast_id == broadcast_id)
    again = of.where(
        BroadcastRecipient.state == RecipientState.HELD, BroadcastRecipient.reason != _held_mark(now)
    )
    pending = of.where(BroadcastRecipient.state == RecipientState.PENDING)
    found = list(session.scalars(again.order_by(BroadcastRecipient.id).limit(limit)))
    if len(found) < limit:
        found += session.scalars(pending.order_by(BroadcastRecipient.id).limit(limit - len(found)))
    return sorted(found, key=lambda each: each.contact_id)


def _held_mark(now: datetime) -> str:
    """Name the stretch of time in which somebody held is not looked at again."""
    return f"attended {int(now.timestamp() // HELD_AGAIN.total_seconds())}"


def _hold(recipient: BroadcastRecipient, *, now: datetime) -> None:
    """A person has the conversation, or the customer waits for one."""
    if recipient.state is not RecipientState.HELD:
        _note(recipient, RecipientState.HELD, _held_mark(now), now=now)
    elif recipient.changed_at < now - HELD_LONGEST:
        _note(recipient, RecipientState.SKIPPED, "attended", now=now)
    else:
        recipient.reason = _held_mark(now)  # since when stays


def _queue_one(
    session: Session,
    broadcast: Broadcast,
    template: MessageTemplate,
    recipient: BroadcastRecipient,
    contact: Contact,
    *,
    now: datetime,
) -> bool:
    values = wording.values_for(template, broadcast.values, name=contact.name or contact.profile_name)
    try:
        bubble = filling.bubble_of(template, values)
    except TemplateValuesWrong:
        _note(recipient, RecipientState.SKIPPED, "values", now=now)
        return False
    message = Message(
        author=Author.BROADCAST,
        bubble=bubble,
        key=f"broadcast:{broadcast.id}:{contact.id}",
        broadcast_id=broadcast.id,
    )
    row = queue_message(session, contact=contact, message=message, now=now)
    row.not_before = now + BEHIND
    recipient.outbound_id = row.id
    _note(recipient, RecipientState.QUEUED, "", now=now)
    return True


def _note(recipient: BroadcastRecipient, state: RecipientState, reason: str, *, now: datetime) -> None:
    recipient.state, recipient.reason, recipient.changed_at = state, reason, now


def _is_the_bots(session: Session, contact: Contact, *, now: datetime) -> bool:
    owner = owner_of(
        order_state=orders.open_order_state(session, contact_id=contact.id),
        phone_reply_until=contact.phone_reply_until,
        waiting_since=contact.waiting_since,
        now=now,
    )
    return owner is Owner.BOT


def _locked(session: Session, contact_id: int) -> Contact | None:
    try:
        return contacts.lock(session, contact_id=contact_id)
    except contacts.ContactGone:
        return None
