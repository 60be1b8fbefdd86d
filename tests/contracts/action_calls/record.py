"""Records the action calls of a real Rasa 3.6.21 with their answers: python -m tests.contracts.action_calls.record."""

import json
import tempfile
from pathlib import Path

from tests.dialogue.player import Player, read
from tests.dialogue.stage import somebody, stage

FOLDER = Path(__file__).parent


def main() -> None:
    """Play the conversation and write one file per call."""
    with tempfile.TemporaryDirectory() as folder, stage(Path(folder), record=True) as (world, servers):
        Player(world, somebody(1, {})).play(read(FOLDER / "conversation.yml"))
    for old in FOLDER.glob("*.json"):
        old.unlink()
    for number, kept in enumerate(servers.calls, 1):
        path = FOLDER / f"{number:02}_{kept['call']['next_action']}.json"
        path.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
