"""Views of lists that who asks keeps."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field, StrictInt, StrictStr

from api.errors import DOCUMENTED, ApiError
from api.panel_api import Db
from api.signed_in import SignedIn
from openbot.operators import saved_views
from openbot.orders.criteria import LARGEST_ID

ViewId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
Screen = Annotated[str, Query(pattern=r"^[a-z_]{1,20}$")]
_LARGEST_QUERY = 4_000


class View(BaseModel):
    """A view."""

    id: int
    screen: str
    name: str
    query: dict[str, Any] = Field(description="As the screen wrote it: tab, filters, order")
    position: int


class Views(BaseModel):
    """All views of a list."""

    rows: list[View]


class NewView(BaseModel):
    """A view to be kept."""

    model_config = ConfigDict(extra="forbid")

    screen: Annotated[StrictStr, Field(pattern=r"^[a-z_]{1,20}$")]
    name: StrictStr = Field(max_length=1000)
    query: dict[str, Any]


class ViewWish(BaseModel):
    """What of a view is to be changed."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[StrictStr, Field(max_length=1000)] | None = None
    query: dict[str, Any] | None = None
    position: Annotated[StrictInt, Field(ge=0, le=1000)] | None = None


class Removed(BaseModel):
    """Whether there was something to remove."""

    removed: bool


def router() -> APIRouter:
    """Build the routes."""
    routes = APIRouter(prefix="/api/saved-views", tags=["saved views"], responses=DOCUMENTED)
    routes.get("", summary="The views of a list")(listed)
    routes.post("", summary="Keep a view", status_code=201)(keep)
    routes.patch("/{view_id}", summary="Rename a view, or keep other filters in it")(change)
    routes.delete("/{view_id}", summary="Remove a view")(forget)
    return routes


def listed(*, screen: Screen, person: SignedIn, api: Db) -> Views:
    """Return the views of who asks."""
    with api.database.reading() as session:
        found = saved_views.views(session, operator_id=person.id, screen=screen)
    return Views(rows=[View(**asdict(view)) for view in found])


def keep(*, wish: NewView, person: SignedIn, api: Db) -> View:
    """Keep a view behind the others."""
    _check(wish.query)
    with api.database.transaction() as session:
        view = saved_views.keep(
            session, operator_id=person.id, screen=wish.screen, name=wish.name, query=wish.query
        )
    return View(**asdict(view))


def change(*, view_id: ViewId, wish: ViewWish, person: SignedIn, api: Db) -> View:
    """Change what is given."""
    _check(wish.query or {})
    with api.database.transaction() as session:
        view = saved_views.change(
            session,
            operator_id=person.id,
            view_id=view_id,
            name=wish.name,
            query=wish.query,
            position=wish.position,
        )
    return View(**asdict(view))


def forget(*, view_id: ViewId, person: SignedIn, api: Db) -> Removed:
    """Remove a view."""
    with api.database.transaction() as session:
        saved_views.forget(session, operator_id=person.id, view_id=view_id)
    return Removed(removed=True)


def _check(query: dict[str, Any]) -> None:
    if len(str(query)) > _LARGEST_QUERY:
        raise ApiError(422, "invalid", fields={"query": "too_long"})
