"""Statuses of sent messages: kept once each, applied monotonely, possibly before our send's answer (contract §4).

A whole webhook costs as many statements as one status.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from openbot.contacts.deletion import is_nobodys
from openbot.conversations import receipt_statements as statements
from openbot.conversations import unanswered
from openbot.database import Session
from openbot.schema import Outbound, Receipt
from openbot.vocabulary import OutboxState
from openbot.whatsapp.envelope import StatusUpdate

#: A later status never goes back; «failed» ends it only while the customer has nothing (contract §4).
RANK = {"": 0, "sent": 1, "failed": 2, "delivered": 3, "read": 4, "played": 5}
FAILED = "failed"
#: The customer has it, and WhatsApp charges it; any of them may be left out (contract §4).
DELIVERED = frozenset({"delivered", "read", "played"})
OUR_MARK = "openbot:"
LONGEST_NUMBER = 18  # what a database's whole number holds


@dataclass(slots=True, eq=False)
class _Sent:
    """What a status may change of a message, and what says how: the columns of the same names."""

    id: int
    turn_id: int | None
    tries: int
    state: OutboxState
    wamid: str | None
    accepted_at: datetime | None
    reason: str
    delivery: str
    delivered_at: datetime | None
    error_code: int | None
    pricing: Mapping[str, Any] | None


_CHANGING = (
    "state", "wamid", "accepted_at", "reason", "delivery", "delivered_at", "error_code", "pricing",
)  # fmt: skip


def callback_data(outbound_id: int) -> str:
    """Our id of a message, sent along as `biz_opaque_callback_data`: it finds a send whose answer was lost."""
    return f"{OUR_MARK}{outbound_id}"


def contacts_of_failed(session: Session, *, statuses: Sequence[StatusUpdate]) -> list[int]:
    """Whose messages failed: what those answered goes back to a person, so their contacts are locked first."""
    failed = [status for status in statuses if status.status == FAILED]
    if not failed:
        return []
    return list(session.connection().execute(statements.CONTACTS_OF, _named(failed)).scalars())


def receive_all(session: Session, *, statuses: Sequence[StatusUpdate], now: datetime) -> int:
    """Store these statuses and apply them to those messages that are ours; return how many were new.

    The contacts of `contacts_of_failed` are locked by the caller.
    """
    new = _store(session, statuses, now=now)
    if not new:
        return 0
    sent = _messages_of(session, new)
    unheard: set[int] = set()
    gone: list[str] = []
    for status in new:
        row = sent.find(status)
        if row is None:
            continue
        if is_nobodys(row.wamid):
            gone.append(status.wamid)
            continue
        _apply(row, status=status, now=now)
        sent.note(row)
        if status.status == FAILED and row.delivery == FAILED and row.turn_id is not None:
            unheard.add(row.turn_id)
    sent.write(session)
    if gone:  # of a deleted contact: WhatsApp's id has the phone number inside
        session.connection().execute(statements.FORGET, {"wamids": gone})
    if unheard:
        unanswered.leave_all(session, turn_ids=unheard)
    return len(new)


def came_earlier(session: Session, *, wamid: str) -> bool:
    """Say whether a status of this message is here already."""
    return session.scalar(statements.ANY_OF, {"wamid": wamid}) is not None


def apply_earlier(session: Session, *, row: Outbound) -> None:
    """Apply the statuses that came before the send's own answer gave us the wamid."""
    for receipt in session.scalars(statements.ALL_OF, {"wamid": row.wamid}):
        _advance(row, status=receipt)


