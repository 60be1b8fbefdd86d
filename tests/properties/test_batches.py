"""A webhook of many updates leaves exactly what as many webhooks of one update leave."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from openbot.database import Database
from tests.support import updates, whatsapp
from tests.support.whatsapp import Json
from tests.support.world import World

Fresh = Callable[[str], World]
START = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)


class Stopped:
    """A time that nobody moves."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, *, minutes: float = 0, seconds: float = 0, **_more: float) -> datetime:
        self.now += timedelta(minutes=minutes, seconds=seconds)
        return self.now


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> tuple[Path, datetime]:
    """A database in which everybody is in their situation, and the time then."""
    path = tmp_path_factory.mktemp("prepared") / "openbot.db"
    shutil.copyfile(sqlite_template, path)
    clock = Stopped(START)
    with closing(Database(f"sqlite:///{path}")) as database:
        world = World(database, clock)
        updates.prepare(world)
        world.close()
    return path, clock.now


@pytest.fixture
def fresh(prepared: tuple[Path, datetime], tmp_path: Path) -> Iterator[Fresh]:
    """Make a world over a copy of it."""
    with ExitStack() as ends:

        def make(name: str) -> World:
            shutil.copyfile(prepared[0], tmp_path / f"{name}.db")
            database = ends.enter_context(closing(Database(f"sqlite:///{tmp_path / name}.db")))
            return ends.enter_context(closing(World(database, Stopped(prepared[1]))))

        yield make


@pytest.mark.parametrize("seed", range(16))
def test_many_updates_at_once_are_the_same_as_one_after_the_other(fresh: Fresh, seed: int) -> None:
    straight, batched = fresh("straight"), fresh("batched")
    changes = some_updates(straight, Random(seed))  # noqa: S311 - the same ones each time
    for change in changes:
        assert straight.post(whatsapp.envelope([change])).status_code == 200
    assert batched.post(whatsapp.envelope(changes)).status_code == 200
    assert updates.holdings(batched.database) == updates.holdings(straight.database)


@pytest.mark.parametrize("seed", range(100, 104))
def test_many_updates_at_once_are_the_same_on_both_databases(
    fresh: Fresh, database: Database, seed: int
) -> None:
    with closing(World(database, Stopped(START))) as batched:
        updates.prepare(batched)
        straight = fresh("straight")
        changes = some_updates(straight, Random(seed))  # noqa: S311 - as above
        for change in changes:
            assert straight.post(whatsapp.envelope([change])).status_code == 200
        assert batched.post(whatsapp.envelope(changes)).status_code == 200
        assert updates.holdings(database) == updates.holdings(straight.database)


def some_updates(world: World, chance: Random) -> list[Json]:
    """Some thirty updates about few people, a third of the times only what is stored set-wise; some are repeated."""
    people = chance.sample(updates.PEOPLE, chance.randint(1, 4))
    every_kind = range(len(updates.kinds(world, people[0], number=0)))
    kinds = every_kind if chance.random() < 2 / 3 else every_kind[: updates.ALONE]
    changes = [
        updates.kinds(world, chance.choice(people), number=number)[chance.choice(kinds)]
        for number in range(chance.randint(5, 30))
    ]
    changes += [
        chance.choice(updates.statuses(world, number=chance.randint(1, 7)))
        for _ in range(chance.randint(0, 12))
    ]
    changes += chance.choices(changes, k=chance.randint(0, 4))
    chance.shuffle(changes)
    return changes
