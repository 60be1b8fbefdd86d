"""When an operator leaves — disabled, deleted, the shift over — their EN PROCESO orders go back to the queue."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from sqlalchemy import select

from openbot.actor import SYSTEM
from openbot.contacts import operations as contacts
from openbot.conversations import handover
from openbot.database import Session
from openbot.operators import audit, sessions, shifts
from openbot.operators.sessions import Because
from openbot.operators.shifts import Standing
from openbot.orders import operations as orders
from openbot.schema import Operator, Order, PanelSession
from openbot.vocabulary import Enabled, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Departed:
    """Somebody who holds orders or a session without being at work."""

    operator_id: int
    name: str
    because: Because


def give_back(session: Session, *, operator_id: int, reason: str, now: datetime) -> list[int]:
    """Return every EN PROCESO order of a person to the queue; gives their ids.

    Each has the state again that it had before, asks for a person and says why, so that somebody takes it. Locks the
    contacts in order; call it before anything else is locked.
    """
    held = session.execute(
        select(Order.id, Order.contact_id)
        .where(Order.operator_id == operator_id, Order.state == State.IN_PROGRESS)
        .order_by(Order.contact_id)
    ).all()
    given = []
    for order_id, contact_id in held:
        contacts.lock(session, contact_id=contact_id)
        order = orders.get(session, order_id=order_id)
        if order.state is not State.IN_PROGRESS or order.operator_id != operator_id:
            continue  # closed or handed on meanwhile
        back = order.state_before or State.COMPLETE
        handover.move_order(session, order_id=order_id, to=back, actor=SYSTEM, now=now, reason=reason)
        alert = {"needs_person": True, "person_reason": reason[:500]}
        orders.change(session, order_id=order_id, actor=SYSTEM, now=now, fields=alert, reason=reason)
        given.append(order_id)
    return given


def departed(session: Session, *, zone: tzinfo, overtime: timedelta, now: datetime) -> list[Departed]:
    """Return who holds orders or a session without being at work. A read; `settle` does the rest, one by one."""
    holding = select(Order.operator_id).where(Order.state == State.IN_PROGRESS)
    signed_in = select(PanelSession.operator_id).where(PanelSession.ended_at.is_(None))
    people = session.scalars(
        select(Operator).where(Operator.id.in_(holding) | Operator.id.in_(signed_in)).order_by(Operator.id)
    )
    found = []
    for person in people:
        because = _because(person, zone=zone, overtime=overtime, now=now)
        if because is not None:
            found.append(Departed(operator_id=person.id, name=person.name, because=because))
    return found


def settle(session: Session, *, departed: Departed, now: datetime) -> list[int]:
    """Give back the orders of one of them, end the session, note it; returns the orders. Idempotent; drafts stay."""
    reason = reason_for(departed.because, name=departed.name)
    given = give_back(session, operator_id=departed.operator_id, reason=reason, now=now)
    ended = sessions.end(session, operator_id=departed.operator_id, because=departed.because, now=now)
    if given or ended is not None:
        audit.note(
            session,
            operator_id=departed.operator_id,
            action="shift_ended" if departed.because is Because.SHIFT else "orders_given_back",
            subject=f"user {departed.operator_id}",
            detail={"because": departed.because.value, "orders": given[:100]},
            now=now,
        )
    return given


def reason_for(because: Because, *, name: str) -> str:
    """Say for histories and the queue why nobody attends an order any more."""
    match because:
        case Because.SHIFT:
            return f"Terminó el plan de trabajo de {name}"
        case Because.DELETED:
            return f"El usuario {name} fue eliminado"
        case _:
            return f"El usuario {name} fue deshabilitado"


def _because(person: Operator, *, zone: tzinfo, overtime: timedelta, now: datetime) -> Because | None:
    if person.deleted_at is not None:
        return Because.DELETED
    if person.enabled is not Enabled.YES:
        return Because.DISABLED
    where = shifts.standing(shifts.of(person.shift), at=now, zone=zone, overtime=overtime)
    return Because.SHIFT if where is Standing.OUTSIDE else None
