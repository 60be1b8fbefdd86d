"""What a killed process left in the folder for temporary files."""

import os
import time
from pathlib import Path

import pytest

from openbot.files import temporary


def test_only_old_ones_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with temporary.temporary() as file:
        name = Path(file.name)
        left = tmp_path / "openbot-file-left"
        left.write_bytes(b"of a customer")
        other = tmp_path / "somebody-elses"
        other.touch()
        for path in (left, other):
            os.utime(path, (time.time() - 3700,) * 2)
        assert temporary.sweep() == 1
        assert (name.exists(), left.exists(), other.exists()) == (True, False, True)
        assert name.stat().st_mode & 0o777 == 0o600
    assert not name.exists()
