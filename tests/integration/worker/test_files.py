"""Files of customers: fetched, checked, kept, refused or given up; removed with their contact."""

import hashlib
import io
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from openbot.contacts import deletion
from openbot.conversations import removal
from openbot.files import attaching, kinds, operations
from openbot.files.operations import LEASE, FileNotFound, Kept
from openbot.files.store import NotStored, StoreAway
from openbot.schema import Inbound, Outbound, StoredFile
from openbot.vocabulary import Author, FileState, OutboxState, State
from tests.support import files, whatsapp
from tests.support.whatsapp import ANA, BETO, refusal, unreachable
from tests.support.world import World

KEY = b"of the tests"


def row(world: World) -> StoredFile:
    [found] = world.rows(StoredFile)
    return found


def bytes_of(world: World, file: StoredFile) -> bytes:
    return b"".join(world.store.read(file.key))


def in_folder(world: World) -> list[Path]:
    return [path for path in world.settings.files_dir.rglob("*") if path.is_file()]


def told(world: World) -> list[str]:
    return [line.text for line in world.rows(Outbound, Outbound.author == Author.SYSTEM)]


# --- what comes in ----------------------------------------------------------------------------------


def test_a_picture_gets_its_row_with_its_message_and_is_fetched(world: World):
    world.sends(files.JPEG, caption="el comprobante")
    file, [message] = row(world), world.rows(Inbound)
    assert (file.state, file.inbound_id, file.kind) == (FileState.PENDING, message.id, "image")
    assert file.sha256 == hashlib.sha256(files.JPEG).hexdigest()
    assert world.fetch() == 1
    file = row(world)
    assert (file.state, file.mime_type, file.size) == (FileState.STORED, kinds.JPEG, len(files.JPEG))
    assert (file.stored_at, file.reason) == (world.clock(), "")
    assert bytes_of(world, file) == files.JPEG
    assert world.fetch() == 0


def test_several_files_of_one_webhook_belong_to_their_messages(world: World):
    world.says("hola")
    batch = []
    for number, content in enumerate((files.PDF, files.VOICE)):
        kind, mime = [("document", "application/pdf"), ("audio", "audio/ogg; codecs=opus")][number]
        world.whatsapp.media[f"9{number}"] = content
        item = whatsapp.medium(content, media_id=f"9{number}", mime_type=mime)
        batch.append(message(world, kind, item))
    batch.insert(1, message(world, "text", {"body": "ahí van"}))
    world.deliver(*batch)
    world.fetch()
    kept = {file.inbound_id: bytes_of(world, file) for file in world.rows(StoredFile)}
    by_id = {message.id: message.kind for message in world.rows(Inbound)}
    assert {by_id[inbound_id]: content for inbound_id, content in kept.items()} == {
        "document": files.PDF,
        "audio": files.VOICE,
    }


def message(world: World, kind: str, content: dict[str, str]):
    return whatsapp.message(ANA, wamid=world.wamid(), at=world.clock(), kind=kind, **content)


def test_a_webhook_twice_is_one_file(world: World):
    wamid = world.sends(files.JPEG)
    [message] = world.rows(Inbound)
    world.deliver({**message.raw, "id": wamid})
    assert len(world.rows(StoredFile)) == 1


def test_the_name_is_made_harmless(world: World):
    world.sends(files.PDF, kind="document", mime_type="application/pdf", filename="../../etc/\u202efdp.exe\n")
    world.fetch()
    assert row(world).filename == "fdp.exe"
    assert row(world).state is FileState.STORED


def test_a_blocked_contact_and_what_whatsapp_cannot_hand_over_have_no_file(world: World):
    world.says("hola")
    with world.database.transaction() as session:
        removal.block(session, contact_id=world.contact().id, now=world.clock())
    world.sends(files.JPEG)
    world.shows("image", who=BETO, mime_type="image/jpeg")
    assert world.rows(StoredFile) == []


@pytest.mark.parametrize(
    ("content", "message", "reason"),
    [
        (files.PROGRAM, {"kind": "document", "mime_type": "application/x-msdownload"}, "type"),
        (files.PAGE, {"kind": "document", "mime_type": "text/html", "filename": "a.html"}, "type"),
        (files.PROGRAM, {"kind": "document", "mime_type": "application/pdf"}, "not_what_it_says"),
        (files.PDF, {"kind": "image"}, "not_what_it_says"),
        (files.JPEG, {"kind": "document", "mime_type": "application/pdf"}, "not_what_it_says"),
        (b"", {"kind": "image"}, "empty"),
        (files.JPEG + bytes(1 << 20), {"kind": "image"}, "too_large"),
        (files.WEBP + bytes(1 << 20), {"kind": "sticker", "mime_type": "image/webp"}, "too_large"),
    ],
)  # fmt: skip
def test_what_is_not_kept_says_why_and_nothing_is_in_the_store(
    database, clock, content: bytes, message: dict[str, str], reason: str
):
    world = World(database, clock, files_largest_mb=1)
    world.sends(content, **message)
    world.fetch()
    assert (row(world).state, row(world).reason) == (FileState.REFUSED, reason)
    assert in_folder(world) == []
    assert len(told(world)) == 1
    world.close()


