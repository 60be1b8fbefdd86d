"""Comunicaciones: the list of conversations, what stands beside one, who has it, and writing in it."""

from contextlib import suppress
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.contacts import ContactId, detail_of
from api.conversations_models import (
    AssignWish,
    CardShown,
    Colleague,
    Composer,
    Conversation,
    Conversations,
    Counts,
    Here,
    MessageWish,
    NoteWish,
    OptOutWish,
    Queued,
    TakeWish,
    TemplateWish,
)
from api.errors import DOCUMENTED, ApiError
from api.orders_query import reach_of
from api.panel_api import Db, PanelApi
from api.signed_in import Person, SignedIn
from openbot import company
from openbot.catalogue import attention
from openbot.contacts import operations as contacts
from openbot.contacts import reach
from openbot.contacts.queries import ContactNotFound
from openbot.contacts.searching import Search
from openbot.conversations import alerts, card, forgotten, opting
from openbot.conversations.desk import listing, order_card, presence, standing, taking, writing
from openbot.conversations.desk.listing import Filter, Wanted
from openbot.conversations.desk.rows import Person as Operator
from openbot.conversations.desk.rows import Row
from openbot.conversations.desk.writing import Writer
from openbot.database import Session
from openbot.operators import audit
from openbot.orders.operations import OrderNotFound
from openbot.schema import Contact
from openbot.vocabulary import State
from openbot.whatsapp import limits

OutboundId = Annotated[int, Path(ge=1, le=2**63 - 1)]


def router() -> APIRouter:
    """Build the routes."""
    routes = APIRouter(prefix="/api/conversations", tags=["conversations"], responses=DOCUMENTED)
    routes.get("", summary="Conversations: what needs somebody first")(listed)
    one = "/{contact_id}"
    routes.get(one, summary="What stands beside a conversation")(beside)
    routes.post(f"{one}/messages", summary="Write to the customer", status_code=201)(write)
    routes.post(f"{one}/template", summary="Send a template", status_code=201)(send_template)
    routes.post(f"{one}/notes", summary="Leave a private note", status_code=201)(leave_note)
    routes.post(
        f"{one}/messages/{{outbound_id}}/retry", summary="Send once more what failed", status_code=201
    )(retry)
    routes.post(f"{one}/take", summary="Attend it: the bot is silent")(take)
    routes.post(f"{one}/give-back", summary="Give it back to the bot")(give_back)
    routes.post(f"{one}/assign", summary="Hand it on to a colleague")(assign)
    routes.get(f"{one}/people", summary="Who could attend it")(people)
    routes.post(f"{one}/opt-out", summary="Note whether the contact wants no news")(opt_out)
    return routes


def listed(
    *,
    person: SignedIn,
    api: Db,
    filter: Filter = Filter.ALL,  # noqa: A002 - the parameter's name
    search: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    after: Annotated[str, Query(max_length=200)] = "",
) -> Conversations:
    """Return a page. `search` is a part of a phone, or beginnings of names."""
    now = api.now
    wanted = Wanted(
        operator_id=person.id,
        branch_ids=person.branch_ids,
        only_own=person.overtime,
        filter=filter,
        search=Search.of(search),
    )
    with api.database.reading() as session:
        page = listing.page(session, wanted=wanted, now=now, limit=limit, after=after or None)
        counts = listing.counts(session, wanted=wanted, now=now)
        shown = _shown(session, page.rows, person=person, api=api)
        zone = company.zone_of(session, default=api.settings.time_zone)
    return Conversations(rows=shown, next=page.next, counts=Counts(**asdict(counts)), time_zone=zone.key)


def beside(*, contact_id: ContactId, person: SignedIn, api: Db) -> CardShown:
    """Return contact, composer, the open order with the message behind each fact, and a digest of it."""
    with api.database.reading() as session:
        return _card(session, contact_id, person=person, api=api)


def write(*, contact_id: ContactId, wish: MessageWish, person: SignedIn, api: Db) -> Queued:
    """Queue a message. The same key again: the same answer. 409 when somebody else has it or the window is closed."""
    with api.database.transaction() as session:
        _check_reached(session, contact_id, person)
        found = writing.send(
            session,
            by=_writer(person, contact_id, wish.key),
            text=wish.text,
            reply_to=wish.reply_to,
            file_id=wish.file_id,
            now=api.now,
        )
    return _queued(found)


def send_template(*, contact_id: ContactId, wish: TemplateWish, person: SignedIn, api: Db) -> Queued:
    """Queue a template; what does not fit it is refused here, before anything is sent."""
    with api.database.transaction() as session:
        _check_reached(session, contact_id, person)
        found = writing.send_template(
            session,
            by=_writer(person, contact_id, wish.key),
            template_id=wish.template_id,
            values=wish.values,
            now=api.now,
        )
    return _queued(found)


def leave_note(*, contact_id: ContactId, wish: NoteWish, person: SignedIn, api: Db) -> Queued:
    """Keep a note for colleagues; it is never sent."""
    with api.database.transaction() as session:
        _check_reached(session, contact_id, person)
        found = writing.note(session, by=_writer(person, contact_id, wish.key), text=wish.text, now=api.now)
    return _queued(found)


def retry(*, contact_id: ContactId, outbound_id: OutboundId, person: SignedIn, api: Db) -> Queued:
    """Queue a message that failed once more, as a new one."""
    with api.database.transaction() as session:
        _check_reached(session, contact_id, person)
        found = writing.retry(
            session, contact_id=contact_id, outbound_id=outbound_id, operator_id=person.id, now=api.now
        )
    return _queued(found)


