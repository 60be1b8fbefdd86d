"""What who asks has typed and not saved."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict

from api.errors import DOCUMENTED
from api.panel_api import Db
from api.saved_views import Removed
from api.signed_in import SignedIn
from openbot.operators import drafts

Key = Annotated[str, Path(pattern=r"^[\w .:-]{1,60}$", description="Of the form, like «order 123»")]


class Draft(BaseModel):
    """A draft."""

    key: str
    body: dict[str, Any]
    updated_at: datetime


class Drafts(BaseModel):
    """All of them, the latest first."""

    rows: list[Draft]


class DraftWish(BaseModel):
    """What was typed, as the form has it; at most 20 kB."""

    model_config = ConfigDict(extra="forbid")

    body: dict[str, Any]


def router() -> APIRouter:
    """Build the routes."""
    routes = APIRouter(prefix="/api/drafts", tags=["drafts"], responses=DOCUMENTED)
    routes.get("", summary="All drafts of who asks")(listed)
    routes.get("/{key}", summary="What was typed into a form")(one)
    routes.put("/{key}", summary="Keep what was typed")(keep)
    routes.delete("/{key}", summary="Forget what was typed")(forget)
    return routes


def listed(*, person: SignedIn, api: Db) -> Drafts:
    """Return all drafts."""
    with api.database.reading() as session:
        found = drafts.drafts(session, operator_id=person.id)
    return Drafts(rows=[Draft(**asdict(each)) for each in found])


def one(*, key: Key, person: SignedIn, api: Db) -> Draft:
    """Return one draft; 404 when nothing was typed."""
    with api.database.reading() as session:
        return Draft(**asdict(drafts.draft(session, operator_id=person.id, key=key)))


def keep(*, key: Key, wish: DraftWish, person: SignedIn, api: Db) -> Draft:
    """Keep a draft over the one before."""
    with api.database.transaction() as session:
        kept = drafts.keep(session, operator_id=person.id, key=key, body=wish.body, now=api.now)
    return Draft(**asdict(kept))


def forget(*, key: Key, person: SignedIn, api: Db) -> Removed:
    """Forget a draft; whether there was one."""
    with api.database.transaction() as session:
        return Removed(removed=drafts.forget(session, operator_id=person.id, key=key))
