"""What WhatsApp charges for what was delivered (contract §6.5): an estimate, exact to the message.

A message is charged once, when the first proof of its delivery came (`outbox.delivered_at`). The first so many service
messages of a number and calendar month are free, in the order of their delivery; templates use none of them. The month
is that of the company's time zone, which has to be the one of its WhatsApp account.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, assert_never
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    String,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    text,
    true,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.ext.compiler import compiles

from openbot.company import CompanyPage
from openbot.database import Session
from openbot.prices import CATEGORIES, Prices
from openbot.schema import Branch, MessageTemplate, Order, Outbound, Turn

SERVICE = "service"
_UNKNOWN_TEMPLATE = "utility"
#: WhatsApp's type for 72 h after an advertisement: free, and none of the free thousand.
_FREE_ENTRY = "free_entry_point"
_QUARTER_SECONDS = 900  # every time zone's day begins with a quarter of an hour
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DELIVERED = text("outbox.delivered_at IS NOT NULL")

Key = int | str | date | None


class By(StrEnum):
    """What costs are put together by."""

    DAY = "day"
    ORDER = "order"
    BRANCH = "branch"
    STEP = "step"


@dataclass(slots=True, kw_only=True)
class Line:
    """What was delivered for one order, say, or on one day."""

    key: Key  #: day; number; branch, None without one; step of the dialogue, or who wrote
    title: str = ""  #: of a branch
    messages: int = 0
    charged: int = 0
    amount: Decimal = Decimal(0)
    merged: int = 0  #: messages saved by joining replies

    @property
    def free(self) -> int:
        """Messages that cost nothing."""
        return self.messages - self.charged


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """The costs of a calendar month."""

    first: date
    currency: str
    lines: tuple[Line, ...]  #: days in their order, everything else the dearest first
    total: Line
    categories: tuple[Line, ...]
    free_left: int  #: of the free service messages
    saved: Decimal  #: what the messages saved by joining would have cost


@dataclass(slots=True, kw_only=True)
class _Sum:
    lines: dict[Key, Line] = field(default_factory=dict)

    def line(self, key: Key, title: str = "") -> Line:
        return self.lines.setdefault(key, Line(key=key, title=title))


def price_of(page: CompanyPage, category: str) -> Decimal:
    """Price of one delivered message, in `page.prices.currency`; `category` is WhatsApp's word in any spelling."""
    price: Decimal = getattr(page.prices, priced_as(category))
    return price


def priced_as(category: str) -> str:
    """Return the row of the price table: «AUTHENTICATION-INTERNATIONAL» is authentication; what is new is service."""
    plain = category.casefold()
    return next((each for each in CATEGORIES if plain.startswith(each)), SERVICE)


def month_of(session: Session, *, first: date, by: By, page: CompanyPage) -> Month:
    """Add up what was delivered in the month that begins with `first`."""
    since, until = _start(first, page.zone), _start(_next(first), page.zone)
    boundary = _boundary(session, since=since, until=until, free=page.prices.free_service)
    rows = session.execute(_counted(by, since=since, until=until, boundary=boundary)).all()
    sums, categories = _Sum(), {name: Line(key=name) for name in CATEGORIES}
    total = Line(key=None)
    for key, title, category, is_free, messages, merged in rows:
        price = Decimal(0) if is_free else getattr(page.prices, category)
        shown = _day(key, page.zone) if by is By.DAY else key
        for line in (sums.line(shown, title or ""), categories[category], total):
            line.messages += messages
            line.charged += 0 if is_free else messages
            line.amount += price * messages
            line.merged += merged or 0
    service = _service_tier(session, since=since, until=until)
    return Month(
        first=first,
        currency=page.prices.currency,
        lines=tuple(_sorted(sums.lines.values(), by)),
        total=total,
        categories=tuple(line for line in categories.values() if line.messages),
        free_left=max(0, page.prices.free_service - service),
        saved=_saved(page.prices, service=service, merged=total.merged),
    )


def _saved(prices: Prices, *, service: int, merged: int) -> Decimal:
    """Merged messages would have been service messages; the free ones would have gone first."""

    def beyond(messages: int) -> int:
        return max(0, messages - prices.free_service)

    return prices.service * (beyond(service + merged) - beyond(service))


def _sorted(lines: Iterable[Line], by: By) -> list[Line]:
    if by is By.DAY:
        return sorted(lines, key=lambda line: str(line.key))
    return sorted(lines, key=lambda line: (-line.amount, -line.messages, str(line.key)))


