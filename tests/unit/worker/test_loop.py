import itertools
import threading
import time

from worker.loop import Loop


def test_an_id_in_hand_is_not_handed_out_again() -> None:
    begun, go_on, done = threading.Event(), threading.Event(), threading.Event()
    worked: list[int] = []

    def work(item: int) -> None:
        worked.append(item)
        begun.set()
        go_on.wait(5)
        done.set()

    looked_often = threading.Event()
    looks: list[int] = []

    def find(limit: int) -> list[int]:
        looks.append(limit)
        if begun.is_set() and len(looks) > 3:
            looked_often.set()
        return [] if done.is_set() else [7]

    loop = Loop(name="test", threads=3, find=find, work=work)
    loop.start()
    assert begun.wait(5)
    assert looked_often.wait(5)
    assert worked == [7]
    go_on.set()
    assert done.wait(5)
    assert loop.stop(timeout=5)


def test_broken_work_and_a_broken_look_do_not_end_the_loop(caplog, monkeypatch) -> None:
    monkeypatch.setattr("worker.loop.BROKEN_SECONDS", 0.01)
    finds = iter([RuntimeError("the database is away"), [1], [2]])
    done = threading.Event()

    def find(_limit: int) -> list[int]:
        found = next(finds, [])
        if isinstance(found, Exception):
            raise found
        return found

    def work(item: int) -> None:
        if item == 1:
            raise ValueError("broken")
        done.set()

    loop = Loop(name="test", threads=1, find=find, work=work)
    loop.start()
    assert done.wait(5)
    assert loop.stop(timeout=5)
    assert [record.message for record in caplog.records] == [
        "test: looking for work failed",
        "test: work on 1 failed",
    ]


def test_a_stop_waits_for_what_is_in_hand_but_not_for_ever() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def work(_item: int) -> None:
        begun.set()
        go_on.wait(5)

    items = iter([[1]])
    loop = Loop(name="test", threads=1, find=lambda _limit: next(items, []), work=work)
    loop.start()
    assert begun.wait(5)
    assert not loop.stop(timeout=0.05)
    go_on.set()
    assert loop.stop(timeout=5)


def test_what_is_not_urgent_is_looked_for_seldom() -> None:
    looks: list[float] = []
    numbers = itertools.count()

    def find(_limit: int) -> list[int]:
        looks.append(time.monotonic())
        return []

    loop = Loop(
        name="test", threads=1, find=find, work=lambda _: None, changes=lambda: next(numbers), pause=0.2
    )
    loop.start()
    time.sleep(0.5)
    assert loop.stop(timeout=5)
    assert 2 <= len(looks) <= 4
