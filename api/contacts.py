"""Contacts: the list, one of them, its name, block and deletion."""

from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from api.errors import DOCUMENTED, ApiError
from api.panel_api import Db, PanelApi
from api.signed_in import Administrator, Person, SignedIn
from api.zone import zone_of
from openbot import plan
from openbot.contacts import listing, reach, renaming
from openbot.contacts.listing import Listed, Sort, Wanted
from openbot.contacts.queries import ContactNotFound
from openbot.contacts.searching import Search
from openbot.conversations import card, removal
from openbot.conversations.card import Card, OrderLine
from openbot.database import Session
from openbot.operators import audit
from openbot.vocabulary import Owner

ContactId = Annotated[int, Path(ge=1, le=2**63 - 1)]
Typed = Annotated[str, Query(max_length=200)]


class Row(BaseModel):
    """A contact of the list."""

    id: int
    created_at: datetime
    name: str  #: as the customer told us, else as WhatsApp shows it
    profile_name: str
    phone: str  #: digits; may be empty
    unread: int
    blocked: bool
    opted_out: bool
    last_message_at: datetime | None  #: of the customer
    orders: int
    version: int
    can_delete: bool  #: by who asks


class Rows(BaseModel):
    """A page of the list."""

    rows: list[Row]
    next: str | None
    total: int
    total_is_capped: bool


class Detail(Row):
    """A contact with what stands beside its conversation."""

    username: str
    owner: Owner
    phone_reply_until: datetime | None
    waiting_since: datetime | None
    window_ends_at: datetime | None
    open_order: OrderLine | None
    earlier_orders: list[OrderLine]


class NewName(BaseModel):
    """The name, and the version of the row that was read."""

    name: str = Field(max_length=1000)
    version: int = Field(ge=0, le=2**32 - 1)


class Changed(BaseModel):
    """Whether anything changed; false: it was so before."""

    changed: bool


def router() -> APIRouter:
    """Build the routes."""
    routes = APIRouter(prefix="/api/contacts", tags=["contacts"], responses=DOCUMENTED)
    routes.get("", summary="Contacts, filtered, searched and sorted")(listed)
    routes.get("/{contact_id}", summary="One contact and its orders")(one)
    routes.patch("/{contact_id}", summary="Correct the name")(rename)
    routes.post("/{contact_id}/block", summary="Store what they write and answer nothing")(block)
    routes.post("/{contact_id}/unblock", summary="Answer again")(unblock)
    routes.delete("/{contact_id}", summary="Delete everything personal, for good")(delete)
    return routes


def listed(  # noqa: PLR0913 - one per filter
    *,
    person: SignedIn,
    api: Db,
    q: Typed = "",
    phone: Typed = "",
    name: Typed = "",
    blocked: bool | None = None,
    created_from: date | None = None,
    created_to: date | None = None,
    sort: Sort = Sort.NEWEST,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    after: Annotated[str, Query(max_length=600)] = "",
) -> Rows:
    """Return a page. `q` is a phone or a name, `phone` any part of it; days are those of the company's time zone."""
    with api.database.reading() as session:
        zone = zone_of(session, api.settings)
        wanted = Wanted(
            search=Search.of(q, phone=phone, name=name),
            created_from=plan.start_of(created_from, zone=zone) if created_from else None,
            created_before=plan.start_of(created_to + timedelta(days=1), zone=zone) if created_to else None,
            blocked=blocked,
            branch_ids=person.branch_ids,
        )
        page = listing.page(session, wanted=wanted, sort=sort, limit=limit, after=after or None)
    return Rows(
        rows=[_row(row, person) for row in page.rows],
        next=page.next,
        total=page.total,
        total_is_capped=page.total_is_capped,
    )


def one(*, contact_id: ContactId, person: SignedIn, api: Db) -> Detail:
    """Return a contact; of orders of other branches only number, time and state."""
    with api.database.reading() as session:
        found = card.card(session, contact_id=contact_id, branch_ids=person.branch_ids, now=api.now)
    return detail_of(found, person)


def rename(*, contact_id: ContactId, wish: NewName, person: SignedIn, api: Db) -> Detail:
    """Set the name as the company writes it; empty: as WhatsApp shows it. 409 when it is another one by now."""
    with api.database.transaction() as session:
        _check_reached(session, contact_id=contact_id, person=person)
        try:
            is_new = renaming.rename(
                session, contact_id=contact_id, name=wish.name, seen_version=wish.version
            )
        except renaming.NameTooLong as wrong:
            raise ApiError(422, "invalid", fields={"name": wrong.code}) from None
        except renaming.ContactChanged as wrong:
            detail = {"version": listing.version_of(wrong.name), "changed": {"name": [wish.name, wrong.name]}}
            raise ApiError(409, wrong.code, detail=detail) from None
        if is_new:
            _note(session, "contact_renamed", contact_id=contact_id, person=person, api=api)
        found = card.card(session, contact_id=contact_id, branch_ids=person.branch_ids, now=api.now)
    return detail_of(found, person)


def block(*, contact_id: ContactId, person: SignedIn, api: Db) -> Changed:
    """Block: from here on what the contact writes is stored; no order, no reply."""
    with api.database.transaction() as session:
        _check_reached(session, contact_id=contact_id, person=person)
        changed = removal.block(session, contact_id=contact_id, now=api.now)
        if changed:
            _note(session, "contact_blocked", contact_id=contact_id, person=person, api=api)
    return Changed(changed=changed)


def unblock(*, contact_id: ContactId, person: SignedIn, api: Db) -> Changed:
    """Unblock: the next message is answered again."""
    with api.database.transaction() as session:
        _check_reached(session, contact_id=contact_id, person=person)
        changed = removal.unblock(session, contact_id=contact_id)
        if changed:
            _note(session, "contact_unblocked", contact_id=contact_id, person=person, api=api)
    return Changed(changed=changed)


def delete(*, contact_id: ContactId, person: Administrator, api: Db) -> Changed:
    """Delete name, phone and every message, for good; orders stay without a name. 409 while one is EN PROCESO."""
    with api.database.transaction() as session:
        try:
            changed = removal.delete(
                session,
                contact_id=contact_id,
                actor=person.actor,
                mark_key=api.settings.mark_key,
                now=api.now,
            )
        except removal.ContactAttended as refused:
            raise ApiError(409, refused.code, detail={"order_id": refused.order_id}) from None
        if changed:
            _note(session, "contact_deleted", contact_id=contact_id, person=person, api=api)
    return Changed(changed=changed)


def _check_reached(session: Session, *, contact_id: int, person: Person) -> None:
    if not reach.may_reach(session, contact_id=contact_id, branch_ids=person.branch_ids):
        raise ContactNotFound


def _note(session: Session, action: str, *, contact_id: int, person: Person, api: PanelApi) -> None:
    audit.note(
        session,
        operator_id=person.id,
        action=action,
        subject=f"contact {contact_id}",
        address=person.address,
        now=api.now,
    )


def _row(row: Listed, person: Person) -> Row:
    return Row(**asdict(row), can_delete=person.is_administrator)


def detail_of(found: Card, person: Person) -> Detail:
    """Return what stands beside the conversation with a contact."""
    return Detail(
        **asdict(found.contact),
        can_delete=person.is_administrator,
        username=found.username,
        owner=found.owner,
        phone_reply_until=found.phone_reply_until,
        waiting_since=found.waiting_since,
        window_ends_at=found.window_ends_at,
        open_order=next((order for order in found.orders if order.is_open), None),
        earlier_orders=[order for order in found.orders if not order.is_open],
    )
