"""How a worker begins: with a name, with what the dead left, and not without its database."""

import threading

from openbot.conversations import turns, worker_names
from openbot.conversations.worker_names import NameLost
from openbot.database import Database
from tests.support.world import World
from worker import life as life_module
from worker.life import Life


def life_of(world: World) -> Life:
    return Life(database=world.database, stop=threading.Event(), clock=world.clock)


def test_it_takes_a_name_and_gives_back_what_the_former_one_had(world: World) -> None:
    world.says("hola")
    world.clock.move(seconds=3)
    with world.database.transaction() as session:
        turns.claim(session, contact_id=world.contact().id, worker="worker-1", now=world.clock())
    life = life_of(world)
    assert life.begin()
    assert life.name == "worker-1"
    world.settle()
    assert world.whatsapp.texts() == ["oí: hola"]
    life.go_on()
    life.end()
    assert worker_names.in_use(world.database) == []
    assert not life.failed


def test_two_at_once_have_two_names(world: World) -> None:
    one, two = life_of(world), life_of(world)
    assert one.begin()
    assert two.begin()
    assert (one.name, two.name) == ("worker-1", "worker-2")
    one.end()
    two.end()


def test_it_waits_for_a_database_that_is_away_until_told_to_stop(world: World, monkeypatch) -> None:
    monkeypatch.setattr(life_module, "AGAIN_SECONDS", 0.01)
    stop = threading.Event()
    away = Life(
        database=Database("postgresql://openbot@/none?host=/nowhere-at-all"), stop=stop, clock=world.clock
    )
    threading.Timer(0.1, stop.set).start()
    assert not away.begin()
    assert not away.failed
    away.end()


def test_without_a_free_name_it_ends(world: World, monkeypatch) -> None:
    monkeypatch.setattr(worker_names, "MOST_WORKERS", 1)
    one, two = life_of(world), life_of(world)
    assert one.begin()
    assert not two.begin()
    assert (two.failed, two.stop.is_set()) == (True, True)
    one.end()


def test_a_lost_name_stops_it(world: World, monkeypatch) -> None:
    life = life_of(world)
    assert life.begin()

    def lost(_name) -> None:
        raise NameLost

    monkeypatch.setattr(worker_names.Name, "keep", lost)
    life.go_on()
    assert (life.failed, life.stop.is_set()) == (True, True)
    life.end()