def take(*, contact_id: ContactId, wish: TakeWish, person: SignedIn, api: Db) -> CardShown:
    """Attend the conversation. From another operator only who names them; else 409 with who has it."""
    with api.database.transaction() as session:
        _check_reached(session, contact_id, person)
        if person.overtime:
            raise ApiError(403, "overtime")
        taking.take(
            session,
            contact_id=contact_id,
            operator_id=person.id,
            actor=person.actor,
            from_operator=wish.from_operator,
            now=api.now,
            expires_after=company.expiry(session, default_hours=api.settings.order_expiry_hours),
        )
        return _card(session, contact_id, person=person, api=api)


def give_back(*, contact_id: ContactId, person: SignedIn, api: Db) -> CardShown:
    """Let the bot answer again; also when the company answered from its own phone."""
    with api.database.transaction() as session:
        _check_reached(session, contact_id, person)
        taking.give_back(
            session, contact_id=contact_id, operator_id=person.id, actor=person.actor, now=api.now
        )
        return _card(session, contact_id, person=person, api=api)


def assign(*, contact_id: ContactId, wish: AssignWish, person: SignedIn, api: Db) -> CardShown:
    """Hand the conversation on."""
    with api.database.transaction() as session:
        _check_reached(session, contact_id, person)
        taking.assign(
            session,
            contact_id=contact_id,
            to_operator=wish.operator_id,
            operator_id=person.id,
            actor=person.actor,
            now=api.now,
        )
        return _card(session, contact_id, person=person, api=api)


def people(*, contact_id: ContactId, person: SignedIn, api: Db) -> list[Colleague]:
    """Return who could attend it."""
    with api.database.reading() as session:
        _check_reached(session, contact_id, person)
        found = taking.colleagues(session, contact_id=contact_id)
    return [Colleague(**asdict(each)) for each in found]


def opt_out(*, contact_id: ContactId, wish: OptOutWish, person: SignedIn, api: Db) -> CardShown:
    """Note that the contact wants no news any more, or wants them again."""
    with api.database.transaction() as session:
        _check_reached(session, contact_id, person)
        contact = contacts.lock(session, contact_id=contact_id)
        if opting.record(session, contact=contact, is_out=wish.opted_out, now=api.now):
            audit.note(
                session,
                operator_id=person.id,
                action="contact_opted_out" if wish.opted_out else "contact_opted_in",
                subject=f"contact {contact_id}",
                address=person.address,
                now=api.now,
            )
        return _card(session, contact_id, person=person, api=api)


def _check_reached(session: Session, contact_id: int, person: Person) -> None:
    if not reach.may_reach(session, contact_id=contact_id, branch_ids=person.branch_ids):
        raise ContactNotFound


def _writer(person: Person, contact_id: int, key: str) -> Writer:
    return Writer(operator_id=person.id, contact_id=contact_id, key=key)


def _queued(found: list[int]) -> Queued:
    return Queued(messages=[f"out-{outbound_id}" for outbound_id in found])


def _shown(session: Session, rows: tuple[Row, ...], *, person: Person, api: PanelApi) -> list[Conversation]:
    now = api.now
    here = presence.here(session, contact_ids=[row.contact_id for row in rows], now=now, but_not=person.id)
    after = alerts.alert_after(session)
    hours = attention.read(session) if any(_is_attended(row) for row in rows) else None
    shown = []
    for row in rows:
        alert: forgotten.Alert = ""
        if hours is not None and _is_attended(row) and row.order is not None:
            alert = forgotten.alert_of(
                row.waiting_since, branch_id=row.order.branch_id, attention=hours, after=after, now=now
            )
        seen = [Here(**asdict(each)) for each in here.get(row.contact_id, ())]
        plain = {name: getattr(row, name) for name in Row.__slots__}
        shown.append(Conversation(**plain, alert=alert, here=seen))
    return shown


def _is_attended(row: Row) -> bool:
    """Whether an operator has it and the customer waits."""
    return row.order is not None and row.order.state is State.IN_PROGRESS and row.waiting_since is not None


def _card(session: Session, contact_id: int, *, person: Person, api: PanelApi) -> CardShown:
    now = api.now
    found = card.card(session, contact_id=contact_id, branch_ids=person.branch_ids, now=now)
    contact = session.get_one(Contact, contact_id)
    there = standing.standing(session, contact=contact, operator_id=person.id, now=now)
    order = digest = None
    if there.order_id is not None:
        with suppress(OrderNotFound):  # of another branch: `contact` has its number, date and state
            order, digest = order_card.order_card(
                session, order_id=there.order_id, reach=reach_of(person), actor=person.actor, now=now
            )
    attends = there.operator_id and Operator(
        id=there.operator_id, name=(order.operator if order else "") or ""
    )
    here = presence.here(session, contact_ids=[contact_id], now=now, but_not=person.id)
    return CardShown(
        contact=detail_of(found, person),
        composer=Composer(
            may_write=there.why is standing.Why.NOTHING,
            why=there.why,
            operator=attends or None,
            window_ends_at=contact.window_ends_at,
            longest=limits.TEXT,
        ),
        order=order,
        digest=digest,
        here=[Here(**asdict(each)) for each in here.get(contact_id, ())],
        time_zone=company.zone_of(session, default=api.settings.time_zone).key,
    )
