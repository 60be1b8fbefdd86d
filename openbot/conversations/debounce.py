"""How long a text waits for the next one, so that a burst is one turn (product §3)."""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST_OPTION = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """The three waits, from the settings."""

    quiet: timedelta
    answered: timedelta  #: quiet enough when the text fully answers the open question
    longest: timedelta  #: from the first text of the burst


def due_at(
    *,
    is_text: bool,
    text: str,
    options: Collection[str],
    due_since: datetime | None,
    now: datetime,
    waits: Waits,
) -> datetime:
    """When the turn with this message is due. A tap or a medium is due at once; each text restarts the wait."""
    if not is_text:
        return now
    quiet = waits.answered if answers(text, options=options) else waits.quiet
    return min(now + quiet, (due_since or now) + waits.longest)


def answers(text: str, *, options: Collection[str]) -> bool:
    """Say whether `text` is one of the open question's options; «#» among them stands for any number."""
    if not options or len(text) > LONGEST_OPTION:
        return False
    plain = _plain(text)
    return any(plain.isdigit() if option == "#" else plain == _plain(option) for option in options)


def _plain(text: str) -> str:
    spread = unicodedata.normalize("NFKD", text.strip().lower())
    return "".join(character for character in spread if character.isalnum() or character == " ").strip()
