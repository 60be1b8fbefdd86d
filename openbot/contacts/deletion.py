"""Everything personal of one contact goes; orders and counts stay, of nobody (product §4, Ley 25.326)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, case, cast, delete, literal, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from openbot.contacts import marks, terms
from openbot.contacts import operations as contacts
from openbot.contacts.marks import Marked
from openbot.database import Session
from openbot.schema import (
    ActionCall,
    AuditEntry,
    BadItem,
    Base,
    Contact,
    ContactKey,
    Dialogue,
    Draft,
    Inbound,
    Order,
    OrderChange,
    Outbound,
    Receipt,
    SavedView,
    StoredFile,
    Turn,
)
from openbot.vocabulary import FileState, InboxState, OutboxState, TurnState

REASON = "el contacto se eliminó"
_NOBODYS = "deleted:"
#: Fields of an order's history that say nothing of a person; of all others only the name stays.
_IMPERSONAL = frozenset(
    {
        "kind", "branch_id", "zone_id", "delivery", "payment_method_id", "delivery_fee", "total", "amount",
        "needs_person", "payment_proof", "about_order_id", "operator_id",
    }
)  # fmt: skip


def erase(session: Session, *, contact_id: int, mark_key: bytes, now: datetime) -> None:
    """Remove what is personal, everywhere, for good; a second time changes nothing. Raises ContactGone.

    A block or an opt-out is kept as a mark (`mark_key` is `Settings.mark_key`). The row and its orders stay
    without a name, so that no figure changes. No order of the contact is in somebody's hands: the caller saw to it.
    """
    contact = contacts.lock(session, contact_id=contact_id)
    if contact.deleted_at is not None:
        return
    keys = list(session.scalars(select(ContactKey.value).where(ContactKey.contact_id == contact_id)))
    marked = Marked(blocked_at=contact.blocked_at, opted_out_at=contact.opted_out_at)
    marks.keep(session, key=mark_key, identifiers=keys, marked=marked)
    _erase_messages(session, contact_id=contact_id, now=now)
    _give_up_files(session, contact_id=contact_id, now=now)
    _erase_orders(session, contact_id=contact_id)
    _erase_elsewhere(session, contact_id=contact_id, keys=keys)
    _erase_contact(session, contact, now=now)
    session.flush()


def is_nobodys(wamid: str | None) -> bool:
    """Say whether this stands in the place of WhatsApp's id, in a message of a deleted contact."""
    return wamid is not None and wamid.startswith(_NOBODYS)


def _erase_messages(session: Session, *, contact_id: int, now: datetime) -> None:
    mine = select(Outbound.wamid).where(Outbound.contact_id == contact_id, Outbound.wamid.is_not(None))
    session.execute(delete(Receipt).where(Receipt.wamid.in_(mine)))
    turns = select(Turn.id).where(Turn.contact_id == contact_id)
    session.execute(delete(ActionCall).where(ActionCall.turn_id.in_(turns)))
    _set(session, Turn.contact_id == contact_id, Turn, failure="")
    # A worker that answers one of them just now comes too late: the attempt is another.
    _set(
        session,
        (Turn.contact_id == contact_id) & Turn.state.in_((TurnState.DUE, TurnState.CLAIMED)),
        Turn,
        state=TurnState.OVERTAKEN,
        failure=REASON,
        finished_at=now,
        attempt=Turn.attempt + 1,
    )
    waiting = (InboxState.DUE, InboxState.IN_TURN, InboxState.HELD)
    of_contact = Inbound.contact_id == contact_id
    _set(session, of_contact & Inbound.state.in_(waiting), Inbound, state=InboxState.LEFT)
    # WhatsApp's id of a message has the phone number inside.
    _set(session, of_contact, Inbound, text="", payload=None, data=None, raw={}, wamid=_nobodys(Inbound.id))
    unsettled = (OutboxState.QUEUED, OutboxState.RELEASED, OutboxState.UNCERTAIN)
    _set(
        session,
        (Outbound.contact_id == contact_id) & Outbound.state.in_(unsettled),
        Outbound,
        state=OutboxState.DISCARDED,
        reason=REASON,
        attempt=Outbound.attempt + 1,
    )
    of_contact = Outbound.contact_id == contact_id
    _set(session, of_contact, Outbound, text="", bubble={}, wamid=_nobodys(Outbound.id))


