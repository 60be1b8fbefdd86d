"""Who attends a conversation: take it, take it over, hand it on, give it back to the bot."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from openbot.actor import Actor
from openbot.contacts import operations as contacts
from openbot.conversations import handover
from openbot.conversations.desk import standing
from openbot.conversations.desk.standing import BotAnswers, ContactBlocked, Standing
from openbot.database import Session
from openbot.errors import OpenbotError
from openbot.operators import audit
from openbot.orders import assigning, operations
from openbot.schema import Contact, Operator, OperatorBranch, Order, PanelSession
from openbot.vocabulary import Enabled, OrderKind, Role, State


class OperatorUnfit(OpenbotError):
    """That person cannot attend this order: disabled, or not of its branch."""

    code = "operator_unfit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody who could attend."""

    id: int
    name: str
    is_here: bool  #: signed in now


def take(
    session: Session,
    *,
    contact_id: int,
    operator_id: int,
    actor: Actor,
    from_operator: int | None,
    now: datetime,
    expires_after: timedelta,
) -> None:
    """Attend a conversation from now on; the bot is silent. Without an open order one for help is opened.

    From another operator only when `from_operator` names them. Raises NotYours, ContactBlocked, and as a move does.
    """
    contact, there = _look(session, contact_id=contact_id, operator_id=operator_id, now=now)
    if contact.blocked_at is not None or contact.deleted_at is not None:
        raise ContactBlocked
    if there.order_state is State.IN_PROGRESS:
        if there.operator_id == operator_id:
            return
        if there.operator_id is not None and from_operator != there.operator_id:
            raise standing.other(session, there)
        _assign(session, there, operator_id=operator_id, actor=actor, now=now)
        return
    order_id = there.order_id or _open_help(
        session, contact_id=contact_id, actor=actor, now=now, expires_after=expires_after
    )
    contact.phone_reply_until = None
    handover.move_order(session, order_id=order_id, to=State.IN_PROGRESS, actor=actor, now=now)


def give_back(session: Session, *, contact_id: int, operator_id: int, actor: Actor, now: datetime) -> None:
    """«Devolver al bot»: the order has the state again that it had before. Raises NotYours, BotAnswers."""
    _, there = _look(session, contact_id=contact_id, operator_id=operator_id, now=now)
    if there.order_state is State.IN_PROGRESS and there.order_id is not None:
        if there.operator_id != operator_id and actor.role is not Role.ADMINISTRATOR:
            raise standing.other(session, there)
        back = operations.get(session, order_id=there.order_id).state_before or State.COMPLETE
        handover.move_order(session, order_id=there.order_id, to=back, actor=actor, now=now)
    elif not handover.end_phone_reply(session, contact_id=contact_id, now=now):
        raise BotAnswers


def assign(
    session: Session, *, contact_id: int, to_operator: int, operator_id: int, actor: Actor, now: datetime
) -> None:
    """Hand a conversation on to a colleague. Raises NotYours, BotAnswers, OperatorUnfit."""
    _, there = _look(session, contact_id=contact_id, operator_id=operator_id, now=now)
    if there.order_state is not State.IN_PROGRESS:
        raise BotAnswers
    if there.operator_id != operator_id and actor.role is not Role.ADMINISTRATOR:
        raise standing.other(session, there)
    if to_operator not in {each.id for each in colleagues(session, contact_id=contact_id)}:
        raise OperatorUnfit
    _assign(session, there, operator_id=to_operator, actor=actor, now=now)


def colleagues(session: Session, *, contact_id: int) -> list[Colleague]:
    """Return who could attend this conversation: enabled, and of the branch of its order; by name."""
    branch_id = session.scalar(select(Contact.branch_id).where(Contact.id == contact_id))
    limited = select(OperatorBranch.operator_id).where(OperatorBranch.operator_id == Operator.id)
    fits = ~limited.exists() | limited.where(OperatorBranch.branch_id == branch_id).exists()
    signed_in = select(PanelSession.id).where(
        PanelSession.operator_id == Operator.id, PanelSession.ended_at.is_(None)
    )
    rows = session.execute(
        select(Operator.id, Operator.name, signed_in.exists().label("is_here"))
        .where(
            Operator.deleted_at.is_(None),
            Operator.enabled == Enabled.YES,
            *([] if branch_id is None else [fits | (Operator.role == Role.ADMINISTRATOR)]),
        )
        .order_by(Operator.name, Operator.id)
    )
    return [Colleague(id=row.id, name=row.name, is_here=bool(row.is_here)) for row in rows]


def _look(session: Session, *, contact_id: int, operator_id: int, now: datetime) -> tuple[Contact, Standing]:
    contact = contacts.lock(session, contact_id=contact_id)
    return contact, standing.standing(session, contact=contact, operator_id=operator_id, now=now)


def _assign(session: Session, there: Standing, *, operator_id: int, actor: Actor, now: datetime) -> None:
    order_id = there.order_id or 0
    assigning.assign(session, order_id=order_id, operator_id=operator_id, actor=actor, now=now)
    audit.note(
        session,
        operator_id=actor.operator_id,
        action="order_assigned",
        subject=f"order {order_id}",
        detail={"from": there.operator_id, "to": operator_id},
        now=now,
    )


def _open_help(
    session: Session, *, contact_id: int, actor: Actor, now: datetime, expires_after: timedelta
) -> int:
    """The company writes first: what it is about is not an order to buy yet."""
    order: Order = operations.open_for(session, contact_id=contact_id, now=now, expires_after=expires_after)
    operations.change(session, order_id=order.id, actor=actor, now=now, fields={"kind": OrderKind.HELP})
    return order.id
