"""What came in: every message stored once, its order opened, its owner decided (architecture §3.2).

A whole webhook costs as many statements as one message: read what is known of its people, decide in memory
(`arrivals`), write.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from openbot import company
from openbot.contacts import identity
from openbot.contacts.identity import Identity
from openbot.contacts.people import People, Person
from openbot.conversations import away, joining, media_arrivals, numbering, opting, used_up
from openbot.conversations import inbox_statements as statements
from openbot.conversations.afterwords import AFTERWORD_TIME
from openbot.conversations.arrivals import (
    NOTICE_PAUSE,
    SILENT,
    TOLD,
    UNREADABLE,
    WINDOW,
    Affairs,
    Arrival,
    OpenOrder,
    Rules,
    settle,
)
from openbot.database import Session
from openbot.errors import OpenbotError
from openbot.orders import opening, waiting
from openbot.settings import Settings
from openbot.vocabulary import InboxState, State
from openbot.whatsapp.envelope import InboundMessage, Sender

__all__ = ["WINDOW", "Coming", "identity_of", "receive_all"]


class StillTwoContacts(OpenbotError):
    """The keys of a message belong to two contacts even after these were joined."""

    code = "still_two_contacts"


@dataclass(frozen=True, slots=True)
class Coming:
    """A message and who wrote it; `identity` has at least one key."""

    message: InboundMessage
    identity: Identity


def identity_of(sender: Sender) -> Identity:
    """Return what the webhook says of a sender, without keys that are not of WhatsApp's shape."""
    return identity.clean(
        Identity(
            user_id=sender.user_id,
            wa_id=sender.wa_id,
            parent_user_id=sender.parent_user_id,
            profile_name=sender.profile_name,
            username=sender.username,
        )
    )


def receive_all(session: Session, *, coming: Sequence[Coming], settings: Settings, now: datetime) -> int:
    """Store these messages of our number, in this order, and decide who answers each; return how many were new.

    A repetition changes nothing. IntegrityError when another process stored the same just now: begin again.
    """
    stored, rest = _receive(session, coming=coming, settings=settings, now=now)
    while rest:
        # Rare: who writes is known as two contacts, or has a phone that was somebody else's.
        joining.contact_of(session, identity=rest[0].identity, mark_key=settings.mark_key, now=now)
        more, after = _receive(session, coming=rest, settings=settings, now=now)
        if len(after) == len(rest):
            raise StillTwoContacts
        stored, rest = stored + more, after
    return stored


def _receive(
    session: Session, *, coming: Sequence[Coming], settings: Settings, now: datetime
) -> tuple[int, Sequence[Coming]]:
    """Store the messages up to the first one of two contacts; return how many were new, and the rest."""
    keys = {key for each in coming for key in each.identity.keys}
    people = People.lock(session, keys=keys, mark_key=settings.mark_key)
    # Known before anything is touched: a late repetition must not re-key anybody.
    known, orders, stops = _known_and_open(session, coming, people, now=now)
    new: list[tuple[InboundMessage, Affairs]] = []
    affairs: dict[Person, Affairs] = {}
    rest: Sequence[Coming] = ()
    for place, each in enumerate(coming):
        if each.message.wamid in known:
            continue
        person = people.meet(each.identity)
        if person is None:
            rest = coming[place:]
            break
        known.add(each.message.wamid)
        if person not in affairs:
            affairs[person] = Affairs(person=person, order=orders.get(person.id))
        new.append((each.message, affairs[person]))
    if new and stops:
        _stop(session, affairs.values())
    if new:
        rules = Rules.of(settings, now=now, courtesies=_read_more(session, new, now=now))
        arrivals = [settle(message, affairs=theirs, rules=rules) for message, theirs in new]
        _write(session, arrivals, people=people, settings=settings, now=now)
    return len(new), rest


def _known_and_open(
    session: Session, coming: Sequence[Coming], people: People, *, now: datetime
) -> tuple[set[str], dict[int, OpenOrder], bool]:
    """Read which messages are here already, the open orders by contact, and whether nothing new may begin."""
    asked = {
        "number_id": coming[0].message.number_id,
        "wamids": list({each.message.wamid for each in coming}),
        "contact_ids": people.contact_ids,
    }
    known: set[str] = set()
    orders: dict[int, OpenOrder] = {}
    stops = False
    for wamid, contact_id, order_id, state in session.connection().execute(statements.KNOWN_AND_OPEN, asked):
        if contact_id is not None:
            orders[contact_id] = OpenOrder(State(state), order_id)
        elif wamid is not None:
            known.add(wamid)
        else:
            stops = used_up.stops(state, now=now)
    return known, orders, stops


