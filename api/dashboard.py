"""The figures of the Dashboard."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from pydantic import BaseModel

from api.errors import DOCUMENTED
from api.panel_api import Db, PanelApi
from api.signed_in import SignedIn
from api.zone import zone_of
from openbot import dashboard, plan
from openbot.dashboard import Unanswered, WaitingOrder
from openbot.vocabulary import State


class Messages(BaseModel):
    """Messages processed today, and yesterday until the same time."""

    today: int
    yesterday: int
    change_percent: int | None


class PlanNow(BaseModel):
    """The plan; without an allowance there is no limit, and most are null."""

    allowance: int | None
    used: int
    remaining: int | None
    excess: int
    percent: int | None
    warning: plan.Warn | None
    month: date
    renews_on: date


class Orders(BaseModel):
    """Orders by state: open ones now, and those received today and in the last days, as they are now."""

    open: dict[State, int]
    today: dict[State, int]
    lately: dict[State, int]
    today_is: date
    lately_from: date


class Figures(BaseModel):
    """Everything the Dashboard shows."""

    at: datetime
    time_zone: str
    messages: Messages
    plan: PlanNow
    contacts: int
    contacts_today: int
    orders: Orders
    waiting: list[WaitingOrder]
    waiting_total: int
    unanswered: Unanswered | None


def router() -> APIRouter:
    """Build the route."""
    routes = APIRouter(prefix="/api/dashboard", tags=["dashboard"], responses=DOCUMENTED)
    routes.get("", summary="The figures of the Dashboard")(figures)
    return routes


def figures(*, person: SignedIn, api: Db) -> Figures:
    """Count. Messages, plan and contacts are the company's; orders are those that who asks reaches."""
    now = api.now
    with api.database.reading() as session:
        zone = zone_of(session, api.settings)
        behind = plan.is_behind(session, now=now)
    if behind:
        _tally(api, now=now, zone=zone)
    with api.database.reading() as session:
        found = dashboard.figures(session, now=now, zone=zone, branch_ids=person.branch_ids)
    return Figures(
        at=now,
        time_zone=zone.key,
        messages=Messages(
            today=found.messages.today,
            yesterday=found.messages.yesterday,
            change_percent=found.messages.change_percent,
        ),
        plan=_plan(found.plan),
        contacts=found.contacts,
        contacts_today=found.contacts_today,
        orders=Orders(
            open=dict(found.open_orders),
            today=dict(found.orders_today),
            lately=dict(found.orders_lately),
            today_is=found.today,
            lately_from=found.lately_from,
        ),
        waiting=list(found.waiting),
        waiting_total=found.waiting_total,
        unanswered=found.unanswered,
    )


def _tally(api: PanelApi, *, now: datetime, zone: ZoneInfo) -> None:
    # Counted outside the transaction: the first time there is a whole month to count.
    with api.database.reading() as session:
        tallies = plan.count(session, quarters=plan.untallied(session, now=now, zone=zone))
    with api.database.transaction() as session:
        plan.store(session, tallies=tallies)


def _plan(found: plan.Plan) -> PlanNow:
    return PlanNow(
        allowance=found.allowance,
        used=found.used,
        remaining=found.remaining,
        excess=found.excess,
        percent=found.percent,
        warning=found.warning,
        month=found.month,
        renews_on=found.renews_on,
    )