def _give_up_files(session: Session, *, contact_id: int, now: datetime) -> None:
    """Leave of each file nothing but where its bytes are: a worker removes these, and then the row."""
    being_written = case((StoredFile.state == FileState.PENDING, StoredFile.not_before), else_=now)
    _set(
        session,
        StoredFile.contact_id == contact_id,
        StoredFile,
        state=FileState.GONE,
        not_before=being_written,
        media_id_until=None,
        **dict.fromkeys(("filename", "mime_type", "sha256", "media_id", "reason"), ""),
    )


def _erase_orders(session: Session, *, contact_id: int) -> None:
    _set(
        session,
        Order.contact_id == contact_id,
        Order,
        name="",
        address="",
        comment="",
        person_reason="",
        latitude=None,
        longitude=None,
        cash_with=None,
        custom=None,
    )
    orders = list(session.scalars(select(Order.id).where(Order.contact_id == contact_id)))
    lines = session.scalars(select(OrderChange).where(OrderChange.order_id.in_(orders)))
    for line in lines:
        line.reason = ""
        line.fields = {name: _without_person(name, change) for name, change in line.fields.items()}
    subjects = [f"order {order_id}" for order_id in orders]
    session.execute(delete(Draft).where(Draft.key.in_(subjects)))
    _set(session, AuditEntry.subject.in_(subjects), AuditEntry, detail=None)


def _without_person(name: str, change: Any) -> Any:
    return change if name in _IMPERSONAL or name.startswith("item:") else [None, None]


def _erase_elsewhere(session: Session, *, contact_id: int, keys: Sequence[str]) -> None:
    terms.forget(session, contact_id=contact_id)
    for table in (ContactKey, Dialogue):
        session.execute(delete(table).where(table.contact_id == contact_id))
    subjects = [f"contact {contact_id}", f"conversation {contact_id}"]
    session.execute(delete(Draft).where(Draft.key.in_(subjects)))
    _set(session, AuditEntry.subject.in_(subjects), AuditEntry, detail=None)
    if keys:
        session.execute(delete(BadItem).where(_names(BadItem.raw, keys)))
        session.execute(delete(SavedView).where(_names(cast(SavedView.query, String), keys)))


def _erase_contact(session: Session, contact: Contact, *, now: datetime) -> None:
    for name in ("user_id", "wa_id", "parent_user_id", "deliverable_as", "blocked_at", "opted_out_at"):
        setattr(contact, name, None)
    for name in ("window_ends_at", "phone_reply_until", "waiting_since", "waiting_turn_id", "next_send_at"):
        setattr(contact, name, None)
    contact.unmarked_wamid = None  # there is a phone in it
    contact.profile_name = contact.username = contact.name = ""
    contact.due_at = contact.due_since = contact.open_options = None
    contact.unread = 0
    contact.dialogue_number += 1
    contact.deleted_at = now
    session.flush()


def _nobodys(column: InstrumentedAttribute[int]) -> ColumnElement[str]:
    """An id that is unique, fills the place and says nothing: a late status finds no empty place to write to."""
    return literal(_NOBODYS).concat(cast(column, String))


def _names(column: Any, keys: Sequence[str]) -> ColumnElement[bool]:
    return or_(*(column.contains(key, autoescape=True) for key in keys))


def _set(session: Session, where: ColumnElement[bool], table: type[Base], **values: Any) -> None:
    session.execute(
        update(table).where(where).values(values), execution_options={"synchronize_session": False}
    )