class _Messages:
    """Messages of ours that statuses are about, each once however many statuses it has."""

    def __init__(self, rows: Collection[_Sent]) -> None:
        self._by_id = {row.id: row for row in rows}
        self._by_wamid = {row.wamid: row for row in rows if row.wamid}
        self._changed: dict[int, _Sent] = {}

    def find(self, status: StatusUpdate) -> _Sent | None:
        """Find by WhatsApp's id, else by our mark."""
        return self._by_wamid.get(status.wamid) or self._by_id.get(_number_of(status.callback_data) or 0)

    def note(self, row: _Sent) -> None:
        """Remember that it changed, and the wamid it may have got."""
        self._changed[row.id] = row
        if row.wamid:
            self._by_wamid.setdefault(row.wamid, row)

    def write(self, session: Session) -> None:
        """Store what changed."""
        rows = [
            {"of_message": row.id} | {name: getattr(row, name) for name in _CHANGING}
            for row in self._changed.values()
        ]
        if rows:
            session.connection().execute(statements.CHANGE, rows if rows[1:] else rows[0])


def _store(session: Session, statuses: Sequence[StatusUpdate], *, now: datetime) -> list[StatusUpdate]:
    """Store what is not here yet, and return it in the order in which it came."""
    first: dict[tuple[str, ...], StatusUpdate] = {}
    for status in statuses:
        first.setdefault(_key(status), status)
    # In one order everywhere, so that two webhooks with the same statuses do not block each other.
    rows = [
        {
            "number_id": status.number_id,
            "wamid": status.wamid,
            "status": status.status,
            "participant": status.participant,
            "at": status.at,
            "received_at": now,
            "callback_data": status.callback_data,
            "errors": list(status.errors) or None,
            "pricing": dict(status.pricing) if status.pricing else None,
        }
        for _, status in sorted(first.items())
    ]
    store = statements.STORE[session.get_bind().dialect.name]
    stored = {tuple(row) for row in session.connection().execute(store, rows if rows[1:] else rows[0])}
    return [status for key, status in first.items() if key in stored]


def _key(status: StatusUpdate) -> tuple[str, ...]:
    return (status.number_id, status.wamid, status.status, status.participant)


def _messages_of(session: Session, statuses: Sequence[StatusUpdate]) -> _Messages:
    found = session.connection().execute(statements.SENT, _named(statuses))
    return _Messages([_Sent(**row) for row in found.mappings()])


def _named(statuses: Sequence[StatusUpdate]) -> dict[str, list[Any]]:
    numbers = {_number_of(status.callback_data) for status in statuses} - {None}
    return {"wamids": list({status.wamid for status in statuses}), "numbers": list(numbers)}


def _number_of(mark: str) -> int | None:
    number = mark.removeprefix(OUR_MARK)
    is_ours = mark.startswith(OUR_MARK) and number.isascii() and number.isdigit()
    return int(number) if is_ours and len(number) <= LONGEST_NUMBER else None


def _apply(row: _Sent, *, status: StatusUpdate, now: datetime) -> None:
    waits_again = row.state is OutboxState.QUEUED and row.tries > 0 and status.status != FAILED
    if row.state in (OutboxState.RELEASED, OutboxState.UNCERTAIN) or waits_again:
        # Proof that the send went through, whatever became of its answer: also after an error that was none.
        row.state, row.accepted_at, row.reason = OutboxState.ACCEPTED, row.accepted_at or now, ""
    row.wamid = row.wamid or status.wamid
    _advance(row, status=status)


def _advance(row: Outbound | _Sent, *, status: StatusUpdate | Receipt) -> None:
    if status.pricing and row.pricing is None:
        row.pricing = dict(status.pricing)
    if status.status in DELIVERED:  # they may come in any order
        row.delivered_at = min(row.delivered_at or status.at, status.at)
    if RANK.get(status.status, 0) <= RANK.get(row.delivery, 0):
        return
    if row.delivery == FAILED:  # one device failed, another has it
        row.error_code, row.reason = None, ""
    row.delivery = status.status
    if status.status == FAILED:
        first = status.errors[0] if status.errors else {}
        code = first.get("code")
        row.error_code = code if isinstance(code, int) else None
        row.reason = str(first.get("title") or first.get("message") or "")[:200]
