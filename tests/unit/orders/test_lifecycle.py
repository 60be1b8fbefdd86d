"""The table of moves against the table of product §1, cell by cell."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from openbot.actor import BOT, CUSTOMER, SYSTEM, Actor
from openbot.orders.lifecycle import (
    MOVES,
    MoveNotAllowed,
    ReasonMissing,
    Who,
    check_move,
    expiry_after_activity,
)
from openbot.vocabulary import OPEN_STATES, Role, State

NOW = datetime(2026, 11, 24, 13, tzinfo=UTC)
LAURA = Actor.operator(operator_id=1, name="Laura", role=Role.OPERATOR)
MARTA = Actor.operator(operator_id=2, name="Marta", role=Role.ADMINISTRATOR)
ACTORS = {
    Who.SYSTEM: SYSTEM,
    Who.BOT: BOT,
    Who.CUSTOMER: CUSTOMER,
    Who.OPERATOR: LAURA,
    Who.ADMINISTRATOR: MARTA,
}
PEOPLE = {Who.OPERATOR, Who.ADMINISTRATOR}

# Written by hand from product §1, not from the code.
TABLE: dict[tuple[State, State], set[Who]] = {
    (State.INCOMPLETE, State.COMPLETE): {Who.BOT, Who.CUSTOMER},
    (State.INCOMPLETE, State.IN_PROGRESS): PEOPLE,
    (State.COMPLETE, State.IN_PROGRESS): PEOPLE,
    (State.INCOMPLETE, State.CANCELLED): {Who.CUSTOMER, *PEOPLE},
    (State.COMPLETE, State.CANCELLED): {Who.CUSTOMER, *PEOPLE},
    (State.COMPLETE, State.INVOICED): PEOPLE,
    (State.COMPLETE, State.RESOLVED): PEOPLE,
    (State.COMPLETE, State.NO_ANSWER): PEOPLE,
    (State.IN_PROGRESS, State.INVOICED): PEOPLE,
    (State.IN_PROGRESS, State.CANCELLED): PEOPLE,
    (State.IN_PROGRESS, State.RESOLVED): PEOPLE,
    (State.IN_PROGRESS, State.NO_ANSWER): PEOPLE,
    (State.IN_PROGRESS, State.INCOMPLETE): {*PEOPLE, Who.SYSTEM},
    (State.IN_PROGRESS, State.COMPLETE): {*PEOPLE, Who.SYSTEM},
    (State.INCOMPLETE, State.EXPIRED): {Who.SYSTEM},
    (State.COMPLETE, State.EXPIRED): {Who.SYSTEM},
    (State.IN_PROGRESS, State.EXPIRED): {Who.SYSTEM},
    (State.INVOICED, State.IN_PROGRESS): PEOPLE,
    (State.CANCELLED, State.IN_PROGRESS): PEOPLE,
    (State.RESOLVED, State.IN_PROGRESS): PEOPLE,
    (State.NO_ANSWER, State.IN_PROGRESS): PEOPLE,
    (State.EXPIRED, State.IN_PROGRESS): PEOPLE,
    (State.CANCELLED, State.INCOMPLETE): {Who.CUSTOMER},
}


def allows(current: State, wanted: State, actor: Actor, **more: object) -> bool:
    around = {
        "reason": "un motivo",
        "state_before": wanted,
        "closed_at": NOW,
        "closed_by_operator_id": 1,
        **more,
    }
    try:
        check_move(current=current, wanted=wanted, actor=actor, now=NOW, **around)  # type: ignore[arg-type]
    except MoveNotAllowed:
        return False
    return True


def test_a_refusal_says_which_move_it_was() -> None:
    with pytest.raises(MoveNotAllowed) as refused:
        check_move(current=State.EXPIRED, wanted=State.COMPLETE, actor=BOT, now=NOW)
    assert (refused.value.current, refused.value.wanted) == (State.EXPIRED, State.COMPLETE)


@pytest.mark.parametrize(("current", "wanted"), [*product(State, State)])
def test_a_move_is_allowed_exactly_to_those_in_the_table(current: State, wanted: State) -> None:
    allowed = {who for who in Who if allows(current, wanted, ACTORS[who])}
    assert allowed == TABLE.get((current, wanted), set())


@pytest.mark.parametrize("back", [State.INCOMPLETE, State.COMPLETE])
def test_giving_back_leads_only_to_the_state_before(back: State) -> None:
    other = State.COMPLETE if back is State.INCOMPLETE else State.INCOMPLETE
    assert allows(State.IN_PROGRESS, back, LAURA, state_before=back)
    assert not allows(State.IN_PROGRESS, back, LAURA, state_before=other)
    assert not allows(State.IN_PROGRESS, back, LAURA, state_before=None)


CLOSED_BY_PEOPLE = [State.INVOICED, State.CANCELLED, State.RESOLVED, State.NO_ANSWER]


@pytest.mark.parametrize("closed", CLOSED_BY_PEOPLE)
def test_an_operator_reopens_their_own_close_for_24_hours(closed: State) -> None:
    day = timedelta(hours=24)
    assert allows(closed, State.IN_PROGRESS, LAURA, closed_at=NOW - day)
    assert not allows(closed, State.IN_PROGRESS, LAURA, closed_at=NOW - day - timedelta(seconds=1))
    assert not allows(closed, State.IN_PROGRESS, LAURA, closed_at=None)
    assert not allows(closed, State.IN_PROGRESS, LAURA, closed_by_operator_id=7)
    assert not allows(closed, State.IN_PROGRESS, LAURA, closed_by_operator_id=None)


@pytest.mark.parametrize("closed", [*CLOSED_BY_PEOPLE, State.EXPIRED])
def test_an_administrator_reopens_at_any_time(closed: State) -> None:
    assert allows(
        closed, State.IN_PROGRESS, MARTA, closed_at=NOW - timedelta(days=90), closed_by_operator_id=None
    )


def test_any_operator_reopens_what_expired() -> None:
    assert allows(
        State.EXPIRED, State.IN_PROGRESS, LAURA, closed_at=NOW - timedelta(days=9), closed_by_operator_id=None
    )


@pytest.mark.parametrize("closed", [*CLOSED_BY_PEOPLE, State.EXPIRED])
@pytest.mark.parametrize("reason", ["", "  \n"])
def test_reopening_needs_a_reason(closed: State, reason: str) -> None:
    with pytest.raises(ReasonMissing):
        allows(closed, State.IN_PROGRESS, MARTA, reason=reason)


def test_nothing_else_needs_a_reason() -> None:
    for current, wanted in MOVES:
        if not (current not in OPEN_STATES and wanted is State.IN_PROGRESS):
            who = next(iter(TABLE[current, wanted]))
            assert allows(current, wanted, ACTORS[who], reason="")


@pytest.mark.parametrize(
    ("idle", "later"),
    [
        (None, None),
        (timedelta(hours=2), None),
        (timedelta(hours=2) - timedelta(seconds=1), NOW + timedelta(hours=2)),
        (timedelta(0), NOW + timedelta(hours=2)),
    ],
)
def test_past_its_time_an_order_waits_two_hours_for_who_is_writing(
    idle: timedelta | None, later: datetime | None
) -> None:
    last = None if idle is None else NOW - idle
    assert expiry_after_activity(expires_at=NOW, last_activity=last, now=NOW) == later


def test_before_its_time_nothing_changes() -> None:
    soon = NOW + timedelta(seconds=1)
    assert expiry_after_activity(expires_at=soon, last_activity=NOW, now=NOW) == soon
