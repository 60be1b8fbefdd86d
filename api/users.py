"""Usuarios: people of the panel. For administrators only."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Path, Query
from pydantic import BaseModel
from sqlalchemy import select

from api import hashing, user_rows
from api.errors import DOCUMENTED
from api.panel_api import Db, PanelApi
from api.signed_in import Administrator, Person
from api.user_rows import Row, Rows
from openbot.catalogue.paging import page
from openbot.catalogue.words import fold
from openbot.conversations import departures
from openbot.database import Session
from openbot.fields import FieldsWrong, Form
from openbot.operators import audit, form, passwords, people, queries
from openbot.operators.passwords import PasswordRefused
from openbot.operators.people import OperatorNotFound
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


class BranchChoice(BaseModel):
    """A branch that may be chosen."""

    id: int
    name: str


class Choices(BaseModel):
    """What the form of a user offers."""

    branches: list[BranchChoice]


class FreshPassword(BaseModel):
    """Shown once; kept nowhere."""

    password: str


def router() -> APIRouter:
    """Build the routes."""
    routes = APIRouter(prefix="/api/users", tags=["users"], responses=DOCUMENTED)
    routes.get("")(list_users)
    routes.post("", status_code=201)(create_user)
    routes.get("/form")(form_choices)
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
        everybody = user_rows.everybody(session, person=person)
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


def form_choices(panel: Db, _person: Administrator) -> Choices:
    """List what the form of a user offers."""
    with panel.database.reading() as session:
        branches = session.scalars(select(Branch).where(Branch.active).order_by(Branch.position, Branch.id))
        return Choices(branches=[BranchChoice(id=each.id, name=each.name) for each in branches])


def show_user(user_id: UserId, panel: Db, person: Administrator) -> Row:
    """Show one person."""
    with panel.database.reading() as session:
        return user_rows.one(session, user_id=user_id, person=person)


def create_user(wishes: Wishes, panel: Db, person: Administrator) -> Row:
    """Add a person; the password is to be changed at the first sign-in."""
    values, password = _read_new(wishes)
    password_hash = hashing.hashed(password)
    with panel.database.transaction() as session:
        made = people.create(session, values=values, password_hash=password_hash, by=person.id, now=panel.now)
        _note(session, panel, person, "user_created", made.id, {"role": made.role.value})
        return user_rows.one(session, user_id=made.id, person=person)


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
        return user_rows.one(session, user_id=user_id, person=person)


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
