"""The list of orders: any filter, any order, any page as fast as the first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ARRAY, BigInteger, BindParameter, bindparam, func, select

from openbot.database import Session
from openbot.orders import cursors, paging
from openbot.orders.conditions import parts_of
from openbot.orders.criteria import Criteria, Reach, Span
from openbot.orders.part import ORDERS
from openbot.orders.sorting import CONTACTS
from openbot.orders.sorts import kinds_of, sort_of
from openbot.schema import Branch, Operator, PaymentMethod
from openbot.vocabulary import OPEN_STATES, Delivery, OrderKind, State

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_COPIED = (
    "id", "version", "created_at", "completed_at", "closed_at", "contact_id", "kind", "branch_id", "state", "total",
    "amount", "delivery", "payment_method_id", "operator_id", "waiting_since", "expires_at", "needs_person",
    "person_reason", "changed_by_customer", "payment_proof", "state_before",
)  # fmt: skip
_ALL_ROWS = (
    select(
        *(ORDERS.c[name] for name in _COPIED),
        func.coalesce(func.nullif(CONTACTS.c.name, ""), CONTACTS.c.profile_name).label("name"),
        CONTACTS.c.wa_id.label("phone"),
        CONTACTS.c.window_ends_at,
        CONTACTS.c.unread,
        Branch.name.label("branch"),
        PaymentMethod.name.label("payment_method"),
        Operator.name.label("operator"),
    )
    .select_from(ORDERS)
    .join(CONTACTS, CONTACTS.c.id == ORDERS.c.contact_id)
    .outerjoin(Branch, Branch.id == ORDERS.c.branch_id)
    .outerjoin(PaymentMethod, PaymentMethod.id == ORDERS.c.payment_method_id)
    .outerjoin(Operator, Operator.id == ORDERS.c.operator_id)
)
#: PostgreSQL takes the ids as one parameter instead of fifty: the statement need not be written anew each time.
_ROWS = {
    "sqlite": _ALL_ROWS.where(ORDERS.c.id.in_(_IDS)),
    "postgresql": _ALL_ROWS.where(ORDERS.c.id == func.any(bindparam("ids", type_=ARRAY(BigInteger)))),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One order in the list."""

    id: int
    version: int
    created_at: datetime
    completed_at: datetime | None
    closed_at: datetime | None
    contact_id: int
    name: str  #: of the contact; empty when unknown
    phone: str | None  #: digits
    kind: OrderKind
    branch_id: int | None
    branch: str | None
    state: State
    state_before: State | None
    total: Decimal
    amount: Decimal | None
    delivery: Delivery | None
    payment_method_id: int | None
    payment_method: str | None
    operator_id: int | None
    operator: str | None
    waiting_since: datetime | None  #: for a person
    expires_at: datetime
    window_ends_at: datetime | None  #: until then WhatsApp lets us answer freely
    unread: int
    needs_person: bool
    person_reason: str
    changed_by_customer: bool
    payment_proof: bool

    @property
    def is_open(self) -> bool:
        """Whether it may still expire."""
        return self.state in OPEN_STATES

    def is_work_of(self, operator_id: int) -> bool:
        """Say whether somebody waits whom this operator should answer: nobody else is at it."""
        taken_by_other = self.state is State.IN_PROGRESS and self.operator_id != operator_id
        return self.waiting_since is not None and not taken_by_other


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A part of the list."""

    rows: list[Row]
    next: str | None  #: cursor of the next page
    total: int  #: of all pages; at most `paging.MOST`
    is_capped: bool  #: there are more than `total`


def page(
    session: Session,
    *,
    criteria: Criteria,
    reach: Reach,
    sort: str,
    now: datetime,
    limit: int = 50,
    after: str | None = None,
) -> Page:
    """Return one page. `sort` is one of `sorts.SORTS`, with "-" before it downwards. Raises UnknownSort, BadCursor."""
    order = sort_of(session, sort)
    place = None if after is None else cursors.read(after, sort=sort, kinds=kinds_of(order))
    counted = paging.count(session, parts=parts_of(criteria, reach=reach, now=now))
    places = paging.places(
        session,
        counted=counted,
        sort=order,
        after=place,
        limit=limit + 1,
        by_time=criteria.created != Span(),
    )
    here = places[:limit]
    return Page(
        rows=rows(session, ids=[each["id"] for each in here]),
        next=cursors.write(here[-1], sort=sort) if len(places) > limit else None,
        total=counted.total,
        is_capped=counted.is_capped,
    )


def count(session: Session, *, criteria: Criteria, reach: Reach, now: datetime) -> tuple[int, bool]:
    """Count the orders of a list, up to `paging.MOST`; say whether there are more."""
    counted = paging.count(session, parts=parts_of(criteria, reach=reach, now=now))
    return counted.total, counted.is_capped


def rows(session: Session, *, ids: Sequence[int]) -> list[Row]:
    """Return these orders, in this order."""
    if not ids:
        return []
    connection = session.connection()
    result = connection.execute(_ROWS[connection.dialect.name], {"ids": list(ids)})
    names = tuple(result.keys())
    # Half of what mappings cost.
    found = {row.id: Row(**dict(zip(names, row, strict=True))) for row in result.all()}
    return [found[each] for each in ids if each in found]
