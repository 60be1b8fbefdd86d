"""Holidays: added and taken away, never changed."""

from fastapi import APIRouter

from api.catalogue_wishes import After, EntryId, Limit, Values, note, the_one
from api.panel_api import Db
from api.signed_in import Administrator, SignedIn
from openbot import company
from openbot.catalogue import listing
from openbot.catalogue.editing import holidays
from openbot.catalogue.listing import HolidayLine
from openbot.catalogue.paging import Page, page


def add_routes(routes: APIRouter) -> None:
    """Add the routes."""
    routes.get("/holidays", summary="Days on which every branch is closed")(holiday_list)
    routes.post("/holidays", status_code=201, summary="Add a holiday")(create_holiday)
    routes.get("/holidays/{holiday_id}", summary="One holiday, by its day: 20261225")(one_holiday)
    routes.delete("/holidays/{holiday_id}", status_code=204, summary="Take a holiday away")(delete_holiday)


def holiday_list(
    *, _person: SignedIn, api: Db, coming: bool = False, limit: Limit = 100, after: After = ""
) -> Page[HolidayLine]:
    """Return a page; `coming` leaves out what is past."""
    with api.database.reading() as session:
        lines = listing.holidays(session)
        today = api.now.astimezone(company.read(session).zone).date()
    wanted = [line for line in lines if not coming or line.day >= today]
    return page(wanted, key=lambda line: [line.id], descending=False, limit=limit, after=after)


def one_holiday(*, holiday_id: EntryId, _person: SignedIn, api: Db) -> HolidayLine:
    """Return a holiday."""
    with api.database.reading() as session:
        return the_one(listing.holidays(session), holiday_id, kind="holiday")


def create_holiday(*, values: Values, person: Administrator, api: Db) -> HolidayLine:
    """Add a holiday: day (2026-12-25), name."""
    with api.database.transaction() as session:
        day = holidays.add(session, values=values)
        note(session, "holiday_created", f"holiday {day}", person=person, api=api)
        return next(line for line in listing.holidays(session) if line.day == day)


def delete_holiday(*, holiday_id: EntryId, person: Administrator, api: Db) -> None:
    """Open on that day as on any other."""
    with api.database.transaction() as session:
        holiday = the_one(listing.holidays(session), holiday_id, kind="holiday")
        holidays.remove(session, day=holiday.day)
        note(session, "holiday_deleted", f"holiday {holiday.day}", person=person, api=api, name=holiday.name)
