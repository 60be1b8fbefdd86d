"""Who gets a broadcast is frozen at its start, in batches, and each fate is recorded."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import String, Table, case, func, insert, literal, select

from openbot.broadcasts import segment as segments
from openbot.broadcasts.operations import WITHDRAWN
from openbot.broadcasts.segment import Segment
from openbot.conversations.outbox import OPTED_OUT
from openbot.conversations.receipts import FAILED
from openbot.database import Session
from openbot.schema import Broadcast, BroadcastRecipient, Contact, Outbound
from openbot.vocabulary import BroadcastState, OutboxState, RecipientState
from openbot.whatsapp import reactions
from openbot.whatsapp.refusals import Family

#: Recipients that one transaction freezes.
BATCH = 2_000
_MOST_SETTLED = 500
#: What is wrong with all of a broadcast's messages, not with one of them.
STOPPING = frozenset(
    {
        Family.TEMPLATE, Family.SPAM, Family.CLASSIFICATION, Family.PAYMENT, Family.TOKEN, Family.PERMISSION,
        Family.ACCOUNT_LOCKED, Family.NUMBER_SETUP,
    }
)  # fmt: skip
#: Why a message was discarded that a person's conversation kept back (`outbox.release`).
_TAKEN = "una persona tomó la conversación"
_BLOCKED = "el contacto está bloqueado"
_TABLE = cast("Table", BroadcastRecipient.__table__)
_SETTLED = (OutboxState.ACCEPTED, OutboxState.FAILED, OutboxState.DISCARDED)


def freeze(session: Session, *, broadcast: Broadcast, category: str, zone: ZoneInfo, now: datetime) -> bool:
    """Write down the next of those whom it is for, also who is left out and why. True: that was everybody.

    The broadcast is locked.
    """
    last = select(func.max(BroadcastRecipient.contact_id)).where(
        BroadcastRecipient.broadcast_id == broadcast.id
    )
    after = session.scalar(last) or 0
    contact = Contact.__table__.c
    meant = segments.matching(
        Segment.of_json(broadcast.segment), zone=zone, created_until=broadcast.starts_at or now
    )
    reason = segments.left_out(category=category)
    chosen = (
        meant.where(contact.id > after)
        .order_by(contact.id)
        .limit(BATCH)
        .with_only_columns(
            literal(broadcast.id),
            contact.id,
            case(
                (reason == "", literal(RecipientState.PENDING.value, String)),
                else_=literal(RecipientState.SKIPPED.value, String),
            ),
            reason,
            literal(now, _TABLE.c.changed_at.type),
        )
    )
    names = ["broadcast_id", "contact_id", "state", "reason", "changed_at"]
    session.execute(insert(_TABLE).from_select(names, chosen))
    count = select(func.count()).where(
        BroadcastRecipient.broadcast_id == broadcast.id, BroadcastRecipient.contact_id > after
    )
    done = (session.scalar(count) or 0) < BATCH
    if done:
        broadcast.started_at = now
    session.flush()
    return done


def to_settle(session: Session, *, broadcast_id: int) -> list[int]:
    """Return recipients whose message has met its fate."""
    query = (
        select(BroadcastRecipient.id)
        .join(Outbound, Outbound.id == BroadcastRecipient.outbound_id)
        .where(
            BroadcastRecipient.broadcast_id == broadcast_id,
            BroadcastRecipient.state == RecipientState.QUEUED,
            Outbound.state.in_(_SETTLED),
        )
        .limit(_MOST_SETTLED)
    )
    return list(session.scalars(query))


def settle(session: Session, *, broadcast: Broadcast, ids: Sequence[int], now: datetime) -> Family | None:
    """Record the fates; return what is wrong with the whole broadcast, if something is. The broadcast is locked."""
    stopping: Family | None = None
    query = (
        select(BroadcastRecipient, Outbound)
        .join(Outbound, Outbound.id == BroadcastRecipient.outbound_id)
        .where(
            BroadcastRecipient.id.in_(ids),
            BroadcastRecipient.state == RecipientState.QUEUED,
            Outbound.state.in_(_SETTLED),
        )
        .order_by(BroadcastRecipient.id)
    )
    for recipient, sent in session.execute(query):
        state, reason, family = _fate(sent)
        if family in STOPPING and broadcast.state is BroadcastState.RUNNING:
            stopping = stopping or family
            state, reason = RecipientState.PENDING, ""
        if state is RecipientState.PENDING and broadcast.state is BroadcastState.CANCELLED:
            state, reason = RecipientState.SKIPPED, "cancelled"
        recipient.state, recipient.reason, recipient.changed_at = state, reason, now
        if state in (RecipientState.PENDING, RecipientState.HELD):
            sent.key = recipient.outbound_id = None  # it may be queued once more
    session.flush()
    return stopping


def stuck(session: Session, *, broadcast_id: int) -> Family | None:
    """Return the trouble for which its queued messages wait (token, payment …), if it stops all of them."""
    explained = {family.explanation: family for family in STOPPING}
    query = select(Outbound.reason).where(
        Outbound.broadcast_id == broadcast_id,
        Outbound.state == OutboxState.QUEUED,
        Outbound.reason.in_([sentence[:200] for sentence in explained]),
    )
    found = session.scalar(query.limit(1))
    return next((family for sentence, family in explained.items() if sentence[:200] == found), None)


def _fate(sent: Outbound) -> tuple[RecipientState, str, Family | None]:
    """Return state and reason of the recipient, and the family of a refusal."""
    if sent.state is OutboxState.ACCEPTED:
        return RecipientState.SENT, "", None
    if sent.state is OutboxState.FAILED:
        family = family_of(sent.error_code)
        return RecipientState.FAILED, family.value if family else "no_answer", family
    reasons: dict[str, tuple[RecipientState, str]] = {
        WITHDRAWN: (RecipientState.PENDING, ""),
        _TAKEN: (RecipientState.HELD, "attended"),
        OPTED_OUT: (RecipientState.SKIPPED, "opted_out"),
        _BLOCKED: (RecipientState.SKIPPED, "blocked"),
    }
    return (*reasons.get(sent.reason, (RecipientState.SKIPPED, "deleted")), None)


def family_of(code: int | None) -> Family | None:
    """Return the family of Graph's code."""
    return None if code is None else reactions.row_of(code=code, http_status=None, is_transient=False).family


def shown_state() -> tuple[Any, Any]:
    """Return state and reason in SQL as people see them; the query has recipients, their outbox and broadcast.

    WhatsApp may say only after a while that a message did not arrive; who a cancelled broadcast did not reach
    is left out.
    """
    recipient = _TABLE.c
    came_back = Outbound.delivery == FAILED
    is_left = (Broadcast.state == BroadcastState.CANCELLED) & recipient.state.in_(
        (RecipientState.PENDING, RecipientState.HELD)
    )
    state: Any = case(
        (came_back, literal(RecipientState.FAILED.value, String)),
        (is_left, literal(RecipientState.SKIPPED.value, String)),
        else_=func.coalesce(recipient.state, ""),
    )
    reason: Any = case((is_left, literal("cancelled", String)), else_=recipient.reason)
    return state, reason
