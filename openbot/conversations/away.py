"""Nobody is there: who writes to people outside their hours is told once when somebody will answer (product §2)."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import Table, bindparam, select

from openbot.catalogue import attention as hours
from openbot.catalogue.attention import Attention
from openbot.contacts import operations as contacts
from openbot.conversations import queueing
from openbot.conversations.arrivals import Arrival
from openbot.conversations.sentences import AWAY, AWAY_LONG
from openbot.database import Session
from openbot.orders import queries as orders
from openbot.schema import CompanySetting, Contact
from openbot.vocabulary import InboxState, State
from openbot.whatsapp.outbound import Bubble

# Built once: building a statement costs more than running it.
_CONTACTS = cast("Table", Contact.__table__)
_NOT_TOLD = select(_CONTACTS.c.id).where(
    _CONTACTS.c.id.in_(bindparam("contact_ids", expanding=True)), _CONTACTS.c.away_notice_at.is_(None)
)
_SETTINGS = select(CompanySetting.key, CompanySetting.value).where(
    CompanySetting.key.in_(("company_name", "away_notice", "text_outside_hours"))
)


def tell(session: Session, *, arrivals: Sequence[Arrival], now: datetime) -> None:
    """Tell who wrote to people just now, once in a stretch; the messages are stored, the contacts locked."""
    left = {each.affairs.person.id for each in arrivals if _is_for_people(each, now=now)}
    not_told = _not_told(session, left)
    if not not_told:
        return
    settings = {row.key: row.value for row in session.execute(_SETTINGS)}
    if "company_name" not in settings or settings.get("away_notice") is False:
        return
    attention = hours.read(session)
    for contact_id in not_told:
        _tell_one(
            session,
            contact_id=contact_id,
            attention=attention,
            besides=settings.get("text_outside_hours") or "",
            now=now,
        )


def _is_for_people(arrival: Arrival, *, now: datetime) -> bool:
    if arrival.state is not InboxState.LEFT or arrival.stopped is not None:
        return False  # who is stopped was told something else
    until = arrival.affairs.person.phone_reply_until
    order = arrival.order
    attended = order is not None and order.state is State.IN_PROGRESS
    return attended or until is None or until <= now  # at the company's phone somebody is there


def _not_told(session: Session, contact_ids: Collection[int]) -> list[int]:
    if not contact_ids:
        return []
    return list(session.connection().execute(_NOT_TOLD, {"contact_ids": sorted(contact_ids)}).scalars())


def _tell_one(
    session: Session, *, contact_id: int, attention: Attention, besides: str, now: datetime
) -> None:
    order = orders.open_order(session, contact_id=contact_id)
    branch_id = order.branch_id if order else None
    if attention.is_open(branch_id=branch_id, at=now):
        return
    contact = contacts.lock(session, contact_id=contact_id)
    asked_at = contact.waiting_since
    if asked_at is not None and not attention.passed(branch_id=branch_id, since=asked_at, until=now):
        return  # the bot said so when a person was asked for, in these very hours
    contact.away_notice_at = now
    opening = attention.sentence(branch_id=branch_id, at=now).replace("abre ", "abrimos ", 1)
    said = AWAY.format(opening=opening) if opening else AWAY_LONG
    text = f"{said}\n\n{besides}" if besides else said
    queueing.queue_notice(
        session, contact=contact, bubble=Bubble(text=text), order_id=order.id if order else None, now=now
    )
