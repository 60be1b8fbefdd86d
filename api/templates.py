"""WhatsApp's approved templates: everybody may send one, an administrator may fetch the list anew."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel

from api.errors import DOCUMENTED
from api.panel_api import Db, PanelApi
from api.signed_in import Administrator, SignedIn
from openbot.templates import filling, operations
from openbot.templates.operations import TemplatesUnreachable, WabaMissing
from openbot.whatsapp import reactions
from openbot.whatsapp.client import GraphClient, Refused

#: Longest wait for one page of Graph's list.
SECONDS = 10.0


class Template(BaseModel):
    """A template as WhatsApp has it."""

    id: int
    name: str
    language: str
    category: str
    status: str
    body: str
    variables: list[str]
    buttons: list[str]
    unsupported: str  #: what in it cannot be filled here («header», «buttons» …); empty: it can be sent
    fetched_at: datetime


def router() -> APIRouter:
    """Build the routes."""
    routes = APIRouter(prefix="/api/templates", tags=["templates"], responses=DOCUMENTED)
    routes.get("", summary="WhatsApp's templates as they were fetched last")(listed)
    routes.post("/refresh", summary="Fetch the list from WhatsApp now")(refresh)
    return routes


def listed(*, _person: SignedIn, api: Db) -> list[Template]:
    """Return all but those that WhatsApp no longer has."""
    return _shown(api)


def refresh(*, _person: Administrator, api: Db) -> list[Template]:
    """Ask WhatsApp. 422 `waba_missing` without an account id, 422 `templates_unreachable` when it does not answer."""
    if not api.settings.whatsapp_waba_id:
        raise WabaMissing
    with client_of(api) as client:
        found = client.templates(api.settings.whatsapp_waba_id)
    if isinstance(found, Refused):
        reason = reactions.explain(found.code, found.http_status, is_transient=found.is_transient)
        with api.database.transaction() as session:
            operations.note_failure(session, reason=reason, now=api.now)
        raise TemplatesUnreachable(reason=reason)
    with api.database.transaction() as session:
        operations.store(session, found=found, now=api.now)
    return _shown(api)


def client_of(api: PanelApi) -> GraphClient:
    """Make a client for one question."""
    settings = api.settings
    return GraphClient(
        base_url=settings.whatsapp_graph_url,
        version=settings.whatsapp_api_version,
        phone_number_id=settings.whatsapp_phone_number_id,
        access_token=settings.whatsapp_access_token.get_secret_value(),
        timeout=SECONDS,
    )


def _shown(api: PanelApi) -> list[Template]:
    with api.database.reading() as session:
        return [
            Template(
                id=row.id,
                name=row.name,
                language=row.language,
                category=row.category,
                status=row.status,
                body=row.body,
                variables=row.variables,
                buttons=row.buttons,
                unsupported=filling.unsupported(row),
                fetched_at=row.fetched_at,
            )
            for row in operations.listed(session)
        ]