def test_a_png_that_the_phone_calls_jpeg_is_kept_as_what_it_is(world: World):
    world.sends(files.PNG)
    world.fetch()
    assert row(world).mime_type == kinds.PNG


def test_an_infected_file_is_not_kept_and_one_that_cannot_be_scanned_waits(database, clock, tmp_path: Path):
    script = tmp_path / "scan"
    script.write_text(f'#!/bin/sh\ntest -e {tmp_path}/up || exit 2\ngrep -q EICAR "$1" && exit 1\nexit 0\n')
    script.chmod(0o700)
    world = World(database, clock, scan_command=str(script))
    world.sends(files.JPEG)
    world.sends(files.PDF + b"EICAR", kind="document", mime_type="application/pdf", who=BETO)
    world.fetch()
    assert {(file.state, file.reason) for file in world.rows(StoredFile)} == {
        (FileState.PENDING, "scan_away")
    }
    assert in_folder(world) == []
    (tmp_path / "up").touch()
    clock.move(seconds=2)
    world.fetch()
    clean, infected = world.rows(StoredFile)
    assert (clean.state, clean.tries) == (FileState.STORED, 2)
    assert (infected.state, infected.reason) == (FileState.REFUSED, "infected")
    assert len(in_folder(world)) == 1
    assert told(world) == []  # what infects is for the operator to explain
    world.close()


# --- trouble ----------------------------------------------------------------------------------------


def test_an_address_that_is_gone_is_asked_for_once_more(world: World):
    world.sends(files.JPEG)
    resolved = httpx.Response(200, json={"url": "https://lookaside.fbsbx.com/?mid=old"})
    world.whatsapp.media_faults = [resolved, httpx.Response(404)]
    world.fetch()
    assert row(world).state is FileState.STORED


@pytest.mark.parametrize(
    "fault", [unreachable, httpx.Response(500), httpx.Response(200, content=b"<html>"), refusal(190)]
)
def test_an_outage_is_waited_for(world: World, fault):
    world.sends(files.JPEG)
    for waited in (1, 4, 16):
        world.whatsapp.media_faults = [fault]
        assert world.fetch() == 1
        assert (row(world).state, row(world).reason) == (FileState.PENDING, "unreachable")
        world.clock.move(seconds=waited - 0.1)
        assert world.fetch() == 0
        world.clock.move(seconds=0.1 + waited / 4)
    world.fetch()
    assert (row(world).state, row(world).tries) == (FileState.STORED, 4)
    assert told(world) == []


def test_after_seven_days_whatsapp_has_it_no_more(world: World):
    world.sends(files.JPEG)
    world.whatsapp.media_faults = [unreachable]
    world.fetch()
    world.clock.move(days=7, seconds=1)
    world.fetch()
    assert (row(world).state, row(world).reason) == (FileState.FAILED, "expired")
    assert told(world) == []  # the window is closed


def test_what_whatsapp_does_not_have_the_customer_is_asked_for(world: World):
    world.sends(files.JPEG, is_there=False)
    world.fetch()
    assert (row(world).state, row(world).reason) == (FileState.FAILED, "expired")
    [sentence] = told(world)
    assert "de nuevo" in sentence


def test_under_an_operator_the_customer_is_told_nothing(world: World):
    world.converse("hola")
    world.move(State.IN_PROGRESS)
    world.sends(files.JPEG, is_there=False)
    world.fetch()
    assert row(world).state is FileState.FAILED
    assert told(world) == []


def test_other_bytes_than_announced_are_given_up_after_three_tries(world: World):
    world.sends(files.JPEG)
    world.whatsapp.media = dict.fromkeys(world.whatsapp.media, files.PNG)
    for _ in range(3):
        assert row(world).state is FileState.PENDING
        world.fetch()
        world.clock.move(minutes=1)
    assert (row(world).state, row(world).reason) == (FileState.REFUSED, "corrupt")
    assert in_folder(world) == []


def test_our_token_goes_to_no_other_host(world: World):
    world.sends(files.JPEG)
    world.whatsapp.media_faults = [httpx.Response(200, json={"url": "https://evil.example/?mid=1"})]
    world.fetch()
    assert (row(world).state, row(world).reason) == (FileState.FAILED, "foreign_host")


def test_a_store_that_is_away_is_waited_for(world: World, monkeypatch: pytest.MonkeyPatch):
    world.sends(files.JPEG)

    def away(*_: object) -> None:
        raise StoreAway

    with monkeypatch.context() as broken:
        broken.setattr(world.store, "put", away)
        world.fetch()
    assert (row(world).state, row(world).reason) == (FileState.PENDING, "store_away")
    world.clock.move(seconds=2)
    world.fetch()
    assert row(world).state is FileState.STORED


