"""Which move of an order is allowed, to whom (product §1). One table; nothing else decides."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from openbot.actor import Actor, ActorKind
from openbot.errors import OpenbotError
from openbot.vocabulary import OPEN_STATES, Role, State

REOPEN_OWN_CLOSE = timedelta(hours=24)
PUT_OFF = timedelta(hours=2)


class Who(Enum):
    """Those who may move an order. A customer acts through the bot."""

    SYSTEM = auto()
    BOT = auto()
    CUSTOMER = auto()
    OPERATOR = auto()
    ADMINISTRATOR = auto()


class MoveNotAllowed(OpenbotError):
    """This order cannot go to that state."""

    code = "move_not_allowed"

    def __init__(self, *, current: State, wanted: State) -> None:
        self.current, self.wanted = current, wanted
        super().__init__(f"An order in {current} cannot go to {wanted} like this.")


class ReasonMissing(OpenbotError):
    """This move needs a reason."""

    code = "reason_missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One allowed move."""

    by: frozenset[Who]
    needs_reason: bool = False
    only_back: bool = False  #: allowed only to the state the order had before EN PROCESO
    own_recent_close: bool = False  #: an operator may, within 24 h of their own close


def _by(*who: Who) -> Move:
    return Move(by=frozenset(who))


_PEOPLE = (Who.OPERATOR, Who.ADMINISTRATOR)
_BACK = Move(by=frozenset({*_PEOPLE, Who.SYSTEM}), only_back=True)
_REOPEN = Move(by=frozenset(_PEOPLE), needs_reason=True, own_recent_close=True)

MOVES: dict[tuple[State, State], Move] = {
    (State.INCOMPLETE, State.COMPLETE): _by(Who.BOT, Who.CUSTOMER),
    (State.INCOMPLETE, State.IN_PROGRESS): _by(*_PEOPLE),
    (State.COMPLETE, State.IN_PROGRESS): _by(*_PEOPLE),
    (State.INCOMPLETE, State.CANCELLED): _by(Who.CUSTOMER, *_PEOPLE),
    (State.COMPLETE, State.CANCELLED): _by(Who.CUSTOMER, *_PEOPLE),
    **{
        (start, end): _by(*_PEOPLE)
        for start in (State.COMPLETE, State.IN_PROGRESS)
        for end in (State.INVOICED, State.CANCELLED, State.RESOLVED, State.NO_ANSWER)
        if (start, end) != (State.COMPLETE, State.CANCELLED)
    },
    (State.IN_PROGRESS, State.INCOMPLETE): _BACK,
    (State.IN_PROGRESS, State.COMPLETE): _BACK,
    **{(start, State.EXPIRED): _by(Who.SYSTEM) for start in OPEN_STATES},
    **{
        (start, State.IN_PROGRESS): _REOPEN
        for start in (State.INVOICED, State.CANCELLED, State.RESOLVED, State.NO_ANSWER)
    },
    (State.EXPIRED, State.IN_PROGRESS): Move(by=frozenset(_PEOPLE), needs_reason=True),
    # «Recuperar»: the customer takes back their own cancellation (product §1; the caller checks the 30 minutes).
    (State.CANCELLED, State.INCOMPLETE): _by(Who.CUSTOMER),
}


def check_move(
    *,
    current: State,
    wanted: State,
    actor: Actor,
    now: datetime,
    reason: str = "",
    state_before: State | None = None,
    closed_at: datetime | None = None,
    closed_by_operator_id: int | None = None,
) -> None:
    """Raise MoveNotAllowed or ReasonMissing unless `actor` may move an order from `current` to `wanted` now."""
    move = MOVES.get((current, wanted))
    who = _who(actor)
    if move is None or who not in move.by or (move.only_back and wanted != state_before):
        raise MoveNotAllowed(current=current, wanted=wanted)
    if move.own_recent_close and who is Who.OPERATOR:
        own = closed_by_operator_id is not None and closed_by_operator_id == actor.operator_id
        if not own or closed_at is None or now - closed_at > REOPEN_OWN_CLOSE:
            raise MoveNotAllowed(current=current, wanted=wanted)
    if move.needs_reason and not reason.strip():
        raise ReasonMissing


def moves_of(
    *,
    current: State,
    actor: Actor,
    now: datetime,
    state_before: State | None,
    closed_at: datetime | None,
    closed_by_operator_id: int | None,
) -> dict[State, bool]:
    """Return where `actor` may move such an order now, and whether it needs a reason."""
    found: dict[State, bool] = {}
    for (start, end), move in MOVES.items():
        if start is not current:
            continue
        try:
            check_move(
                current=current,
                wanted=end,
                actor=actor,
                now=now,
                reason="?",
                state_before=state_before,
                closed_at=closed_at,
                closed_by_operator_id=closed_by_operator_id,
            )
        except MoveNotAllowed:
            continue
        found[end] = move.needs_reason
    return found


def expiry_after_activity(
    *, expires_at: datetime, last_activity: datetime | None, now: datetime
) -> datetime | None:
    """When an order past its time expires instead, or None when it expires now.

    Customer or operator wrote within the last 2 h: put off to 2 h from now.
    """
    if expires_at > now:
        return expires_at
    if last_activity is not None and now - last_activity < PUT_OFF:
        return now + PUT_OFF
    return None


def _who(actor: Actor) -> Who:
    match actor.kind:
        case ActorKind.CUSTOMER:
            return Who.CUSTOMER
        case ActorKind.BOT:
            return Who.BOT
        case ActorKind.SYSTEM:
            return Who.SYSTEM
        case ActorKind.OPERATOR:
            return Who.ADMINISTRATOR if actor.role is Role.ADMINISTRATOR else Who.OPERATOR
