"""Trains the assistant's model, when its files changed, in the assistant's own environment."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from openbot.errors import OpenbotError
from openbot.run_file import RunFile

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / "bot" / ".venv" / "bin" / "python"
MODELS = ROOT / "models"
MODEL = MODELS / "openbot.tar.gz"
FINGERPRINT = MODELS / "openbot.fingerprint"
#: What a model is made of. The company's goods are not part of it.
SOURCES = ("config.yml", "domain.yml", "domain/**/*.yml", "data/**/*.yml", "bot/nlu/*.py", "bot/uv.lock")
NOT_TRAINED = {"business.yml"}
LAST_WORDS = 25


class TrainingFailed(OpenbotError):
    """The assistant could not be trained; the model in use stays as it was."""

    code = "training_failed"


def is_current() -> bool:
    """Tell whether there is a model and it was made of the files as they are now."""
    return MODEL.exists() and FINGERPRINT.exists() and FINGERPRINT.read_text() == fingerprint()


def fingerprint(root: Path = ROOT) -> str:
    """Return a short text that changes whenever a file of the assistant changes, is added or removed."""
    files = {path for pattern in SOURCES for path in root.glob(pattern) if path.name not in NOT_TRAINED}
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"{path.relative_to(root)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def train(*, folder: Path = Path("var")) -> None:
    """Train, then let a running assistant go on with the new model. Raises TrainingFailed with Rasa's last words."""
    if not PYTHON.exists():
        raise TrainingFailed("The assistant's environment is missing: run `make setup`.")
    log = folder / "log" / "train.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    _say("Training the assistant …")
    made_of, began = fingerprint(), time.monotonic()
    FINGERPRINT.unlink(missing_ok=True)
    with log.open("wb") as words:
        done = subprocess.run(  # noqa: S603 - our own arguments
            [str(PYTHON), "-m", "rasa", "train", "--data", "data", "--fixed-model-name", MODEL.name[:-7]],
            cwd=ROOT,
            env={**os.environ, "RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"},
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode != 0 or not MODEL.exists():
        last = log.read_text(errors="replace").splitlines()[-LAST_WORDS:]
        raise TrainingFailed("\n".join(["The assistant could not be trained. Rasa's last words:", *last]))
    FINGERPRINT.write_text(made_of)
    _say(f"Trained in {time.monotonic() - began:.0f} s.")
    _hand_over(folder)


def _hand_over(folder: Path) -> None:
    # `openbot up` starts it again at once, and turns wait meanwhile.
    pid = RunFile(folder / "run" / "openbot.json").running("rasa")
    if pid is not None:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
        _say("The running assistant takes the new model; it answers again in a few seconds.")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
