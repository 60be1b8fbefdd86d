"""Overrides of Rasa 3.6.21 for speed."""

from __future__ import annotations

from typing import Any


def prepare_imports(*, fast: bool) -> None:
    pass


def install(agent: Any) -> None:
    pass
