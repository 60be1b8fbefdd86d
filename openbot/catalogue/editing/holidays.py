"""Holidays: days on which every branch is closed."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from openbot import company
from openbot.catalogue.editing import rows
from openbot.database import Session
from openbot.fields import Form
from openbot.schema import Holiday

NAME = 100
_YEARS = (2000, 2100)


def add(session: Session, *, values: Mapping[str, Any]) -> date:
    """Add a holiday (`day` like 2026-12-25, `name`); return its day. Raises FieldsWrong."""
    company.raise_catalogue_version(session)
    form = Form(values, needed=("day", "name"))
    form.known(("day", "name"))
    form.day("day")
    form.text("name", longest=NAME)
    day = form.read.get("day")
    if day is not None and not _YEARS[0] <= day.year <= _YEARS[1]:
        form.refuse("day", "not_a_day")
    elif day is not None and session.get(Holiday, day) is not None:
        form.refuse("day", "taken")
    holiday = Holiday(**form.done())
    session.add(holiday)
    session.flush()
    return holiday.day


def remove(session: Session, *, day: date) -> str:
    """Take a holiday away; return its name. Raises EntryNotFound."""
    company.raise_catalogue_version(session)
    row = session.get(Holiday, day)
    if row is None:
        raise rows.EntryNotFound("holiday")
    session.delete(row)
    session.flush()
    return row.name
