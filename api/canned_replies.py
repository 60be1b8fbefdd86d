"""Canned replies of the composer: everybody says them, administrators write them."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from api.catalogue_wishes import MOST_ID, EntryId, Values, note, with_version
from api.errors import DOCUMENTED
from api.panel_api import Db
from api.signed_in import Administrator, SignedIn
from openbot.contacts import reach
from openbot.contacts.queries import ContactNotFound
from openbot.conversations import canned_replies


class Row(BaseModel):
    """A canned reply."""

    id: int
    shortcut: str  #: without the slash
    text: str  #: with {{nombre}} {{pedido}} {{total}} {{sucursal}} {{operador}}
    version: int
    filled: str | None = None  #: as it reads in the conversation that was named


def router() -> APIRouter:
    """Build the routes."""
    routes = APIRouter(prefix="/api/canned-replies", tags=["conversations"], responses=DOCUMENTED)
    routes.get("", summary="Canned replies, by shortcut")(listed)
    routes.post("", summary="Add one", status_code=201)(add)
    routes.patch("/{reply_id}", summary="Change one; the body carries its version")(change)
    routes.delete("/{reply_id}", summary="Remove one", status_code=204)(remove)
    return routes


def listed(
    *, person: SignedIn, api: Db, contact_id: Annotated[int | None, Query(ge=1, le=MOST_ID)] = None
) -> list[Row]:
    """Return all; with a contact also as they read in its conversation, a variable without a value as it is."""
    with api.database.reading() as session:
        replies = canned_replies.listed(session)
        if contact_id is None:
            return [Row(**asdict(each)) for each in replies]
        if not reach.may_reach(session, contact_id=contact_id, branch_ids=person.branch_ids):
            raise ContactNotFound
        values = canned_replies.values_for(session, contact_id=contact_id, operator=person.name)
    return [Row(**asdict(each), filled=canned_replies.fill(each.text, values)) for each in replies]


def add(*, values: Values, person: Administrator, api: Db) -> Row:
    """Add a canned reply: shortcut, text."""
    with api.database.transaction() as session:
        reply = canned_replies.create(session, values=values, by=person.id, now=api.now)
        subject = f"canned_reply {reply.id}"
        note(session, "canned_reply_created", subject, person=person, api=api, shortcut=reply.shortcut)
    return Row(**asdict(reply))


def change(*, reply_id: EntryId, values: Values, person: Administrator, api: Db) -> Row:
    """Change the shortcut or the text. 409 when somebody else saved it meanwhile."""
    version, wishes = with_version(values)
    with api.database.transaction() as session:
        reply, changed = canned_replies.edit(
            session, reply_id=reply_id, version=version, values=wishes, by=person.id, now=api.now
        )
        if changed:
            subject = f"canned_reply {reply_id}"
            note(session, "canned_reply_changed", subject, person=person, api=api, shortcut=reply.shortcut)
    return Row(**asdict(reply))


def remove(*, reply_id: EntryId, person: Administrator, api: Db) -> None:
    """Remove a canned reply."""
    with api.database.transaction() as session:
        shortcut = canned_replies.remove(session, reply_id=reply_id)
        note(
            session,
            "canned_reply_deleted",
            f"canned_reply {reply_id}",
            person=person,
            api=api,
            shortcut=shortcut,
        )
