"""What an action answered, kept with what it wrote: a repeated call gets the same answer without running again."""

import json
from dataclasses import asdict, dataclass
from typing import Any, cast

from sqlalchemy import Table, bindparam, event, select

from openbot.database import Session
from openbot.schema import ActionCall

# Built once: building a statement costs more than running it.
_CALLS = cast("Table", ActionCall.__table__)
_RESPONSE = select(_CALLS.c.response).where(
    *(_CALLS.c[name] == bindparam(name) for name in ("turn_id", "position", "action", "nth"))
)
_WROTE = "action_call_wrote"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallKey:
    """One call of one action while one message is answered."""

    turn_id: int
    position: int  #: which message of the turn
    action: str
    nth: int  #: events of the dialogue since that message, at the call


def recall(session: Session, *, key: CallKey) -> dict[str, Any] | None:
    """Return what this very call answered before, None when it did not write anything yet."""
    response = session.scalar(_RESPONSE, asdict(key))
    return None if response is None else json.loads(response)


def watch(session: Session) -> None:
    """Note from now on whether anything is written in this session."""
    event.listen(session, "after_flush", _note)


def record(session: Session, *, key: CallKey, response: dict[str, Any]) -> bool:
    """Keep the answer in the same commit; False when nothing was written, so that a repeat may simply run."""
    session.flush()
    if not session.info.get(_WROTE):
        return False
    session.add(
        ActionCall(
            turn_id=key.turn_id,
            position=key.position,
            action=key.action,
            nth=key.nth,
            response=json.dumps(response, ensure_ascii=False),
        )
    )
    session.flush()
    return True


def _note(session: Session, _context: object) -> None:
    session.info[_WROTE] = True
