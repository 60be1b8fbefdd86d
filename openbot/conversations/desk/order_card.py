"""The open order beside a conversation: each fact with the message that set it; what is wanted, what still lacks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from openbot.actor import Actor
from openbot.catalogue.goods import format_money
from openbot.database import Session
from openbot.orders import detail as details
from openbot.orders import written
from openbot.orders.criteria import Reach
from openbot.orders.detail import Detail
from openbot.schema import OrderChange, Outbound
from openbot.vocabulary import Author, Delivery, OrderKind, OutboxState, State

_QUESTION = 300  #: characters of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing the order says."""

    key: str
    title: str
    text: str
    message: str | None  #: "in-123": the message that set it last; None: nobody's, or an operator's


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Where who asks may move the order."""

    to: State
    needs_reason: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCard:
    """The order."""

    id: int
    state: State
    kind: OrderKind
    version: int
    operator: str | None
    total: Decimal
    amount: Decimal | None
    is_estimated: bool
    fields: tuple[Fact, ...]
    items: tuple[Fact, ...]
    moves: tuple[Move, ...]
    person_reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """The conversation in three lines, for whoever takes it."""

    wants: str
    missing: tuple[str, ...]
    last_question: str  #: what the bot asked last and nobody answered yet; may be empty


def order_card(
    session: Session, *, order_id: int, reach: Reach, actor: Actor, now: datetime
) -> tuple[OrderCard, Digest]:
    """Return an open order and its digest. Raises OrderNotFound for who does not reach it."""
    found = details.detail(session, order_id=order_id, reach=reach, actor=actor, now=now)
    setters = _setters(session, order_id=order_id)
    row = found.row
    card = OrderCard(
        id=row.id,
        state=row.state,
        kind=row.kind,
        version=row.version,
        operator=row.operator,
        total=row.total,
        amount=row.amount,
        is_estimated=found.is_estimated,
        fields=tuple(_facts(found, setters)),
        items=tuple(
            Fact(
                key=f"item:{line.product_id}",
                title=line.name,
                text=f"{written.quantity_of(line)} · {format_money(line.total)}",
                message=setters.get(f"item:{line.name}"),
            )
            for line in found.items
        ),
        moves=tuple(Move(to=to, needs_reason=needs) for to, needs in found.moves.items()),
        person_reason=row.person_reason,
    )
    return card, _digest(session, found)


def _facts(found: Detail, setters: Mapping[str, str]) -> Iterator[Fact]:
    row = found.row
    texts = {
        "branch_id": row.branch or "",
        "delivery": written.DELIVERIES[row.delivery] if row.delivery else "",
        "address": ""
        if row.delivery is Delivery.PICKUP
        else ", ".join(filter(None, (found.address, found.zone))),
        "payment_method_id": written.payment_of(found) if row.payment_method else "",
        "name": found.order_name,
        "comment": found.comment,
    }
    for key, text in texts.items():
        if text:
            title = written.FIELDS[key.removesuffix("_id")]
            yield Fact(key=key, title=title, text=text, message=setters.get(key))


def _setters(session: Session, *, order_id: int) -> dict[str, str]:
    """Map each field to the customer's message behind its latest change."""
    lines = session.execute(
        select(OrderChange.fields, OrderChange.inbound_id)
        .where(OrderChange.order_id == order_id)
        .order_by(OrderChange.id)
    )
    found: dict[str, str] = {}
    for fields, inbound_id in lines:
        for field in fields:
            if inbound_id is None:
                found.pop(field, None)  # an operator's word is the latest
            else:
                found[field] = f"in-{inbound_id}"
    return found


def _digest(session: Session, found: Detail) -> Digest:
    row = found.row
    goods = ", ".join(f"{written.quantity_of(line)} {line.name}" for line in found.items[:4])
    more = len(found.items) - 4
    wants = f"{goods} y {more} más" if more > 0 else goods
    if row.kind is OrderKind.HELP or (row.person_reason and not goods):
        wants = row.person_reason or "Hablar con una persona"
    return Digest(
        wants=wants or "Todavía no dijo qué quiere",
        missing=tuple(_missing(found)) if row.kind is OrderKind.ORDER else (),
        last_question=_last_question(session, contact_id=row.contact_id),
    )


def _missing(found: Detail) -> Iterator[str]:
    row = found.row
    if row.state is not State.INCOMPLETE and row.completed_at is not None:
        return
    if not found.items:
        yield "los productos"
    if row.delivery is None:
        yield "envío o retiro"
    if row.delivery is Delivery.DELIVERY and not found.address:
        yield "la dirección"
    if row.branch_id is None:
        yield "la sucursal"
    if not row.payment_method:
        yield "la forma de pago"
    if not found.order_name:
        yield "el nombre"
    if row.completed_at is None:
        yield "confirmar"


def _last_question(session: Session, *, contact_id: int) -> str:
    """Return what the bot asked last, if it did ask and nobody of the company wrote after it."""
    last = session.execute(
        select(Outbound.author, Outbound.text)
        .where(
            Outbound.contact_id == contact_id,
            Outbound.state.not_in((OutboxState.DISCARDED, OutboxState.FAILED, OutboxState.NOTE)),
        )
        .order_by(Outbound.id.desc())
        .limit(1)
    ).one_or_none()
    if last is None or last.author is not Author.BOT:
        return ""
    asked = [line for line in last.text.splitlines() if "?" in line]
    return asked[-1].strip()[:_QUESTION] if asked else ""
