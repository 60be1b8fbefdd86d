"""Usuarios: people of the panel. For administrators only."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, time
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Path, Query
from pydantic import BaseModel, Field

from api import hashing
from api.errors import DOCUMENTED
from api.panel_api import Db, PanelApi
from api.signed_in import Administrator, Person
from openbot.catalogue import opening_hours
from openbot.catalogue.opening_hours import WeekHours
from openbot.catalogue.paging import page
from openbot.catalogue.words import fold
from openbot.conversations import departures
from openbot.database import Session
from openbot.fields import FieldsWrong, Form
from openbot.operators import audit, form, passwords, people, queries
from openbot.operators.passwords import PasswordRefused
from openbot.operators.people import OperatorNotFound
from openbot.operators.queries import Listed
from openbot.operators.sessions import Because
from openbot.schema import Branch
from openbot.vocabulary import Enabled, Role

UserId = Annotated[int, Path(ge=1, le=2**63 - 1)]
Wishes = Annotated[
    dict[str, Any],
    Body(
        description="name, email, phone, role, enabled, shift, branch_ids; `password` for a new user, "
        "`version` for a change"
    ),
]
Sort = Literal[
    "name", "-name", "email", "-email", "created_at", "-created_at", "role", "-role", "enabled", "-enabled"
]
_NEVER_IN_THE_LOG = {"name", "email", "phone"}


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


class FreshPassword(BaseModel):
    """Shown once; kept nowhere."""

    password: str


def router() -> APIRouter:
    """Build the routes."""
    routes = APIRouter(prefix="/api/users", tags=["users"], responses=DOCUMENTED)
    routes.get("")(list_users)
    routes.post("", status_code=201)(create_user)
    routes.get("/{user_id}")(show_user)
    routes.patch("/{user_id}")(change_user)
    routes.delete("/{user_id}", status_code=204)(delete_user)
    routes.post("/{user_id}/password")(reset_password)
    return routes


def list_users(
    panel: Db,
    person: Administrator,
    q: Annotated[
        str, Query(max_length=200, description="Words of name or e-mail, figures of the phone")
    ] = "",
    role: Annotated[list[Role] | None, Query()] = None,
    enabled: Annotated[list[Enabled] | None, Query()] = None,
    branch_id: Annotated[list[int] | None, Query()] = None,
    sort: Sort = "name",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    after: Annotated[str, Query(max_length=1000)] = "",
) -> Rows:
    """List the people who may use the panel."""
    with panel.database.reading() as session:
        everybody = _rows(session, queries.listed(session), person)
    found = [
        row
        for row in everybody
        if _matches(row, q)
        and (not role or row.role in role)
        and (not enabled or row.enabled in enabled)
        and (not branch_id or not row.branch_ids or set(branch_id) & set(row.branch_ids))
    ]
    cut = page(found, key=_sort_key(sort), descending=sort.startswith("-"), limit=limit, after=after)
    return Rows(rows=cut.rows, next=cut.next, total=cut.total, total_is_capped=cut.total_is_capped)


def show_user(user_id: UserId, panel: Db, person: Administrator) -> Row:
    """Show one person."""
    with panel.database.reading() as session:
        return _row(session, user_id, person)


def create_user(wishes: Wishes, panel: Db, person: Administrator) -> Row:
    """Add a person; the password is to be changed at the first sign-in."""
    values, password = _read_new(wishes)
    password_hash = hashing.hashed(password)
    with panel.database.transaction() as session:
        made = people.create(session, values=values, password_hash=password_hash, by=person.id, now=panel.now)
        _note(session, panel, person, "user_created", made.id, {"role": made.role.value})
        return _row(session, made.id, person)


def change_user(user_id: UserId, wishes: Wishes, panel: Db, person: Administrator) -> Row:
    """Change fields of a person. Who is disabled or gets another type is signed out at once."""
    values, version = _read_change(wishes)
    with panel.database.transaction() as session:
        if values.get("enabled") is Enabled.NO:  # contacts are locked first of all
            _give_back(session, panel, user_id, Because.DISABLED)
        changed = people.change(
            session, person_id=user_id, values=values, version=version, by=person.id, now=panel.now
        )
        if changed:
            told = {name: [] if name in _NEVER_IN_THE_LOG else pair for name, pair in changed.items()}
            _note(session, panel, person, "user_changed", user_id, told)
        return _row(session, user_id, person)


def delete_user(user_id: UserId, panel: Db, person: Administrator) -> None:
    """Delete a person: the name stays in histories, the e-mail can be used again, their orders go to the queue."""
    with panel.database.transaction() as session:
        given = _give_back(session, panel, user_id, Because.DELETED)
        people.remove(session, person_id=user_id, by=person.id, now=panel.now)
        _note(session, panel, person, "user_deleted", user_id, {"orders": given[:100]})


def reset_password(user_id: UserId, panel: Db, person: Administrator) -> FreshPassword:
    """Give a person a random password, for one sign-in; they are signed out."""
    password = passwords.random_password()
    password_hash = hashing.hashed(password)
    with panel.database.transaction() as session:
        people.set_password(
            session, person_id=user_id, password_hash=password_hash, by=person.id, now=panel.now
        )
        _note(session, panel, person, "password_reset", user_id, None)
    return FreshPassword(password=password)


def _read_new(wishes: dict[str, Any]) -> tuple[dict[str, Any], str]:
    password = wishes.pop("password", None)
    wrong: dict[str, str] = {}
    if not isinstance(password, str) or not password:
        wrong["password"] = "missing"  # noqa: S105 - a code
    elif not passwords.SHORTEST <= len(password) <= passwords.LONGEST:
        wrong["password"] = PasswordRefused.code
    try:
        values = form.read(wishes, is_new=True)
    except FieldsWrong as error:
        raise FieldsWrong({**error.fields, **wrong}) from error
    if wrong or not isinstance(password, str):
        raise FieldsWrong(wrong)
    return values, password


def _read_change(wishes: dict[str, Any]) -> tuple[dict[str, Any], int]:
    version = Form({"version": wishes.pop("version", None)}, needed=("version",))
    version.number("version", least=1, most=2**31)
    return form.read(wishes, is_new=False), version.done()["version"]


def _give_back(session: Session, panel: PanelApi, user_id: int, because: Because) -> list[int]:
    found = queries.listed(session, only=user_id)
    if not found:
        raise OperatorNotFound
    reason = departures.reason_for(because, name=found[0].name)
    return departures.give_back(session, operator_id=user_id, reason=reason, now=panel.now)


def _note(
    session: Session,
    panel: PanelApi,
    person: Person,
    action: str,
    user_id: int,
    detail: dict[str, Any] | None,
) -> None:
    audit.note(
        session,
        operator_id=person.id,
        action=action,
        subject=f"user {user_id}",
        detail=detail,
        address=person.address,
        now=panel.now,
    )


def _row(session: Session, user_id: int, person: Person) -> Row:
    found = next((row for row in _rows(session, queries.listed(session), person) if row.id == user_id), None)
    if found is None:
        raise OperatorNotFound
    return found


def _rows(session: Session, found: list[Listed], person: Person) -> list[Row]:
    names = {branch.id: branch.name for branch in session.query(Branch)}
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


def _matches(row: Row, typed: str) -> bool:
    digits = "".join(sign for sign in typed if sign.isdigit())
    if digits and not any(sign.isalpha() for sign in typed):
        return digits in row.phone
    text = fold(f"{row.name} {row.email}")
    return all(word in text for word in fold(typed).split())


def _sort_key(sort: Sort) -> Callable[[Row], list[Any]]:
    match sort.lstrip("-"):
        case "created_at":
            return lambda row: [row.created_at.isoformat(), row.id]
        case "email":
            return lambda row: [row.email, row.id]
        case "role":
            return lambda row: [row.role.value, fold(row.name), row.id]
        case "enabled":
            return lambda row: [row.enabled.value, fold(row.name), row.id]
        case _:
            return lambda row: [fold(row.name), row.id]
