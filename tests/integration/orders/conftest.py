"""A shop with many orders of every kind, written in one go."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from openbot.database import Database

START = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.fixture
def add_orders(seeded: "Database") -> Callable[..., list[int]]:
    """Add so many orders of new and old contacts; the same ones for the same seed. Return their numbers."""
    from openbot.contacts.terms import Named, learn
    from openbot.schema import Contact, Operator, Order
    from openbot.vocabulary import Delivery, Enabled, OrderKind, Role, State

    closed = (State.INVOICED, State.CANCELLED, State.RESOLVED, State.NO_ANSWER, State.EXPIRED)

    def add(count: int, *, seed: int = 1) -> list[int]:
        dice = Random(seed)  # noqa: S311 - the same orders each time
        with seeded.transaction() as session:
            for number in (1, 2, 3):
                if session.get(Operator, number) is None:
                    session.add(
                        Operator(
                            id=number, created_at=START, name=f"Op {number}", email=f"{seed}{number}@x.com",
                            password_hash="-", role=Role.OPERATOR, enabled=Enabled.YES,
                        )
                    )  # fmt: skip
            names = ["", "Ana Pérez", "ana paz", "Ángel", "Zoe Ñandú", "Bruno"]
            contacts = [
                Contact(
                    created_at=START,
                    user_id=f"AR.{seed}.{place}",
                    wa_id=None if place % 7 == 0 else f"54911{dice.randrange(10**7, 10**8)}",
                    name=dice.choice(names),
                )
                for place in range(max(3, count // 3))
            ]
            session.add_all(contacts)
            session.flush()
            learn(session, people=[Named.of(contact) for contact in contacts])
            orders = []
            is_open: set[int] = set()
            for _ in range(count):
                contact = dice.choice(contacts)
                state = dice.choice([*State, *closed])
                if state not in closed and contact.id in is_open:
                    state = dice.choice(closed)
                if state not in closed:
                    is_open.add(contact.id)
                at = START + timedelta(minutes=dice.randrange(60 * 24 * 20))
                orders.append(
                    Order(
                        contact_id=contact.id,
                        kind=dice.choice(list(OrderKind)),
                        state=state,
                        created_at=at,
                        expires_at=at + timedelta(hours=dice.choice([24, 48])),
                        waiting_since=at if state is State.COMPLETE else None,
                        branch_id=dice.choice([None, 1, 2, 3]),
                        operator_id=dice.choice([None, 1, 2, 3]),
                        payment_method_id=dice.choice([None, 1, 2]),
                        delivery=dice.choice([None, *Delivery]),
                        total=Decimal(dice.randrange(0, 5)) * 1000,
                        amount=dice.choice([None, Decimal(1000), Decimal("2000.50")]),
                        needs_person=dice.random() < 0.2,
                        payment_proof=dice.random() < 0.2,
                    )
                )
            session.add_all(orders)
            session.flush()
            return [order.id for order in orders]

    return add
