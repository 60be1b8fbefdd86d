"""Letting the victim die."""

from typing import TYPE_CHECKING, Any

import pytest

from tests.kill_matrix.gaps import Gap
from tests.support.world import World

if TYPE_CHECKING:
    from tests.kill_matrix.conftest import Victim


def kill(world: World, victim: "Victim", gap: Gap, **more: Any) -> None:
    """Let the victim do its step until it dies in the gap; earlier kills may have left leases to wait for."""
    for _ in range(8):
        died = victim.killed(
            url=world.database.url,
            crash_at=gap.name,
            step=gap.step,
            now=world.clock().isoformat(),
            journal=str(world.whatsapp.journal),
            files=str(world.settings.files_dir),
            **more,
        )
        if died:
            return
        world.clock.move(seconds=more.get("patience", 31))
    pytest.fail(f"never came to «{gap.name}»")
