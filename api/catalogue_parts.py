"""Categories, payment methods and holidays."""

from fastapi import APIRouter

from api.catalogue_wishes import After, Created, EntryId, Limit, Saved, Values, note, the_one, with_version
from api.panel_api import Db
from api.signed_in import Administrator, SignedIn
from openbot import company
from openbot.catalogue import listing
from openbot.catalogue.editing import categories, holidays, payment_methods
from openbot.catalogue.listing import CategoryLine, HolidayLine, PaymentLine
from openbot.catalogue.paging import Page, page


def add_routes(routes: APIRouter) -> None:
    """Add the routes."""
    routes.get("/categories", summary="Categories, in the order in which customers see them")(category_list)
    routes.post("/categories", status_code=201, summary="Add a category")(create_category)
    routes.get("/categories/{category_id}", summary="One category")(one_category)
    routes.patch("/categories/{category_id}", summary="Change a category; the body carries its version")(
        edit_category
    )
    routes.delete("/categories/{category_id}", status_code=204, summary="Delete one without products")(
        delete_category
    )
    routes.get("/payment-methods", summary="Payment methods, in order")(method_list)
    routes.post("/payment-methods", status_code=201, summary="Add a payment method")(create_method)
    routes.get("/payment-methods/{method_id}", summary="One payment method")(one_method)
    routes.patch("/payment-methods/{method_id}", summary="Change one; the body carries its version")(
        edit_method
    )
    routes.get("/holidays", summary="Days on which every branch is closed")(holiday_list)
    routes.post("/holidays", status_code=201, summary="Add a holiday")(create_holiday)
    routes.get("/holidays/{holiday_id}", summary="One holiday, by its day: 20261225")(one_holiday)
    routes.delete("/holidays/{holiday_id}", status_code=204, summary="Take a holiday away")(delete_holiday)


def category_list(*, _person: SignedIn, api: Db, limit: Limit = 100, after: After = "") -> Page[CategoryLine]:
    """Return a page."""
    with api.database.reading() as session:
        lines = listing.categories(session)
    return page(lines, key=lambda line: [line.position, line.id], descending=False, limit=limit, after=after)


def one_category(*, category_id: EntryId, _person: SignedIn, api: Db) -> CategoryLine:
    """Return a category."""
    with api.database.reading() as session:
        return the_one(listing.categories(session), category_id, kind="category")


def create_category(*, values: Values, person: Administrator, api: Db) -> Created:
    """Add a category: name; position."""
    with api.database.transaction() as session:
        category_id = categories.create(session, values=values, by=person.id, now=api.now)
        note(session, "category_created", f"category {category_id}", person=person, api=api)
    return Created(id=category_id)


def edit_category(*, category_id: EntryId, values: Values, person: Administrator, api: Db) -> Saved:
    """Change the name or the place in the list."""
    version, wishes = with_version(values)
    with api.database.transaction() as session:
        changed = categories.edit(
            session, category_id=category_id, version=version, values=wishes, by=person.id, now=api.now
        )
        if changed:
            subject = f"category {category_id}"
            note(session, "category_changed", subject, person=person, api=api, changed=changed)
    return Saved(id=category_id, changed=changed)


def delete_category(*, category_id: EntryId, person: Administrator, api: Db) -> None:
    """Delete a category that never had a product; else 409."""
    with api.database.transaction() as session:
        name = categories.remove(session, category_id=category_id)
        note(session, "category_deleted", f"category {category_id}", person=person, api=api, name=name)


def method_list(
    *, _person: SignedIn, api: Db, active: bool | None = None, limit: Limit = 100, after: After = ""
) -> Page[PaymentLine]:
    """Return a page."""
    with api.database.reading() as session:
        lines = listing.payment_methods(session)
    wanted = [line for line in lines if active is None or line.active is active]
    return page(wanted, key=lambda line: [line.position, line.id], descending=False, limit=limit, after=after)


def one_method(*, method_id: EntryId, _person: SignedIn, api: Db) -> PaymentLine:
    """Return a payment method, active or not."""
    with api.database.reading() as session:
        return the_one(listing.payment_methods(session), method_id, kind="payment_method")


def create_method(*, values: Values, person: Administrator, api: Db) -> Created:
    """Add a payment method: name; text, is_cash, aliases, position."""
    with api.database.transaction() as session:
        method_id = payment_methods.create(session, values=values, by=person.id, now=api.now)
        note(session, "payment_method_created", f"payment_method {method_id}", person=person, api=api)
    return Created(id=method_id)


def edit_method(*, method_id: EntryId, values: Values, person: Administrator, api: Db) -> Saved:
    """Change some fields; `active` false takes it out of the catalogue."""
    version, wishes = with_version(values)
    with api.database.transaction() as session:
        changed = payment_methods.edit(
            session, method_id=method_id, version=version, values=wishes, by=person.id, now=api.now
        )
        if changed:
            subject = f"payment_method {method_id}"
            note(session, "payment_method_changed", subject, person=person, api=api, changed=changed)
    return Saved(id=method_id, changed=changed)


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
