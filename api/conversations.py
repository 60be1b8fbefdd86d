"""A conversation, a page at a time. Who reads one is noted."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from api.contacts import ContactId
from api.errors import DOCUMENTED, ApiError
from api.panel_api import Db
from api.signed_in import Person, SignedIn
from api.zone import zone_of
from openbot.contacts import reach
from openbot.contacts.queries import ContactNotFound
from openbot.conversations import transcript, viewing
from openbot.conversations.transcript import Page, Place
from openbot.conversations.transcript_context import OrderMark
from openbot.conversations.transcript_lines import Message
from openbot.database import Session
from openbot.vocabulary import OrderKind, State

Cursor = Annotated[str, Query(max_length=60)]


class Mark(BaseModel):
    """An order of the conversation; of another branch than the operator's, without kind and branch."""

    id: int
    state: State
    created_at: datetime
    kind: OrderKind | None
    branch: str
    is_reached: bool


class Messages(BaseModel):
    """Messages in a row, oldest first."""

    messages: list[Message]
    before: str  #: cursor of what is older
    after: str  #: cursor of what is newer
    has_more: bool  #: in the direction that was asked for
    orders: list[Mark]
    time_zone: str  #: of the company


def router() -> APIRouter:
    """Build the route."""
    routes = APIRouter(prefix="/api/conversations", tags=["conversations"], responses=DOCUMENTED)
    routes.get("/{contact_id}/messages", summary="Messages: the last ones, or before or after a place")(
        messages
    )
    return routes


def messages(
    *,
    contact_id: ContactId,
    person: SignedIn,
    api: Db,
    before: Cursor = "",
    after: Cursor = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Messages:
    """Return at most `limit` messages. `before` and `after` are cursors of an earlier answer; one of them at most."""
    if before and after:
        raise ApiError(422, "invalid", fields={"after": "not_a_choice"})
    with api.database.reading() as session:
        if not reach.may_reach(session, contact_id=contact_id, branch_ids=person.branch_ids):
            raise ContactNotFound
        page = _page(session, contact_id, before=before, after=after, limit=limit)
        zone = zone_of(session, api.settings)
        noted = bool(before or after) or viewing.is_noted(
            session, contact_id=contact_id, operator_id=person.id, now=api.now
        )
    if not noted:
        with api.database.transaction() as session:
            viewing.note(
                session, contact_id=contact_id, operator_id=person.id, address=person.address, now=api.now
            )
    return Messages(
        messages=list(page.messages),
        before=str(page.before),
        after=str(page.after),
        has_more=page.has_more,
        orders=[_mark(order, person) for order in page.orders],
        time_zone=zone.key,
    )


def _page(session: Session, contact_id: int, *, before: str, after: str, limit: int) -> Page:
    if before:
        return transcript.older(session, contact_id=contact_id, before=Place.read(before), limit=limit)
    if after:
        return transcript.newer(session, contact_id=contact_id, after=Place.read(after), limit=limit)
    return transcript.latest(session, contact_id=contact_id, limit=limit)


def _mark(order: OrderMark, person: Person) -> Mark:
    reached = person.reaches(order.branch_id)
    return Mark(
        id=order.id,
        state=order.state,
        created_at=order.created_at,
        kind=order.kind if reached else None,
        branch=order.branch if reached else "",
        is_reached=reached,
    )
