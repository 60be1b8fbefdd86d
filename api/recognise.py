"""From a cookie to a person: one look into the database at every request (product §5, sign-in)."""

from dataclasses import dataclass
from datetime import timedelta, tzinfo
from zoneinfo import ZoneInfo

from api.panel_api import PanelApi
from api.signed_in import Person
from openbot.database import Session
from openbot.operators import queries, sessions, shifts
from openbot.operators.sessions import Because, Limits, Live, NotSignedIn, SessionEnded
from openbot.operators.shifts import Standing
from openbot.settings import Settings

#: `seen_at` is written at most so often; idleness is counted in hours.
SEEN_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Stranger:
    """Nobody is signed in; `because` says why not any more."""

    because: Because | None = None

    @property
    def code(self) -> str:
        """The code of the 401."""
        match self.because:
            case None:
                return "not_signed_in"
            case Because.ELSEWHERE:
                return "signed_in_elsewhere"
            case _:
                return "session_ended"


def limits(settings: Settings) -> Limits:
    """How long sessions live, of the settings."""
    return Limits(
        idle=timedelta(hours=settings.session_idle_hours),
        longest=timedelta(hours=settings.session_longest_hours),
    )


def person_of(panel: PanelApi, *, token: str, acts: bool) -> Person | Stranger:
    """Find who holds a token. `acts`: they did something themselves, which counts against idleness."""
    now = panel.clock()
    with panel.database.reading() as session:
        try:
            live = sessions.find(session, token=token, now=now, limits=limits(panel.settings))
        except NotSignedIn:
            return Stranger()
        except SessionEnded as ended:
            return Stranger(ended.because)
        standing = _standing(session, live, panel)
    if standing is Standing.OUTSIDE:
        return Stranger(Because.SHIFT)
    if acts and now - live.seen_at >= SEEN_EVERY:
        with panel.database.transaction() as session:
            sessions.seen(session, session_id=live.session_id, now=now)
    return Person(
        id=live.operator_id,
        name=live.name,
        email=live.email,
        role=live.role,
        branch_ids=live.branch_ids,
        session_id=live.session_id,
        overtime=standing is Standing.OVERTIME,
        must_change_password=live.must_change_password,
    )


def working_time(session: Session, settings: Settings) -> tuple[tzinfo, timedelta]:
    """Return the company's zone and how long after a shift what is theirs may be finished."""
    return queries.working_time(session, default=ZoneInfo(settings.time_zone))


def _standing(session: Session, live: Live, panel: PanelApi) -> Standing:
    if not live.shift:
        return Standing.INSIDE
    zone, overtime = working_time(session, panel.settings)
    return shifts.standing(live.shift, at=panel.clock(), zone=zone, overtime=overtime)
