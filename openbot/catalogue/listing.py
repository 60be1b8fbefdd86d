"""The catalogue as the panel lists it: everything, with what is switched off, each row with its version.

`ProductLists` keeps the products until something is edited; `paging` searches and sorts these lists.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select

from openbot import company
from openbot.catalogue.editing.branches import hours_of
from openbot.catalogue.hours_text import write_hours
from openbot.catalogue.opening_hours import describe
from openbot.catalogue.words import fold
from openbot.database import Session
from openbot.schema import Branch, Category, Holiday, PaymentMethod, Product, Zone


class ProductStatus(StrEnum):
    """Whether a product may be ordered."""

    AVAILABLE = "available"
    SOLD_OUT = "sold_out"  #: «agotado hoy»
    UNAVAILABLE = "unavailable"  #: until somebody switches it on
    INACTIVE = "inactive"  #: out of the catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductLine:
    """A product of the list."""

    id: int
    code: str
    name: str
    size: str
    category_id: int
    category: str
    unit: str
    price: Decimal
    aliases: list[str]
    available: bool
    active: bool
    back_on: date | None  #: while sold out
    status: ProductStatus
    can_sell_out: bool  #: «agotado hoy» makes sense
    is_sold_out: bool
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryLine:
    """A category and how many products it has on offer."""

    id: int
    name: str
    position: int
    products: int
    is_empty: bool  #: never had a product: may be deleted
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchLine:
    """A branch; `hours` are seven texts, Monday first, `hours_described` the sentence customers read."""

    id: int
    name: str
    address: str
    place: str
    phone: str
    latitude: float
    longitude: float
    aliases: list[str]
    hours: list[str]
    hours_described: str
    zones: int
    position: int
    active: bool
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneLine:
    """A zone of a branch."""

    id: int
    branch_id: int
    branch: str
    name: str
    places: list[str]
    fee: Decimal
    minimum: Decimal
    active: bool
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentLine:
    """A payment method."""

    id: int
    name: str
    text: str
    is_cash: bool
    aliases: list[str]
    position: int
    active: bool
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HolidayLine:
    """A holiday; `id` is its day as a number, 20261225."""

    id: int
    day: date
    name: str


def products(session: Session, *, today: date, only: int | None = None) -> tuple[ProductLine, ...]:
    """All products in the order in which they are shown, or only one of them."""
    shelves = {row.id: row.name for row in session.execute(select(Category.id, Category.name))}
    query = select(Product).order_by(Product.position, Product.id)
    if only is not None:
        query = query.where(Product.id == only)
    return tuple(_product(row, shelves[row.category_id], today) for row in session.scalars(query))


def categories(session: Session) -> list[CategoryLine]:
    """All categories, in order."""
    counted = select(Product.category_id, func.count().filter(Product.active), func.count())
    on_shelf = {row[0]: row for row in session.execute(counted.group_by(Product.category_id))}
    return [
        CategoryLine(
            id=row.id,
            name=row.name,
            position=place,
            products=on_shelf[row.id][1] if row.id in on_shelf else 0,
            is_empty=row.id not in on_shelf,
            version=row.version,
        )
        for place, row in enumerate(_in_order(session, Category), 1)
    ]


def branches(session: Session) -> list[BranchLine]:
    """All branches, in order."""
    zones_of = select(Zone.branch_id, func.count()).where(Zone.active).group_by(Zone.branch_id)
    counted = {row[0]: row[1] for row in session.execute(zones_of)}
    lines = []
    for place, row in enumerate(_in_order(session, Branch), 1):
        hours = hours_of(session, row.id)
        line = BranchLine(
            id=row.id,
            name=row.name,
            address=row.address,
            place=row.place,
            phone=row.phone,
            latitude=row.latitude,
            longitude=row.longitude,
            aliases=list(row.aliases),
            hours=write_hours(hours),
            hours_described=describe(hours),
            zones=counted.get(row.id, 0),
            position=place,
            active=row.active,
            version=row.version,
        )
        lines.append(line)
    return lines


def zones(session: Session) -> list[ZoneLine]:
    """All zones, by the order of their branches."""
    query = select(Zone, Branch.name).join(Branch, Branch.id == Zone.branch_id)
    return [
        ZoneLine(
            id=row.id,
            branch_id=row.branch_id,
            branch=branch,
            name=row.name,
            places=list(row.places),
            fee=row.fee,
            minimum=row.minimum,
            active=row.active,
            version=row.version,
        )
        for row, branch in session.execute(query.order_by(Branch.position, Branch.id, Zone.id))
    ]


def payment_methods(session: Session) -> list[PaymentLine]:
    """All payment methods, in order."""
    return [
        PaymentLine(
            id=row.id,
            name=row.name,
            text=row.text,
            is_cash=row.is_cash,
            aliases=list(row.aliases),
            position=place,
            active=row.active,
            version=row.version,
        )
        for place, row in enumerate(_in_order(session, PaymentMethod), 1)
    ]


def holidays(session: Session) -> list[HolidayLine]:
    """All holidays, by day."""
    return [
        HolidayLine(id=int(f"{row.day:%Y%m%d}"), day=row.day, name=row.name)
        for row in session.scalars(select(Holiday).order_by(Holiday.day))
    ]


class ProductLists:
    """The products of one process's panel, read again when something was edited or a day began. Threads share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._state: tuple[tuple[int, date], tuple[ProductLine, ...], dict[int, str]] | None = None

    def current(self, session: Session, *, now: datetime) -> tuple[tuple[ProductLine, ...], dict[int, str]]:
        """Return all products, and by id the folded text in which a search looks. Raises NoCompany."""
        zone = company.read(session).zone
        state = (company.catalogue_version(session), now.astimezone(zone).date())
        known = self._state
        if known is not None and known[0] == state:
            return known[1], known[2]
        with self._lock:
            lines = products(session, today=state[1])
            texts = {
                each.id: fold(f"{each.name} {each.code} {each.size} {each.category} {' '.join(each.aliases)}")
                for each in lines
            }
            self._state = (state, lines, texts)
        return lines, texts


def _product(row: Product, category: str, today: date) -> ProductLine:
    is_offered = row.active and row.available
    back_on = row.back_on if is_offered and row.back_on and row.back_on > today else None
    status = ProductStatus.SOLD_OUT if back_on else ProductStatus.AVAILABLE
    if not is_offered:
        status = ProductStatus.UNAVAILABLE if row.active else ProductStatus.INACTIVE
    return ProductLine(
        id=row.id,
        code=row.code,
        name=row.name,
        size=row.size,
        category_id=row.category_id,
        category=category,
        unit=row.unit,
        price=row.price,
        aliases=list(row.aliases),
        available=row.available,
        active=row.active,
        back_on=back_on,
        status=status,
        can_sell_out=status is ProductStatus.AVAILABLE,
        is_sold_out=status is ProductStatus.SOLD_OUT,
        version=row.version,
    )


def _in_order(session: Session, table: Any) -> Sequence[Any]:
    return session.scalars(select(table).order_by(table.position, table.id)).all()
