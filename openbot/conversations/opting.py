"""Who wants no more news is written down, with the message that said so, and told what it means (product §4)."""

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never, cast

from sqlalchemy import Table, bindparam, or_, select, update

from openbot.contacts import operations as contacts
from openbot.conversations import outbox, queueing
from openbot.conversations.arrivals import Affairs, Arrival
from openbot.conversations.opt_out import CANCEL, GO_ON, OPT_OUT, Wish, asks_out
from openbot.conversations.queueing import Message
from openbot.conversations.sentences import ASK_OPT_OUT, OPTED_IN, OPTED_OUT
from openbot.database import Session
from openbot.schema import BroadcastRecipient, Contact, Inbound, Order, OrderItem, Outbound
from openbot.vocabulary import Author, InboxState, OutboxState, RecipientState, State
from openbot.whatsapp.envelope import InboundMessage
from openbot.whatsapp.outbound import Bubble, Button

#: Why a broadcast does not reach somebody, as its list of recipients says.
REASON = "opted_out"
_BUTTONS = (
    Button(payload=f"/{OPT_OUT}", title="No recibir novedades"),
    Button(payload=f"/{CANCEL}", title="Cancelar mi pedido"),
    Button(payload=f"/{GO_ON}", title="Seguir con mi pedido"),
)

# Built once: building a statement costs more than running it.
_ORDERS, _ITEMS = cast("Table", Order.__table__), cast("Table", OrderItem.__table__)
_WITH_CONTENT = select(_ORDERS.c.id).where(
    _ORDERS.c.id.in_(bindparam("order_ids", expanding=True)),
    or_(
        _ORDERS.c.state != State.INCOMPLETE,
        _ORDERS.c.address != "",
        _ORDERS.c.delivery.is_not(None),
        _ORDERS.c.comment != "",
        select(_ITEMS.c.id).where(_ITEMS.c.order_id == _ORDERS.c.id).exists(),
    ),
)
_WAITING = (RecipientState.PENDING, RecipientState.HELD, RecipientState.QUEUED)


def look_into_orders(session: Session, *, new: Sequence[tuple[InboundMessage, Affairs]]) -> None:
    """Find out, of those who say «BAJA», whether they have an order which they may mean."""
    asking = {
        theirs.order.id: theirs
        for message, theirs in new
        if theirs.order is not None and theirs.order.id and asks_out(message.text)
    }
    if asking:
        for order_id in session.connection().execute(_WITH_CONTENT, {"order_ids": list(asking)}).scalars():
            asking[order_id].has_content = True


def carry_out(session: Session, *, arrivals: Sequence[Arrival], now: datetime) -> None:
    """Write down what these messages want, and answer where no person does. They are stored, the contacts locked."""
    for arrival in arrivals:
        if arrival.wish is None:
            continue
        contact = contacts.lock(session, contact_id=arrival.affairs.person.id)
        message = arrival.message
        inbound_id = session.scalars(
            select(Inbound.id).where(Inbound.number_id == message.number_id, Inbound.wamid == message.wamid)
        ).one()
        if arrival.wish is not Wish.UNCLEAR:
            record(session, contact=contact, is_out=arrival.wish is Wish.OUT, inbound_id=inbound_id, now=now)
        if arrival.state is InboxState.NO_TURN:
            said = Message(author=Author.SYSTEM, bubble=_answer(arrival.wish), key=f"wish:{inbound_id}")
            queueing.queue_message(session, contact=contact, message=said, now=now)


def record(
    session: Session, *, contact: Contact, is_out: bool, now: datetime, inbound_id: int | None = None
) -> bool:
    """Note that a contact wants no news (or wants them again), and by which message; False: it was so before.

    What broadcasts hold for who wants none is dropped. The contact is locked by the caller.
    """
    if is_out == (contact.opted_out_at is not None):
        if is_out and contact.opted_out_inbound_id is None:
            contact.opted_out_inbound_id = inbound_id  # somebody new, written a moment ago
        return False
    contact.opted_out_at, contact.opted_out_inbound_id = (now, inbound_id) if is_out else (None, None)
    if is_out:
        _drop_broadcasts(session, contact_id=contact.id, now=now)
    session.flush()
    return True


def _drop_broadcasts(session: Session, *, contact_id: int, now: datetime) -> None:
    struck = session.scalars(
        update(Outbound)
        .where(
            Outbound.contact_id == contact_id,
            Outbound.author == Author.BROADCAST,
            Outbound.state == OutboxState.QUEUED,
            Outbound.doubts == 0,  # else it may have gone out
        )
        .values(state=OutboxState.DISCARDED, reason=outbox.OPTED_OUT)
        .returning(Outbound.id)
    ).all()
    session.execute(
        update(BroadcastRecipient)
        .where(
            BroadcastRecipient.contact_id == contact_id,
            BroadcastRecipient.state.in_(_WAITING),
            or_(BroadcastRecipient.outbound_id.is_(None), BroadcastRecipient.outbound_id.in_(struck)),
        )
        .values(state=RecipientState.SKIPPED, reason=REASON, changed_at=now)
    )


def _answer(wish: Wish) -> Bubble:
    match wish:
        case Wish.OUT:
            return Bubble(text=OPTED_OUT)
        case Wish.BACK:
            return Bubble(text=OPTED_IN)
        case Wish.UNCLEAR:
            return Bubble(text=ASK_OPT_OUT, buttons=_BUTTONS)
        case _ as unreachable:
            assert_never(unreachable)
