from datetime import UTC, datetime, timedelta

import pytest

from openbot.conversations.ownership import RESUMING_INTENTS, intent_of_tap, may_release, owner_of
from openbot.vocabulary import Author, Owner, State

NOW = datetime(2026, 11, 24, 13, tzinfo=UTC)
LATER, BEFORE = NOW + timedelta(seconds=1), NOW - timedelta(seconds=1)


@pytest.mark.parametrize("waiting", [None, BEFORE])
@pytest.mark.parametrize("phone", [None, BEFORE, NOW, LATER])
@pytest.mark.parametrize("state", [None, *State])
def test_the_owner_is_the_first_that_applies(
    state: State | None, phone: datetime | None, waiting: datetime | None
) -> None:
    owner = owner_of(order_state=state, phone_reply_until=phone, waiting_since=waiting, now=NOW)
    if state is State.IN_PROGRESS or phone == LATER:
        assert owner is Owner.OPERATOR
    else:
        assert owner is (Owner.WAITING if waiting else Owner.BOT)


def released(
    author: Author, owner: Owner, *, turn: int | None = 7, waiting: int | None = None, current: bool = True
) -> bool:
    return may_release(
        author=author, owner=owner, turn_id=turn, waiting_turn_id=waiting, dialogue_is_current=current
    )


@pytest.mark.parametrize("owner", Owner)
@pytest.mark.parametrize("author", [Author.OPERATOR, Author.SYSTEM])
def test_people_and_the_system_always_speak(author: Author, owner: Owner) -> None:
    assert released(author, owner, current=False)


@pytest.mark.parametrize("owner", Owner)
def test_a_broadcast_speaks_only_where_the_bot_does(owner: Owner) -> None:
    assert released(Author.BROADCAST, owner) == (owner is Owner.BOT)


def test_the_bot_never_speaks_under_an_operator_nor_from_an_earlier_dialogue() -> None:
    assert released(Author.BOT, Owner.BOT)
    assert not released(Author.BOT, Owner.OPERATOR, waiting=7)
    assert not released(Author.BOT, Owner.BOT, current=False)


def test_to_who_waits_only_the_reply_of_that_turn_speaks() -> None:
    assert released(Author.BOT, Owner.WAITING, turn=7, waiting=7)
    assert not released(Author.BOT, Owner.WAITING, turn=8, waiting=7)
    assert not released(Author.BOT, Owner.WAITING, turn=None, waiting=None)


@pytest.mark.parametrize(
    ("payload", "intent"),
    [
        (None, ""),
        ("", ""),
        ("menu", ""),
        ("/menu", "menu"),
        ('/choose{"branch": "2"}', "choose"),
        ("/{}", ""),
    ],
)
def test_a_payload_names_its_intent(payload: str | None, intent: str) -> None:
    assert intent_of_tap(payload) == intent


def test_the_resuming_taps_are_intents() -> None:
    assert all(intent_of_tap(f"/{intent}") == intent for intent in RESUMING_INTENTS)
