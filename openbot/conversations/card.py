"""A contact beside its conversation: who it is, who answers now, its orders."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from openbot.contacts import listing, reach
from openbot.contacts.listing import Listed
from openbot.contacts.queries import ContactNotFound
from openbot.conversations.ownership import owner_of
from openbot.database import Session
from openbot.schema import Branch, Contact, Operator, Order
from openbot.vocabulary import OPEN_STATES, OrderKind, Owner, State

ORDERS_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """One order of the contact. Of another branch than the operator's only number, time and state are told."""

    id: int
    created_at: datetime
    state: State
    is_open: bool
    is_reached: bool
    kind: OrderKind | None
    branch: str
    total: Decimal | None
    operator: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Everything beside a conversation."""

    contact: Listed
    username: str
    owner: Owner
    phone_reply_until: datetime | None  #: «Atendido desde el teléfono hasta 18:40»
    waiting_since: datetime | None
    window_ends_at: datetime | None
    orders: tuple[OrderLine, ...]  #: the open one first, then the newest ORDERS_SHOWN


def card(session: Session, *, contact_id: int, branch_ids: frozenset[int] | None, now: datetime) -> Card:
    """Return the card for somebody of these branches (None: all). Raises ContactNotFound for whom they do not reach."""
    listed = None
    if reach.may_reach(session, contact_id=contact_id, branch_ids=branch_ids):
        listed = listing.one(session, contact_id=contact_id)
    if listed is None:
        raise ContactNotFound
    contact = session.get_one(Contact, contact_id)
    orders = _orders(session, contact_id=contact_id, branch_ids=branch_ids)
    open_one = next((order for order in orders if order.is_open), None)
    is_from_phone = contact.phone_reply_until is not None and contact.phone_reply_until > now
    return Card(
        contact=listed,
        username=contact.username,
        owner=owner_of(
            order_state=open_one.state if open_one else None,
            phone_reply_until=contact.phone_reply_until,
            waiting_since=contact.waiting_since,
            now=now,
        ),
        phone_reply_until=contact.phone_reply_until if is_from_phone else None,
        waiting_since=contact.waiting_since,
        window_ends_at=contact.window_ends_at,
        orders=orders,
    )


def _orders(session: Session, *, contact_id: int, branch_ids: frozenset[int] | None) -> tuple[OrderLine, ...]:
    rows = session.execute(
        select(
            Order.id,
            Order.created_at,
            Order.state,
            Order.kind,
            Order.branch_id,
            Branch.name,
            Order.total,
            Operator.name.label("operator"),
        )
        .outerjoin(Branch, Branch.id == Order.branch_id)
        .outerjoin(Operator, Operator.id == Order.operator_id)
        .where(Order.contact_id == contact_id)
        .order_by(Order.state.in_(OPEN_STATES).desc(), Order.id.desc())
        .limit(ORDERS_SHOWN)
    )
    found = []
    for row in rows:
        reached = branch_ids is None or row.branch_id is None or row.branch_id in branch_ids
        found.append(
            OrderLine(
                id=row.id,
                created_at=row.created_at,
                state=row.state,
                is_open=row.state in OPEN_STATES,
                is_reached=reached,
                kind=row.kind if reached else None,
                branch=(row.name or "") if reached else "",
                total=row.total if reached else None,
                operator=(row.operator or "") if reached else "",
            )
        )
    return tuple(found)
