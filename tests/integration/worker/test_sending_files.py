"""An operator's file: uploaded once, then sent by its id; what goes wrong is tried again or said (contract §5.6)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from openbot.contacts import operations as contacts
from openbot.conversations import outbox
from openbot.conversations.transcript_lines import FILE_GONE
from openbot.files import kinds
from openbot.files.store import StoreAway
from openbot.schema import Outbound, StoredFile
from openbot.vocabulary import OutboxState
from openbot.whatsapp import limits
from openbot.whatsapp.refusals import Family
from tests.support import files, sends
from tests.support.attached import attach, queue
from tests.support.whatsapp import Upload, lost, refusal, unreachable
from tests.support.world import World

NAME = "presupuesto ñandú.pdf"


def row(world: World) -> Outbound:
    return world.rows(Outbound, Outbound.file_id.is_not(None))[-1]


def file(world: World) -> StoredFile:
    return world.rows(StoredFile)[-1]


@pytest.fixture
def sent(ana: World) -> Iterator[dict[str, Any]]:
    """The body of the last send, asked for when the test is over: WhatsApp would have taken it."""
    body: dict[str, Any] = {}
    yield body
    for asked in ana.whatsapp.asked:
        assert limits.check(asked) == []


@pytest.mark.usefixtures("sent")
def test_a_picture_is_uploaded_and_sent_by_its_id(ana: World):
    queue(ana, attach(ana), caption="Así queda el mate")
    ana.send()
    [(media_id, upload)] = ana.whatsapp.uploads.items()
    assert upload == Upload(content=files.PNG, mime_type="image/png", filename="mate.png")
    [bubble] = ana.whatsapp.delivered
    assert bubble.body["image"] == {"id": media_id, "caption": "Así queda el mate"}
    assert row(ana).state is OutboxState.ACCEPTED
    assert file(ana).media_id == media_id
    assert row(ana).bubble["medium"]["id"] == ""


@pytest.mark.usefixtures("sent")
@pytest.mark.parametrize(
    ("content", "mime_type", "name", "told", "body"),
    [
        (files.PDF, kinds.PDF, NAME, NAME, {"filename": NAME, "caption": "Va"}),
        (files.VOICE, kinds.OGG, "nota", "nota.ogg", {}),
        (files.MP4, kinds.MP4, "", "video-1.mp4", {"caption": "Va"}),
    ],
    ids=["document", "sound", "film"],
)  # fmt: skip
def test_documents_keep_their_name_and_sounds_have_no_caption(
    ana: World, content: bytes, mime_type: str, name: str, told: str, body: dict[str, str]
):
    queue(ana, attach(ana, content, mime_type, name), caption="Va")
    ana.send()
    [(media_id, upload)] = ana.whatsapp.uploads.items()
    assert upload.filename == told
    sent_body = ana.whatsapp.delivered[0].body
    assert sent_body[sent_body["type"]] == {"id": media_id, **body}


def test_a_file_is_uploaded_once_a_month(ana: World):
    file_id = attach(ana)
    for days in (0, 20, 10):
        ana.clock.move(days=days)
        ana.says("hola")
        queue(ana, file_id)
        ana.send()
    assert len(ana.whatsapp.uploads) == 2
    ids = [body["image"]["id"] for body in ana.whatsapp.asked if body["type"] == "image"]
    assert ids[0] == ids[1] != ids[2]
    assert file(ana).media_id == ids[2]


def test_an_id_that_whatsapp_forgot_is_replaced_at_once(ana: World):
    file_id = attach(ana)
    queue(ana, file_id)
    ana.send()
    ana.whatsapp.faults = [refusal(131009)]
    queue(ana, file_id)
    ana.send()
    assert len(ana.whatsapp.uploads) == 2
    assert len(ana.whatsapp.delivered) == 2
    assert (row(ana).state, row(ana).tries) == (OutboxState.ACCEPTED, 0)


@pytest.mark.parametrize(
    "fault",
    [unreachable, httpx.Response(503), httpx.Response(200, content=b"<html>"), refusal(131000), refusal(2)],
    ids=["no connection", "503", "html", "131000", "2"],
)
def test_an_upload_that_fails_for_now_is_tried_again(ana: World, fault):
    queue(ana, attach(ana))
    ana.whatsapp.media_faults = [fault]
    ana.send()
    assert (row(ana).state, row(ana).tries) == (OutboxState.QUEUED, 1)
    assert ana.whatsapp.asked == []
    ana.wait(seconds=2)
    assert row(ana).state is OutboxState.ACCEPTED


def test_a_file_that_whatsapp_rejects_is_not_sent_as_words(ana: World):
    queue(ana, attach(ana), caption="Así queda")
    ana.whatsapp.media_faults = [refusal(131053)]
    ana.send()
    assert (row(ana).state, row(ana).reason) == (OutboxState.FAILED, Family.MEDIUM_REJECTED.explanation)
    assert row(ana).error_code == 131053
    assert ana.whatsapp.delivered == []


def test_a_wrong_token_stops_everything_and_keeps_the_message(ana: World):
    queue(ana, attach(ana))
    ana.whatsapp.media_faults = [refusal(190)]
    ana.send()
    assert ana.pace.paused
    ana.wait(minutes=6)
    assert row(ana).state is OutboxState.ACCEPTED


def test_a_send_without_an_answer_is_repeated_without_another_upload(ana: World):
    queue(ana, attach(ana))
    ana.whatsapp.faults = [lost]
    ana.send()
    assert row(ana).state is OutboxState.UNCERTAIN
    ana.wait(seconds=91)
    assert row(ana).state is OutboxState.ACCEPTED
    assert len(ana.whatsapp.uploads) == 1


def test_what_the_store_lost_is_said_and_what_it_cannot_give_now_is_waited_for(
    ana: World, monkeypatch: pytest.MonkeyPatch
):
    queue(ana, attach(ana))

    def away(*_: object, **__: object) -> None:
        raise StoreAway

    with monkeypatch.context() as broken:
        broken.setattr(ana.store, "read", away)
        ana.send()
    assert row(ana).state is OutboxState.QUEUED
    ana.store.delete(file(ana).key)
    ana.wait(seconds=2)
    assert (row(ana).state, row(ana).reason) == (OutboxState.FAILED, FILE_GONE)


def test_no_transaction_is_open_during_an_upload_and_later_messages_wait(ana: World):
    queue(ana, attach(ana))
    sends.queue(ana, "después")
    looked: list[list[int]] = []

    def look() -> None:
        with ana.database.transaction() as session:  # on SQLite this would wait for ever
            contacts.lock(session, contact_id=ana.contact().id)
        looked.append(ana.sender.due(10))

    ana.whatsapp.during_upload = look
    ana.send()
    assert looked == [[]]
    assert [bubble.body["type"] for bubble in ana.whatsapp.delivered] == ["image", "text"]


def test_an_upload_that_outlives_its_lease_is_not_sent_twice(ana: World):
    queue(ana, attach(ana))

    def take_long() -> None:
        ana.whatsapp.during_upload = None
        ana.clock.now += outbox.FILE_LEASE + timedelta(seconds=1)
        ana.send(worker=ana.sender_worker("two"))

    ana.whatsapp.during_upload = take_long
    ana.send()
    assert len(ana.whatsapp.uploads) == 2
    assert len(ana.whatsapp.delivered) == 1
    assert (row(ana).state, row(ana).attempt) == (OutboxState.ACCEPTED, 2)
