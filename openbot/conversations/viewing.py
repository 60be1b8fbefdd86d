"""Who opened whose conversation is in the log, once an hour (Ley 25.326: who saw what of whom)."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from openbot.database import Session
from openbot.operators import audit
from openbot.schema import AuditEntry

VIEWED = "conversation_viewed"
NOTED_FOR = timedelta(hours=1)


def is_noted(session: Session, *, contact_id: int, operator_id: int, now: datetime) -> bool:
    """Say whether this person's opening of this conversation was noted within the last hour."""
    query = select(AuditEntry.id).where(
        AuditEntry.at > now - NOTED_FOR,
        AuditEntry.action == VIEWED,
        AuditEntry.subject == _subject(contact_id),
        # An expression, so that the hour's lines are looked through and not all of this person's.
        func.coalesce(AuditEntry.operator_id, 0) == operator_id,
    )
    return session.scalar(query.limit(1)) is not None


def note(session: Session, *, contact_id: int, operator_id: int, address: str, now: datetime) -> None:
    """Note it, if that was not done within the last hour."""
    if not is_noted(session, contact_id=contact_id, operator_id=operator_id, now=now):
        audit.note(
            session,
            operator_id=operator_id,
            action=VIEWED,
            subject=_subject(contact_id),
            address=address,
            now=now,
        )


def _subject(contact_id: int) -> str:
    return f"contact {contact_id}"
