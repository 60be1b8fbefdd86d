"""What people of the company do with an order's state: take it, give it back, close it, reopen it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from openbot.actor import Actor
from openbot.contacts import operations as contacts
from openbot.conversations import handover
from openbot.database import Session
from openbot.fields import Form
from openbot.orders import editing, operations
from openbot.orders.criteria import Reach
from openbot.orders.lifecycle import MoveNotAllowed
from openbot.schema import Order
from openbot.vocabulary import OPEN_STATES, State

#: Where `bulk` may send orders.
IN_BULK = (State.CANCELLED, State.RESOLVED, State.NO_ANSWER)
LONGEST_REASON = 500


def move(
    session: Session,
    *,
    order_id: int,
    to: State,
    version: int | None,
    values: Mapping[str, Any],
    reach: Reach,
    actor: Actor,
    now: datetime,
    expires_after: timedelta,
) -> Order:
    """Move an order that was read in `version` (None: whatever it is by now); `values` are `reason` and `amount`.

    FACTURADO has an amount: what was typed, else the one it has, else the total. Raises OrderNotFound, OrderChanged,
    MoveNotAllowed, ReasonMissing, AnotherOpenOrder, FieldsWrong.
    """
    order = editing.lock(session, order_id=order_id, reach=reach, version=version)
    before = order.state
    reason, amount = _read(values, order)
    if to is State.INVOICED and before in OPEN_STATES and order.amount != amount:
        operations.change(session, order_id=order_id, actor=actor, now=now, fields={"amount": amount})
    if before not in OPEN_STATES and contacts.lock(session, contact_id=order.contact_id).deleted_at:
        raise MoveNotAllowed(current=before, wanted=to)  # there is nobody left to talk to
    return handover.move_order(
        session,
        order_id=order_id,
        to=to,
        actor=actor,
        now=now,
        reason=reason,
        expires_after=expires_after if before not in OPEN_STATES else None,
    )


def reason_of(values: Mapping[str, Any]) -> str:
    """Return `reason` as it is kept. Raises FieldsWrong."""
    form = Form(values)
    _read_reason(form)
    reason: str = form.done().get("reason", "")
    return reason


def _read_reason(form: Form) -> None:
    form.text("reason", longest=LONGEST_REASON, empty=True, lines=True)


def _read(values: Mapping[str, Any], order: Order) -> tuple[str, Any]:
    form = Form(values)
    form.known(("reason", "amount"))
    _read_reason(form)
    if form.values.get("amount") not in (None, ""):
        form.money("amount")
    read = form.done()
    amount = read.get("amount", order.total if order.amount is None else order.amount)
    return read.get("reason", ""), amount
