"""The plan is used up and the company wants to stop: nothing new is begun, and nothing is lost (product §6).

An order that has items may be finished. Everybody else waits for a person, in the queue as AYUDA «plan agotado», and is
told so once a day. Decided with a row that the worker keeps (`plan.keep_reached`): some seconds late, and no counting
while a webhook is stored.
"""

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Select, Table, Text, bindparam, select
from sqlalchemy import cast as as_type

from openbot import company, plan
from openbot.conversations import queueing
from openbot.conversations.arrivals import PLAN_USED_UP, Arrival
from openbot.conversations.sentences import PLAN_USED_UP as SENTENCE
from openbot.database import Session
from openbot.orders import operations as order_writes
from openbot.schema import CompanySetting, Contact, OrderItem
from openbot.settings import Settings
from openbot.vocabulary import Owner
from openbot.whatsapp.outbound import Bubble

_SETTINGS, _ITEMS = cast("Table", CompanySetting.__table__), cast("Table", OrderItem.__table__)
_CHOICE = _SETTINGS.alias("choice")
#: What the plan has come to, as text, where the company chose to stop; no row else.
STOPS: Select[Any] = select(as_type(_SETTINGS.c.value, Text)).where(
    _SETTINGS.c.key == plan.REACHED,
    select(_CHOICE.c.key)
    .where(_CHOICE.c.key == "plan_at_zero", as_type(_CHOICE.c.value, Text) == '"stop"')
    .exists(),
)
_WITH_ITEMS = (
    select(_ITEMS.c.order_id).where(_ITEMS.c.order_id.in_(bindparam("order_ids", expanding=True))).distinct()
)


def stops(told: str, *, now: datetime) -> bool:
    """Say whether nothing new may begin; `told` is what `STOPS` found."""
    reached = plan.read_reached(json.loads(told), now=now)
    return reached is not None and reached.warning is plan.Warn.USED_UP


def with_items(session: Session, *, order_ids: Collection[int]) -> frozenset[int]:
    """Return which of these orders are begun."""
    if not order_ids:
        return frozenset()
    return frozenset(session.connection().execute(_WITH_ITEMS, {"order_ids": list(order_ids)}).scalars())


def hand_over(session: Session, *, stopped: Sequence[Arrival], settings: Settings, now: datetime) -> None:
    """Put who wrote these into the operators' queue, and tell them; the messages are stored, the contacts locked."""
    if not stopped:
        return
    today = now.astimezone(_zone(session, settings)).date()
    last = {arrival.affairs.person.id: arrival for arrival in stopped}
    begins = {arrival.affairs.person.id for arrival in stopped if arrival.stopped is Owner.BOT}
    for contact_id, arrival in sorted(last.items()):
        contact = session.get_one(Contact, contact_id, populate_existing=True)
        if contact_id in begins:
            contact.waiting_since, contact.waiting_turn_id = now, None
            session.flush()
            if arrival.order_id is not None:
                order_writes.ask_for_person(session, order_id=arrival.order_id, reason=PLAN_USED_UP, now=now)
        elif contact.plan_notice_on is None:  # waits for another reason
            continue
        if contact.plan_notice_on != today:
            contact.plan_notice_on = today
            queueing.queue_notice(
                session, contact=contact, bubble=Bubble(text=SENTENCE), order_id=arrival.order_id, now=now
            )
    session.flush()


def _zone(session: Session, settings: Settings) -> ZoneInfo:
    try:
        return company.read(session).zone
    except company.NoCompany:
        return ZoneInfo(settings.time_zone)
