"""What people of the company change of an order, as they typed it."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from openbot import company
from openbot.actor import Actor
from openbot.contacts import operations as contacts
from openbot.database import Session
from openbot.fields import MOST_MONEY, FieldsWrong, Form
from openbot.orders import changed_items, operations
from openbot.orders.criteria import LARGEST_ID, Reach
from openbot.orders.detail import find
from openbot.orders.operations import OrderChanged
from openbot.orders.past import changes_after
from openbot.schema import Branch, Order, PaymentMethod, Zone
from openbot.vocabulary import Delivery, OrderKind

#: Everything `edit` takes.
EDITABLE = (
    "kind", "branch_id", "zone_id", "delivery", "delivery_fee", "address", "payment_method_id", "cash_with",
    "comment", "name", "amount", "custom", "items",
)  # fmt: skip
_PLACES = frozenset({"branch_id", "zone_id", "delivery", "delivery_fee"})
_NO_FEE = Decimal("0.00")
_MOST_OF_A_FIELD = 10.0**12


def lock(session: Session, *, order_id: int, reach: Reach, version: int | None) -> Order:
    """Lock contact and order for somebody who read `version`; None: whatever it is by now.

    Raises OrderNotFound, and OrderChanged with what happened since.
    """
    found = find(session, order_id=order_id, reach=reach)
    contacts.lock(session, contact_id=found.contact_id)
    order = operations.get(session, order_id=order_id)
    if version is not None and order.version != version:
        stale = OrderChanged(seen=version, current=order.version)
        stale.detail |= changes_after(session, order_id=order_id, version=version)
        raise stale
    return order


def edit(
    session: Session,
    *,
    order_id: int,
    values: Mapping[str, Any],
    version: int,
    reach: Reach,
    actor: Actor,
    now: datetime,
) -> Order:
    """Save some of EDITABLE and return the order. Raises OrderNotFound, OrderChanged, OrderClosed, FieldsWrong."""
    order = lock(session, order_id=order_id, reach=reach, version=version)
    form = Form(values)
    form.known(EDITABLE)
    form.text("address", longest=300, empty=True)
    form.text("comment", longest=1000, empty=True, lines=True)
    form.text("name", longest=100, empty=True)
    if form.has("kind"):
        form.choice("kind", tuple(OrderKind))
    _read_places(session, form, order)
    _read_payment(session, form, order)
    _read_custom(session, form, order)
    items = changed_items.read(session, form, order) if form.has("items") else []
    read = form.done()
    fields = {name: value for name, value in read.items() if getattr(order, name) != value}
    if not fields and not items:
        return order
    changed = operations.change(session, order_id=order_id, actor=actor, now=now, fields=fields, items=items)
    if changed.total > MOST_MONEY:
        raise FieldsWrong({"items": "too_much"})
    return changed


def _read_places(session: Session, form: Form, order: Order) -> None:
    """Delivery, zone and branch belong together: a zone is of one branch, who picks up needs none."""
    if not _PLACES.intersection(form.values):
        return  # whatever the order says of it stays as it is
    _read_delivery(form)
    branch = _read_row(session, form, "branch_id", Branch, order.branch_id, wrong="unknown_branch")
    zone = _read_row(session, form, "zone_id", Zone, order.zone_id, wrong="unknown_zone")
    form.money("delivery_fee")
    read = form.read
    if read.get("delivery", order.delivery) is Delivery.PICKUP:
        read |= {"zone_id": None, "delivery_fee": _NO_FEE}
    elif zone is not None:
        if branch is not None and branch.id != zone.branch_id:
            form.refuse("zone_id", "zone_of_other_branch")
        read["branch_id"] = zone.branch_id
        if zone.id != order.zone_id:
            read.setdefault("delivery_fee", zone.fee)
        if read.get("delivery", order.delivery) is None:
            read["delivery"] = Delivery.DELIVERY
    elif "branch_id" in read and order.zone_id is not None:
        of_zone = session.scalar(select(Zone.branch_id).where(Zone.id == order.zone_id))
        if of_zone != read["branch_id"]:
            read["zone_id"] = None
            read.setdefault("delivery_fee", _NO_FEE)  # the other branch's is not known yet


def _read_delivery(form: Form) -> None:
    if not form.has("delivery"):
        return
    value = form.values["delivery"]
    if value in (None, ""):
        form.read["delivery"] = None
    elif value in tuple(Delivery):
        form.read["delivery"] = Delivery(value)
    else:
        form.refuse("delivery", "not_a_choice")


def _read_payment(session: Session, form: Form, order: Order) -> None:
    method = _read_row(
        session,
        form,
        "payment_method_id",
        PaymentMethod,
        order.payment_method_id,
        wrong="unknown_payment_method",
    )
    for name in ("amount", "cash_with"):
        if form.values.get(name, "?") in (None, ""):
            form.read[name] = None
        else:
            form.money(name)
    if method is not None and not method.is_cash and order.cash_with is not None and order.closed_at is None:
        form.read["cash_with"] = None


def _read_row(
    session: Session, form: Form, name: str, table: Any, present: int | None, *, wrong: str
) -> Any | None:
    """Read the id of something that can still be chosen, or that the order has already; return its row."""
    if not form.has(name):
        return None
    value = form.values[name]
    if value is None:
        form.read[name] = None
        return None
    is_id = isinstance(value, int) and not isinstance(value, bool) and 0 < value <= LARGEST_ID
    row = session.get(table, value) if is_id else None
    if row is None or not (row.active or row.id == present):
        form.refuse(name, wrong)
        return None
    form.read[name] = row.id
    return row


def _read_custom(session: Session, form: Form, order: Order) -> None:
    """Read the company's own fields; those that are not there stay as they are, empty ones go."""
    if not form.has("custom"):
        return
    value = form.values["custom"]
    if not isinstance(value, Mapping):
        form.refuse("custom", "not_a_choice")
        return
    inner = Form({key: each for key, each in value.items() if each not in (None, "")})
    kinds = {each.key: each.kind for each in company.read(session).order_fields}
    for key in value:
        match kinds.get(key):
            case "text":
                inner.text(key, longest=300)
            case "number":
                inner.number(key, least=-_MOST_OF_A_FIELD, most=_MOST_OF_A_FIELD, whole=False)
            case "day":
                inner.day(key)
            case "check":
                inner.flag(key)
            case _:
                inner.refuse(str(key)[:40], "unknown_order_field")
    for key, code in inner.wrong.items():
        form.refuse(f"custom.{key}", code)
    kept = {key: each for key, each in (order.custom or {}).items() if key not in value}
    read = {key: each.isoformat() if isinstance(each, date) else each for key, each in inner.read.items()}
    form.read["custom"] = kept | read or None
