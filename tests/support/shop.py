"""A company with its people, whose orders each test makes for itself: many tests share one of them."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from sqlalchemy import select

from openbot.catalogue.goods import Catalogue
from openbot.catalogue.operations import seed
from openbot.contacts import reach
from openbot.contacts.terms import Named, learn
from openbot.database import Database, Session
from openbot.orders.items import line_total
from openbot.schema import Contact, Order, OrderChange, OrderItem, Product, Zone
from openbot.vocabulary import OPEN_STATES, OrderKind, State
from tests.support.panel import Browser, Panel
from tests.support.world import Clock, World


class Shop:
    """`administrator`, `operator` (of all branches) and `elsewhere` (of branch 2 alone) are people's browsers."""

    def __init__(self, database: Database, *, business: Catalogue, clock: Clock) -> None:
        with database.transaction() as session:
            seed(session, business=business)
        self.world = World(database, clock, web_role="all")
        self.panel = Panel(self.world)
        self.administrator = self.panel.administrator(name="Ada")
        self.operator = self.panel.operator(name="Olga")
        self.elsewhere = self.panel.operator(name="Berta", branches=[2])
        self._numbers = count(1)

    def close(self) -> None:
        self.world.close()

    def contact(self, *, name: str = "Ana Pérez") -> int:
        """Somebody new."""
        number = next(self._numbers)
        with self.world.database.transaction() as session:
            row = Contact(
                created_at=self.world.clock(), user_id=f"AR.SHOP.{number}", wa_id=f"549115000{number:04}", name=name,
            )  # fmt: skip
            session.add(row)
            session.flush()
            learn(session, people=[Named.of(row)])
            return row.id

    def order(
        self,
        *,
        state: State = State.COMPLETE,
        name: str = "Ana Pérez",
        items: Mapping[int, str] | None = None,
        closed_by: Browser | None = None,
        **columns: Any,
    ) -> int:
        """Make an order of a new contact (or `contact_id`) and return its number; `items` by product."""
        now = self.world.clock()
        columns.setdefault("contact_id", None)
        contact_id = columns.pop("contact_id") or self.contact(name=name)
        is_open = state in OPEN_STATES
        usual = {
            "kind": OrderKind.ORDER,
            "created_at": now,
            "expires_at": now + timedelta(hours=48),
            "completed_at": None if state is State.INCOMPLETE else now,
            "closed_at": None if is_open else now,
            "waiting_since": now if state is State.COMPLETE else None,
        }
        with self.world.database.transaction() as session:
            order = Order(contact_id=contact_id, state=state, **usual | columns)
            session.add(order)
            session.flush()
            _add_items(session, order, items or {})
            _begin_history(session, order, closed_by=closed_by)
            reach.follow_order(session, contact_id=contact_id)
            return order.id

    def row(self, order_id: int) -> Order:
        """The order as it is stored."""
        (found,) = self.world.rows(Order, Order.id == order_id)
        return found

    def product(self, unit: str) -> Product:
        """Something that is sold by this unit."""
        return self.world.rows(Product, Product.unit == unit, Product.active)[0]

    def zone_of(self, branch_id: int) -> Zone:
        """A zone this branch delivers to."""
        return self.world.rows(Zone, Zone.branch_id == branch_id)[0]


def _add_items(session: Session, order: Order, items: Mapping[int, str]) -> None:
    for product_id, quantity in items.items():
        product = session.scalars(select(Product).where(Product.id == product_id)).one()
        session.add(
            OrderItem(
                order_id=order.id, product_id=product.id, name=product.name, unit=product.unit,
                quantity=Decimal(quantity), unit_price=product.price,
            )
        )  # fmt: skip
        order.total += line_total(quantity=Decimal(quantity), unit_price=product.price)
    if items:
        order.total += order.delivery_fee


def _begin_history(session: Session, order: Order, *, closed_by: Browser | None) -> None:
    moved = {"order_id": order.id, "at": order.created_at, "version": 1, "fields": {}}
    session.add(OrderChange(actor="sistema", to_state=State.INCOMPLETE, **moved))
    if closed_by is not None:
        session.add(
            OrderChange(
                actor="operador", operator_id=closed_by.person_id, from_state=State.IN_PROGRESS,
                to_state=order.state, **moved,
            )
        )  # fmt: skip
    session.flush()
