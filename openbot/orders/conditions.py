"""From what a list is filtered by to conditions in SQL, each said in the ways that are cheap."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, not_, or_, true

from openbot.orders import search
from openbot.orders.criteria import NOBODY, Criteria, Reach, Span
from openbot.orders.part import ORDERS, Part, just, one_of
from openbot.vocabulary import OPEN_STATES, State

#: An operator's customer who waits so long is everybody's (product §2).
EVERYBODYS = timedelta(minutes=20)
_WHENEVER = datetime(2000, 1, 1, tzinfo=UTC)


def parts_of(criteria: Criteria, *, reach: Reach, now: datetime) -> list[Part]:
    """Return the conditions, all of which must hold; those that tell orders apart best come first."""
    columns = ORDERS.c
    found = [
        search.number(criteria.number),
        search.phone(criteria.phone),
        *search.name(criteria.name),
        *search.anything(criteria.anything),
        _queue(reach, now=now) if criteria.attend else None,
        one_of(columns.contact_id, criteria.contact_ids),
        one_of(columns.operator_id, criteria.operator_ids),
        one_of(columns.operator_id, (reach.operator_id,)) if reach.only_own else None,
        one_of(columns.branch_id, criteria.branch_ids),
        one_of(columns.branch_id, (*sorted(reach.branch_ids), NOBODY))
        if reach.branch_ids is not None
        else None,
        one_of(columns.payment_method_id, criteria.payment_method_ids),
        one_of(columns.state, criteria.states),
        one_of(columns.delivery, criteria.deliveries),
        one_of(columns.kind, criteria.kinds),
        _days(criteria.created, zone=criteria.zone),
        _span(columns.total, criteria.total),
        _span(columns.amount, criteria.amount),
        _waits(criteria.waiting, now=now),
        _expires(criteria.expires_within, now=now),
        *(
            _flag(columns[name], wanted=wanted)
            for name, wanted in (
                ("needs_person", criteria.needs_person),
                ("changed_by_customer", criteria.changed_by_customer),
                ("payment_proof", criteria.payment_proof),
            )
            if wanted is not None
        ),
    ]
    return [part for part in found if part is not None]


def is_reached(reach: Reach) -> ColumnElement[bool]:
    """Return the condition on orders that `reach` sees wholly; the one that lists, counts and details share."""
    return and_(*(part.holds for part in parts_of(Criteria(), reach=reach, now=_WHENEVER)), true())


def _flag(column: ColumnElement[bool], *, wanted: bool) -> Part:
    return just(column if wanted else not_(column))


def _span(column: ColumnElement[Any], span: Span[Any]) -> Part | None:
    ends = [
        *([column >= span.low] if span.low is not None else []),
        *([column <= span.high] if span.high is not None else []),
    ]
    return just(and_(*ends)) if ends else None


def _days(span: Span[date], *, zone: ZoneInfo) -> Part | None:
    column = ORDERS.c.created_at
    ends = []
    if span.low is not None:
        ends.append(column >= datetime.combine(span.low, time(), zone))
    if span.high is not None:
        ends.append(column < datetime.combine(span.high + timedelta(days=1), time(), zone))
    return just(and_(*ends)) if ends else None


def _waits(least: timedelta | None, *, now: datetime) -> Part | None:
    return None if least is None else just(ORDERS.c.waiting_since <= now - least)


def _expires(within: timedelta | None, *, now: datetime) -> Part | None:
    if within is None:
        return None
    return just(and_(ORDERS.c.state.in_(OPEN_STATES), ORDERS.c.expires_at <= now + within))


def _queue(reach: Reach, *, now: datetime) -> Part:
    """«Para atender»: whoever waits for a person, but not for another operator; and what is mine."""
    columns = ORDERS.c
    # Said so that no index is chosen for it: few orders are in progress, nearly all of an operator's are closed.
    is_mine = func.coalesce(columns.operator_id, NOBODY) == reach.operator_id
    is_taken = columns.state == State.IN_PROGRESS
    is_everybodys = or_(not_(is_taken), columns.waiting_since < now - EVERYBODYS)
    return just(or_(and_(columns.waiting_since.is_not(None), is_everybodys), and_(is_taken, is_mine)))
