"""Plays conversations and prints them as a phone would show them: python -m tests.dialogue [FILE …]."""

import sys
import tempfile
from pathlib import Path

from tests.dialogue.player import Failed, Player, conversations, read
from tests.dialogue.stage import reseed, somebody, stage


def main(paths: list[Path]) -> int:
    """Play; returns the exit code."""
    failed = 0
    with tempfile.TemporaryDirectory() as folder, stage(Path(folder)) as (world, _):
        for number, path in enumerate(paths):
            reseed(world.database)
            conversation = read(path)
            player = Player(world, somebody(number, conversation))
            say(f"\n=== {path.parent.name}/{path.stem}")
            try:
                player.play(conversation)
                say("\n".join(player.log))
            except Failed as wrong:
                failed += 1
                say("\n".join(player.log), f"❌ {str(wrong).splitlines()[0]}")
    say(f"\n{len(paths) - failed} of {len(paths)} went as written")
    return min(failed, 1)


def say(*lines: str) -> None:
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    wanted = [Path(name) for name in sys.argv[1:]] or conversations(Path(__file__).parent)
    sys.exit(main(wanted))
