import pytest

from worker.pace import Pace


class Seconds:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_moments_are_handed_out_evenly() -> None:
    time = Seconds()
    pace = Pace(per_second=4, now=time)
    assert [pace.reserve() for _ in range(3)] == [0, 0.25, 0.5]
    time.now += 10
    assert pace.reserve() == 0


def test_a_pause_holds_everybody_back_and_the_longest_counts() -> None:
    time = Seconds()
    pace = Pace(per_second=4, now=time)
    assert not pace.paused
    pace.pause(60)
    pace.pause(5)
    time.now += 59.9
    assert pace.paused
    time.now += 0.1
    assert not pace.paused


def test_a_rate_of_nothing_is_refused() -> None:
    with pytest.raises(ZeroDivisionError):
        Pace(per_second=0)
