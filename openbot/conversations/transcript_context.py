"""What the messages of a page speak of: other messages, orders, operators, products. A few queries for a whole page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from openbot.database import Session
from openbot.schema import Branch, Inbound, Operator, Order, Outbound, Product
from openbot.vocabulary import Author, OrderKind, State

_QUOTED = 200  #: characters of a message that another one quotes


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A message that another one answers, changes or reacts to."""

    id: str  #: "in-9911" or "out-77"; empty when it is not ours to show
    author: str
    kind: str
    text: str  #: its beginning


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderMark:
    """What the transcript says of an order."""

    id: int
    state: State
    kind: OrderKind
    created_at: datetime
    branch_id: int | None
    branch: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Looked up for one page."""

    quotes: Mapping[str, Quote] = field(default_factory=dict)  #: by WhatsApp's id
    operators: Mapping[int, str] = field(default_factory=dict)
    products: Mapping[str, str] = field(default_factory=dict)  #: names by code
    orders: Mapping[int, OrderMark] = field(default_factory=dict)


def of(session: Session, *, came: Sequence[Row[Any]], went: Sequence[Row[Any]], contact_id: int) -> Context:
    """Look up everything that these rows of inbox and outbox speak of."""
    data = [row.data for row in came if row.data]
    wamids = {each[key] for each in data for key in ("reply_to", "original_wamid") if each.get(key)}
    codes = {line["code"] for each in data for line in each.get("items") or () if line.get("code")}
    numbers = {row.number_id for row in came}
    return Context(
        quotes=_quotes(session, wamids, contact_id=contact_id, numbers=numbers) if wamids else {},
        operators=_operators(session, {row.operator_id for row in went if row.operator_id}),
        products=_products(session, codes),
        orders=_orders(session, {row.order_id for row in (*came, *went) if row.order_id}),
    )


def kind_of(bubble: Mapping[str, Any]) -> str:
    """Return what an outgoing message is: a text, an image, a document …, in the words of MessageKind."""
    medium = bubble.get("medium")
    return str(bubble.get("kind") or (medium or {}).get("kind") or "text")


def _quotes(session: Session, wamids: set[str], *, contact_id: int, numbers: set[str]) -> dict[str, Quote]:
    came = select(Inbound.wamid, Inbound.id, Inbound.kind, Inbound.text).where(
        Inbound.number_id.in_(numbers), Inbound.wamid.in_(wamids), Inbound.contact_id == contact_id
    )
    went = select(Outbound.wamid, Outbound.id, Outbound.author, Outbound.bubble, Outbound.text).where(
        Outbound.wamid.in_(wamids), Outbound.contact_id == contact_id
    )
    found = {
        row.wamid: Quote(id=f"in-{row.id}", author="cliente", kind=row.kind, text=row.text[:_QUOTED])
        for row in session.execute(came)
    }
    for row in session.execute(went):
        found[row.wamid] = Quote(
            id=f"out-{row.id}",
            author=str(Author(row.author)),
            kind=kind_of(row.bubble),
            text=row.text[:_QUOTED],
        )
    return found


def _operators(session: Session, ids: set[int]) -> dict[int, str]:
    if not ids:
        return {}
    return dict(session.execute(select(Operator.id, Operator.name).where(Operator.id.in_(ids))).all())


def _products(session: Session, codes: set[str]) -> dict[str, str]:
    if not codes:
        return {}
    found = session.execute(select(Product.code, Product.name).where(Product.code.in_(codes)))
    return dict(found.all())


def _orders(session: Session, ids: set[int]) -> dict[int, OrderMark]:
    if not ids:
        return {}
    found = session.execute(
        select(Order.id, Order.state, Order.kind, Order.created_at, Order.branch_id, Branch.name)
        .outerjoin(Branch, Branch.id == Order.branch_id)
        .where(Order.id.in_(ids))
        .order_by(Order.id)
    )
    return {
        row.id: OrderMark(
            id=row.id,
            state=row.state,
            kind=row.kind,
            created_at=row.created_at,
            branch_id=row.branch_id,
            branch=row.name or "",
        )
        for row in found
    }
