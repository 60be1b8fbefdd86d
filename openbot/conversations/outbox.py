"""What goes out: queued in order, released one at a time, each fate recorded (architecture §3.5-3.6)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from openbot.contacts import operations as contacts
from openbot.conversations import outbox_statements as statements
from openbot.conversations import receipts, unanswered
from openbot.conversations.ownership import may_release, owner_of
from openbot.database import Session
from openbot.orders import queries as orders
from openbot.schema import Contact, Outbound
from openbot.vocabulary import Author, OutboxState
from openbot.whatsapp import limits, pacing
from openbot.whatsapp.outbound import Bubble

LEASE = timedelta(seconds=60)  # longer than any send's time-out
#: The same when a file may have to be uploaded first.
FILE_LEASE = timedelta(minutes=3)
UNSETTLED = (OutboxState.QUEUED, OutboxState.RELEASED, OutboxState.UNCERTAIN)
#: Free-form messages are not tried in the window's last minute (contract §6.4).
WINDOW_MARGIN = timedelta(minutes=1)
#: Why a broadcast is discarded.
OPTED_OUT = "el contacto pidió no recibir difusiones"


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """A message that may go out now, once."""

    id: int
    attempt: int  #: every later write says WHERE attempt = this
    contact_id: int
    tries: int  #: refused or lost sends before this one
    bubble: dict[str, Any]
    user_id: str | None
    wa_id: str | None
    deliverable_as: str | None
    reply_to: str | None = None  #: wamid of the message it answers
    file_id: int | None = None  #: what goes with it, from our store


def candidates(session: Session, *, now: datetime, limit: int) -> list[int]:
    """Return outgoing messages with something to do now, each the first unsettled one of its contact."""
    return list(session.scalars(statements.CANDIDATES, {"now": now, "limit": limit}))


def release(
    session: Session,
    *,
    outbound_id: int,
    worker: str,
    now: datetime,
    grace: timedelta,
    interval: timedelta = pacing.INTERVAL,
) -> Released | None:
    """Release a message if its turn has come and its author may speak; None when there is nothing to send.

    Re-reads the owner in this transaction. A send whose worker died is first *uncertain* for the grace period.
    `interval` is the pair rate: after a burst, one message to a person in this time.
    """
    contact_id = session.scalar(statements.CONTACT_OF, {"outbound_id": outbound_id})
    contact = session.scalar(statements.FREE_CONTACT, {"contact_id": contact_id})
    if contact is None:
        return None
    row = session.scalar(statements.UNSETTLED_OF, {"contact_id": contact_id, "outbound_id": outbound_id})
    if row is None or row.id != outbound_id or row.not_before > now:
        return None
    if row.state is OutboxState.RELEASED:
        _doubt(row, reason="the sender stopped", until=(row.released_at or now) + grace)
        return None
    if row.state is OutboxState.UNCERTAIN and row.doubts > 1:
        _settle(row, state=OutboxState.FAILED, reason="sin respuesta de WhatsApp, dos veces")
        unanswered.leave(session, reply=row, contact=contact)
        return None
    if not _may_go(session, row=row, contact=contact, now=now):
        return None
    ready, following = pacing.next_send(contact.next_send_at, now=now, interval=interval)
    if ready > now:
        row.not_before = ready
        return None
    contact.next_send_at = following
    row.state, row.claimed_by, row.released_at = OutboxState.RELEASED, worker, now
    row.attempt += 1
    row.not_before = now + (FILE_LEASE if row.file_id else LEASE)
    session.flush()
    return Released(
        id=row.id,
        attempt=row.attempt,
        contact_id=contact.id,
        tries=row.tries,
        bubble=row.bubble,
        user_id=contact.user_id,
        wa_id=contact.wa_id,
        deliverable_as=contact.deliverable_as,
        reply_to=row.reply_to,
        file_id=row.file_id,
    )


def accepted(session: Session, *, outbound_id: int, attempt: int, wamid: str, now: datetime) -> bool:
    """WhatsApp took the message. Statuses that came before this answer are applied. False: lease lost."""
    came_earlier = receipts.came_earlier(session, wamid=wamid)
    contact = _lock_contact_of(session, outbound_id=outbound_id) if came_earlier else None
    mine = {"of_id": outbound_id, "of_attempt": attempt, "new_wamid": wamid, "at": now}
    if session.scalar(statements.ACCEPT, mine) is None:
        return False
    if contact is not None:
        row = session.get_one(Outbound, outbound_id, populate_existing=True)
        receipts.apply_earlier(session, row=row)
        session.flush()
        if row.delivery == receipts.FAILED:
            unanswered.leave(session, reply=row, contact=contact)
    return True


def postpone(
    session: Session, *, outbound_id: int, attempt: int, until: datetime, reason: str, counts: bool = True
) -> bool:
    """Back to the queue until then; its place before the contact's later messages is kept."""
    row = _released(session, outbound_id=outbound_id, attempt=attempt)
    if row is None:
        return False
    row.state, row.not_before, row.reason = OutboxState.QUEUED, until, reason[:200]
    row.tries += 1 if counts else 0
    session.flush()
    return True


