"""Branches: where they are, when they are open, by which names they go."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from openbot import company
from openbot.catalogue.editing import rows
from openbot.catalogue.editing.rows import Changes
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


def create(session: Session, *, values: Mapping[str, Any], by: int | None, now: datetime) -> int:
    """Add a branch at the end of the list, or at `position`; return its id."""
    company.raise_catalogue_version(session)
    wished = _checked(session, values, row=None)
    hours, place = wished.pop("hours", None), wished.pop("position", None)
    row = Branch(
        code=rows.new_code(session, Branch, wished["name"]),
        position=rows.next_position(session, Branch),
        edited_by_id=by,
        edited_at=now,
        version=1,
        **{"phone": "", "aliases": [], "active": True, **wished},
    )
    session.add(row)
    session.flush()
    if hours is not None:
        _write_hours(session, row.id, hours)
    if place is not None:
        rows.put_at(session, row, place)
    return row.id


def edit(
    session: Session,
    *,
    branch_id: int,
    version: int,
    values: Mapping[str, Any],
    by: int | None,
    now: datetime,
) -> Changes:
    """Save some fields of a branch; return what changed."""
    company.raise_catalogue_version(session)
    row = rows.find(session, Branch, branch_id, kind="branch")
    wished = _checked(session, values, row=row)
    hours, place = wished.pop("hours", None), wished.pop("position", None)
    rows.check_version(session, row, version=version, wished=wished)
    changes = rows.assign(row, wished, by=by, now=now)
    if hours is not None and hours != (before := hours_of(session, branch_id)):
        _write_hours(session, branch_id, hours)
        if not changes:
            rows.sign(row, by=by, now=now)
        changes["hours"] = [write_hours(before), write_hours(hours)]
    if place is not None and place != row.position:
        changes["position"] = [row.position, place]
        rows.put_at(session, row, place)
    session.flush()
    return changes


def hours_of(session: Session, branch_id: int) -> WeekHours:
    """Return when a branch is open."""
    week: list[tuple[Stretch, ...]] = [()] * len(WEEKDAYS)
    for line in session.scalars(select(BranchHours).where(BranchHours.branch_id == branch_id)):
        week[line.weekday] += (Stretch(line.opens, line.closes),)
    return WeekHours(tuple(week))


def _write_hours(session: Session, branch_id: int, hours: WeekHours) -> None:
    session.execute(delete(BranchHours).where(BranchHours.branch_id == branch_id))
    session.add_all(
        BranchHours(branch_id=branch_id, weekday=weekday, opens=each.opens, closes=each.closes)
        for weekday, day in enumerate(hours.days)
        for each in day
    )
    session.flush()


def _checked(session: Session, values: Mapping[str, Any], *, row: Branch | None) -> dict[str, Any]:
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
