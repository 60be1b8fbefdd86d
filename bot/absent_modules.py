"""Starts Rasa without libraries that only other set-ups use: TensorFlow, and the clients of other channels and stores.

Rasa imports them all at its top, which takes most of its start-up. Stand-ins let those imports pass; whoever calls
one is told so. What the model or the configuration needs is never replaced.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
import tarfile
import types
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

#: Which components of a pipeline or policy list need which modules.
NEEDED_BY = {
    frozenset({"tensorflow", "keras", "tensorflow_addons", "tensorflow_hub", "tensorflow_text"}): (
        "DIETClassifier",
        "ResponseSelector",
        "TEDPolicy",
        "UnexpecTEDIntentPolicy",
        "LanguageModelFeaturizer",
        "ConveRTFeaturizer",
    ),
    frozenset({"sklearn"}): (
        "CountVectorsFeaturizer",
        "CRFEntityExtractor",
        "DIETClassifier",
        "LogisticRegressionClassifier",
        "ResponseSelector",
        "SklearnIntentClassifier",
        "TEDPolicy",
        "UnexpecTEDIntentPolicy",
    ),
}
CLIENTS = frozenset(
    {
        "aiogram",
        "boto3",
        "botocore",
        "cachecontrol",
        "fbmessenger",
        "google",
        "matplotlib",
        "mattermostwrapper",
        "pymongo",
        "rocketchat_API",
        "slack_sdk",
        "twilio",
        "webexteamssdk",
    }
)


def stand_in(*, configuration: str, needed: Iterable[str] = ()) -> None:
    """Replace what `configuration` (the text of config.yml, or of a model's metadata) does not need.

    To be called before the first import of Rasa; a module that is already there stays, and so does one in `needed`.
    """
    absent = set(CLIENTS)
    for modules, components in NEEDED_BY.items():
        if not any(component in configuration for component in components):
            absent |= modules
    absent -= {name.partition(".")[0] for name in sys.modules} | set(needed)
    sys.meta_path.insert(0, _Finder(absent))


def configuration_of(model: str) -> str:
    """The metadata of the model, or of the newest model in that folder; "" when there is none to be read."""
    path = Path(model)
    if path.is_dir():
        path = max(path.glob("*.tar.gz"), key=lambda found: found.stat().st_mtime, default=path)
    try:
        with tarfile.open(path) as packed:
            metadata = packed.extractfile("metadata.json")
            return metadata.read().decode() if metadata else ""
    except (OSError, KeyError, tarfile.TarError):
        return ""


class Absent(type):
    """Stand-in for whatever is asked of an absent module: a class, a base class, a decorator, a constant."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _absent(f"{cls.__qualname__}.{name}")

    def __call__(cls, *given: Any, **named: Any) -> Any:
        if "_absent" not in cls.__dict__:
            raise RuntimeError(
                f"{cls.__name__} needs a library that bot/absent_modules.py leaves out; start with --plain"
            )
        if len(given) == 1 and not named and callable(given[0]):
            return given[0]  # a decorator
        return cls

    def __iter__(cls) -> Iterator[Any]:
        return iter(())

    def __or__(cls, other: Any) -> Any:
        return cls

    __ror__ = __or__

    def __getitem__(cls, _: Any) -> Any:
        return cls

    def __instancecheck__(cls, _: Any) -> bool:
        return False if "_absent" in cls.__dict__ else NotImplemented


def _absent(name: str) -> Any:
    if name.rpartition(".")[2].endswith(("Error", "Exception", "Failure")):
        return type(name.rpartition(".")[2], (Exception,), {})  # rasa names them in `except`
    return Absent(name, (), {"_absent": True, "__qualname__": name})


class _Module(types.ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = _absent(f"{self.__name__}.{name}")
        setattr(self, name, found)
        return found


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(names)

    def find_spec(self, name: str, _path: Any = None, _target: Any = None) -> Any | None:
        if name.partition(".")[0] not in self._names:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: Any) -> types.ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        module.__path__ = []
