"""How messages come and go: figures of today and of the last days, what waits, and when nothing came at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, text

from openbot import plan
from openbot.catalogue import queries as catalogue_queries
from openbot.catalogue.opening_hours import is_open
from openbot.conversations import troubles
from openbot.conversations.troubles import REPLAYED, Kind
from openbot.database import Session
from openbot.schema import Contact, Inbound, Outbound
from openbot.vocabulary import InboxState

DAYS = 7  #: of the longer count, today included
MOST_GAPS = 3
#: A stretch without a message is worth a line when it is so long, and so many times longer than between two messages
#: as they usually come.
LEAST_GAP = timedelta(hours=1)
UNUSUAL = 6
_HANDLED = text("inbox.state <> 'no_turn'")
_ACCEPTED = text("outbox.accepted_at IS NOT NULL AND outbox.attempt > 0")
_DELIVERED = text("outbox.delivered_at IS NOT NULL")
_FAILED = text("(outbox.state = 'failed' OR outbox.delivery = 'failed')")
_UNREAD = text("contacts.unread > 0")
_NOT_YET = frozenset({InboxState.DUE, InboxState.IN_TURN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What came and went since a time."""

    received: int  #: for the bot or a person; reactions and the like are not counted
    processed: int  #: of them those that the bot answered or a person has
    sent: int  #: accepted by WhatsApp
    delivered: int
    failed: int  #: of those queued since then


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch of opening hours in which no message came."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """Everything the page shows above its lists."""

    today: Figures
    lately: Figures
    due: int  #: messages that the bot is about to answer
    unread: int  #: contacts with something that no person has read
    stuck: Mapping[Kind, int]  #: at most troubles.MOST_COUNTED each
    gaps: tuple[Gap, ...]  #: the longest unusual ones of the last days
    an_hour: float  #: messages that usually come in an opening hour


def traffic(session: Session, *, now: datetime, zone: ZoneInfo) -> Traffic:
    """Count."""
    today = now.astimezone(zone).date()
    lately = plan.start_of(today - timedelta(days=DAYS - 1), zone=zone)
    due = select(func.count()).select_from(Inbound)
    unread = select(func.count()).select_from(Contact)
    gaps, an_hour = _gaps(session, now=now, zone=zone)
    return Traffic(
        today=_figures(session, since=plan.start_of(today, zone=zone)),
        lately=_figures(session, since=lately),
        due=session.scalar(due.where(text("inbox.state IN ('due', 'held') AND inbox.state = 'due'"))) or 0,
        unread=session.scalar(unread.where(_UNREAD)) or 0,
        stuck={kind: troubles.count(session, kind=kind) for kind in sorted(REPLAYED | {Kind.WAITING})},
        gaps=gaps,
        an_hour=an_hour,
    )


def _figures(session: Session, *, since: datetime) -> Figures:
    states = session.execute(
        select(Inbound.state, func.count())
        .where(_HANDLED, Inbound.received_at >= since)
        .group_by(Inbound.state)
    ).all()
    outbox = select(func.count()).select_from(Outbound)
    return Figures(
        received=sum(number for _, number in states),
        processed=sum(number for state, number in states if state not in _NOT_YET),
        sent=session.scalar(outbox.where(_ACCEPTED, Outbound.accepted_at >= since)) or 0,
        delivered=session.scalar(outbox.where(_DELIVERED, Outbound.delivered_at >= since)) or 0,
        failed=session.scalar(outbox.where(_FAILED, Outbound.queued_at >= since)) or 0,
    )


def _gaps(session: Session, *, now: datetime, zone: ZoneInfo) -> tuple[tuple[Gap, ...], float]:
    """Find the longest silences of opening hours, to the quarter of an hour, and what is usual in an hour."""
    goods = catalogue_queries.load(session, now=now)
    holidays = [each.day for each in goods.holidays]
    end = now - (now - plan.start_of(now.astimezone(zone).date(), zone=zone)) % plan.QUARTER
    quarters = [end - plan.QUARTER * nth for nth in range(DAYS * 24 * 4, 0, -1)]
    came = {each.starts_at: each.came for each in plan.count(session, quarters=quarters)}
    found: list[Gap] = []
    opened = messages = 0
    for quarter in quarters:
        open_now = any(
            is_open(branch.hours, holidays=holidays, at=quarter, zone=zone) for branch in goods.branches
        )
        opened += open_now
        messages += came[quarter] if open_now else 0
        if not open_now or came[quarter]:
            continue
        goes_on = bool(found) and found[-1].until == quarter
        since = found.pop().since if goes_on else quarter
        found.append(Gap(since, quarter + plan.QUARTER))
    if not messages:
        return (), 0.0
    least = max(LEAST_GAP, UNUSUAL * opened * plan.QUARTER / messages)
    long = [gap for gap in found if gap.until - gap.since >= least]
    longest = sorted(long, key=lambda gap: gap.since - gap.until)[:MOST_GAPS]
    return tuple(longest), round(messages * 4 / opened, 1)
