"""What the filters and forms of orders offer."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from openbot import company
from openbot.catalogue.goods import Unit
from openbot.company import OrderField
from openbot.database import Session
from openbot.schema import Branch, Category, Operator, PaymentMethod, Product, Zone
from openbot.vocabulary import Enabled


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A branch or a person; who or what is no longer active stays for the filters of old orders."""

    id: int
    name: str
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneChoice:
    """Where a branch delivers."""

    id: int
    branch_id: int
    name: str
    fee: Decimal
    minimum: Decimal
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodChoice:
    """A way to pay."""

    id: int
    name: str
    is_cash: bool
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductChoice:
    """Something that can be added."""

    id: int
    code: str
    name: str
    category: str
    unit: str
    step: Decimal
    price: Decimal
    available: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """All of them, in the order in which they are shown."""

    time_zone: str
    branches: tuple[Choice, ...]
    zones: tuple[ZoneChoice, ...]
    payment_methods: tuple[MethodChoice, ...]
    products: tuple[ProductChoice, ...]
    operators: tuple[Choice, ...]
    custom_fields: tuple[OrderField, ...]


def choices(session: Session) -> Choices:
    """Return what there is to choose from. Raises NoCompany."""
    page = company.read(session)
    return Choices(
        time_zone=page.time_zone,
        branches=tuple(
            Choice(id=row.id, name=row.name, active=row.active)
            for row in _rows(session, Branch, Branch.position)
        ),
        zones=tuple(
            ZoneChoice(
                id=row.id,
                branch_id=row.branch_id,
                name=row.name,
                fee=row.fee,
                minimum=row.minimum,
                active=row.active,
            )
            for row in _rows(session, Zone, Zone.branch_id)
        ),
        payment_methods=tuple(
            MethodChoice(id=row.id, name=row.name, is_cash=row.is_cash, active=row.active)
            for row in _rows(session, PaymentMethod, PaymentMethod.position)
        ),
        products=_products(session),
        operators=tuple(
            Choice(id=row.id, name=row.name, active=row.enabled is Enabled.YES and row.deleted_at is None)
            for row in _rows(session, Operator, Operator.name)
        ),
        custom_fields=page.order_fields,
    )


def _rows(session: Session, table: Any, order: Any) -> Any:
    return session.scalars(select(table).order_by(order, table.id))


def _products(session: Session) -> tuple[ProductChoice, ...]:
    found = session.execute(
        select(Product, Category.name)
        .join(Category, Category.id == Product.category_id)
        .where(Product.active)
        .order_by(Category.position, Category.id, Product.position, Product.id)
    )
    return tuple(
        ProductChoice(
            id=row.id,
            code=row.code,
            name=row.name,
            category=category,
            unit=row.unit,
            step=Unit(row.unit).step,
            price=row.price,
            available=row.available,
        )
        for row, category in found
    )
