"""Who has a conversation open, who types in it, and that it was read. Called often: what is no news writes nothing."""

from fastapi import APIRouter
from pydantic import BaseModel

from api.contacts import ContactId
from api.errors import DOCUMENTED
from api.panel_api import Db
from api.signed_in import Person, SignedIn
from openbot.contacts import reach
from openbot.contacts.queries import ContactNotFound
from openbot.conversations.desk import presence, read_marks
from openbot.database import Session


class Looks(BaseModel):
    """What somebody does in a conversation."""

    typing: bool = False


def router() -> APIRouter:
    """Build the routes."""
    routes = APIRouter(prefix="/api/conversations", tags=["conversations"], responses=DOCUMENTED)
    here = "/{contact_id}/presence"
    routes.post(here, summary="I have it open; said again every half minute", status_code=204)(look)
    routes.delete(here, summary="I left it", status_code=204)(leave)
    routes.post("/{contact_id}/read", summary="I have read it", status_code=204)(read)
    return routes


def look(*, contact_id: ContactId, wish: Looks, person: SignedIn, api: Db) -> None:
    """Let the others know who is here, and who types."""
    now = api.now
    with api.database.reading() as session:
        _check_reached(session, contact_id, person)
        is_news = presence.is_news(
            session, contact_id=contact_id, operator_id=person.id, typing=wish.typing, now=now
        )
    if is_news:
        with api.database.transaction() as session:
            presence.look(session, contact_id=contact_id, operator_id=person.id, typing=wish.typing, now=now)


def leave(*, contact_id: ContactId, person: SignedIn, api: Db) -> None:
    """Let the others know who is not here any more."""
    with api.database.reading() as session:
        _check_reached(session, contact_id, person)
        is_here = presence.is_here(session, contact_id=contact_id, operator_id=person.id)
    if is_here:
        with api.database.transaction() as session:
            presence.leave(session, contact_id=contact_id, operator_id=person.id)


def read(*, contact_id: ContactId, person: SignedIn, api: Db) -> None:
    """Nothing is unread any more, and the customer sees so. What another operator attends is theirs to read."""
    with api.database.reading() as session:
        _check_reached(session, contact_id, person)
        is_unread = read_marks.is_unread(session, contact_id=contact_id)
    if is_unread:
        with api.database.transaction() as session:
            read_marks.read(session, contact_id=contact_id, operator_id=person.id, now=api.now)


def _check_reached(session: Session, contact_id: int, person: Person) -> None:
    if not reach.may_reach(session, contact_id=contact_id, branch_ids=person.branch_ids):
        raise ContactNotFound
