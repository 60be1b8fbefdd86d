"""Notices to administrators that stay until they are read: what the plan has come to."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from api.errors import DOCUMENTED
from api.orders_models import Notice
from api.panel_api import Db, PanelApi
from api.signed_in import Person, SignedIn
from api.zone import zone_of
from openbot import plan
from openbot.database import Session
from openbot.operators import preferences


class Read(BaseModel):
    """A notice that somebody has read."""

    key: Annotated[str, Field(min_length=1, max_length=60)]


def router() -> APIRouter:
    """Build the route."""
    routes = APIRouter(prefix="/api/me", tags=["me"], responses=DOCUMENTED)
    routes.post("/notices-seen", status_code=204, summary="Do not show this notice again")(seen)
    return routes


def seen(*, body: Read, person: SignedIn, api: Db) -> Response:
    """Note it for this person alone."""
    with api.database.transaction() as session:
        preferences.see(session, operator_id=person.id, notice=body.key)
    return Response(status_code=204)


def unread_notices(session: Session, *, person: Person, api: PanelApi) -> list[Notice]:
    """Return what an administrator has not read yet; for an operator nothing."""
    if not person.is_administrator:
        return []
    found = plan.reached(session, now=api.now)
    if found is None or preferences.has_seen(session, operator_id=person.id, notice=found.key):
        return []
    renews_on = found.until.astimezone(zone_of(session, api.settings)).date()
    return [Notice(key=found.key, code=f"plan_{found.warning}", renews_on=renews_on)]
