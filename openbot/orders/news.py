"""What happened since somebody looked that is worth a sound (product §5)."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select

from openbot.database import Session
from openbot.orders.conditions import is_reached
from openbot.orders.criteria import Reach
from openbot.schema import Contact, Inbound, Order, OrderChange
from openbot.vocabulary import InboxState, OrderKind, State

_MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One event."""

    order_id: int
    kind: str  #: complete, help (a person is asked for), message (of a customer of mine)
    name: str  #: of the contact


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What is new, and from where on it will be next time."""

    cursor: str
    pieces: tuple[Piece, ...]


def since(session: Session, *, after: str, reach: Reach) -> News:
    """Return what is new after a cursor, at most 50 of each kind; without a cursor only that.

    A mere INCOMPLETO is nothing new; nor is what colleagues' customers write.
    """
    last_change = session.scalar(select(func.max(OrderChange.id))) or 0
    last_message = session.scalar(select(func.max(Inbound.id))) or 0
    cursor = f"{last_change}.{last_message}"
    if not after:
        return News(cursor=cursor, pieces=())
    change_id, message_id = (int(each) for each in after.split("."))
    pieces = [
        *_changes(session, OrderChange.id.between(change_id + 1, last_change), reach),
        *_messages(session, Inbound.id.between(message_id + 1, last_message), reach),
    ]
    return News(cursor=cursor, pieces=tuple(pieces))


def _changes(session: Session, new: ColumnElement[bool], reach: Reach) -> list[Piece]:
    rows = session.execute(
        select(OrderChange.to_state, OrderChange.fields, Order.id, Order.kind, Order.needs_person, _NAME)
        .join(Order, Order.id == OrderChange.order_id)
        .join(Contact, Contact.id == Order.contact_id)
        .where(
            new,
            is_reached(reach),
            or_(OrderChange.to_state == State.COMPLETE, OrderChange.to_state.is_(None)),
        )
        .order_by(OrderChange.id)
        .limit(_MOST)
    )
    found: dict[int, Piece] = {}
    for to_state, fields, order_id, kind, needs_person, name in rows:
        asks = needs_person and fields.get("needs_person", [None, None])[1] is True
        if to_state is State.COMPLETE or asks:
            what = "help" if asks or kind is OrderKind.HELP else "complete"
            found[order_id] = Piece(order_id=order_id, kind=what, name=name)
    return list(found.values())


def _messages(session: Session, new: ColumnElement[bool], reach: Reach) -> list[Piece]:
    rows = session.execute(
        select(Order.id, _NAME)
        .select_from(Inbound)
        .join(Order, Order.id == Inbound.order_id)
        .join(Contact, Contact.id == Order.contact_id)
        .where(
            new,
            Inbound.state == InboxState.LEFT,
            Order.state == State.IN_PROGRESS,
            Order.operator_id == reach.operator_id,
            is_reached(reach),
        )
        .distinct()
        .limit(_MOST)
    )
    return [Piece(order_id=order_id, kind="message", name=name) for order_id, name in rows]


_NAME = func.coalesce(func.nullif(Contact.name, ""), Contact.profile_name)
