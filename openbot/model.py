"""Trains the assistant in its own environment, and lets a running one go on with the new model."""

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

from openbot.errors import OpenbotError
from openbot.run_file import RunFile

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / "bot" / ".venv" / "bin" / "python"
MODELS = ROOT / "models"


class TrainingFailed(OpenbotError):
    """The assistant could not be trained; the model in use stays as it was."""

    code = "training_failed"


def served() -> Path | None:
    """Return the model that the assistant takes at its next start: the newest."""
    models = sorted(MODELS.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    return models[-1] if models else None


def train(*, force: bool = False, folder: Path = Path("var")) -> bool:
    """Train if the assistant's files changed (or `force`); tell whether a running assistant was given a new model.

    Raises TrainingFailed; why stands above it, in bot/train.py's words.
    """
    if not PYTHON.exists():
        raise TrainingFailed("The assistant's environment is missing: run `make setup`.")
    before = served()
    command = [str(PYTHON), str(ROOT / "bot" / "train.py"), *(["--force"] if force else [])]
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, check=False)  # noqa: S603 - our own arguments
    if done.returncode != 0:
        raise TrainingFailed
    return (force or served() != before) and _hand_over(folder)


def _hand_over(folder: Path) -> bool:
    # `openbot up` starts it again at once, and turns wait meanwhile.
    pid = RunFile(folder / "run" / "openbot.json").running("rasa")
    if pid is None:
        return False
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    return True
