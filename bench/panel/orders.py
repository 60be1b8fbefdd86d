"""Orders of a year, from the oldest to those that wait now: numbers grow with the time they were opened at."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random

from bench.panel.bulk import Row
from bench.panel.company import Company
from bench.panel.people import happens
from openbot.actor import ActorKind
from openbot.vocabulary import OPEN_STATES, Delivery, OrderKind, State

COLUMNS = {
    "orders": (
        "id", "contact_id", "kind", "state", "version", "created_at", "completed_at", "closed_at", "waiting_since",
        "expires_at", "branch_id", "delivery", "address", "payment_method_id", "comment", "name", "delivery_fee",
        "total", "amount", "needs_person", "person_reason", "changed_by_customer", "payment_proof", "operator_id",
    ),
    "order_items": ("id", "order_id", "product_id", "name", "unit", "quantity", "unit_price"),
    "order_history": (
        "id", "order_id", "at", "actor", "operator_id", "version", "from_state", "to_state", "fields", "reason",
    ),
}  # fmt: skip
YEAR = timedelta(days=365)
_EXPIRES = timedelta(hours=48)
_OPEN_TODAY = (State.INCOMPLETE, State.COMPLETE, State.IN_PROGRESS, State.INVOICED, State.CANCELLED)
_OPEN_TODAY_WEIGHTS = tuple(accumulate((20, 15, 10, 50, 5)))
_CLOSED = (State.INVOICED, State.CANCELLED, State.RESOLVED, State.NO_ANSWER, State.EXPIRED)
_CLOSED_WEIGHTS = tuple(accumulate((70, 10, 8, 5, 7)))
_STREETS = (
    "Rivadavia",
    "San Martín",
    "Belgrano",
    "Mitre",
    "Av. Corrientes",
    "9 de Julio",
    "Sarmiento",
    "Alsina",
)
_COMMENTS = (
    "sin cebolla",
    "tocar timbre 2 veces",
    "paga con cambio justo",
    "es para regalo 🎁",
    "dejar en portería",
)
_FEE = 180_000  #: cents


def written(moment: datetime | None) -> str | None:
    """Write a time of UTC as both databases read it."""
    return None if moment is None else moment.replace(tzinfo=None).isoformat(" ", "microseconds")


@dataclass(slots=True, kw_only=True)
class Order:
    """One order, as far as the conversation that made it must know."""

    number: int
    contact_id: int
    at: datetime
    state: State
    kind: OrderKind
    branch_id: int | None
    operator_id: int | None
    closed_at: datetime | None
    items: list[tuple[str, int]] = field(default_factory=list)  #: (name, how many)


class Orders:
    """Makes them one after the other; `rows` of the last one are to be written."""

    def __init__(self, random: Random, company: Company, *, count: int, now: datetime) -> None:
        self._random, self._company, self._count, self._now = random, company, count, now
        self._start, self._apart = now - YEAR, YEAR / count
        self._open: set[int] = set()  # a contact has one open order at most
        self._item_id = self._change_id = 0
        # The first branch has most; one of the last has hardly any.
        branches = len(company.branch_ids)
        self._branch_weights = list(accumulate(1 / (rank + 1) ** 1.4 for rank in range(branches)))

    def time_of(self, number: int) -> datetime:
        """Say when the order with this number was opened."""
        return self._start + self._apart * (number - self._random.random())

    def make(self, number: int, *, contact_id: int, name: str) -> tuple[Order, Iterator[tuple[str, Row]]]:
        """Make an order and everything below it."""
        at = self.time_of(number)
        state = self._state(contact_id, is_recent=self._now - at < _EXPIRES)
        closed = state not in OPEN_STATES
        order = Order(
            number=number, contact_id=contact_id, at=at, state=state,
            kind=OrderKind.HELP if happens(self._random, 0.12) else OrderKind.ORDER,
            branch_id=self._branch(), operator_id=None, closed_at=None,
        )  # fmt: skip
        if state is State.IN_PROGRESS or (closed and state is not State.EXPIRED):
            order.operator_id = self._random.choice(self._company.operator_ids)
        if closed:
            later = _EXPIRES if state is State.EXPIRED else timedelta(minutes=self._random.randint(20, 400))
            order.closed_at = min(at + later, self._now)
        return order, self._rows(order, name)

    def _state(self, contact_id: int, *, is_recent: bool) -> State:
        if not is_recent:
            return self._random.choices(_CLOSED, cum_weights=_CLOSED_WEIGHTS)[0]
        state = self._random.choices(_OPEN_TODAY, cum_weights=_OPEN_TODAY_WEIGHTS)[0]
        if state in OPEN_STATES:
            if contact_id in self._open:
                return State.INVOICED
            self._open.add(contact_id)
        return state

    def _branch(self) -> int | None:
        if happens(self._random, 0.03):
            return None
        return self._random.choices(self._company.branch_ids, cum_weights=self._branch_weights)[0]

    def _rows(self, order: Order, name: str) -> Iterator[tuple[str, Row]]:
        random = self._random
        told = order.state is not State.INCOMPLETE
        total = 0
        for product in random.sample(self._company.products, random.randint(1, 4)):
            many = random.randint(1, 6)
            price = int(product.price * 100)
            total += many * price
            self._item_id += 1
            order.items.append((product.name, many))
            yield "order_items", (
                self._item_id, order.number, product.id, product.name, product.unit.value, many * 1000, price,
            )  # fmt: skip
        delivery = random.choice(tuple(Delivery)) if told else None
        fee = _FEE if delivery is Delivery.DELIVERY else 0
        yield "orders", self._order_row(order, name, delivery=delivery, fee=fee, total=total + fee)
        yield from self._history(order)

    def _order_row(self, order: Order, name: str, *, delivery: Delivery | None, fee: int, total: int) -> Row:
        random, state = self._random, order.state
        told = state is not State.INCOMPLETE
        done = order.at + timedelta(minutes=8)
        waits = None
        if state is State.COMPLETE:
            waits = done
        elif state is State.IN_PROGRESS and happens(random, 0.4):
            waits = order.at + timedelta(minutes=30)
        needs_person = state is State.COMPLETE and happens(random, 0.2)
        return (
            order.number, order.contact_id, order.kind.value, state.value, 3, written(order.at),
            written(done) if told and state is not State.EXPIRED else None, written(order.closed_at),
            written(waits), written(order.at + _EXPIRES), order.branch_id, delivery and delivery.value,
            f"{random.choice(_STREETS)} {random.randint(1, 6000)}" if delivery is Delivery.DELIVERY else "",
            random.choice(self._company.payment_ids) if told else None,
            random.choice(_COMMENTS) if happens(random, 0.2) else "",
            name, fee, total, total if state is State.INVOICED else None, needs_person,
            "Pidió hablar con una persona" if needs_person else "",
            state is State.COMPLETE and happens(random, 0.02),
            told and happens(random, 0.1), order.operator_id,
        )  # fmt: skip

    def _history(self, order: Order) -> Iterator[tuple[str, Row]]:
        by_operator = order.operator_id is not None
        steps: list[tuple[datetime, ActorKind, State | None, State]] = [
            (order.at, ActorKind.BOT, None, State.INCOMPLETE)
        ]
        if order.state not in (State.INCOMPLETE, State.EXPIRED):
            steps.append(
                (order.at + timedelta(minutes=8), ActorKind.CUSTOMER, State.INCOMPLETE, State.COMPLETE)
            )
        if by_operator:
            took = order.at + timedelta(minutes=15)
            steps.append((took, ActorKind.OPERATOR, State.COMPLETE, State.IN_PROGRESS))
        if order.closed_at is not None:
            actor = ActorKind.OPERATOR if by_operator else ActorKind.SYSTEM
            steps.append((order.closed_at, actor, steps[-1][3], order.state))
        for version, (at, actor, before, after) in enumerate(steps, 1):
            self._change_id += 1
            who = order.operator_id if actor is ActorKind.OPERATOR else None
            fields = (
                json.dumps({"payment_method": [None, "Efectivo"]}) if actor is ActorKind.CUSTOMER else "{}"
            )
            yield "order_history", (
                self._change_id, order.number, written(at), actor.value, who, version,
                before and before.value, after.value, fields, "",
            )  # fmt: skip