def _counted(
    by: By, *, since: datetime, until: datetime, boundary: tuple[datetime, int] | None
) -> Select[Any]:
    """Build the count: key, title, category, free or not, messages, merged."""
    key, title = _key_of(by)
    is_free = or_(_IS_FREE, and_(_IN_TIER, _before(boundary)))
    # Names that are no column's: PostgreSQL would group by the column.
    shown = (
        key.label("cost_key"),
        title.label("cost_title"),
        _CATEGORY.label("cost_category"),
        is_free.label("cost_is_free"),
    )
    merged = func.sum(case((Outbound.position == 0, Turn.merged), else_=0))
    return (
        select(*shown, func.count(), merged)
        .select_from(Outbound)
        .outerjoin(Turn, Turn.id == Outbound.turn_id)
        .outerjoin(Order, Order.id == Outbound.order_id)
        .outerjoin(Branch, Branch.id == Order.branch_id)
        .where(*_within(since, until))
        .group_by("cost_key", "cost_title", "cost_category", "cost_is_free")
    )


def _key_of(by: By) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    nothing: ColumnElement[Any] = literal("")
    match by:
        case By.DAY:
            return _QUARTER, nothing
        case By.ORDER:
            return Outbound.order_id.expression, nothing
        case By.BRANCH:
            return Order.branch_id.expression, func.coalesce(Branch.name, "")
        case By.STEP:
            author: ColumnElement[Any] = sql_cast(Outbound.author, String)
            return case((Outbound.turn_id.is_not(None), func.coalesce(Turn.step, "")), else_=author), nothing
        case _ as unreachable:
            assert_never(unreachable)


def _boundary(
    session: Session, *, since: datetime, until: datetime, free: int
) -> tuple[datetime, int] | None:
    """Return the first service message that is not free any more; None when all are."""
    found = session.execute(
        select(Outbound.delivered_at, Outbound.id)
        .where(*_within(since, until), _IN_TIER)
        .order_by(Outbound.delivered_at, Outbound.id)
        .offset(free)
        .limit(1)
    ).one_or_none()
    return None if found is None or found[0] is None else (found[0], found[1])


def _before(boundary: tuple[datetime, int] | None) -> ColumnElement[bool]:
    if boundary is None:
        return true()
    at, outbound_id = boundary
    is_same_moment = and_(Outbound.delivered_at == at, Outbound.id < outbound_id)
    return or_(Outbound.delivered_at < at, is_same_moment)


def _service_tier(session: Session, *, since: datetime, until: datetime) -> int:
    query = select(func.count()).select_from(Outbound).where(*_within(since, until), _IN_TIER)
    return session.scalar(query) or 0


def _within(since: datetime, until: datetime) -> tuple[Any, ...]:
    # What the company wrote on its own phone has no attempt of ours.
    return (
        _DELIVERED,
        Outbound.delivered_at >= since,
        Outbound.delivered_at < until,
        Outbound.attempt > 0,
    )


def _start(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, datetime.min.time(), tzinfo=zone).astimezone(UTC)


def _next(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _day(quarter: int, zone: ZoneInfo) -> date:
    return (_EPOCH + timedelta(seconds=quarter * _QUARTER_SECONDS)).astimezone(zone).date()


class _Quarter(ColumnElement[int]):
    """The number of the quarter of an hour of `outbox.delivered_at`, in either database's way."""

    inherit_cache = True
    type = BigInteger()


@compiles(_Quarter, "sqlite")
def _on_sqlite(_element: _Quarter, _compiler: Any, **_more: Any) -> str:
    # Cut first: strftime rounds 59.9996 s to the next minute.
    return f"CAST(strftime('%s', substr(outbox.delivered_at, 1, 19)) AS INTEGER) / {_QUARTER_SECONDS}"


@compiles(_Quarter, "postgresql")
def _on_postgresql(_element: _Quarter, _compiler: Any, **_more: Any) -> str:
    return f"CAST(floor(extract(epoch FROM outbox.delivered_at)) AS BIGINT) / {_QUARTER_SECONDS}"


_QUARTER = _Quarter()
_TEMPLATE = Outbound.bubble["template"]
_KIND: ColumnElement[str] = func.coalesce(Outbound.pricing["type"].as_string(), "")
#: WhatsApp's word; without one our own knowledge: what is no template is service.
_SAID: ColumnElement[str] = func.lower(
    func.coalesce(
        Outbound.pricing["category"].as_string(),
        case(
            (_TEMPLATE["name"].as_string().is_(None), SERVICE),
            else_=func.coalesce(
                select(MessageTemplate.category)
                .where(
                    MessageTemplate.name == _TEMPLATE["name"].as_string(),
                    MessageTemplate.language == _TEMPLATE["language"].as_string(),
                )
                .correlate(Outbound)
                .scalar_subquery(),
                _UNKNOWN_TEMPLATE,
            ),
        ),
    )
)
_CATEGORY: ColumnElement[str] = case(
    *((_SAID.startswith(each), literal(each)) for each in CATEGORIES), else_=literal(SERVICE)
)
_IN_TIER = and_(_CATEGORY == SERVICE, _KIND != _FREE_ENTRY)
_IS_FREE = or_(_KIND == _FREE_ENTRY, and_(_KIND.startswith("free_"), _CATEGORY != SERVICE))
