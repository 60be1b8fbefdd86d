"""A conversation as the list shows it, from a few queries for a whole page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row as SqlRow
from sqlalchemy import func, select

from openbot.conversations.ownership import owner_of
from openbot.conversations.transcript_context import kind_of
from openbot.database import Session
from openbot.schema import Branch, Contact, Inbound, Operator, Order, Outbound
from openbot.vocabulary import OPEN_STATES, Author, OrderKind, OutboxState, Owner, State

_BEGINNING = 160  #: characters of the last message


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody of the company."""

    id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenOrder:
    """The contact's open order."""

    id: int
    state: State
    kind: OrderKind
    branch: str
    branch_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Last:
    """The last message, whoever wrote it."""

    at: datetime
    author: str
    operator: str  #: who of the company wrote it; empty when nobody did
    kind: str
    text: str  #: its beginning


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One conversation."""

    contact_id: int
    name: str  #: as the customer told us, else as WhatsApp shows it; may be empty
    phone: str  #: digits; may be empty
    unread: int
    owner: Owner
    operator: Person | None  #: who attends
    order: OpenOrder | None
    waiting_since: datetime | None  #: for a person
    window_ends_at: datetime | None
    phone_reply_until: datetime | None  #: «Atendido desde el teléfono hasta 18:40»
    blocked: bool
    opted_out: bool
    last: Last | None


def of(session: Session, *, contact_ids: Sequence[int], now: datetime) -> tuple[Row, ...]:
    """Return these conversations, in this order."""
    if not contact_ids:
        return ()
    found = {row.id: row for row in session.execute(_contacts(contact_ids))}
    last = _last_messages(session, contact_ids)
    return tuple(
        _row(found[contact_id], last.get(contact_id), now=now)
        for contact_id in contact_ids
        if contact_id in found
    )


def _contacts(contact_ids: Sequence[int]) -> Any:
    is_open = (Order.contact_id == Contact.id) & Order.state.in_(OPEN_STATES)
    return (
        select(
            Contact.id,
            func.coalesce(func.nullif(Contact.name, ""), Contact.profile_name).label("name"),
            Contact.wa_id,
            Contact.unread,
            Contact.window_ends_at,
            Contact.phone_reply_until,
            Contact.waiting_since,
            Contact.blocked_at,
            Contact.opted_out_at,
            Order.id.label("order_id"),
            Order.state,
            Order.kind,
            Order.branch_id,
            Order.operator_id,
            Order.waiting_since.label("order_waits"),
            Branch.name.label("branch"),
            Operator.name.label("operator"),
        )
        .outerjoin(Order, is_open)
        .outerjoin(Branch, Branch.id == Order.branch_id)
        .outerjoin(Operator, Operator.id == Order.operator_id)
        .where(Contact.id.in_(contact_ids))
    )


def _row(row: SqlRow[Any], last: Last | None, *, now: datetime) -> Row:
    is_taken = row.state is State.IN_PROGRESS and row.operator_id is not None
    order = None
    if row.order_id is not None:
        order = OpenOrder(
            id=row.order_id, state=row.state, kind=row.kind, branch=row.branch or "", branch_id=row.branch_id
        )
    is_from_phone = row.phone_reply_until is not None and row.phone_reply_until > now
    return Row(
        contact_id=row.id,
        name=row.name or "",
        phone=row.wa_id or "",
        unread=row.unread,
        owner=owner_of(
            order_state=row.state,
            phone_reply_until=row.phone_reply_until,
            waiting_since=row.waiting_since,
            now=now,
        ),
        operator=Person(id=row.operator_id, name=row.operator or "") if is_taken else None,
        order=order,
        waiting_since=row.order_waits or row.waiting_since,
        window_ends_at=row.window_ends_at,
        phone_reply_until=row.phone_reply_until if is_from_phone else None,
        blocked=row.blocked_at is not None,
        opted_out=row.opted_out_at is not None,
        last=last,
    )


def _last_messages(session: Session, contact_ids: Sequence[int]) -> dict[int, Last]:
    """Look up the newest message of each side by its index, and keep the newer one."""
    newest_in = _newest(Inbound, contact_ids)
    newest_out = _newest(Outbound, contact_ids, Outbound.state != OutboxState.DISCARDED)
    came = session.execute(
        select(Inbound.contact_id, Inbound.received_at, Inbound.kind, Inbound.text).where(
            Inbound.id.in_(newest_in)
        )
    )
    found = {
        row.contact_id: Last(
            at=row.received_at, author="cliente", operator="", kind=row.kind, text=row.text[:_BEGINNING]
        )
        for row in came
    }
    went = session.execute(
        select(
            Outbound.contact_id,
            Outbound.queued_at,
            Outbound.author,
            Outbound.bubble,
            Outbound.text,
            Operator.name,
        )
        .outerjoin(Operator, Operator.id == Outbound.operator_id)
        .where(Outbound.id.in_(newest_out))
    )
    for row in went:
        earlier = found.get(row.contact_id)
        if earlier is None or row.queued_at >= earlier.at:
            found[row.contact_id] = Last(
                at=row.queued_at,
                author=str(Author(row.author)),
                operator=row.name or "",
                kind=kind_of(row.bubble),
                text=row.text[:_BEGINNING],
            )
    return found


def _newest(table: Any, contact_ids: Sequence[int], *conditions: Any) -> Any:
    """Build one look into the index for each contact: a page has few, and each may have very many messages."""
    newest = select(func.max(table.id)).where(table.contact_id == Contact.id, *conditions)
    return select(newest.correlate(Contact).scalar_subquery()).where(Contact.id.in_(contact_ids))
