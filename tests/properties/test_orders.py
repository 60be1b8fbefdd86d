"""Any sequence of moves keeps one open order per contact and an append-only history."""

import shutil
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from openbot.actor import BOT, CUSTOMER, SYSTEM
from openbot.conversations import handover
from openbot.database import Database
from openbot.errors import OpenbotError
from openbot.orders import operations
from openbot.orders.items import ItemChange, line_total
from openbot.schema import Category, Order, OrderChange, OrderItem, Product
from openbot.vocabulary import OPEN_STATES, Delivery, Role, State
from tests.support.world import EXPIRES, Clock, World

PRODUCTS = range(1, 4)

prices = st.integers(0, 10_000_000).map(lambda cents: Decimal(cents) / 100)
quantities = st.integers(0, 20_000).map(lambda thousandths: Decimal(thousandths) / 1000)
items = st.lists(
    st.builds(
        ItemChange,
        product_id=st.sampled_from(PRODUCTS),
        name=st.sampled_from(["Coca", "Pan"]),
        unit=st.just("unidad"),
        quantity=quantities,
        unit_price=prices,
    ),
    max_size=4,
)
fields = st.fixed_dictionaries(
    {},
    optional={
        "address": st.text(max_size=20),
        "delivery_fee": prices,
        "delivery": st.sampled_from(Delivery),
        "cash_with": st.none() | prices,
        "needs_person": st.booleans(),
    },
)
actors = st.sampled_from(["bot", "customer", "system", "operator", "colleague", "administrator"])
steps = st.lists(
    st.one_of(
        st.tuples(st.just("open")),
        st.tuples(st.just("change"), fields, items, actors, st.sampled_from([None, 0, 1])),
        st.tuples(st.just("move"), st.sampled_from(State), actors, st.sampled_from(["", "porque sí"])),
        st.tuples(st.just("person")),
        st.tuples(st.just("expire"), st.sampled_from([1, 47, 49])),
    ),
    min_size=1,
    max_size=14,
)


@pytest.fixture
def fresh(tmp_path: Path, sqlite_template: Path, clock: Clock):
    """Make one new world with a customer and three products after another."""
    made: list[World] = []

    def make() -> World:
        for world in made:
            world.close()
            world.database.close()
        made.clear()
        path = tmp_path / "openbot.db"
        for old in tmp_path.glob("openbot.db*"):
            old.unlink()
        shutil.copyfile(sqlite_template, path)
        world = World(Database(f"sqlite:///{path}"), clock)
        made.append(world)
        world.says("hola")
        with world.database.transaction() as session:
            session.add(Category(id=1, code="C", name="Todo"))
            session.add_all(
                Product(id=n, code=f"P{n}", name=f"P{n}", category_id=1, unit="unidad", price=1, aliases=[])
                for n in PRODUCTS
            )
        return world

    yield make
    make().close()


class Checked:
    """Does one step after another on the contact's latest order and checks what must always hold."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.contact_id = world.contact().id
        self.actors = {
            "bot": BOT,
            "customer": CUSTOMER,
            "system": SYSTEM,
            "operator": world.operator(number=1),
            "colleague": world.operator(number=2),
            "administrator": world.operator(number=3, role=Role.ADMINISTRATOR),
        }
        self.history = self._history()

    def do(self, step: tuple[Any, ...]) -> None:
        self.world.clock.move(minutes=1)
        order = self.world.rows(Order)[-1]
        try:
            with self.world.database.transaction() as session:
                self._do(session, step, order=order)
        except (OpenbotError, IntegrityError):
            assert self._history() == self.history  # a refused step leaves nothing behind
        self.check()

    def _do(self, session: Any, step: tuple[Any, ...], *, order: Order) -> None:
        now = self.world.clock()
        match step:
            case ("open",):
                operations.open_for(session, contact_id=self.contact_id, now=now, expires_after=EXPIRES)
            case ("change", changed, lines, who, behind):
                operations.change(
                    session,
                    order_id=order.id,
                    actor=self.actors[who],
                    now=now,
                    fields=changed,
                    items=lines,
                    seen_version=None if behind is None else order.version - behind,
                )
            case ("move", to, who, reason):
                handover.move_order(
                    session,
                    order_id=order.id,
                    to=to,
                    actor=self.actors[who],
                    now=now,
                    reason=reason,
                    expires_after=EXPIRES if to in OPEN_STATES else None,
                )
            case ("person",):
                operations.ask_for_person(session, order_id=order.id, reason="ayuda", now=now)
            case ("expire", hours):
                self.world.clock.move(hours=hours)
                handover.expire_due(session, now=self.world.clock())

    def check(self) -> None:
        with self.world.database.reading() as session:
            open_ones = select(func.count()).where(
                Order.contact_id == self.contact_id, Order.state.in_(OPEN_STATES)
            )
            assert (session.scalar(open_ones) or 0) <= 1
            for order in session.scalars(select(Order)):
                lines = session.scalars(select(OrderItem).where(OrderItem.order_id == order.id)).all()
                goods = sum(
                    (line_total(quantity=line.quantity, unit_price=line.unit_price) for line in lines),
                    Decimal(0),
                )
                assert order.total == goods + order.delivery_fee
                assert all(line.quantity > 0 for line in lines)
                changes = list(
                    session.scalars(
                        select(OrderChange).where(OrderChange.order_id == order.id).order_by(OrderChange.id)
                    )
                )
                versions = [change.version for change in changes]
                assert versions == sorted(set(versions))
                assert versions[-1] == order.version
                moves = [change for change in changes if change.to_state is not None]
                assert moves[-1].to_state == order.state
                assert [move.from_state for move in moves[1:]] == [move.to_state for move in moves[:-1]]
                assert (order.closed_at is None) == (order.state in OPEN_STATES)
                assert (order.operator_id is not None) or (order.state is not State.IN_PROGRESS)
        history = self._history()
        assert history[: len(self.history)] == self.history
        self.history = history

    def _history(self) -> list[tuple[Any, ...]]:
        return [
            (row.id, row.order_id, row.version, row.actor, row.from_state, row.to_state, repr(row.fields))
            for row in self.world.rows(OrderChange)
        ]


def test_any_sequence_keeps_one_open_order_and_an_append_only_history(fresh) -> None:
    @given(steps)
    def any_steps(sequence: list[tuple[Any, ...]]) -> None:
        checked = Checked(fresh())
        for step in sequence:
            checked.do(step)

    any_steps()


def test_opening_a_second_order_is_refused_by_the_database(fresh) -> None:
    world = fresh()
    with pytest.raises(IntegrityError), world.database.transaction() as session:
        operations.open_for(
            session, contact_id=world.contact().id, now=world.clock(), expires_after=timedelta(hours=1)
        )
