"""What got stuck is tried once more: a failed message, a turn that was given up, a part that was not understood."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from openbot.contacts import operations as contacts
from openbot.conversations import queueing, troubles
from openbot.conversations.outbox import window_is_open
from openbot.conversations.ownership import owner_of
from openbot.conversations.reception import Reception
from openbot.conversations.troubles import Kind
from openbot.database import Session
from openbot.errors import OpenbotError
from openbot.orders import queries as orders
from openbot.schema import ActionCall, BadItem, Contact, Inbound, Outbound, StoredFile, Turn
from openbot.settings import Settings
from openbot.vocabulary import Author, FileState, InboxState, OutboxState, Owner, TurnState
from openbot.whatsapp import envelope
from openbot.whatsapp.outbound import Bubble


class NotReplayed(OpenbotError):
    """This cannot be tried again; `code` says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def again(session: Session, *, kind: Kind, number: int, settings: Settings, now: datetime) -> None:
    """Try it once more. Raises NotReplayed, ContactGone."""
    match kind:
        case Kind.SEND:
            _send(session, outbound_id=number, now=now)
        case Kind.TURN:
            _turn(session, turn_id=number, now=now)
        case Kind.FILE:
            _file(session, file_id=number, now=now)
        case Kind.BAD:
            _bad(session, number=number, settings=settings, now=now)
        case _:
            raise NotReplayed("not_failed")


def _send(session: Session, *, outbound_id: int, now: datetime) -> None:
    """Queue a failed message anew; for a reply of the bot what it answered is asked again."""
    contact_id = session.scalar(select(Outbound.contact_id).where(Outbound.id == outbound_id))
    if contact_id is None:
        raise NotReplayed("gone")
    contact = contacts.lock(session, contact_id=contact_id)
    row = session.get_one(Outbound, outbound_id, populate_existing=True)
    key = troubles.retry_key(row.id, row.tries)
    if row.state is not OutboxState.FAILED and row.delivery != "failed":
        raise NotReplayed("not_failed")
    if session.scalar(select(Outbound.id).where(Outbound.key == key)) is not None:
        raise NotReplayed("replayed_already")
    if row.author is Author.BOT and row.turn_id is not None:
        _ask_again(session, contact=contact, turn_id=row.turn_id, now=now)
        return
    if row.author is Author.BROADCAST:
        raise NotReplayed("is_of_a_broadcast")
    if contact.blocked_at is not None:
        raise NotReplayed("contact_blocked")
    bubble = Bubble.from_json(row.bubble)
    if bubble.template is None and not window_is_open(contact, now=now):
        raise NotReplayed("window_closed")
    message = queueing.Message(
        author=row.author,
        bubble=bubble,
        key=key,
        operator_id=row.operator_id,
        order_id=row.order_id,
        reply_to=row.reply_to,
        file_id=row.file_id,
    )
    queueing.queue_message(session, contact=contact, message=message, now=now)


def _turn(session: Session, *, turn_id: int, now: datetime) -> None:
    turn = session.get(Turn, turn_id)
    if turn is None:
        raise NotReplayed("gone")
    if turn.state is not TurnState.FAILED:
        raise NotReplayed("not_failed")
    contact = contacts.lock(session, contact_id=turn.contact_id)
    _ask_again(session, contact=contact, turn_id=turn_id, now=now)


def _ask_again(session: Session, *, contact: Contact, turn_id: int, now: datetime) -> None:
    """The messages of a turn become due once more, if the bot may answer and nothing of it took effect."""
    is_ours = contact.waiting_turn_id == turn_id  # they wait for a person because of this very turn
    owner = owner_of(
        order_state=orders.open_order_state(session, contact_id=contact.id),
        phone_reply_until=contact.phone_reply_until,
        waiting_since=None if is_ours else contact.waiting_since,
        now=now,
    )
    if owner is not Owner.BOT or contact.blocked_at is not None:
        raise NotReplayed("not_the_bots")
    if not window_is_open(contact, now=now):
        raise NotReplayed("window_closed")
    if session.scalar(select(ActionCall.turn_id).where(ActionCall.turn_id == turn_id).limit(1)) is not None:
        raise NotReplayed("took_effect")
    ids = list(
        session.scalars(
            update(Inbound)
            .where(Inbound.turn_id == turn_id, Inbound.state == InboxState.LEFT)
            .values(
                state=InboxState.DUE,
                turn_id=None,
                order_id=orders.open_order_id(session, contact_id=contact.id),
            )
            .returning(Inbound.id)
        )
    )
    if not ids:
        raise NotReplayed("replayed_already")
    contact.unread = max(0, contact.unread - len(ids))
    contact.due_at = contact.due_since = now
    if is_ours:
        contact.waiting_since = contact.waiting_turn_id = None
    session.flush()


def _file(session: Session, *, file_id: int, now: datetime) -> None:
    file = session.get(StoredFile, file_id, with_for_update=True)
    if file is None:
        raise NotReplayed("gone")
    if file.state is not FileState.FAILED or file.inbound_id is None:
        raise NotReplayed("not_failed")  # one that was refused stays so
    file.state, file.tries, file.not_before, file.reason = FileState.PENDING, 0, now, ""
    session.flush()


def _bad(session: Session, *, number: int, settings: Settings, now: datetime) -> None:
    """Read and store a part again, as if it had just come; what is bad still is kept with its new reason."""
    row = session.get(BadItem, number, with_for_update=True)
    if row is None:
        raise NotReplayed("gone")
    items = _read(row.raw, number_id=settings.whatsapp_phone_number_id)
    if all(isinstance(item, envelope.BadItem) for item in items):
        raise NotReplayed("still_unreadable")
    session.delete(row)
    session.flush()
    kept = session.scalar(select(BadItem.id).order_by(BadItem.id.desc()).limit(1)) or 0
    Reception(settings=settings).take_apart(session, items=items, now=now)
    if session.scalar(select(BadItem.id).where(BadItem.id > max(kept, number)).limit(1)) is not None:
        raise NotReplayed("still_unreadable")  # and nothing is changed: the transaction ends here


def _read(raw: str, *, number_id: str) -> envelope.Envelope:
    """Put a part back into a webhook of our number."""
    try:
        part: Any = json.loads(raw)
    except ValueError:
        raise NotReplayed("still_unreadable") from None
    if not isinstance(part, dict) or not part.keys() & {"status", "type", "from", "from_user_id"}:
        raise NotReplayed("still_unreadable")
    name = "statuses" if "status" in part else "messages"
    value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": number_id}, name: [part]}
    webhook = {
        "object": "whatsapp_business_account",
        "entry": [{"id": "0", "changes": [{"field": "messages", "value": value}]}],
    }
    return envelope.read(json.dumps(webhook).encode())
