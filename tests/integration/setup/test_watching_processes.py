import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = Path(__file__).with_name("watched_programs.py")
PATIENCE = 15.0


class Up:
    """A running `watch` over toy programs."""

    def __init__(self, folder: Path, port: int, *kinds: str) -> None:
        self.folder = folder
        self.output = folder / "output.txt"
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(  # noqa: S603 - our own script
                [sys.executable, str(SCRIPT), str(folder), str(port), *kinds],
                stdout=output, stderr=output, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
            )  # fmt: skip

    def says(self, words: str) -> bool:
        return words in self.output.read_text()

    def pid(self, name: str) -> int:
        return json.loads((self.folder / "run" / "openbot.json").read_text())["programs"][name]["pid"]


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def up(tmp_path: Path, port: int) -> Iterator[Callable[..., Up]]:
    started: list[Up] = []

    def start(*kinds: str) -> Up:
        started.append(Up(tmp_path, port, *kinds))
        return started[-1]

    yield start
    for each in started:
        each.process.kill()
        each.process.wait()
    with suppress(OSError, ValueError):
        for entry in json.loads((tmp_path / "run" / "openbot.json").read_text())["programs"].values():
            with suppress(ProcessLookupError):
                os.killpg(entry["pid"], signal.SIGKILL)


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def child_of_server(up: Up) -> int:
    lines = [line for line in up.output.read_text().splitlines() if "child" in line]
    return int(lines[-1].rpartition(" ")[2])


def test_all_are_started_and_end_with_a_sigterm_their_own_children_too(up):
    running = up("server", "stubborn")
    until(lambda: running.says("all up"))
    server, stubborn, child = running.pid("server"), running.pid("stubborn"), child_of_server(running)
    running.process.terminate()
    assert running.process.wait(timeout=PATIENCE) == 0
    assert not any(alive(pid) for pid in (server, stubborn, child))
    assert not (running.folder / "run" / "openbot.json").exists()
    assert "child" in (running.folder / "log" / "server.log").read_text()


def test_a_killed_program_is_started_again(up):
    running = up("server")
    until(lambda: running.says("all up"))
    before = running.pid("server")
    os.kill(before, signal.SIGKILL)
    until(lambda: running.says("killed by SIGKILL") and running.pid("server") != before)
    until(lambda: running.output.read_text().count("ready after") == 2)
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(timeout=PATIENCE) == 0


@pytest.mark.parametrize("kind", ["server", "beating"])
def test_a_program_that_stands_still_is_ended_and_started_again(up, kind: str):
    running = up(kind)
    until(lambda: running.says("all up"))
    before = running.pid(kind)
    os.kill(before, signal.SIGSTOP)
    until(lambda: running.says("killed by SIGKILL") and running.pid(kind) != before)
    assert running.says("no sign of life for")
    assert not alive(before)
    until(lambda: running.output.read_text().count("ready after") == 2)
    running.process.terminate()
    assert running.process.wait(timeout=PATIENCE) == 0


def test_a_program_that_stood_still_only_for_a_moment_goes_on(up):
    running = up("server", "beating")
    until(lambda: running.says("all up"))
    pids = [running.pid("server"), running.pid("beating")]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    time.sleep(0.15)
    for pid in pids:
        os.kill(pid, signal.SIGCONT)
    time.sleep(0.6)
    assert [running.pid("server"), running.pid("beating")] == pids
    assert not running.says("no sign of life")


def test_a_program_that_answers_that_it_is_unwell_is_left_alone(up):
    running = up("sick")
    until(lambda: running.says("all up"))
    before = running.pid("sick")
    (running.folder / "sick").touch()
    time.sleep(1.5)
    assert running.pid("sick") == before
    assert alive(before)


def test_a_program_that_never_answers_is_started_again_and_ends_all(up):
    running = up("mute")
    assert running.process.wait(timeout=PATIENCE) == 1
    assert running.output.read_text().count("no answer after 0.5 s") == 3


@pytest.mark.skipif(sys.platform != "linux", reason="needs PR_SET_PDEATHSIG")
def test_programs_do_not_outlive_a_killed_supervisor(up):
    running = up("server")
    until(lambda: running.says("all up"))
    server = running.pid("server")
    running.process.kill()
    until(lambda: not alive(server))


def test_what_a_killed_supervisor_left_behind_is_ended_by_the_next_start(up):
    first = up("stubborn")  # does not end by itself at the signal that its parent's death brings
    until(lambda: first.says("all up"))
    left = first.pid("stubborn")
    first.process.kill()
    first.process.wait()
    assert alive(left)
    second = up("server")
    until(lambda: second.output.read_text().count("all up") == 2)
    assert not alive(left)
    assert second.says(f"Stopped stubborn (process {left}), left over from an earlier run.")


def test_a_second_start_from_the_same_folder_is_refused(up):
    first = up("server")
    until(lambda: first.says("all up"))
    second = up("server")
    assert second.process.wait(timeout=PATIENCE) == 1
    assert second.says(f"Openbot already runs from this folder (process {first.process.pid})")
    assert first.process.poll() is None


def test_a_port_in_use_is_named_with_its_setting(up, port: int):
    with socket.create_server(("127.0.0.1", port)):
        running = up("server")
        assert running.process.wait(timeout=PATIENCE) == 1
    assert running.output.read_text().strip() == (
        f"In use by another program: port {port} (server; set TOY_PORT to move it)."
    )


def test_a_program_that_never_gets_ready_ends_all_with_its_words(up):
    running = up("server", "broken")
    assert running.process.wait(timeout=PATIENCE) == 1
    assert running.says("no luck")
    assert running.says("without ever being ready")
