"""Statuses of sent messages: kept once each, applied monotonely, possibly before our send's answer (contract §4)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from openbot.contacts import operations as contacts
from openbot.conversations import unanswered
from openbot.database import Session
from openbot.schema import Contact, Outbound, Receipt
from openbot.vocabulary import OutboxState
from openbot.whatsapp.envelope import StatusUpdate

#: A later status never goes back; «failed» ends it only while the customer has nothing (contract §4).
RANK = {"": 0, "sent": 1, "failed": 2, "delivered": 3, "read": 4, "played": 5}
OUR_MARK = "openbot:"
LONGEST_NUMBER = 18  # what a database's whole number holds

# Built once: building a statement costs more than running it.
_KNOWN = select(Receipt.id).where(
    Receipt.number_id == bindparam("number_id"),
    Receipt.wamid == bindparam("wamid"),
    Receipt.status == bindparam("status"),
    Receipt.participant == bindparam("participant"),
)
_MESSAGE = select(Outbound).where(Outbound.wamid == bindparam("wamid")).with_for_update()
_ANY = select(Receipt.id).where(Receipt.wamid == bindparam("wamid")).limit(1)
_EARLIER = select(Receipt).where(Receipt.wamid == bindparam("wamid")).order_by(Receipt.id)


def callback_data(outbound_id: int) -> str:
    """Our id of a message, sent along as `biz_opaque_callback_data`: it finds a send whose answer was lost."""
    return f"{OUR_MARK}{outbound_id}"


def receive(session: Session, *, status: StatusUpdate, now: datetime) -> bool:
    """Store one status and apply it to its message, if that is ours. False for a duplicate."""
    participant = status.participant or ""
    key = {
        "number_id": status.number_id,
        "wamid": status.wamid,
        "status": status.status,
        "participant": participant,
    }
    if session.scalar(_KNOWN, key) is not None:
        return False
    session.add(
        Receipt(
            number_id=status.number_id,
            wamid=status.wamid,
            status=status.status,
            participant=participant,
            at=status.at,
            received_at=now,
            callback_data=status.callback_data or "",
            errors=list(status.errors) or None,
            pricing=dict(status.pricing) if status.pricing else None,
        )
    )
    contact = _lock_contact(session, status=status) if status.status == "failed" else None
    row = _message_of(session, wamid=status.wamid, mark=status.callback_data or "")
    if row is not None:
        _apply(row, status=status, now=now)
        if contact is not None and row.delivery == "failed":
            unanswered.leave(session, reply=row, contact=contact)
    session.flush()
    return True


def _lock_contact(session: Session, *, status: StatusUpdate) -> Contact | None:
    """Lock the contact of the message before the message: what a failed one answered goes back to a person."""
    mine = select(Outbound.contact_id).where(Outbound.wamid == status.wamid)
    contact_id = session.scalar(mine)
    number = _number_of(status.callback_data or "")
    if contact_id is None and number is not None:
        contact_id = session.scalar(select(Outbound.contact_id).where(Outbound.id == number))
    return None if contact_id is None else contacts.lock(session, contact_id=contact_id)


def _message_of(session: Session, *, wamid: str, mark: str) -> Outbound | None:
    row = session.scalar(_MESSAGE, {"wamid": wamid})
    number = _number_of(mark)
    if row is None and number is not None:
        row = session.get(Outbound, number, with_for_update=True)
    return row


def _number_of(mark: str) -> int | None:
    number = mark.removeprefix(OUR_MARK)
    is_ours = mark.startswith(OUR_MARK) and number.isascii() and number.isdigit()
    return int(number) if is_ours and len(number) <= LONGEST_NUMBER else None


def came_earlier(session: Session, *, wamid: str) -> bool:
    """Say whether a status of this message is here already."""
    return session.scalar(_ANY, {"wamid": wamid}) is not None


def apply_earlier(session: Session, *, row: Outbound) -> None:
    """Apply the statuses that came before the send's own answer gave us the wamid."""
    for receipt in session.scalars(_EARLIER, {"wamid": row.wamid}):
        _advance(row, status=receipt.status, errors=receipt.errors or [], pricing=receipt.pricing)


def _apply(row: Outbound, *, status: StatusUpdate, now: datetime) -> None:
    waits_again = row.state is OutboxState.QUEUED and row.tries > 0 and status.status != "failed"
    if row.state in (OutboxState.RELEASED, OutboxState.UNCERTAIN) or waits_again:
        # Proof that the send went through, whatever became of its answer: also after an error that was none.
        row.state, row.accepted_at, row.reason = OutboxState.ACCEPTED, row.accepted_at or now, ""
    row.wamid = row.wamid or status.wamid
    _advance(row, status=status.status, errors=status.errors, pricing=status.pricing)


def _advance(
    row: Outbound, *, status: str, errors: Sequence[Mapping[str, Any]], pricing: Mapping[str, Any] | None
) -> None:
    if pricing and row.pricing is None:
        row.pricing = dict(pricing)
    if RANK.get(status, 0) <= RANK.get(row.delivery, 0):
        return
    if row.delivery == "failed":  # one device failed, another has it
        row.error_code, row.reason = None, ""
    row.delivery = status
    if status == "failed":
        first = errors[0] if errors else {}
        code = first.get("code")
        row.error_code = code if isinstance(code, int) else None
        row.reason = str(first.get("title") or first.get("message") or "")[:200]
