"""Branches and the zones they deliver to."""

from fastapi import APIRouter

from api.catalogue_wishes import After, Created, EntryId, Limit, Saved, Values, note, the_one, with_version
from api.panel_api import Db
from api.signed_in import Administrator, SignedIn
from openbot.catalogue import listing
from openbot.catalogue.editing import branches, zones
from openbot.catalogue.listing import BranchLine, ZoneLine
from openbot.catalogue.paging import Page, page


def add_routes(routes: APIRouter) -> None:
    """Add the routes of branches and zones."""
    routes.get("/branches", summary="Branches, in the order in which customers see them")(branch_list)
    routes.post("/branches", status_code=201, summary="Add a branch")(create_branch)
    routes.get("/branches/{branch_id}", summary="One branch")(one_branch)
    routes.patch("/branches/{branch_id}", summary="Change a branch; the body carries its version")(
        edit_branch
    )
    routes.get("/zones", summary="Delivery zones of all branches")(zone_list)
    routes.post("/zones", status_code=201, summary="Add a zone to a branch")(create_zone)
    routes.get("/zones/{zone_id}", summary="One delivery zone")(one_zone)
    routes.patch("/zones/{zone_id}", summary="Change a zone; the body carries its version")(edit_zone)


def branch_list(
    *, _person: SignedIn, api: Db, active: bool | None = None, limit: Limit = 100, after: After = ""
) -> Page[BranchLine]:
    """Return a page."""
    with api.database.reading() as session:
        lines = listing.branches(session)
    wanted = [line for line in lines if active is None or line.active is active]
    return page(wanted, key=lambda line: [line.position, line.id], descending=False, limit=limit, after=after)


def one_branch(*, branch_id: EntryId, _person: SignedIn, api: Db) -> BranchLine:
    """Return a branch, active or not."""
    with api.database.reading() as session:
        return the_one(listing.branches(session), branch_id, kind="branch")


def create_branch(*, values: Values, person: Administrator, api: Db) -> Created:
    """Add a branch: name, address, place, latitude, longitude; phone, aliases, hours, position."""
    with api.database.transaction() as session:
        branch_id = branches.create(session, values=values, by=person.id, now=api.now)
        note(session, "branch_created", f"branch {branch_id}", person=person, api=api)
    return Created(id=branch_id)


def edit_branch(*, branch_id: EntryId, values: Values, person: Administrator, api: Db) -> Saved:
    """Change some fields; `active` false takes it out of the catalogue."""
    version, wishes = with_version(values)
    with api.database.transaction() as session:
        changed = branches.edit(
            session, branch_id=branch_id, version=version, values=wishes, by=person.id, now=api.now
        )
        if changed:
            note(session, "branch_changed", f"branch {branch_id}", person=person, api=api, changed=changed)
    return Saved(id=branch_id, changed=changed)


def zone_list(
    *,
    _person: SignedIn,
    api: Db,
    branch: int | None = None,
    active: bool | None = None,
    limit: Limit = 100,
    after: After = "",
) -> Page[ZoneLine]:
    """Return a page."""
    with api.database.reading() as session:
        lines = listing.zones(session)
    places = {line.id: place for place, line in enumerate(lines)}
    wanted = [
        line
        for line in lines
        if (branch is None or line.branch_id == branch) and (active is None or line.active is active)
    ]
    return page(wanted, key=lambda line: [places[line.id]], descending=False, limit=limit, after=after)


def one_zone(*, zone_id: EntryId, _person: SignedIn, api: Db) -> ZoneLine:
    """Return a zone, active or not."""
    with api.database.reading() as session:
        return the_one(listing.zones(session), zone_id, kind="zone")


def create_zone(*, values: Values, person: Administrator, api: Db) -> Created:
    """Add a zone: branch_id, name, places (barrios and localidades), fee, minimum."""
    with api.database.transaction() as session:
        zone_id = zones.create(session, values=values, by=person.id, now=api.now)
        note(session, "zone_created", f"zone {zone_id}", person=person, api=api)
    return Created(id=zone_id)


def edit_zone(*, zone_id: EntryId, values: Values, person: Administrator, api: Db) -> Saved:
    """Change some fields; `active` false takes it out of the catalogue."""
    version, wishes = with_version(values)
    with api.database.transaction() as session:
        changed = zones.edit(
            session, zone_id=zone_id, version=version, values=wishes, by=person.id, now=api.now
        )
        if changed:
            note(session, "zone_changed", f"zone {zone_id}", person=person, api=api, changed=changed)
    return Saved(id=zone_id, changed=changed)
