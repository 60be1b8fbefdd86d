"""A typed answer that is one of the options shown: its place in the list («2», «la segunda») or its very title."""

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from actions.last_answer import Option, options_shown
from actions.message import Message
from actions.scene import Scene

_LONGEST = 40


def as_tap(scene: Scene, *, position: int | None) -> Message | None:
    """Return the message as if the option had been tapped; None when it names none.

    `position` is the place it names (1 is the first, -1 the last), None where a number means something else.
    """
    text, question = scene.message.text, scene.memory.question
    if len(text) > _LONGEST or (question is not None and question["kind"] == "quantity"):
        return None
    if scene.asked == "comment" and text.strip().isdecimal():
        position = int(text)
    option = _option(options_shown(scene.events), position=position, words=_plain(text))
    return None if option is None else _tapped(scene.message, option)


def _option(options: Sequence[Option], *, position: int | None, words: str) -> Option | None:
    if position is not None:
        at = position - 1 if position > 0 else len(options) - 1
        return options[at] if 0 <= at < len(options) else None
    return next((each for each in options if words and _plain(each.title) == words), None)


def _tapped(message: Message, option: Option) -> Message:
    intent, _, entities = option.payload.removeprefix("/").partition("{")
    return replace(
        message,
        kind="tap",
        text=option.title,
        intent=intent,
        entities=json.loads(f"{{{entities}") if entities else {},
    )


def _plain(text: str) -> str:
    spread = unicodedata.normalize("NFKD", text.lower())
    signs = (sign for sign in spread if not unicodedata.combining(sign))
    return " ".join("".join(sign if sign.isalnum() else " " for sign in signs).split())
