"""Whose customers are forgotten right now, for the sound that repeats until somebody answers (product §2)."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from openbot.catalogue import attention as hours
from openbot.conversations.forgotten import alert_of
from openbot.database import Session
from openbot.orders.conditions import is_reached
from openbot.orders.criteria import Reach
from openbot.orders.news import Piece
from openbot.schema import CompanySetting, Contact, Order
from openbot.vocabulary import State

KIND = "forgotten"
_MOST = 50
_NAME = func.coalesce(func.nullif(Contact.name, ""), Contact.profile_name)
_MINUTES = select(CompanySetting.value).where(CompanySetting.key == "answer_alert_minutes")
_DEFAULT_MINUTES = 10


def alert_after(session: Session) -> timedelta:
    """How long, within attention hours, until the operator is alerted; everybody after twice that."""
    return timedelta(minutes=session.scalar(_MINUTES) or _DEFAULT_MINUTES)


def forgotten(session: Session, *, reach: Reach, now: datetime) -> list[Piece]:
    """Return the orders EN PROCESO whose customer waits too long: mine, and after twice the time all I reach."""
    after = alert_after(session)
    rows = session.execute(
        select(Order.id, Order.branch_id, Order.operator_id, Order.waiting_since, _NAME)
        .join(Contact, Contact.id == Order.contact_id)
        .where(Order.waiting_since <= now - after, Order.state == State.IN_PROGRESS, is_reached(reach))
        .order_by(Order.waiting_since)
        .limit(_MOST)
    ).all()
    if not rows:
        return []
    attention = hours.read(session)
    found = []
    for order_id, branch_id, operator_id, since, name in rows:
        alert = alert_of(since, branch_id=branch_id, attention=attention, after=after, now=now)
        if alert == "branch" or (alert == "operator" and operator_id == reach.operator_id):
            found.append(Piece(order_id=order_id, kind=KIND, name=name))
    return found
