"""Trains the assistant when its files changed: bot/.venv/bin/python bot/train.py [--force] [--root DIR] [--out models].

The model's name holds a hash of everything it is made of, so a second call returns at once. It is written beside and
moved into place, and the last three are kept.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
KEPT = 3
PREFIX = "assistant-"


class CannotTrain(Exception):
    """One line: file, line, what is wrong, what to do."""


def main(given: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="bot/train.py", description="Train the assistant if its files changed."
    )
    parser.add_argument(
        "--root", type=Path, default=ROOT, help="folder with config.yml, domain.yml and data/"
    )
    parser.add_argument("--out", type=Path, help="folder of the models (default: models in the root)")
    parser.add_argument("--force", action="store_true", help="train although nothing changed")
    options = parser.parse_args(given)
    out = options.out or options.root / "models"
    try:
        model = out / f"{PREFIX}{fingerprint(options.root)}.tar.gz"
        if model.is_file() and not options.force:
            os.utime(model)  # the newest model is the one that is served
            tell(f"{model.name}: nothing changed")
            return 0
        check_files(options.root)
        train(options.root, model)
    except CannotTrain as error:
        sys.stderr.write(f"{error}\n")
        return 1
    forget_old(out)
    tell(f"{model.name}: trained")
    return 0


def tell(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")


def fingerprint(root: Path) -> str:
    """Twelve hex digits over all that a model is made of."""
    digest = hashlib.sha256()
    for path in parts(root):
        digest.update(f"{path.relative_to(root if root in path.parents else ROOT).as_posix()}\0".encode())
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def parts(root: Path) -> Iterator[Path]:
    """What a model is made of: the designers' files, our components and the releases they run on."""
    yield from designers_files(root)
    yield from sorted((ROOT / "bot" / "nlu").rglob("*.py"))
    yield ROOT / "bot" / "uv.lock"


def designers_files(root: Path) -> list[Path]:
    """Raise CannotTrain for one that is missing."""
    for needed in ("config.yml", "domain.yml", "data"):
        if not (root / needed).exists():
            raise CannotTrain(
                f"{needed}: not found in {root}; the assistant is made of config.yml, domain.yml and data/"
            )
    data = sorted(path for path in (root / "data").rglob("*.y*ml") if path.is_file())
    return [root / "config.yml", root / "domain.yml", *data]


def check_files(root: Path) -> None:
    """Raise CannotTrain with file and line for the first file that is no YAML."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    for path in designers_files(root):
        try:
            YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            raise CannotTrain(f"{path.relative_to(root)}: no UTF-8 text; save it as UTF-8") from None
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = f":{mark.line + 1}" if mark else ""
            problem = " ".join(filter(None, (error.context, error.problem))).strip()
            advice = "look at the indentation, the dashes and the quotes of this line and the one above"
            raise CannotTrain(f"{path.relative_to(root)}{line}: {problem}; {advice}") from None
        except YAMLError as error:
            raise CannotTrain(f"{path.relative_to(root)}: {_one_line(error)}") from None


def train(root: Path, model: Path) -> None:
    """Write `model`, whole or not at all; raise CannotTrain."""
    _prepare(root)
    model.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=".training-", dir=model.parent))
    try:
        trained = _train(root, beside)
        Path(trained).replace(model)
    except OSError as error:
        raise CannotTrain(f"{model}: {error.strerror}; make room or rights for it") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _prepare(root: Path) -> None:
    sys.path[:] = [str(ROOT), *(entry for entry in sys.path if Path(entry or ".").resolve() != ROOT / "bot")]
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    # Rasa's cache once gave a model without its weights; our training is short enough without it.
    os.environ["RASA_MAX_CACHE_SIZE"] = "0"
    os.environ["RASA_CACHE_DIRECTORY"] = str(Path(tempfile.gettempdir()) / "openbot-no-cache")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from bot import absent_modules

    configuration = (root / "config.yml").read_text(encoding="utf-8")
    absent_modules.stand_in(configuration=configuration, needed={"sklearn"})


def _train(root: Path, out: Path) -> str:
    import logging
    import warnings
    from contextlib import redirect_stderr, redirect_stdout
    from io import StringIO

    from rasa.model_training import train as rasa_train
    from rasa.shared.exceptions import RasaException
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.WARNING)
    warnings.simplefilter("ignore")  # make dialogue validates and reports them, with every file's name
    before = Path.cwd()
    os.chdir(root)  # paths inside config.yml are relative to it
    try:
        said = StringIO()  # progress bars, mostly
        with redirect_stdout(said), redirect_stderr(said):
            result = rasa_train(
                domain="domain.yml",
                config="config.yml",
                training_files=["data"],
                output=str(out),
                fixed_model_name="model",
            )
    except (RasaException, ValueError, TypeError, KeyError, AttributeError) as error:
        raise CannotTrain(f"the files are readable, but Rasa refuses them: {_one_line(error)}") from error
    finally:
        os.chdir(before)
    if result.code != 0 or not result.model:
        raise CannotTrain(f"Rasa did not train a model: {_one_line(said.getvalue()[-600:])}")
    return result.model


def forget_old(out: Path) -> None:
    """Keep the newest models, and nothing of a training that was killed."""
    models = sorted(out.glob(f"{PREFIX}*.tar.gz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in models[KEPT:]:
        old.unlink(missing_ok=True)
    for left in out.glob(".training-*"):
        shutil.rmtree(left, ignore_errors=True)


def _one_line(error: Any) -> str:
    return " ".join(str(error).split())[:600] or type(error).__name__


if __name__ == "__main__":
    sys.exit(main())
