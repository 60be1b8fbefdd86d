"""«Mensajes»: what came in, went out and got stuck, and the button that tries it again. Administrators only."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from api.errors import DOCUMENTED, ApiError
from api.panel_api import Db, PanelApi
from api.signed_in import Administrator
from api.zone import zone_of
from openbot import dashboard
from openbot.contacts.operations import ContactGone
from openbot.conversations import replay, traffic, troubles
from openbot.conversations.replay import NotReplayed
from openbot.conversations.traffic import Figures, Gap
from openbot.conversations.troubles import REPLAYED, Kind, Trouble
from openbot.dashboard import Unanswered
from openbot.operators import audit
from openbot.schema import BadItem

MOST_ID = 2**63 - 1
MOST_REPLAYED = 100


class Summary(BaseModel):
    """Figures, what waits, what is stuck, and silences."""

    at: datetime
    time_zone: str
    today: Figures
    lately: Figures
    days: int
    due: int
    unread: int
    stuck: dict[Kind, int]
    unanswered: Unanswered | None
    gaps: list[Gap]
    an_hour: float


class Row(BaseModel):
    """A line of a list; what was said is not in it."""

    id: str = Field(examples=["send-77"])
    kind: Kind
    at: datetime
    contact_id: int | None
    name: str
    phone: str
    what: str
    author: str
    state: str
    reason: str
    code: int | None
    may_replay: bool
    is_raw: bool  #: `GET /api/traffic/bad-items/{number}` shows what came


class Rows(BaseModel):
    """A page of a list, newest first."""

    rows: list[Row]
    next: str | None
    total: int
    total_is_capped: bool


class Wish(BaseModel):
    """What is to be tried again."""

    ids: Annotated[
        list[Annotated[str, Field(pattern=r"^(send|turn|file|bad)-\d{1,18}$")]],
        Field(min_length=1, max_length=MOST_REPLAYED),
    ]


class Refused(BaseModel):
    """One that was not tried again, and why."""

    id: str
    code: str


class Replayed(BaseModel):
    """What became of each."""

    done: list[str]
    refused: list[Refused]


class Raw(BaseModel):
    """A part of a webhook as it came."""

    id: int
    received_at: datetime
    reason: str
    raw: str


def router() -> APIRouter:
    """Build the routes."""
    routes = APIRouter(prefix="/api/traffic", tags=["traffic"], responses=DOCUMENTED)
    routes.get("", summary="Figures of messages, what waits and what is stuck")(summary)
    routes.get("/list", summary="What came in, went out or got stuck")(listed)
    routes.post("/replay", summary="Try up to 100 again; each by itself")(replayed)
    routes.get("/bad-items/{item_id}", summary="A part of a webhook as it came; noted in the log")(raw)
    return routes


def summary(*, _person: Administrator, api: Db) -> Summary:
    """Count."""
    now = api.now
    with api.database.reading() as session:
        zone = zone_of(session, api.settings)
        found = traffic.traffic(session, now=now, zone=zone)
        unanswered = dashboard.oldest_unanswered(session)
    return Summary(
        at=now,
        time_zone=zone.key,
        today=found.today,
        lately=found.lately,
        days=traffic.DAYS,
        due=found.due,
        unread=found.unread,
        stuck=dict(found.stuck),
        unanswered=unanswered,
        gaps=list(found.gaps),
        an_hour=found.an_hour,
    )


def listed(
    *,
    _person: Administrator,
    api: Db,
    kind: Kind = Kind.SEND,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    after: Annotated[str, Query(pattern=r"^\d{0,18}$")] = "",
) -> Rows:
    """List a page of what is asked for."""
    below = int(after) if after else None
    with api.database.reading() as session:
        found = troubles.listed(session, kind=kind, limit=limit + 1, below=below)
        total = troubles.count(session, kind=kind)
    return Rows(
        rows=[_row(line) for line in found[:limit]],
        next=str(found[limit - 1].number) if len(found) > limit else None,
        total=total,
        total_is_capped=total >= troubles.MOST_COUNTED or kind in (Kind.IN, Kind.OUT),
    )


def replayed(*, wish: Wish, person: Administrator, api: Db) -> Replayed:
    """Try each again in a transaction of its own; a refused one changes nothing."""
    done: list[str] = []
    refused: list[Refused] = []
    for each in dict.fromkeys(wish.ids):
        code = _replay(api, each)
        if code:
            refused.append(Refused(id=each, code=code))
        else:
            done.append(each)
    with api.database.transaction() as session:
        audit.note(
            session,
            operator_id=person.id,
            action="messages_replayed",
            detail={"count": len(done), "refused": len(refused)},
            address=person.address,
            now=api.now,
        )
    return Replayed(done=done, refused=refused)


def raw(*, item_id: Annotated[int, Path(ge=1, le=MOST_ID)], person: Administrator, api: Db) -> Raw:
    """Show it whole: it may have a phone number and a message in it, so who looked is noted."""
    with api.database.transaction() as session:
        row = session.get(BadItem, item_id)
        if row is None:
            raise ApiError(404, "not_found")
        audit.note(
            session,
            operator_id=person.id,
            action="bad_item_viewed",
            subject=f"bad_item {item_id}",
            address=person.address,
            now=api.now,
        )
        return Raw(id=row.id, received_at=row.received_at, reason=row.reason, raw=row.raw)


def _replay(api: PanelApi, name: str) -> str:
    """Return why not; empty when it is done."""
    kind, _, number = name.partition("-")
    try:
        with api.database.transaction() as session:
            replay.again(session, kind=Kind(kind), number=int(number), settings=api.settings, now=api.now)
    except NotReplayed as why:
        return why.code
    except ContactGone:
        return "gone"
    return ""


def _row(line: Trouble) -> Row:
    shown: Mapping[str, Any] = {name: value for name, value in asdict(line).items() if name != "number"}
    return Row(
        id=f"{line.kind}-{line.number}",
        may_replay=line.kind in REPLAYED,
        is_raw=line.kind is Kind.BAD,
        **shown,
    )
