"""What is waiting to be sent, and what became of it."""

from openbot.conversations import queueing
from openbot.schema import Contact, Outbound
from openbot.whatsapp.outbound import Bubble
from tests.support import whatsapp
from tests.support.whatsapp import ANA
from tests.support.world import World


def rows(world: World) -> list[Outbound]:
    return world.rows(Outbound)


def queue(world: World, *texts: str, who: whatsapp.Customer = ANA) -> None:
    with world.database.transaction() as session:
        contact = session.get_one(Contact, world.contact(who).id)
        for text in texts:
            queueing.queue_notice(session, contact=contact, bubble=Bubble(text=text), now=world.clock())
