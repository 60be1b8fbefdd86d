"""A panel per test: people with browsers, over the world of the test."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.panel import Panel
    from tests.support.world import World


@pytest.fixture
def panel(world: "World") -> "Panel":
    from tests.support.panel import Panel

    return Panel(world)


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed as they are, but for a thousandth of the work."""
    from argon2 import PasswordHasher

    from openbot.operators import passwords

    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    passwords._nobody.cache_clear()
