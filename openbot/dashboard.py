"""The figures of the Dashboard, in one reading (product §5). All but the orders' are the whole company's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, TextClause, func, select, text

from openbot import plan
from openbot.contacts import reach
from openbot.database import Session
from openbot.plan import Plan
from openbot.schema import Branch, Contact, Inbound, Order, Turn
from openbot.vocabulary import OPEN_STATES, OrderKind, State

WAITING_SHOWN = 5
DAYS = 7  #: of the longer count of orders by state

# States are written out: only then do both databases see that their partial indexes fit.
_OPEN = text(f"orders.state IN {tuple(str(state) for state in OPEN_STATES)}")
_WAITS = text("orders.waiting_since IS NOT NULL")
_DUE = text("inbox.state IN ('due', 'held') AND inbox.state = 'due'")
_OPEN_TURN = text("turns.state IN ('due', 'claimed')")
_ALL = 10**9
_NEVER_WROTE = text("contacts.last_inbound_at IS NULL")


@dataclass(frozen=True, slots=True, kw_only=True)
class Messages:
    """Messages processed today, and yesterday until the same time of the day."""

    today: int
    yesterday: int

    @property
    def change_percent(self) -> int | None:
        """Per cent more (or less) than yesterday; None when there was nothing yesterday."""
        return round((self.today - self.yesterday) * 100 / self.yesterday) if self.yesterday else None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingOrder:
    """An order that waits for a person."""

    id: int
    contact_id: int
    name: str  #: may be empty
    phone: str
    kind: OrderKind
    state: State
    branch: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """The oldest message that nobody answered yet."""

    contact_id: int
    name: str
    phone: str
    since: datetime
    for_person: bool  #: else the bot is about to answer it


@dataclass(frozen=True, slots=True, kw_only=True)
class Dashboard:
    """Everything the Dashboard shows."""

    messages: Messages
    plan: Plan
    contacts: int  #: who ever wrote, deleted ones included
    contacts_today: int  #: of them those who are new today
    open_orders: Mapping[State, int]  #: now
    orders_today: Mapping[State, int]  #: received today, by their state now
    orders_lately: Mapping[State, int]  #: the same of the last DAYS days, today included
    today: date
    lately_from: date
    waiting: tuple[WaitingOrder, ...]  #: longest first, at most WAITING_SHOWN
    waiting_total: int
    unanswered: Unanswered | None


def figures(
    session: Session, *, now: datetime, zone: ZoneInfo, branch_ids: frozenset[int] | None = None
) -> Dashboard:
    """Count; orders, waiting and unanswered are those that somebody of these branches (None: all) reaches."""
    today = now.astimezone(zone).date()
    start = plan.start_of(today, zone=zone)
    lately_from = today - timedelta(days=DAYS - 1)
    reached = reach.is_reached(branch_ids, of=Order.branch_id)
    waiting_total = session.scalar(select(func.count()).select_from(Order).where(_WAITS, *reached))
    return Dashboard(
        messages=_messages(session, now=now, today=today, zone=zone),
        plan=plan.status(session, now=now, zone=zone),
        contacts=_contacts(session),
        contacts_today=_new_contacts(session, since=start),
        open_orders=_by_state(session, _OPEN, *reached),
        orders_today=_by_state(session, Order.created_at >= start, *reached),
        orders_lately=_by_state(session, Order.created_at >= plan.start_of(lately_from, zone=zone), *reached),
        today=today,
        lately_from=lately_from,
        waiting=_waiting(session, reached),
        waiting_total=waiting_total or 0,
        unanswered=oldest_unanswered(session, branch_ids=branch_ids),
    )


def _messages(session: Session, *, now: datetime, today: date, zone: ZoneInfo) -> Messages:
    yesterday = today - timedelta(days=1)
    clock = now.astimezone(zone).time()
    return Messages(
        today=plan.processed(session, since=plan.start_of(today, zone=zone), until=now),
        yesterday=plan.processed(
            session,
            since=plan.start_of(yesterday, zone=zone),
            until=datetime.combine(yesterday, clock, tzinfo=zone).astimezone(now.tzinfo),
        ),
    )


def _contacts(session: Session) -> int:
    everybody = session.scalar(select(func.count()).select_from(Contact)) or 0
    # Known without having written: the company wrote to them from its phone, or they only called.
    silent = select(func.count()).select_from(Contact).where(_NEVER_WROTE)
    return everybody - (session.scalar(silent) or 0)


def _new_contacts(session: Session, *, since: datetime) -> int:
    new = select(func.count()).select_from(Contact)
    return session.scalar(new.where(Contact.created_at >= since, Contact.last_inbound_at.is_not(None))) or 0


def _by_state(session: Session, *where: ColumnElement[bool] | TextClause) -> dict[State, int]:
    # The limit keeps the two apart: else the databases walk all orders in the order of their states.
    found = select(Order.state).where(*where).limit(_ALL).subquery()
    rows = session.execute(select(found.c.state, func.count()).group_by(found.c.state))
    counted: dict[State, int] = dict(rows.all())
    return {state: counted.get(state, 0) for state in State}


def _waiting(session: Session, reached: list[ColumnElement[bool]]) -> tuple[WaitingOrder, ...]:
    rows = session.execute(
        select(Order, Contact.name, Contact.profile_name, Contact.wa_id, Branch.name)
        .join(Contact, Contact.id == Order.contact_id)
        .outerjoin(Branch, Branch.id == Order.branch_id)
        .where(_WAITS, *reached)
        .order_by(Order.waiting_since, Order.id)
        .limit(WAITING_SHOWN)
    )
    return tuple(
        WaitingOrder(
            id=order.id,
            contact_id=order.contact_id,
            name=order.name or name or profile_name,
            phone=phone or "",
            kind=order.kind,
            state=order.state,
            branch=branch or "",
            since=order.waiting_since or order.created_at,
        )
        for order, name, profile_name, phone, branch in rows
    )


def oldest_unanswered(session: Session, *, branch_ids: frozenset[int] | None = None) -> Unanswered | None:
    """Find who waits longest for an answer, among those that somebody of these branches (None: all) reaches."""
    reached = reach.is_reached(branch_ids)
    name = func.coalesce(func.nullif(Contact.name, ""), Contact.profile_name)
    person = (Contact.id, name.label("name"), Contact.wa_id)
    queries = (
        (
            select(*person, Order.waiting_since.label("since"))
            .join(Order, Order.contact_id == Contact.id)
            .where(_WAITS, Order.state == State.IN_PROGRESS, *reached)
            .order_by(Order.waiting_since),
            True,
        ),
        (
            select(*person, Inbound.received_at.label("since"))
            .join(Inbound, Inbound.contact_id == Contact.id)
            .where(_DUE, *reached)
            .order_by(Inbound.received_at),
            False,
        ),
        (
            select(*person, Turn.created_at.label("since"))
            .join(Turn, Turn.contact_id == Contact.id)
            .where(_OPEN_TURN, *reached)
            .order_by(Turn.created_at),
            False,
        ),
    )
    found = [
        Unanswered(
            contact_id=row.id, name=row.name, phone=row.wa_id or "", since=row.since, for_person=for_person
        )
        for query, for_person in queries
        for row in session.execute(query.limit(1))
    ]
    return min(found, key=lambda one: one.since, default=None)
