"""When the company's people answer: the opening hours of its branches, as one frozen value."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from openbot import company
from openbot.catalogue import opening_hours
from openbot.catalogue.opening_hours import WEEKDAYS, Stretch, WeekHours
from openbot.database import Session
from openbot.schema import Branch, BranchHours, CompanySetting, Holiday

# Built once: building a statement costs more than running it.
_HOURS = (
    select(BranchHours.branch_id, BranchHours.weekday, BranchHours.opens, BranchHours.closes)
    .join(Branch, Branch.id == BranchHours.branch_id)
    .where(Branch.active)
    .order_by(Branch.position, Branch.id, BranchHours.opens)
)
_ZONE = select(CompanySetting.value).where(CompanySetting.key == company.TIME_ZONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attention:
    """Who has no branch yet is answered while any is open. Without any hours: always."""

    zone: ZoneInfo
    weeks: Mapping[int, WeekHours]  #: of the branches that have hours, in the order in which they are shown
    holidays: frozenset[date] = frozenset()

    def is_open(self, *, branch_id: int | None, at: datetime) -> bool:
        """Say whether somebody answers at an instant."""
        weeks = self._of(branch_id)
        return not weeks or any(
            opening_hours.is_open(week, holidays=self.holidays, at=at, zone=self.zone) for week in weeks
        )

    def sentence(self, *, branch_id: int | None, at: datetime) -> str:
        """Say when that is again, while it is closed: «abre mañana a las 8»; empty: not in the next weeks."""
        weeks = self._of(branch_id)
        opens = [
            (found, week)
            for week in weeks
            if (found := opening_hours.next_opening(week, holidays=self.holidays, at=at, zone=self.zone))
        ]
        if not opens:
            return ""
        _, week = min(opens, key=lambda each: each[0])
        return opening_hours.opening_sentence(week, holidays=self.holidays, at=at, zone=self.zone)

    def passed(self, *, branch_id: int | None, since: datetime, until: datetime) -> timedelta:
        """How much time of attention lies between two instants."""
        weeks = self._of(branch_id)
        if not weeks:
            return max(until - since, timedelta(0))
        return opening_hours.open_time(
            weeks, holidays=self.holidays, since=since, until=until, zone=self.zone
        )

    def _of(self, branch_id: int | None) -> tuple[WeekHours, ...]:
        own = self.weeks.get(branch_id) if branch_id is not None else None
        return tuple(self.weeks.values()) if own is None else (own,)


def read(session: Session) -> Attention:
    """Return the hours as they are now; three small queries."""
    days: dict[int, list[tuple[Stretch, ...]]] = {}
    for branch_id, weekday, opens, closes in session.execute(_HOURS):
        week = days.setdefault(branch_id, [()] * len(WEEKDAYS))
        week[weekday] += (Stretch(opens, closes),)
    return Attention(
        zone=ZoneInfo(session.scalar(_ZONE) or "UTC"),
        weeks={branch_id: WeekHours(tuple(week)) for branch_id, week in days.items()},
        holidays=frozenset(session.scalars(select(Holiday.day))),
    )
