"""Who am I? The person of the session, what they may do, and their own preferences of the screens."""

from typing import Annotated, Any

from fastapi import APIRouter, Body
from pydantic import BaseModel

from api.errors import DOCUMENTED, ApiError
from api.panel_api import Db
from api.signed_in import Person, SignedIn
from openbot.operators import preferences
from openbot.vocabulary import Role

Wishes = Annotated[dict[str, Any], Body(description="Merged into what is there; null forgets a key")]


class Me(BaseModel):
    """Somebody signed in, and what is theirs."""

    id: int
    name: str
    email: str
    role: Role
    is_administrator: bool
    branch_ids: list[int] | None
    overtime: bool
    preferences: dict[str, Any]


def router() -> APIRouter:
    """Build the routes."""
    routes = APIRouter(prefix="/api/me", tags=["me"], responses=DOCUMENTED)
    routes.get("")(who_am_i)
    routes.patch("/preferences")(prefer)
    return routes


def who_am_i(panel: Db, person: SignedIn) -> Me:
    """Name the person of the session, what they may and what they prefer."""
    with panel.database.reading() as session:
        return _me(person, preferences.of(session, operator_id=person.id))


def prefer(wishes: Wishes, panel: Db, person: SignedIn) -> dict[str, Any]:
    """Keep preferences of the screens (sound, columns …); returns all of them."""
    with panel.database.transaction() as session:
        try:
            return preferences.merge(session, operator_id=person.id, wishes=wishes)
        except preferences.TooMuch as error:
            raise ApiError(422, error.code) from error


def _me(person: Person, preferred: dict[str, Any]) -> Me:
    return Me(
        id=person.id,
        name=person.name,
        email=person.email,
        role=person.role,
        is_administrator=person.is_administrator,
        branch_ids=None if person.branch_ids is None else sorted(person.branch_ids),
        overtime=person.overtime,
        preferences=preferred,
    )
