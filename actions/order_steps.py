"""Which question comes next? Pure: the order as it is and what the dialogue remembers in, a step out."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from actions.memory import Memory
from openbot.catalogue.goods import Catalogue
from openbot.orders.items import line_total
from openbot.orders.queries import FullOrder
from openbot.vocabulary import Delivery, State

#: In the order in which they are asked; each is a slot of the form in domain.yml.
STEPS = (
    "delivery",
    "address",
    "place",
    "branch",
    "items",
    "minimum",
    "payment_method",
    "cash_with",
    "comment",
    "name",
    "phone",
)
#: Steps that a customer may leave out; they count as done when asked once.
OPTIONAL = frozenset({"cash_with", "comment", "phone"})


def next_step(order: FullOrder | None, *, memory: Memory, catalogue: Catalogue) -> str | None:
    """Name the next question; None when the form is through."""
    if memory.questions:
        return "question"
    if order is None or order.state not in {State.INCOMPLETE, State.COMPLETE}:
        return None
    if memory.reopened:
        return memory.reopened
    if order.state is State.COMPLETE:
        return None
    missing = (step for step in STEPS if not is_filled(step, order, memory=memory, catalogue=catalogue))
    return next(missing, "confirmed")


def is_filled(step: str, order: FullOrder, *, memory: Memory, catalogue: Catalogue) -> bool:
    """Say whether a step needs no question."""
    return step in OPTIONAL & set(memory.done) or _IS_FILLED[step](order, memory, catalogue)


def goods_total(order: FullOrder) -> Decimal:
    """Price of the goods, delivery apart."""
    lines = (line_total(quantity=each.quantity, unit_price=each.unit_price) for each in order.items)
    return sum(lines, Decimal(0))


def missing_for_delivery(order: FullOrder, *, catalogue: Catalogue) -> Decimal:
    """Pesos of goods that lack to the zone's minimum; 0 when it is reached, or nothing is delivered."""
    zone = catalogue.zone(order.zone_id) if order.zone_id else None
    if zone is None or order.delivery is not Delivery.DELIVERY:
        return Decimal(0)
    return max(zone.minimum - goods_total(order), Decimal(0))


def has_content(order: FullOrder | None) -> bool:
    """Say whether the customer would miss something if the order were gone."""
    return order is not None and bool(order.items or order.address or order.delivery)


def derived(fields: Mapping[str, Any], order: FullOrder, *, catalogue: Catalogue) -> dict[str, Any]:
    """Complete a change by what follows from it: zone → branch and fee, pick-up → no address, one option → taken."""
    result = dict(fields)

    def value(name: str) -> Any:
        return result.get(name, getattr(order, name))

    if value("delivery") is None and not catalogue.zones:
        result["delivery"] = Delivery.PICKUP
    if value("delivery") is Delivery.PICKUP:
        result.update(
            zone_id=None, delivery_fee=Decimal(0), address=""
        )  # where they are still tells what is near
        if order.delivery is Delivery.DELIVERY and "branch_id" not in fields:
            result["branch_id"] = None  # the branch of the zone is not the one to pick up at
        if value("branch_id") is None and len(catalogue.branches) == 1:
            result["branch_id"] = catalogue.branches[0].id
    elif value("delivery") is Delivery.DELIVERY:
        zone = catalogue.zone(value("zone_id")) if value("zone_id") else None
        result["branch_id"] = zone.branch_id if zone else None
        result["delivery_fee"] = zone.fee if zone else Decimal(0)
    if value("payment_method_id") is None and len(catalogue.payment_methods) == 1:
        result["payment_method_id"] = catalogue.payment_methods[0].id
    method = catalogue.payment_method(value("payment_method_id")) if value("payment_method_id") else None
    if method is not None and not method.is_cash:
        result["cash_with"] = None
    return result


def _picks_up(order: FullOrder) -> bool:
    return order.delivery is not Delivery.DELIVERY


_IS_FILLED: dict[str, Callable[[FullOrder, Memory, Catalogue], bool]] = {
    "delivery": lambda order, _memory, _goods: order.delivery is not None,
    "address": lambda order, _memory, _goods: _picks_up(order) or bool(order.address),
    "place": lambda order, _memory, _goods: _picks_up(order) or order.zone_id is not None,
    "branch": lambda order, _memory, _goods: order.branch_id is not None,
    "items": lambda order, memory, _goods: bool(order.items) and "items" in memory.done,
    "minimum": lambda order, _memory, goods: not missing_for_delivery(order, catalogue=goods),
    "payment_method": lambda order, _memory, _goods: order.payment_method_id is not None,
    "cash_with": lambda order, _memory, goods: (
        not _asks_for_change(order, goods) or order.cash_with is not None
    ),
    "comment": lambda order, _memory, _goods: bool(order.comment),
    "name": lambda order, _memory, _goods: bool(order.name),
    "phone": lambda order, _memory, _goods: bool(order.phone),
}


def _asks_for_change(order: FullOrder, catalogue: Catalogue) -> bool:
    method = catalogue.payment_method(order.payment_method_id) if order.payment_method_id else None
    return method is not None and method.is_cash
