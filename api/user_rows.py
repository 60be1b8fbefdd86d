"""People of the panel as rows of the list «Usuarios»."""

from dataclasses import asdict
from datetime import datetime, time
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import select

from api.signed_in import Person
from openbot.catalogue import opening_hours
from openbot.catalogue.opening_hours import WeekHours
from openbot.database import Session
from openbot.operators import queries
from openbot.operators.people import OperatorNotFound
from openbot.schema import Branch
from openbot.vocabulary import Enabled, Role


class Stretch(BaseModel):
    """Unbroken work on one weekday, local time; ending at or before the beginning: on the next day."""

    weekday: int = Field(description="0 = Monday")
    from_: str = Field(alias="from", examples=["09:00"])
    to: str = Field(examples=["18:00"])


class Row(BaseModel):
    """A person of the list."""

    id: int
    created_at: datetime
    name: str
    email: str
    phone: str = Field(description="Digits with the country; may be empty")
    role: Role
    enabled: Enabled
    shift: list[Stretch] = Field(description="Empty: always")
    shift_text: str = Field(examples=["lunes a viernes de 9 a 18"])
    branch_ids: list[int] = Field(description="Empty: all")
    branches: str = Field(examples=["Centro, Palermo"])
    must_change_password: bool
    signed_in_since: datetime | None
    version: int
    is_me: bool
    can_delete: bool = Field(description="False for the last enabled administrator")


class Rows(BaseModel):
    """A page of the list."""

    rows: list[Row]
    next: str | None
    total: int
    total_is_capped: bool


def one(session: Session, *, user_id: int, person: Person) -> Row:
    """Return one person, as another one sees them. Raises OperatorNotFound."""
    found = next((row for row in everybody(session, person=person) if row.id == user_id), None)
    if found is None:
        raise OperatorNotFound
    return found


def everybody(session: Session, *, person: Person) -> list[Row]:
    """Return everybody who was not deleted."""
    found = queries.listed(session)
    names = {branch.id: branch.name for branch in session.scalars(select(Branch))}
    last = [each.id for each in found if each.role is Role.ADMINISTRATOR and each.enabled is Enabled.YES]
    return [
        Row(
            **asdict(each),
            shift_text=_shift_text(each.shift),
            branches=", ".join(names[branch] for branch in each.branch_ids) or "Todas",
            is_me=each.id == person.id,
            can_delete=last != [each.id],
        )
        for each in found
    ]


def _shift_text(shift: list[dict[str, Any]]) -> str:
    if not shift:
        return "Siempre"
    days: list[list[opening_hours.Stretch]] = [[] for _ in range(7)]
    for each in shift:
        stretch = opening_hours.Stretch(time.fromisoformat(each["from"]), time.fromisoformat(each["to"]))
        days[each["weekday"]].append(stretch)
    return opening_hours.describe(WeekHours(tuple(tuple(day) for day in days)))
