"""A conversation as the panel shows it, a page at a time, from either end: what came and what went in one order.

A place between two messages is a pair of ids, of the inbox and of the outbox: whatever arrives meanwhile, no message
is left out or shown twice. In a page, what came in stands where the customer wrote it, whenever it reached us.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import gt, itemgetter, lt
from typing import Any, Self

from sqlalchemy import Row, select

from openbot.conversations import transcript_context as context
from openbot.conversations import transcript_lines as lines
from openbot.conversations.transcript_context import OrderMark
from openbot.conversations.transcript_lines import Message
from openbot.database import Session
from openbot.errors import OpenbotError
from openbot.schema import Inbound, Outbound

_CURSOR = re.compile(r"i(\d{1,18})o(\d{1,18})", re.ASCII)
_BEYOND_ALL = 10**18 - 1

# Never `raw`: it is the largest column, and nothing of it is shown.
_CAME = select(
    Inbound.id,
    Inbound.number_id,
    Inbound.wamid,
    Inbound.kind,
    Inbound.text,
    Inbound.data,
    Inbound.sent_at,
    Inbound.received_at,
    Inbound.state,
    Inbound.reason,
    Inbound.order_id,
)
_WENT = select(
    Outbound.id,
    Outbound.wamid,
    Outbound.author,
    Outbound.operator_id,
    Outbound.order_id,
    Outbound.text,
    Outbound.bubble,
    Outbound.state,
    Outbound.reason,
    Outbound.queued_at,
    Outbound.released_at,
    Outbound.delivery,
    Outbound.error_code,
    Outbound.reply_to,
    Outbound.file_id,
)


class BadPlace(OpenbotError):
    """That is no place in a conversation."""

    code = "bad_cursor"


@dataclass(frozen=True, slots=True)
class Place:
    """Between messages: before it all of the inbox below `came` and of the outbox below `went`."""

    came: int
    went: int

    @classmethod
    def read(cls, cursor: str) -> Self:
        """Read what `str` wrote. Raises BadPlace."""
        match = _CURSOR.fullmatch(cursor)
        if match is None:
            raise BadPlace
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        """Write it for an address."""
        return f"i{self.came}o{self.went}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Messages in a row, oldest first."""

    messages: tuple[Message, ...]
    before: Place  #: everything older is before it
    after: Place  #: everything newer is not before it
    has_more: bool  #: in the direction that was asked for
    orders: tuple[OrderMark, ...]  #: those that the messages belong to


def latest(session: Session, *, contact_id: int, limit: int) -> Page:
    """Return the last messages."""
    came, went = _before(session, contact_id=contact_id, place=Place(_BEYOND_ALL, _BEYOND_ALL), limit=limit)
    end = Place(came[0].id + 1 if came else 0, went[0].id + 1 if went else 0)
    return _older(session, came, went, contact_id=contact_id, end=end, limit=limit)


def older(session: Session, *, contact_id: int, before: Place, limit: int) -> Page:
    """Return the messages just before a place."""
    came, went = _before(session, contact_id=contact_id, place=before, limit=limit)
    return _older(session, came, went, contact_id=contact_id, end=before, limit=limit)


def newer(session: Session, *, contact_id: int, after: Place, limit: int) -> Page:
    """Return the messages just after a place."""
    came = _CAME.where(Inbound.contact_id == contact_id, Inbound.id >= after.came)
    went = _WENT.where(Outbound.contact_id == contact_id, Outbound.id >= after.went)
    taken = _take(
        session.execute(came.order_by(Inbound.id).limit(limit + 1)).all(),
        session.execute(went.order_by(Outbound.id).limit(limit + 1)).all(),
        limit=limit,
        is_next=lt,
    )
    end = Place(
        max((row.id + 1 for row in taken.came), default=after.came),
        max((row.id + 1 for row in taken.went), default=after.went),
    )
    return _page(session, taken, contact_id=contact_id, start=after, end=end)


@dataclass(frozen=True, slots=True)
class _Taken:
    came: list[Row[Any]]
    went: list[Row[Any]]
    has_more: bool


def _before(
    session: Session, *, contact_id: int, place: Place, limit: int
) -> tuple[Sequence[Row[Any]], Sequence[Row[Any]]]:
    came = _CAME.where(Inbound.contact_id == contact_id, Inbound.id < place.came)
    went = _WENT.where(Outbound.contact_id == contact_id, Outbound.id < place.went)
    return (
        session.execute(came.order_by(Inbound.id.desc()).limit(limit + 1)).all(),
        session.execute(went.order_by(Outbound.id.desc()).limit(limit + 1)).all(),
    )


def _older(
    session: Session,
    came: Sequence[Row[Any]],
    went: Sequence[Row[Any]],
    *,
    contact_id: int,
    end: Place,
    limit: int,
) -> Page:
    taken = _take(came, went, limit=limit, is_next=gt)
    start = Place(
        min((row.id for row in taken.came), default=end.came),
        min((row.id for row in taken.went), default=end.went),
    )
    return _page(session, taken, contact_id=contact_id, start=start, end=end)


def _take(
    came: Sequence[Row[Any]], went: Sequence[Row[Any]], *, limit: int, is_next: Callable[[Any, Any], bool]
) -> _Taken:
    """Merge two lists, each in the order of its ids, until `limit` are taken."""
    of_came = of_went = 0
    while of_came + of_went < limit and (of_came < len(came) or of_went < len(went)):
        if of_went == len(went):
            of_came += 1
        elif of_came == len(came) or is_next(lines.place_out(went[of_went]), lines.place_in(came[of_came])):
            of_went += 1
        else:
            of_came += 1
    has_more = of_came < len(came) or of_went < len(went)
    return _Taken(list(came[:of_came]), list(went[:of_went]), has_more)


def _page(session: Session, taken: _Taken, *, contact_id: int, start: Place, end: Place) -> Page:
    around = context.of(session, came=taken.came, went=taken.went, contact_id=contact_id)
    placed = [
        *((lines.place_in(row), lines.message_in(row, around)) for row in taken.came),
        *((lines.place_out(row), lines.message_out(row, around)) for row in taken.went),
    ]
    return Page(
        messages=tuple(message for _, message in sorted(placed, key=itemgetter(0))),
        before=start,
        after=end,
        has_more=taken.has_more,
        orders=tuple(around.orders.values()),
    )
