"""The worker's own loop tells WhatsApp what was read, soon after it was."""

import time
from typing import TYPE_CHECKING

from openbot.schema import Contact
from worker.__main__ import _marking
from worker.heartbeat import Heartbeat

if TYPE_CHECKING:
    from tests.support.world import World

SOON = 10.0


def test_what_was_read_is_marked_without_anybody_asking(world: "World"):
    wamid = world.says("hola")
    contact_id = world.contact().id
    loop = _marking(world.database, world.graph, Heartbeat(file=None))
    loop.start()
    try:
        with world.database.transaction() as session:
            session.get_one(Contact, contact_id).unmarked_wamid = wamid
        deadline = time.monotonic() + SOON
        while world.contact().unmarked_wamid and time.monotonic() < deadline:
            time.sleep(0.05)
    finally:
        assert loop.stop(timeout=SOON)
    assert [mark["message_id"] for mark in world.whatsapp.marks] == [wamid]
    assert "typing_indicator" not in world.whatsapp.marks[0]
