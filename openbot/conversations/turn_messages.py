"""Which messages a turn holds, and how the assistant gets them (turn contract v1)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, Table, bindparam, or_, select, text

from openbot.conversations.afterwords import AFTERWORD_TIME
from openbot.conversations.ownership import intent_of_tap
from openbot.database import Session
from openbot.schema import Inbound, Order
from openbot.vocabulary import InboxState

#: Kinds the turn contract has no word for.
_ASKED_AS = {"unknown": "unsupported", "form_reply": "unsupported"}

#: Taps that say: it is about the closed order.
_ABOUT_CLOSED = ("about_closed", "recover_order")

# Built once: building a statement costs more than running it.
_INBOX = cast("Table", Inbound.__table__)
_MESSAGES = select(
    *(_INBOX.c[name] for name in ("id", "wamid", "kind", "text", "payload", "data", "state", "reason"))
).order_by(_INBOX.c.sent_at, _INBOX.c.id)
_DUE = _MESSAGES.where(
    _INBOX.c.contact_id == bindparam("contact_id"),
    text("inbox.state IN ('due', 'held')"),
    or_(text("inbox.state = 'due'"), _INBOX.c.received_at > bindparam("held_since")),
)
_OF_TURN = _MESSAGES.where(_INBOX.c.turn_id == bindparam("turn_id"))
_LATEST_ORDER = (
    select(Order.id).where(Order.contact_id == bindparam("contact_id")).order_by(Order.id.desc()).limit(1)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnMessage:
    """One message as the assistant gets it; consecutive texts are one."""

    id: int  #: of the (last) inbox row
    kind: str
    text: str
    payload: str | None = None
    data: dict[str, Any] | None = None


def due(session: Session, *, contact_id: int, now: datetime) -> Sequence[Row[Any]]:
    """Return the due messages in the customer's order; with those that say what they are about, the held ones."""
    bound = {"contact_id": contact_id, "held_since": now - AFTERWORD_TIME}
    rows = session.execute(_DUE, bound).all()
    fresh = [row for row in rows if row.state is InboxState.DUE]
    if fresh and not any(row.reason == "afterword" for row in fresh):
        return rows  # whatever was held belongs to what the customer does now
    return fresh


def of_turn(session: Session, *, turn_id: int) -> Sequence[Row[Any]]:
    """Return the messages that were frozen into a turn, in the customer's order."""
    return session.execute(_OF_TURN, {"turn_id": turn_id}).all()


def is_after_close(rows: Sequence[Row[Any]], *, order_id: int | None) -> bool:
    """Say whether a turn only asks what the customer means: it was written after a close (product §2)."""
    return order_id is None and any(row.reason == "afterword" for row in rows)


def as_asked(
    session: Session, *, contact_id: int, order_id: int | None, rows: Sequence[Row[Any]]
) -> tuple[TurnMessage, ...]:
    """Return a turn's messages for the assistant. After a close it is only told that somebody wrote again."""
    if is_after_close(rows, order_id=order_id):
        return (_after_close(session, contact_id=contact_id, row=rows[-1]),)
    messages: list[TurnMessage] = []
    for row in _in_order(rows):
        if row.kind == "text" and messages and messages[-1].kind == "text":
            joined = f"{messages[-1].text}\n{row.text}"
            messages[-1] = TurnMessage(id=row.id, kind="text", text=joined)
            continue
        kind = _ASKED_AS.get(row.kind, row.kind)
        messages.append(TurnMessage(id=row.id, kind=kind, text=row.text, payload=row.payload, data=row.data))
    return tuple(messages)


def _after_close(session: Session, *, contact_id: int, row: Row[Any]) -> TurnMessage:
    closed = session.scalar(_LATEST_ORDER, {"contact_id": contact_id})
    payload = "/after_close" + json.dumps({"order": str(closed)})
    return TurnMessage(id=row.id, kind="tap", text="", payload=payload)


def _in_order(rows: Sequence[Row[Any]]) -> Sequence[Row[Any]]:
    """Put the answer to «¿Es por tu pedido 123?» before what was held until then."""
    taps = [row for row in rows if intent_of_tap(row.payload) in ("new_order", *_ABOUT_CLOSED)]
    if not taps:
        return rows
    if intent_of_tap(taps[0].payload) in _ABOUT_CLOSED:
        return taps[
            :1
        ]  # what was written before is for the person who will read it, or was the change of mind
    return [taps[0], *(row for row in rows if row is not taps[0])]
