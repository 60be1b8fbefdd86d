"""Kill a process in every gap on a file's way: it is kept once, nothing of it is left over, nothing is sent twice."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from openbot.contacts import deletion
from openbot.files.operations import LEASE
from openbot.schema import Outbound, StoredFile
from openbot.vocabulary import Author, FileState, OutboxState
from tests.kill_matrix.gaps import GAPS, Gap
from tests.kill_matrix.killing import kill
from tests.kill_matrix.victim import CUSTOMERS_FILE
from tests.support import attached
from tests.support.files import PNG
from tests.support.whatsapp import medium
from tests.support.world import World

if TYPE_CHECKING:
    from tests.kill_matrix.conftest import Victim


def of_step(step: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        ("gap", "kills"),
        [
            pytest.param(gap, kills, id=f"{gap.name}, {kills}x")
            for gap in GAPS
            if gap.step == step
            for kills in (1, 2)
            if gap.repeats or kills == 1
        ],
    )


def arrive(world: World, *, mime_type: str = "image/png") -> None:
    world.whatsapp.media = {CUSTOMERS_FILE: PNG}
    kind = mime_type.partition("/")[0]
    world.shows(kind, **medium(PNG, media_id=CUSTOMERS_FILE, mime_type=mime_type))


def repair(world: World) -> None:
    for _ in range(3):
        world.clock.now += LEASE
        world.fetch()


def in_store(world: World) -> list[Path]:
    return [path for path in world.settings.files_dir.rglob("*") if path.is_file()]


@of_step("fetch")
def test_a_kill_keeps_a_customers_file_once(after: World, victim: "Victim", gap: Gap, kills: int) -> None:
    arrive(after)
    for _ in range(kills):
        kill(after, victim, gap, patience=601)
    repair(after)
    [file] = after.rows(StoredFile)
    assert file.state is FileState.STORED
    [place] = in_store(after)
    assert place.name == file.key
    assert place.read_bytes() == PNG


@of_step("refuse")
def test_a_kill_refuses_a_file_once(after: World, victim: "Victim", gap: Gap, kills: int) -> None:
    arrive(after, mime_type="audio/ogg")
    for _ in range(kills):
        kill(after, victim, gap, patience=601)
    repair(after)
    [file] = after.rows(StoredFile)
    assert (file.state, file.reason) == (FileState.REFUSED, "not_what_it_says")
    assert len(after.rows(Outbound, Outbound.author == Author.SYSTEM)) == 1
    assert in_store(after) == []


@of_step("remove")
def test_a_kill_leaves_nothing_of_a_deleted_contacts_file(
    after: World, victim: "Victim", gap: Gap, kills: int
) -> None:
    arrive(after)
    after.fetch()
    with after.database.transaction() as session:
        deletion.erase(session, contact_id=after.contact().id, mark_key=b"k", now=after.clock())
    for _ in range(kills):
        kill(after, victim, gap, patience=601)
    repair(after)
    assert after.rows(StoredFile) == []
    assert in_store(after) == []


@of_step("send a file")
def test_a_kill_sends_an_operators_file_at_most_once(
    after: World, victim: "Victim", gap: Gap, kills: int
) -> None:
    after.says("uno")
    attached.queue(after, attached.attach(after))
    for _ in range(kills):
        kill(after, victim, gap)
    for _ in range(12):
        after.clock.move(seconds=31)
        after.send()
    assert after.whatsapp.journal is not None
    shown = [json.loads(line) for line in after.whatsapp.journal.read_text().splitlines()]
    [sent] = after.rows(Outbound, Outbound.file_id.is_not(None))
    lost = gap.may_fail and kills == 2
    assert len(shown) == (0 if lost else 1)
    assert sent.state is (OutboxState.FAILED if lost else OutboxState.ACCEPTED)