def test_of_two_workers_one_fetches_and_a_dead_ones_file_comes_back_after_its_lease(world: World):
    world.sends(files.JPEG)
    with world.database.transaction() as session:
        slow = operations.claim(session, file_id=row(world).id, worker="two", now=world.clock())
        assert operations.claim(session, file_id=row(world).id, worker="one", now=world.clock()) is None
    assert world.fetch() == 0
    world.clock.now += LEASE
    assert world.fetch() == 1
    kept = Kept(mime_type=kinds.JPEG, size=1, sha256="")
    with world.database.transaction() as session:
        assert not operations.stored(session, claimed=slow, kept=kept, now=world.clock())
    assert row(world).size == len(files.JPEG)


# --- removing ---------------------------------------------------------------------------------------


def delete(world: World) -> None:
    with world.database.transaction() as session:
        deletion.erase(session, contact_id=world.contact().id, mark_key=KEY, now=world.clock())


def test_with_its_contact_a_file_goes_from_the_store_too(world: World, monkeypatch: pytest.MonkeyPatch):
    world.sends(files.JPEG, filename="Ana.jpg")
    world.fetch()
    key = row(world).key
    delete(world)
    left = row(world)
    assert (left.state, left.filename, left.sha256, left.media_id) == (FileState.GONE, "", "", "")

    def away(*_: object) -> None:
        raise StoreAway

    with monkeypatch.context() as broken:
        broken.setattr(world.store, "delete", away)
        world.fetch()
    assert row(world).reason == "store_away"
    world.clock.move(seconds=30)
    world.fetch()
    assert world.rows(StoredFile) == []
    with pytest.raises(NotStored):
        world.store.read(key)
    assert in_folder(world) == []


def test_a_contact_deleted_while_its_file_comes_leaves_nothing(world: World, monkeypatch: pytest.MonkeyPatch):
    world.sends(files.JPEG)
    put = world.store.put

    def put_then_delete(key, source) -> None:
        put(key, source)
        delete(world)

    monkeypatch.setattr(world.store, "put", put_then_delete)
    world.files.work(row(world).id)
    assert in_folder(world) == []
    world.clock.now += LEASE + timedelta(seconds=1)
    world.fetch()
    assert world.rows(StoredFile) == []


def attached(world: World) -> attaching.Begun:
    operator = world.operator().operator_id
    with world.database.transaction() as session:
        begun = attaching.begin(
            session,
            contact_id=world.contact().id,
            operator_id=operator,
            kind=kinds.KINDS[kinds.PDF],
            filename="a.pdf",
            now=world.clock(),
        )
    world.store.put(begun.key, io.BytesIO(files.PDF))
    return begun


def test_what_was_attached_and_not_sent_is_forgotten_after_a_day(world: World):
    world.says("hola")
    kept = Kept(mime_type=kinds.PDF, size=len(files.PDF), sha256="")
    unsent, sent, broken_off = (attached(world) for _ in range(3))
    for begun in (unsent, sent):
        with world.database.transaction() as session:
            attaching.finish(session, begun=begun, kept=kept, now=world.clock())
    with world.database.transaction() as session:
        attaching.attach(session, file_id=sent.id, contact_id=world.contact().id, now=world.clock())
    world.clock.move(hours=23, minutes=59)
    world.fetch()
    assert {file.id for file in world.rows(StoredFile)} == {unsent.id, sent.id}
    world.clock.move(minutes=1)
    with pytest.raises(FileNotFound), world.database.transaction() as session:
        attaching.attach(session, file_id=unsent.id, contact_id=world.contact().id, now=world.clock())
    world.fetch()
    assert [file.id for file in world.rows(StoredFile)] == [sent.id]
    assert [path.name for path in in_folder(world)] == [sent.key]
    assert broken_off.key != sent.key


def test_only_an_operators_file_of_this_contact_can_be_attached(world: World):
    world.sends(files.JPEG)
    world.says("hola", who=BETO)
    world.fetch()
    with pytest.raises(FileNotFound), world.database.transaction() as session:
        attaching.attach(session, file_id=row(world).id, contact_id=world.contact().id, now=world.clock())
    begun = attached(world)
    with world.database.transaction() as session:
        kept = Kept(mime_type=kinds.PDF, size=1, sha256="")
        attaching.finish(session, begun=begun, kept=kept, now=world.clock())
    with pytest.raises(FileNotFound), world.database.transaction() as session:
        attaching.attach(session, file_id=begun.id, contact_id=world.contact(BETO).id, now=world.clock())


def test_a_notice_is_sent_like_any_other(world: World):
    world.sends(files.JPEG, is_there=False)
    world.fetch()
    world.settle()
    assert [line.state for line in world.rows(Outbound, Outbound.author == Author.SYSTEM)] == [
        OutboxState.ACCEPTED
    ]
