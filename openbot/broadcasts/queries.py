"""What people see of broadcasts: the list, one with its figures, what became of each contact."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, and_, case, cast, func, literal, select

from openbot.broadcasts.operations import BroadcastNotFound
from openbot.broadcasts.recipients import family_of, shown_state
from openbot.conversations.receipts import RANK
from openbot.database import Session
from openbot.schema import (
    Broadcast,
    BroadcastRecipient,
    Contact,
    Inbound,
    MessageTemplate,
    Operator,
    Outbound,
)
from openbot.vocabulary import BroadcastState, RecipientState


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A broadcast of the list."""

    id: int
    name: str
    state: BroadcastState
    template: str
    created_by: str
    created_at: datetime
    starts_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    note: str
    version: int
    recipients: int  #: without those who are left out
    done: int  #: of them those whose fate is known
    sent: int
    failed: int
    skipped: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """One broadcast with everything that was chosen, and its figures."""

    line: Line
    template_id: int
    values: list[str]
    segment: dict[str, Any]
    states: Mapping[str, int]
    reasons: Mapping[str, int]  #: of those who were left out, failed or are held
    delivered: int
    read: int
    answered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What became of it for one contact."""

    id: int
    contact_id: int
    name: str
    phone: str
    state: str
    reason: str  #: a code for the panel
    detail: str  #: of a failure, in Spanish
    delivery: str  #: sent, delivered, read, failed
    at: datetime


def lines(session: Session, *, only: int | None = None) -> list[Line]:
    """Return all broadcasts, the newest first; companies have tens of them."""
    query = (
        select(Broadcast, MessageTemplate.name, Operator.name)
        .join(MessageTemplate, MessageTemplate.id == Broadcast.template_id)
        .join(Operator, Operator.id == Broadcast.created_by_id)
        .order_by(Broadcast.id.desc())
    )
    if only is not None:
        query = query.where(Broadcast.id == only)
    rows = session.execute(query).all()
    counts = _states(session, [row.id for row, _, _ in rows])
    return [_line(row, template, by, counts.get(row.id, Counter())) for row, template, by in rows]


def exists(session: Session, *, broadcast_id: int) -> None:
    """Raise BroadcastNotFound when there is no such broadcast."""
    if session.get(Broadcast, broadcast_id) is None:
        raise BroadcastNotFound


def detail(session: Session, *, broadcast_id: int) -> Detail:
    """Return one. Raises BroadcastNotFound."""
    found = lines(session, only=broadcast_id)
    if not found:
        raise BroadcastNotFound
    row = session.get_one(Broadcast, broadcast_id)
    state, reason = shown_state()
    code = case((state == RecipientState.FAILED.value, cast(Outbound.error_code, String)), else_=reason)
    grouped = (
        _fates(broadcast_id)
        .with_only_columns(state.label("as_state"), code.label("as_reason"), func.count())
        .group_by("as_state", "as_reason")
    )
    states: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for shown, why, count in session.execute(grouped):
        states[shown] += count
        name = _reason(shown, why or "")
        if name:
            reasons[name] += count
    delivered, read = _delivery(session, broadcast_id)
    return Detail(
        line=found[0],
        template_id=row.template_id,
        values=row.values,
        segment=row.segment,
        states=states,
        reasons=reasons,
        delivered=delivered,
        read=read,
        answered=_answered(session, broadcast_id),
    )


def fates(
    session: Session, *, broadcast_id: int, state: str = "", after: int = 0, limit: int = 100
) -> list[Fate]:
    """Return a page of recipients; `after` is the id of the last one of the page before."""
    shown, reason = shown_state()
    query = _fates(broadcast_id).where(BroadcastRecipient.id > after)
    if state:
        query = query.where(shown == state)
    query = query.join(Contact, Contact.id == BroadcastRecipient.contact_id).with_only_columns(
        BroadcastRecipient.id,
        BroadcastRecipient.contact_id,
        func.coalesce(func.nullif(Contact.name, ""), Contact.profile_name),
        func.coalesce(Contact.wa_id, ""),
        shown,
        reason,
        Outbound.error_code,
        func.coalesce(Outbound.reason, ""),
        func.coalesce(Outbound.delivery, ""),
        BroadcastRecipient.changed_at,
    )
    found = session.execute(query.order_by(BroadcastRecipient.id).limit(limit))
    return [_fate(*row) for row in found]


def count(session: Session, *, broadcast_id: int, state: str = "") -> int:
    """Count recipients; `state` as people see it."""
    query = _fates(broadcast_id).with_only_columns(func.count())
    if state:
        query = query.where(shown_state()[0] == state)
    return session.scalar(query) or 0


def every(session: Session, *, broadcast_id: int, batch: int = 2_000) -> Iterator[Fate]:
    """Yield all recipients, for a file."""
    after = 0
    while page := fates(session, broadcast_id=broadcast_id, after=after, limit=batch):
        yield from page
        after = page[-1].id


def _fates(broadcast_id: int) -> Any:
    return (
        select(BroadcastRecipient.id)
        .join(Broadcast, Broadcast.id == BroadcastRecipient.broadcast_id)
        .outerjoin(Outbound, Outbound.id == BroadcastRecipient.outbound_id)
        .where(BroadcastRecipient.broadcast_id == broadcast_id)
    )


def _fate(
    id_: int,
    contact_id: int,
    name: str,
    phone: str,
    state: str,
    reason: str,
    code: int | None,
    words: str,
    delivery: str,
    at: datetime,
) -> Fate:
    failed = state == RecipientState.FAILED.value
    family = family_of(code) if failed else None
    return Fate(
        id=id_,
        contact_id=contact_id,
        name=name,
        phone=phone,
        state=state,
        reason=_reason(state, str(code or "") if failed else reason),
        detail=family.explanation if family else (words if failed else ""),
        delivery=delivery,
        at=at,
    )


def _reason(state: str, why: str) -> str:
    """«attended 123» (see `running`) is attended; a failure is named by the family of its code."""
    if state == RecipientState.FAILED.value:
        family = family_of(int(why)) if why.isdecimal() else None
        return family.value if family else "no_answer"
    return why.split(" ", 1)[0]


def _states(session: Session, ids: Sequence[int]) -> dict[int, Counter[str]]:
    state, _ = shown_state()
    query = (
        select(BroadcastRecipient.broadcast_id, state.label("as_state"), func.count())
        .join(Broadcast, Broadcast.id == BroadcastRecipient.broadcast_id)
        .outerjoin(Outbound, Outbound.id == BroadcastRecipient.outbound_id)
        .where(BroadcastRecipient.broadcast_id.in_(ids))
        .group_by(BroadcastRecipient.broadcast_id, "as_state")
    )
    found: dict[int, Counter[str]] = {}
    for broadcast_id, shown, number in session.execute(query):
        found.setdefault(broadcast_id, Counter())[shown] += number
    return found


def _line(row: Broadcast, template: str, by: str, states: Counter[str]) -> Line:
    sent, failed, skipped = (states[each.value] for each in (
        RecipientState.SENT, RecipientState.FAILED, RecipientState.SKIPPED))  # fmt: skip
    return Line(
        id=row.id,
        name=row.name,
        state=row.state,
        template=template,
        created_by=by,
        created_at=row.created_at,
        starts_at=row.starts_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        note=row.note,
        version=row.version,
        recipients=states.total() - skipped,
        done=sent + failed,
        sent=sent,
        failed=failed,
        skipped=skipped,
    )


def _delivery(session: Session, broadcast_id: int) -> tuple[int, int]:
    arrived = [name for name, rank in RANK.items() if rank >= RANK["delivered"]]
    seen = [name for name in arrived if name != "delivered"]
    query = _fates(broadcast_id).with_only_columns(
        func.coalesce(func.sum(case((Outbound.delivery.in_(arrived), 1), else_=0)), 0),
        func.coalesce(func.sum(case((Outbound.delivery.in_(seen), 1), else_=0)), 0),
    )
    delivered, read = session.execute(query).one()
    return int(delivered), int(read)


def _answered(session: Session, broadcast_id: int) -> int:
    """Count who answered this very message: by its quick reply, or by replying to it."""
    answer = and_(
        Inbound.contact_id == BroadcastRecipient.contact_id,
        Inbound.received_at >= Outbound.queued_at,
        cast(Inbound.data["reply_to"].as_string(), String) == Outbound.wamid,
    )
    query = _fates(broadcast_id).with_only_columns(func.count())
    return session.scalar(query.where(select(literal(1)).where(answer).exists())) or 0
