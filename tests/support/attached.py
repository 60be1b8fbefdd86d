"""What an operator attached, in the store and ready to be sent."""

import hashlib
import io

from openbot.contacts import operations as contacts
from openbot.conversations.queueing import Message, queue_message
from openbot.files import attaching, kinds
from openbot.files.operations import Kept
from openbot.vocabulary import Author
from openbot.whatsapp.outbound import Bubble, Medium, MediumKind
from tests.support import files
from tests.support.world import World


def attach(
    world: World, content: bytes = files.PNG, mime_type: str = kinds.PNG, name: str = "mate.png"
) -> int:
    """Somebody attached a file."""
    kind = kinds.KINDS[mime_type]
    operator = world.operator().operator_id
    contact = world.contact()
    with world.database.transaction() as session:
        begun = attaching.begin(
            session,
            contact_id=contact.id,
            operator_id=operator or 0,
            kind=kind,
            filename=name,
            now=world.clock(),
        )
    world.store.put(begun.key, io.BytesIO(content))
    kept = Kept(mime_type=mime_type, size=len(content), sha256=hashlib.sha256(content).hexdigest())
    with world.database.transaction() as session:
        attaching.finish(session, begun=begun, kept=kept, now=world.clock())
    return begun.id


def queue(world: World, file_id: int, *, caption: str = "") -> None:
    """And sends it."""
    with world.database.transaction() as session:
        contact = contacts.lock(session, contact_id=world.contact().id)
        file = attaching.attach(session, file_id=file_id, contact_id=contact.id, now=world.clock())
        medium = Medium(kind=MediumKind(file.kind), filename=file.filename)
        message = Message(
            author=Author.OPERATOR, bubble=Bubble(text=caption, medium=medium), file_id=file_id, operator_id=1
        )
        queue_message(session, contact=contact, message=message, now=world.clock())
