"""The hook for a virus scanner, with real little scripts."""

import time
from pathlib import Path

import pytest

from openbot.files.scanning import Scanner, Verdict

SCRIPT = """#!/bin/sh
{before}
grep -q EICAR {what} && exit 1
exit 0
"""


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    file = tmp_path / "con espacio; y más.txt"
    file.write_text("hola")
    return file


def script(folder: Path, *, what: str = '"$1"', before: str = "") -> str:
    path = folder / "scan me.sh"
    path.write_text(SCRIPT.format(what=what, before=before))
    path.chmod(0o700)
    return f"'{path}'"


def scan(command: str, file: Path, *, seconds: float = 10) -> Verdict:
    return Scanner(command=command, seconds=seconds).scan(file)


@pytest.mark.parametrize(("what", "dash"), [('"$1"', ""), ("", " -")], ids=["path", "standard input"])
def test_the_exit_code_decides(tmp_path: Path, sample: Path, what: str, dash: str):
    command = script(tmp_path, what=what) + dash
    assert scan(command, sample) is Verdict.CLEAN
    sample.write_text("X5O!P%@AP EICAR-STANDARD-ANTIVIRUS-TEST-FILE!")
    assert scan(command, sample) is Verdict.INFECTED


def test_without_a_scanner_everything_is_clean(sample: Path):
    assert scan("", sample) is Verdict.CLEAN


@pytest.mark.parametrize("before", ["exit 2", "kill -9 $$"])
def test_any_other_end_means_that_it_could_not_scan(tmp_path: Path, sample: Path, before: str):
    assert scan(script(tmp_path, before=before), sample) is Verdict.AWAY


def test_a_scanner_that_is_not_there_could_not_scan(sample: Path):
    assert scan("/nowhere/clamdscan -", sample) is Verdict.AWAY
    assert scan("/nowhere/clamdscan -", sample.with_name("gone")) is Verdict.AWAY


def test_a_scanner_that_takes_too_long_is_ended_with_its_children(tmp_path: Path, sample: Path):
    left = tmp_path / "left"
    command = script(tmp_path, before=f"(sleep 1; touch {left}) & wait")
    began = time.monotonic()
    assert scan(command, sample, seconds=0.2) is Verdict.AWAY
    assert time.monotonic() - began < 0.9
    time.sleep(1.2)
    assert not left.exists()


def test_a_file_name_is_no_command_and_our_secrets_are_not_handed_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("OPENBOT_WHATSAPP_ACCESS_TOKEN", "secret")
    seen = tmp_path / "seen"
    file = tmp_path / "$(touch broken)"
    file.write_text("hola")
    assert scan(script(tmp_path, before=f'env > {seen}; echo "$1" >> {seen}'), file) is Verdict.CLEAN
    assert "secret" not in seen.read_text()
    assert str(file) in seen.read_text()
    assert not (tmp_path / "broken").exists()
