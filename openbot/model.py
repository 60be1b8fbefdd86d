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
LAST_WORDS = 8


class TrainingFailed(OpenbotError):
    """The assistant could not be trained; the model in use stays as it was."""

    code = "training_failed"

    def __init__(self, *, why: str) -> None:
        super().__init__(f"{why}\nThe assistant was not trained; the model in use stays as it was.")


def served() -> Path | None:
    """Return the model that the assistant takes at its next start: the newest."""
    models = sorted(MODELS.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    return models[-1] if models else None


def train(*, force: bool = False, folder: Path = Path("var")) -> bool:
    """Train if the assistant's files changed (or `force`); tell whether a running assistant was given a new model.

    What Rasa says meanwhile goes to `folder`/log/train.log. Raises TrainingFailed with its last words.
    """
    if not PYTHON.exists():
        raise TrainingFailed(why="The assistant's environment is missing: run `make setup`.")
    before = served()
    log = folder / "log" / "train.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [str(PYTHON), str(ROOT / "bot" / "train.py"), *(["--force"] if force else [])]
    with log.open("wb") as words:
        done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, stderr=words, check=False)  # noqa: S603
    if done.returncode != 0:
        raise TrainingFailed(why=_last_words(log))
    return (force or served() != before) and _hand_over(folder)


def _last_words(log: Path) -> str:
    # A progress bar writes over its own line; only what is left of it counts.
    lines = [line.rpartition("\r")[2].strip() for line in log.read_text(errors="replace").split("\n")]
    return "\n".join([line for line in lines if line and not line.startswith("Process")][-LAST_WORDS:])


def _hand_over(folder: Path) -> bool:
    # `openbot up` starts it again at once, and turns wait meanwhile.
    pid = RunFile(folder / "run" / "openbot.json").running("rasa")
    if pid is None:
        return False
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    return True
