"""A shop with many orders of every kind, written in one go."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

from openbot.contacts.terms import Named, learn
from openbot.database import Database, Session
from openbot.schema import Contact, Operator, Order
from openbot.vocabulary import OPEN_STATES, Delivery, Enabled, OrderKind, Role, State

START = datetime(2026, 11, 1, 12, tzinfo=UTC)
NAMES = ("", "Ana Pérez", "ana paz", "Ángel", "Zoe Ñandú", "Bruno")
_CLOSED = [state for state in State if state not in OPEN_STATES]


def add_orders(database: Database, count: int, *, seed: int = 1) -> list[int]:
    """Add so many orders of new contacts; the same ones for the same seed. Return their numbers."""
    dice = Random(seed)  # noqa: S311 - the same orders each time
    with database.transaction() as session:
        _add_operators(session, seed)
        contacts = [_contact(dice, seed=seed, place=place) for place in range(max(3, count // 3))]
        session.add_all(contacts)
        session.flush()
        learn(session, people=[Named.of(contact) for contact in contacts])
        is_open: set[int] = set()
        orders = [_order(dice, contact=dice.choice(contacts), is_open=is_open) for _ in range(count)]
        session.add_all(orders)
        session.flush()
        return [order.id for order in orders]


def _add_operators(session: Session, seed: int) -> None:
    for number in (1, 2, 3):
        if session.get(Operator, number) is None:
            session.add(
                Operator(
                    id=number, created_at=START, name=f"Op {number}", email=f"{seed}{number}@x.com",
                    password_hash="-", role=Role.OPERATOR, enabled=Enabled.YES,
                )
            )  # fmt: skip


def _contact(dice: Random, *, seed: int, place: int) -> Contact:
    return Contact(
        created_at=START,
        user_id=f"AR.{seed}.{place}",
        wa_id=None if place % 7 == 0 else f"54911{dice.randrange(10**7, 10**8)}",
        name=dice.choice(NAMES),
    )


def _order(dice: Random, *, contact: Contact, is_open: set[int]) -> Order:
    state = dice.choice([*State, *_CLOSED])
    if state in OPEN_STATES and contact.id in is_open:
        state = dice.choice(_CLOSED)
    if state in OPEN_STATES:
        is_open.add(contact.id)
    at = START + timedelta(minutes=dice.randrange(60 * 24 * 20))
    return Order(
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
        changed_by_customer=dice.random() < 0.2,
    )