def _stop(session: Session, affairs: Collection[Affairs]) -> None:
    """The plan is used up: only who has items in an order goes on with the bot."""
    open_ids = [theirs.order.id for theirs in affairs if theirs.order]
    begun = used_up.with_items(session, order_ids=open_ids)
    for theirs in affairs:
        theirs.is_stopped = theirs.order is None or theirs.order.id not in begun


def _read_more(
    session: Session, new: Sequence[tuple[InboundMessage, Affairs]], *, now: datetime
) -> frozenset[str]:
    """Read what only some messages need to be settled; return the words of courtesy where they may count."""
    opting.look_into_orders(session, new=new)
    puzzled = {
        theirs.person.id: theirs for message, theirs in new if message.kind in UNREADABLE and theirs.person.id
    }
    if puzzled:
        told = {
            "contact_ids": list(puzzled),
            "kinds": [str(kind) for kind in UNREADABLE],
            "since": now - NOTICE_PAUSE,
            "but_not": TOLD,
        }
        for contact_id in session.connection().execute(statements.TOLD, told).scalars():
            puzzled[contact_id].was_told = True
    idle = {
        theirs.person.id: theirs
        for message, theirs in new
        if message.kind not in SILENT and theirs.order is None and theirs.person.id
    }
    if not idle or not _read_closed(session, idle, now=now):
        return frozenset()
    return frozenset(session.connection().scalar(statements.COURTESIES) or ())


def _read_closed(session: Session, idle: Mapping[int, Affairs], *, now: datetime) -> bool:
    """Read the closed order of those who have none open, and what was held; False when nobody ever had one."""
    connection = session.connection()
    found = connection.execute(statements.LATEST_ORDERS, {"contact_ids": list(idle)}).all()
    for contact_id, order_id, closed_at in found:
        idle[contact_id].closed_id, idle[contact_id].closed_at = order_id, closed_at
    if found:
        held = {"contact_ids": [row.contact_id for row in found], "since": now - AFTERWORD_TIME}
        for contact_id in connection.execute(statements.HELD, held).scalars():
            idle[contact_id].has_held = True
    return bool(found)


def _write(
    session: Session, arrivals: Sequence[Arrival], *, people: People, settings: Settings, now: datetime
) -> None:
    openings = [arrival for arrival in arrivals if arrival.opens]
    has_files = any(media_arrivals.has_file(arrival) for arrival in arrivals)
    numbers = numbering.NONE
    if people.new or openings or has_files:
        inbox = len(arrivals) if openings or has_files else 0
        numbers = numbering.draw(session, contacts=len(people.new), orders=len(openings), inbox=inbox)
    people.write_new(session, ids=numbers.contacts, now=now)
    if openings:
        _open_orders(session, openings, ids=numbers.orders, settings=settings, now=now)
    rows = [_row(arrival, now=now) for arrival in arrivals]
    if openings or has_files:
        rows = [row | {"id": inbound_id} for row, inbound_id in zip(rows, numbers.inbox, strict=True)]
    session.connection().execute(statements.STORE, rows if rows[1:] else rows[0])
    if openings:
        opened_by = {
            arrival.order_id: row["id"]
            for arrival, row in zip(arrivals, rows, strict=True)
            if arrival.opens and arrival.order_id
        }
        opening.note_all(session, inbound_ids=opened_by, now=now)
    if has_files:
        media_arrivals.announce(session, arrivals=arrivals, rows=rows, now=now)
    people.write_changes(session)
    left = {arrival.affairs.person.id for arrival in arrivals if arrival.state is InboxState.LEFT}
    waiting.messages_left(session, contact_ids=left)
    stopped = [arrival for arrival in arrivals if arrival.stopped]
    used_up.hand_over(session, stopped=stopped, settings=settings, now=now)
    opting.carry_out(session, arrivals=arrivals, now=now)
    away.tell(session, arrivals=arrivals, now=now)


def _open_orders(
    session: Session, openings: Sequence[Arrival], *, ids: Iterator[int], settings: Settings, now: datetime
) -> None:
    contact_ids: dict[int, int] = {}
    for arrival in openings:
        if arrival.order is not None:
            arrival.order.id = next(ids)
            contact_ids[arrival.order.id] = arrival.affairs.person.id
    expires_after = company.expiry(session, default_hours=settings.order_expiry_hours)
    opening.open_all(session, contact_ids=contact_ids, now=now, expires_after=expires_after)


def _row(arrival: Arrival, *, now: datetime) -> dict[str, Any]:
    message = arrival.message
    return {
        "contact_id": arrival.affairs.person.id,
        "number_id": message.number_id,
        "wamid": message.wamid,
        "kind": str(message.kind),
        "text": message.text,
        "payload": message.payload,
        "data": dict(message.data),
        "raw": message.raw,
        "sent_at": message.sent_at,
        "received_at": now,
        "state": arrival.state,
        "reason": arrival.reason,
        "order_id": arrival.order_id,
    }
