"""What the messages of a page speak of: messages, files, orders, operators, products. Few queries for a whole page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, or_, select

from openbot.database import Session
from openbot.schema import Branch, Inbound, Operator, Order, Outbound, Product, StoredFile
from openbot.vocabulary import Author, FileState, OrderKind, OutboxState, State

#: Kinds of messages that carry a file.
MEDIA = frozenset({"image", "document", "audio", "video", "sticker"})
_QUOTED = 200  #: characters of a message that another one quotes
#: Whose messages are sent again by hand: the bot's would be out of place by then, a broadcast is tried by itself.
_RETRIED = frozenset({Author.OPERATOR, Author.SYSTEM})
_RETRY = "retry:"
_FILES = select(
    StoredFile.id,
    StoredFile.inbound_id,
    StoredFile.state,
    StoredFile.kind,
    StoredFile.filename,
    StoredFile.mime_type,
    StoredFile.size,
    StoredFile.reason,
).where(StoredFile.state.not_in((FileState.GONE, FileState.UPLOADED)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A message that another one answers, changes or reacts to."""

    id: str  #: "in-9911" or "out-77"; empty when it is not ours to show
    author: str
    kind: str
    text: str  #: its beginning


@dataclass(frozen=True, slots=True, kw_only=True)
class FileShown:
    """A file of a message; its bytes are at `/api/files/{id}` once it is stored."""

    id: int
    state: FileState
    kind: str
    filename: str
    mime_type: str
    size: int
    reason: str  #: a code: why it is not there, or what is waited for


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
    files_in: Mapping[int, FileShown] = field(default_factory=dict)  #: by the message that came
    files_out: Mapping[int, FileShown] = field(default_factory=dict)  #: by their ids
    retried: frozenset[int] = frozenset()  #: messages that failed and were sent again


def of(session: Session, *, came: Sequence[Row[Any]], went: Sequence[Row[Any]], contact_id: int) -> Context:
    """Look up everything that these rows of inbox and outbox speak of."""
    data = [row.data for row in came if row.data]
    wamids = {each[key] for each in data for key in ("reply_to", "original_wamid") if each.get(key)}
    wamids |= {row.reply_to for row in went if row.reply_to}
    codes = {line["code"] for each in data for line in each.get("items") or () if line.get("code")}
    numbers = {row.number_id for row in came}
    files = _files(session, came=came, went=went, contact_id=contact_id)
    return Context(
        quotes=_quotes(session, wamids, contact_id=contact_id, numbers=numbers) if wamids else {},
        operators=_operators(session, {row.operator_id for row in went if row.operator_id}),
        products=_products(session, codes),
        orders=_orders(session, {row.order_id for row in (*came, *went) if row.order_id}),
        files_in={inbound_id: file for inbound_id, file in files if inbound_id is not None},
        files_out={file.id: file for _, file in files},
        retried=_retried(session, {row.id for row in went if may_be_retried(row)}),
    )


def kind_of(bubble: Mapping[str, Any]) -> str:
    """Return what an outgoing message is: a text, an image, a document …, in the words of MessageKind."""
    medium = bubble.get("medium")
    return str(bubble.get("kind") or (medium or {}).get("kind") or "text")


def retry_key(outbound_id: int) -> str:
    """Return the key under which a message that failed is queued once more."""
    return f"{_RETRY}{outbound_id}"


def may_be_retried(row: Row[Any] | Outbound) -> bool:
    """Say whether this message failed and is one that somebody may send again by hand."""
    failed = row.state is OutboxState.FAILED or row.delivery == "failed"
    return failed and row.author in _RETRIED and "from_phone" not in row.bubble


def _retried(session: Session, ids: set[int]) -> frozenset[int]:
    if not ids:
        return frozenset()
    keys = session.scalars(select(Outbound.key).where(Outbound.key.in_([retry_key(each) for each in ids])))
    return frozenset(int(str(key).removeprefix(_RETRY)) for key in keys)


def _files(
    session: Session, *, came: Sequence[Row[Any]], went: Sequence[Row[Any]], contact_id: int
) -> list[tuple[int | None, FileShown]]:
    """Return each with the message of the inbox it came in."""
    of_came = [row.id for row in came if row.kind in MEDIA]
    of_went = [row.file_id for row in went if row.file_id is not None]
    if not of_came and not of_went:
        return []
    is_theirs = or_(StoredFile.inbound_id.in_(of_came), StoredFile.id.in_(of_went))
    return [
        (
            row.inbound_id,
            FileShown(
                id=row.id,
                state=row.state,
                kind=row.kind,
                filename=row.filename,
                mime_type=row.mime_type,
                size=row.size,
                reason=row.reason,
            ),
        )
        for row in session.execute(_FILES.where(is_theirs, StoredFile.contact_id == contact_id))
    ]


def _quotes(session: Session, wamids: set[str], *, contact_id: int, numbers: set[str]) -> dict[str, Quote]:
    if not numbers:  # a page of our own words alone; with its number WhatsApp's id is found in an index
        latest = select(Inbound.number_id).where(Inbound.contact_id == contact_id)
        numbers = set(session.scalars(latest.order_by(Inbound.id.desc()).limit(1)))
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
