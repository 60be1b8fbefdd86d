"""Zones: the barrios and localidades a branch delivers to, for how much and from which amount on."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from openbot import company
from openbot.catalogue.editing import rows
from openbot.catalogue.editing.rows import Changes
from openbot.database import Session
from openbot.fields import Form
from openbot.schema import Branch, Zone

NAME = 60
FIELDS = ("branch_id", "name", "places", "fee", "minimum", "active")
_NEEDED = ("branch_id", "name", "places", "fee", "minimum")


def create(session: Session, *, values: Mapping[str, Any], by: int | None, now: datetime) -> int:
    """Add a zone to a branch; return its id."""
    company.raise_catalogue_version(session)
    wished = _checked(session, values, row=None)
    row = Zone(edited_by_id=by, edited_at=now, version=1, **{"active": True, **wished})
    session.add(row)
    session.flush()
    return row.id


def edit(
    session: Session, *, zone_id: int, version: int, values: Mapping[str, Any], by: int | None, now: datetime
) -> Changes:
    """Save some fields of a zone; return what changed."""
    company.raise_catalogue_version(session)
    row = rows.find(session, Zone, zone_id, kind="zone")
    wished = _checked(session, values, row=row)
    rows.check_version(session, row, version=version, wished=wished)
    changes = rows.assign(row, wished, by=by, now=now)
    session.flush()
    return changes


def _checked(session: Session, values: Mapping[str, Any], *, row: Zone | None) -> dict[str, Any]:
    form = Form(values, needed=() if row else _NEEDED)
    form.known(FIELDS)
    form.choice("branch_id", set(session.scalars(select(Branch.id).where(Branch.active))))
    form.text("name", longest=NAME)
    form.texts("places", longest=60, most=200, empty=False)
    form.money("fee")
    form.money("minimum")
    form.flag("active")
    if form.read.get("active", row is None or row.active):
        places = form.read.get("places", row.places if row else ())
        keep_places_apart(session, form, places, field="places", but={row.id} if row else set())
    return form.done()


def keep_places_apart(
    session: Session, form: Form, places: Iterable[str], *, field: str, but: Collection[int]
) -> None:
    """Refuse a barrio that another zone has (`but` for these): an address there could not be given to either."""
    wished = {place: name for name in places for place in rows.folded([name])}
    others = session.execute(
        select(Zone.id, Zone.name, Zone.places, Branch.name.label("branch"))
        .join(Branch, Branch.id == Zone.branch_id)
        .where(Zone.active, Branch.active)
    ).all()
    taken = {
        wished[place]: f"{zone.name} ({zone.branch})"
        for zone in others
        if zone.id not in but
        for place in rows.folded(zone.places) & wished.keys()
    }
    if taken:
        form.refuse(field, "place_taken")
        form.detail["places"] = taken