def renew(session: Session, *, outbound_id: int, attempt: int, now: datetime) -> bool:
    """Its file is uploaded, which may have taken a while: the lease begins anew. False: it was lost meanwhile."""
    row = _released(session, outbound_id=outbound_id, attempt=attempt)
    if row is None or row.state is not OutboxState.RELEASED:
        return False
    row.not_before = now + LEASE
    session.flush()
    return True


def uncertain(session: Session, *, outbound_id: int, attempt: int, until: datetime, reason: str) -> bool:
    """The answer never came: wait for a status with our id until then, before the one resend."""
    row = _released(session, outbound_id=outbound_id, attempt=attempt)
    if row is None:
        return False
    _doubt(row, reason=reason, until=until)
    session.flush()
    return True


def fail(session: Session, *, outbound_id: int, attempt: int, reason: str, code: int | None) -> bool:
    """WhatsApp refused the message for good: the reason, and what it should have answered, are for a person."""
    contact = _lock_contact_of(session, outbound_id=outbound_id)
    row = _released(session, outbound_id=outbound_id, attempt=attempt)
    if contact is None or row is None:
        return False
    unanswered.leave(session, reply=row, contact=contact)
    row.error_code = code
    _settle(row, state=OutboxState.FAILED, reason=reason)
    session.flush()
    return True


def make_plain(session: Session, *, outbound_id: int, attempt: int) -> bool:
    """WhatsApp refused what can be tapped in it: keep the words, with the options written out."""
    row = _released(session, outbound_id=outbound_id, attempt=attempt)
    if row is None:
        return False
    row.bubble = Bubble(text=row.text[: limits.TEXT]).to_json()
    session.flush()
    return True


def learn_spelling(session: Session, *, contact_id: int, deliverable_as: str) -> None:
    """Remember the spelling of the phone that WhatsApp delivers to (contract §7)."""
    contacts.lock(session, contact_id=contact_id).deliverable_as = deliverable_as
    session.flush()


def _doubt(row: Outbound, *, reason: str, until: datetime) -> None:
    row.state, row.reason, row.not_before = OutboxState.UNCERTAIN, reason[:200], until
    row.tries += 1
    row.doubts += 1


def _settle(row: Outbound, *, state: OutboxState, reason: str) -> None:
    row.state, row.reason = state, reason[:200]


def _may_go(session: Session, *, row: Outbound, contact: Contact, now: datetime) -> bool:
    if contact.blocked_at is not None and row.author is not Author.OPERATOR:
        _settle(row, state=OutboxState.DISCARDED, reason="el contacto está bloqueado")
        return False
    order_state = orders.open_order_state(session, contact_id=contact.id)
    owner = owner_of(
        order_state=order_state,
        phone_reply_until=contact.phone_reply_until,
        waiting_since=contact.waiting_since,
        now=now,
    )
    current = row.dialogue_number == contact.dialogue_number
    if not may_release(
        author=row.author,
        owner=owner,
        turn_id=row.turn_id,
        waiting_turn_id=contact.waiting_turn_id,
        dialogue_is_current=current,
    ):
        _settle(row, state=OutboxState.DISCARDED, reason="una persona tomó la conversación")
        unanswered.strike(session, reply=row, contact=contact)
        return False
    if row.author is Author.BROADCAST and contact.opted_out_at is not None:
        _settle(row, state=OutboxState.DISCARDED, reason=OPTED_OUT)
        return False
    if "template" not in row.bubble and not window_is_open(contact, now=now):
        _settle(row, state=OutboxState.FAILED, reason="pasaron 24 h desde el último mensaje del cliente")
        unanswered.leave(session, reply=row, contact=contact)
        return False
    return True


def window_is_open(contact: Contact | Row[Any], *, now: datetime) -> bool:
    """Say whether free-form messages may be sent still (contract §6.4)."""
    return contact.window_ends_at is not None and contact.window_ends_at - WINDOW_MARGIN >= now


def _lock_contact_of(session: Session, *, outbound_id: int) -> Contact | None:
    contact_id = session.scalar(statements.CONTACT_OF, {"outbound_id": outbound_id})
    return None if contact_id is None else contacts.lock(session, contact_id=contact_id)


def _released(session: Session, *, outbound_id: int, attempt: int) -> Outbound | None:
    return session.scalar(statements.RELEASED, {"outbound_id": outbound_id, "attempt": attempt})
