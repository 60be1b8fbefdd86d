"""What the customer is told when a file of theirs cannot be opened: once, and only while the bot answers."""

from datetime import datetime

from openbot.conversations.outbox import window_is_open
from openbot.conversations.ownership import owner_of
from openbot.conversations.queueing import Message, queue_message
from openbot.database import Session
from openbot.orders import queries as orders
from openbot.schema import Contact
from openbot.vocabulary import Author, Owner
from openbot.whatsapp.outbound import Bubble

_AGAIN = "No pudimos abrir el archivo que mandaste 😕 ¿Lo enviás de nuevo, por favor?"
_OTHERWISE = "Ese tipo de archivo no lo podemos abrir 😕 Mandalo como foto, PDF o mensaje de voz, por favor."
#: By the reason's code; what is not here is nothing to tell.
SENTENCES = {
    "expired": _AGAIN,
    "corrupt": _AGAIN,
    "empty": _AGAIN,
    "too_large": "El archivo que mandaste es demasiado grande 😕 ¿Podés mandarlo más liviano, o como foto?",
    "type": _OTHERWISE,
    "not_what_it_says": _OTHERWISE,
}


def tell(session: Session, *, contact: Contact, file_id: int, reason: str, now: datetime) -> bool:
    """Queue the sentence, if there is one and nobody else is talking. The contact is locked."""
    if reason not in SENTENCES:
        return False
    order_state = orders.open_order_state(session, contact_id=contact.id)
    owner = owner_of(
        order_state=order_state,
        phone_reply_until=contact.phone_reply_until,
        waiting_since=contact.waiting_since,
        now=now,
    )
    silent = contact.deleted_at is not None or contact.blocked_at is not None
    if silent or owner is not Owner.BOT or not window_is_open(contact, now=now):
        return False
    message = Message(author=Author.SYSTEM, bubble=Bubble(text=SENTENCES[reason]), key=f"file:{file_id}")
    queue_message(session, contact=contact, message=message, now=now)
    return True
