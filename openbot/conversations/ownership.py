"""Who answers a conversation at this instant (product §2). Derived, never stored twice."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from openbot.vocabulary import Author, Owner, State

#: Taps that give a waiting conversation back to the bot: «Seguir con el bot» and the rows of the main menu.
RESUMING_INTENTS = frozenset(
    {
        "resume_bot",
        "menu",
        "order",
        "repeat_last",
        "order_status",
        "ask_branches",
        "ask_products",
        "new_order",
    }
)


def owner_of(
    *,
    order_state: State | None,
    phone_reply_until: datetime | None,
    waiting_since: datetime | None,
    now: datetime,
) -> Owner:
    """Name the owner. `order_state` is that of the contact's open order, None without one."""
    if order_state is State.IN_PROGRESS:
        return Owner.OPERATOR
    if phone_reply_until is not None and now < phone_reply_until:
        return Owner.OPERATOR
    if waiting_since is not None:
        return Owner.WAITING
    return Owner.BOT


class Conversation(Protocol):
    """What of a contact's row decides who answers."""

    blocked_at: datetime | None
    phone_reply_until: datetime | None
    waiting_since: datetime | None
    waiting_turn_id: int | None


def bot_may_answer(
    contact: Conversation,
    *,
    order_state: State | None,
    turn_id: int,
    payloads: Iterable[str | None],
    now: datetime,
) -> bool:
    """Say whether the bot may answer a turn with these taps now."""
    if contact.blocked_at is not None:
        return False
    owner = owner_of(
        order_state=order_state,
        phone_reply_until=contact.phone_reply_until,
        waiting_since=contact.waiting_since,
        now=now,
    )
    match owner:
        case Owner.BOT:
            return True
        case Owner.OPERATOR:
            return False
        case Owner.WAITING:
            resumes = any(intent_of_tap(payload) in RESUMING_INTENTS for payload in payloads)
            return resumes or contact.waiting_turn_id == turn_id


def may_release(
    *,
    author: Author,
    owner: Owner,
    turn_id: int | None,
    waiting_turn_id: int | None,
    dialogue_is_current: bool,
) -> bool:
    """Say whether a queued message may go out now.

    The bot's words never go out under an operator nor from an earlier dialogue; while the customer waits for
    a person only the reply of the turn that began the wait does.
    """
    match author:
        case Author.OPERATOR | Author.SYSTEM:
            return True
        case Author.BROADCAST:
            return owner is Owner.BOT
        case Author.NOTE:
            return False
        case Author.BOT:
            if not dialogue_is_current or owner is Owner.OPERATOR:
                return False
            return owner is Owner.BOT or (turn_id is not None and turn_id == waiting_turn_id)


def intent_of_tap(payload: str | None) -> str:
    """Return the intent that a tap's payload names: `/menu{"a": 1}` → `menu`; empty for anything else."""
    if not payload or not payload.startswith("/"):
        return ""
    return payload[1:].split("{", 1)[0]
