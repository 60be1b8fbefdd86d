"""What ends a turn early. Rasa itself logs such things and goes on; here they stop the turn."""

from __future__ import annotations

#: An action sets this slot when owner or order changed under its hands: the turn is void.
OVERTAKEN_SLOT = "overtaken"


class TurnStopped(Exception):
    """The turn in hand must not go on. Not a RasaException: Rasa swallows those in places."""


class ActionFailed(TurnStopped):
    """An action could not be run or gave no valid answer; `action` names it, `away`: nobody was there to run it."""

    def __init__(self, action: str, reason: str, *, away: bool = False) -> None:
        super().__init__(f"{action}: {reason}")
        self.action = action
        self.reason = reason
        self.away = away


class Overtaken(TurnStopped):
    """An action found that somebody else changed the order or took the conversation."""
