"""Branches: where they are, when they are open, by which names they go."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select

from openbot.catalogue.editing import rows
from openbot.catalogue.editing.zones import keep_places_apart
from openbot.catalogue.hours_text import HoursWrong, read_hours, write_hours
from openbot.catalogue.opening_hours import WEEKDAYS, Stretch, WeekHours
from openbot.database import Session
from openbot.fields import Form
from openbot.schema import Branch, BranchHours, Zone

NAME = 24  #: characters of a list row's title (contract §5.3)
FIELDS = (
    "name", "address", "place", "phone", "latitude", "longitude", "aliases", "hours", "position", "active"
)  # fmt: skip
_NEEDED = ("name", "address", "place", "latitude", "longitude")


def hours_of(session: Session, branch_id: int) -> WeekHours:
    """Return when a branch is open."""
    week: list[tuple[Stretch, ...]] = [()] * len(WEEKDAYS)
    for line in session.scalars(select(BranchHours).where(BranchHours.branch_id == branch_id)):
        week[line.weekday] += (Stretch(line.opens, line.closes),)
    return WeekHours(tuple(week))


def _write_hours(session: Session, row: Branch, hours: WeekHours) -> list[Any] | None:
    before = hours_of(session, row.id)
    if hours == before:
        return None
    session.execute(delete(BranchHours).where(BranchHours.branch_id == row.id))
    session.add_all(
        BranchHours(branch_id=row.id, weekday=weekday, opens=each.opens, closes=each.closes)
        for weekday, day in enumerate(hours.days)
        for each in day
    )
    session.flush()
    return [write_hours(before), write_hours(hours)]


def _read(session: Session, values: Mapping[str, Any], row: Branch | None) -> dict[str, Any]:
    form = Form(values, needed=() if row else _NEEDED)
    form.known(FIELDS)
    form.text("name", longest=NAME)
    form.text("address", longest=200)
    form.text("place", longest=100)
    form.text("phone", longest=40, empty=True)
    form.number("latitude", least=-90, most=90, whole=False)
    form.number("longitude", least=-180, most=180, whole=False)
    form.texts("aliases", longest=40, most=20)
    form.number("position", least=1, most=1000)
    form.flag("active")
    _read_hours(form)
    rows.keep_names_apart(session, form, Branch, row)
    rows.keep_one(session, form, Branch, row)
    if row is not None and not row.active and form.read.get("active"):
        its = session.scalars(select(Zone).where(Zone.branch_id == row.id, Zone.active)).all()
        places = (place for zone in its for place in zone.places)
        keep_places_apart(session, form, places, field="active", but=set())
    return form.done()


def _read_hours(form: Form) -> None:
    if not form.has("hours"):
        return
    value = form.values["hours"]
    if (
        not isinstance(value, list)
        or len(value) != len(WEEKDAYS)
        or not all(isinstance(each, str) for each in value)
    ):
        form.refuse("hours", "not_a_list")
        return
    try:
        form.read["hours"] = read_hours(value)
    except HoursWrong as wrong:
        for weekday, code in wrong.days.items():
            form.refuse(f"hours.{weekday}", code)


_BRANCH = rows.Kind(
    name="branch",
    table=Branch,
    read=_read,
    initial={"phone": "", "aliases": [], "active": True},
    besides={"hours": _write_hours},
)
create, edit = _BRANCH.create, _BRANCH.edit
