"""Files of contacts: the list as CSV, and everything of one person as JSON."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from api.contacts import ContactId
from api.errors import DOCUMENTED
from api.panel_api import Db, PanelApi
from api.signed_in import Administrator, Person, SignedIn
from api.zone import zone_of
from openbot import exports, plan
from openbot.contacts import listing, reach
from openbot.contacts.listing import Wanted
from openbot.contacts.queries import ContactNotFound
from openbot.conversations import person_file
from openbot.database import Session
from openbot.operators import audit

MONTH = timedelta(days=30)
TITLES = ("Fecha de creación", "Nombre", "Celular", "Último mensaje", "Bloqueado", "No quiere publicidad")
_JSON = "application/json"


class Period(StrEnum):
    """Which contacts a file has: of the last 30 days, or all."""

    MONTH = "month"
    ALL = "all"


class Days(BaseModel):
    """The first and last day of the period «último mes», in the company's time zone."""

    first: date
    last: date
    time_zone: str


def router() -> APIRouter:
    """Build the routes."""
    # These come before /api/contacts/{contact_id}, as this file does before contacts.py.
    routes = APIRouter(prefix="/api/contacts", tags=["contacts"], responses=DOCUMENTED)
    routes.get("/export-days", summary="Which days «último mes» means today")(days)
    routes.get("/export.csv", summary="Contacts as CSV", response_class=StreamingResponse)(as_csv)
    routes.get(
        "/{contact_id}/data.json", summary="Everything kept of one person", response_class=StreamingResponse
    )(of_person)
    return routes


def days(*, _person: SignedIn, api: Db) -> Days:
    """Return the days of the last month: today and the 29 before."""
    with api.database.reading() as session:
        return _days(api.now, zone_of(session, api.settings))


def as_csv(*, person: SignedIn, api: Db, period: Period = Period.MONTH) -> StreamingResponse:
    """Stream the contacts that who asks reaches, newest first."""
    with api.database.transaction() as session:
        zone = zone_of(session, api.settings)
        since = plan.start_of(_days(api.now, zone).first, zone=zone) if period is Period.MONTH else None
        _note(session, "contacts_exported", api=api, person=person, detail={"period": period.value})
    wanted = Wanted(created_from=since, branch_ids=person.branch_ids)
    name = exports.file_name("contactos", now=api.now, zone=zone, ending="csv")
    return _download(
        exports.csv_chunks(TITLES, _lines(api, wanted), zone=zone), name=name, kind=exports.CSV_TYPE
    )


def of_person(*, contact_id: ContactId, person: Administrator, api: Db) -> StreamingResponse:
    """Stream everything we keep of one person, as JSON in Spanish, to be handed to them (Ley 25.326)."""
    with api.database.transaction() as session:
        zone = zone_of(session, api.settings)
        if not reach.may_reach(session, contact_id=contact_id, branch_ids=person.branch_ids):
            raise ContactNotFound
        _note(session, "person_exported", api=api, person=person, subject=f"contact {contact_id}")
    name = exports.file_name(f"contacto-{contact_id}", now=api.now, zone=zone, ending="json")
    return _download(_everything(api, contact_id), name=name, kind=_JSON)


def _days(now: datetime, zone: ZoneInfo) -> Days:
    today = now.astimezone(zone).date()
    return Days(first=today - MONTH + timedelta(days=1), last=today, time_zone=zone.key)


def _lines(api: PanelApi, wanted: Wanted) -> Iterator[Sequence[exports.Cell]]:
    with api.database.reading(passing=True) as session:
        for created, name, phone, last, blocked, opted_out, _ in listing.every(session, wanted=wanted):
            yield created, name, phone, last, "sí" if blocked else "", "sí" if opted_out else ""


def _everything(api: PanelApi, contact_id: int) -> Iterator[str]:
    with api.database.reading() as session:
        yield from person_file.pieces(session, contact_id=contact_id, now=api.now)


def _download(pieces: Iterator[bytes] | Iterator[str], *, name: str, kind: str) -> StreamingResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingResponse(pieces, media_type=kind, headers=headers)


def _note(
    session: Session,
    action: str,
    *,
    api: PanelApi,
    person: Person,
    subject: str = "",
    detail: dict[str, str] | None = None,
) -> None:
    audit.note(
        session,
        operator_id=person.id,
        action=action,
        subject=subject,
        detail=detail,
        address=person.address,
        now=api.now,
    )
