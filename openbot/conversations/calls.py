"""A customer calls; nobody takes calls here. «Llamada perdida» in the transcript, and one sentence (product §3)."""

from datetime import datetime, timedelta

from sqlalchemy import select

from openbot.conversations import joining, queueing
from openbot.conversations.inbox import WINDOW, identity_of
from openbot.conversations.sentences import CALL_MISSED
from openbot.database import Session
from openbot.schema import Contact, Inbound
from openbot.vocabulary import InboxState
from openbot.whatsapp.envelope import Call
from openbot.whatsapp.outbound import Reply, merge

KIND = "call"
#: The sentence is said once in this time, however often they ring.
TOLD_FOR = timedelta(hours=12)


def receive(session: Session, *, call: Call, mark_key: bytes, now: datetime) -> None:
    """Keep one call (WhatsApp reports its beginning and its end) and say that we do not take calls."""
    contact = joining.contact_of(session, identity=identity_of(call.sender), mark_key=mark_key, now=now)
    known = select(Inbound.id).where(Inbound.number_id == call.number_id, Inbound.wamid == call.call_id)
    if session.scalar(known) is not None:
        return
    told = _told(session, contact=contact, now=now)
    session.add(
        Inbound(
            contact_id=contact.id,
            number_id=call.number_id,
            wamid=call.call_id,
            kind=KIND,
            text="llamada perdida",
            raw=call.raw,
            sent_at=call.at,
            received_at=now,
            state=InboxState.NO_TURN,
            reason=KIND,
        )
    )
    # A call opens the 24 h window like a message (contract §6.4).
    contact.window_ends_at = max(filter(None, (contact.window_ends_at, call.at + WINDOW)))
    if not told and contact.blocked_at is None:
        for bubble in merge([Reply(text=CALL_MISSED)]):
            queueing.queue_notice(session, contact=contact, bubble=bubble, now=now)
    session.flush()


def _told(session: Session, *, contact: Contact, now: datetime) -> bool:
    lately = select(Inbound.id).where(
        Inbound.contact_id == contact.id, Inbound.kind == KIND, Inbound.received_at > now - TOLD_FOR
    )
    return session.scalar(lately.limit(1)) is not None
