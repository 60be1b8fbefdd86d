"""Every conversation under tests/dialogue goes as it is written. How to write one: tests/dialogue/README.md."""

from pathlib import Path

import pytest

from tests.dialogue.player import conversations, read

FOLDER = Path(__file__).parent
PATHS = conversations(FOLDER)


@pytest.mark.parametrize("path", PATHS, ids=[f"{path.parent.name}/{path.stem}" for path in PATHS])
def test_conversation(path, new_player):
    conversation = read(path)
    new_player(conversation).play(conversation)


def test_there_are_sixty_conversations_of_every_kind_of_trouble():
    assert len(PATHS) >= 60
    kinds = {path.parent.name for path in PATHS}
    assert kinds == {"happy", "corrections", "digressions", "cancellations", "handover", "media", "limits"}
