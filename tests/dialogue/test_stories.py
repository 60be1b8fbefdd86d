"""A story that a designer adds in data/stories alone changes the dialogue: fresh, after an order, after compaction.

Trained without sentences (taps need none), so it is quick.
"""

import os
import shutil
import subprocess
from itertools import count
from pathlib import Path

import pytest

from tests.dialogue.player import Player
from tests.dialogue.servers import ROOT
from tests.dialogue.stage import somebody, stage

_NUMBERS = count(1)
STORY = """version: "3.1"
stories:
- story: who says thanks and then wonders who we are gets help
  steps:
  - intent: thanks
  - action: utter_thanks
  - intent: bot_challenge
  - action: utter_help
"""
THANKS_AND_THEN = [
    {"payload": "/thanks", "bot": "¡De nada!"},
    {"payload": "/bot_challenge", "bot": "Escribime lo que necesitás"},
]
AN_ORDER = [
    {"payload": "/order", "bot": "¿Te lo enviamos"},
    {"tap": "Retiro en sucursal"},
    {"tap": "Belgrano"},
    {"tap": "Panadería"},
    {"tap": "Pan lactal 550 g"},
    {"tap": "2"},
    {"tap": "Eso es todo"},
    {"tap": "Transferencia"},
    {"tap": "Sin aclaraciones"},
    {"tap": "Sí, Ana"},
    {"tap": "Confirmar", "order": {"state": "COMPLETO"}},
]


@pytest.fixture(scope="module")
def designed(tmp_path_factory):
    folder: Path = tmp_path_factory.mktemp("stories")
    shutil.copytree(ROOT / "data/stories", folder / "data/stories")
    shutil.copytree(ROOT / "data/rules", folder / "data/rules")
    (folder / "data/stories/one_more.yml").write_text(STORY, encoding="utf-8")
    train(folder)
    (folder / "stage").mkdir()
    with stage(folder / "stage", model=folder / "models") as (world, _):
        yield world


@pytest.fixture
def player(designed):
    return Player(designed, somebody(next(_NUMBERS), {}))


def train(folder: Path) -> None:
    environment = {
        **os.environ,
        "RASA_CACHE_DIRECTORY": str(folder / "cache"),
        "RASA_TELEMETRY_ENABLED": "false",
    }
    environment["PYTHONPATH"] = str(ROOT)
    command = ["rasa", "train", "core", "--stories", str(folder / "data"), "--domain", "domain.yml"]
    command += ["--config", "config.yml", "--out", str(folder / "models")]
    done = subprocess.run(  # noqa: S603 - our own files
        [str(ROOT / "bot/.venv/bin/python"), "-m", *command],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]


def test_the_story_is_followed_fresh(player):
    player.play({"steps": THANKS_AND_THEN})


def test_the_story_is_followed_after_an_order(player):
    player.play({"steps": [*AN_ORDER, *THANKS_AND_THEN]})


def test_the_story_is_followed_after_compaction(player):
    player.play({"steps": [*[{"payload": "/help"}] * 30, *THANKS_AND_THEN]})
    assert "compacted_to" in dialogue_of(player)


def dialogue_of(player: Player) -> str:
    from openbot.schema import Dialogue

    contact = player.world.contact(player.who)
    return player.world.rows(Dialogue, Dialogue.contact_id == contact.id)[0].events
