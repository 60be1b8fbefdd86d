"""Zones: the barrios and localidades a branch delivers to, for how much and from which amount on."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import select

from openbot.catalogue.editing import rows
from openbot.database import Session
from openbot.fields import Form
from openbot.schema import Branch, Zone

NAME = 60
FIELDS = ("branch_id", "name", "places", "fee", "minimum", "active")
_NEEDED = ("branch_id", "name", "places", "fee", "minimum")


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


def _read(session: Session, values: Mapping[str, Any], row: Zone | None) -> dict[str, Any]:
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


_ZONE = rows.Kind(name="zone", table=Zone, read=_read, initial={"active": True}, is_placed=False)
create, edit = _ZONE.create, _ZONE.edit
