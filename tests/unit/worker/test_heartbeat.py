"""A sign of life is given as long as every part of the worker gets on."""

import logging
import threading
from pathlib import Path

import pytest

from worker import heartbeat as module
from worker.heartbeat import Heartbeat


class Time:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "worker.beat"


def test_it_beats_while_all_parts_look_for_work(file: Path, time: Time) -> None:
    heart = Heartbeat(file=file, now=time)
    looks = [heart.of(part, lambda limit: [limit]) for part in ("turns", "sender")]
    for _ in range(3):
        time.now += module.LONGEST_SECONDS - 1
        assert [look(limit=5) for look in looks] == [[5], [5]]
        file.unlink(missing_ok=True)
        assert heart.beat()
        assert file.exists()


def test_it_is_silent_and_says_once_why_while_a_part_hangs(
    file: Path, time: Time, caplog: pytest.LogCaptureFixture
) -> None:
    heart = Heartbeat(file=file, now=time)
    look, hang = heart.of("turns", lambda: None), heart.of("sender", lambda: None)
    time.now += module.LONGEST_SECONDS + 1
    look()
    with caplog.at_level(logging.ERROR):
        assert [heart.beat(), heart.beat()] == [False, False]
    assert not file.exists()
    assert [record.getMessage() for record in caplog.records] == ["sender has not looked for work for 120 s"]
    hang()
    assert heart.beat()


def test_it_beats_before_there_are_parts_and_without_a_file(file: Path, time: Time) -> None:
    assert Heartbeat(file=file, now=time).beat()
    assert Heartbeat(file=None, now=time).beat()


def test_a_file_that_cannot_be_touched_does_not_end_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "EVERY_SECONDS", 0.01)
    monkeypatch.setenv(module.HEARTBEAT_FILE, str(tmp_path / "gone" / "worker.beat"))
    heart, beats = Heartbeat.of_this_process(), threading.Semaphore(0)
    heart.each_time(beats.release)
    heart.start()
    assert all(beats.acquire(timeout=5) for _ in range(3))
    heart.stop()
    assert list(tmp_path.iterdir()) == []
