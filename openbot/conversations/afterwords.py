"""What a message written after a close is (product §2): courtesy, a question about that order, or a new one."""

import unicodedata
from collections.abc import Collection
from datetime import datetime, timedelta
from enum import Enum, auto

AFTERWORD_TIME = timedelta(hours=12)
#: Kinds that alone never ask for an answer.
SILENT_KINDS = frozenset({"reaction", "sticker"})


class Afterword(Enum):
    """How to take a message of a contact without an open order."""

    OPENS = auto()  #: a new order
    BELONGS = auto()  #: courtesy after the close: attached to the closed order, no turn
    ASK = auto()  #: «¿Es por tu pedido 123?»


def judge(
    *, kind: str, text: str, closed_at: datetime | None, courtesies: Collection[str], now: datetime
) -> Afterword:
    """Judge one message. `courtesies` are plain lower-case words and short phrases without accents."""
    if closed_at is None or now - closed_at > AFTERWORD_TIME:
        return Afterword.OPENS
    if kind in SILENT_KINDS:
        return Afterword.BELONGS
    if kind != "text":
        return Afterword.OPENS if kind in {"tap", "cart"} else Afterword.ASK
    if is_courtesy(text, courtesies=courtesies):
        return Afterword.BELONGS
    return Afterword.ASK


def is_courtesy(text: str, *, courtesies: Collection[str]) -> bool:
    """Say whether a text is nothing but emoji, punctuation and courtesy («gracias!! 🙌», «dale, genial»)."""
    words = _plain(text).split()
    while words:
        for length in range(min(4, len(words)), 0, -1):
            if " ".join(words[:length]) in courtesies:
                del words[:length]
                break
        else:
            return False
    return True


def _plain(text: str) -> str:
    spread = unicodedata.normalize("NFKD", text.lower())
    return "".join(
        character if character.isalnum() else " "
        for character in spread
        if not unicodedata.combining(character)
    )
