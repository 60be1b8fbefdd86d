"""Whether somebody of the company may write in a conversation now, and if not, why. The rule is pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from openbot.conversations import outbox
from openbot.conversations.ownership import owner_of
from openbot.database import Session
from openbot.errors import OpenbotError
from openbot.orders import queries as orders
from openbot.schema import Contact, Operator
from openbot.vocabulary import Owner, State


class Why(StrEnum):
    """Why the composer is closed; each has one thing that opens it."""

    NOTHING = ""  #: it is open
    BOT = "bot"  #: take it
    WAITING = "waiting"  #: take it
    OTHER_OPERATOR = "other_operator"  #: take it over
    WINDOW_CLOSED = "window_closed"  #: send a template
    BLOCKED = "blocked"  #: unblock
    DELETED = "deleted"


class BotAnswers(OpenbotError):
    """The bot answers: who wants to write takes the conversation first."""

    code = "bot_answers"


class NotYours(OpenbotError):
    """Another operator attends; `detail.operator` says who."""

    code = "not_yours"

    def __init__(self, *, operator_id: int, name: str) -> None:
        self.detail = {"operator": {"id": operator_id, "name": name}}
        super().__init__(self.__doc__)


class WindowClosed(OpenbotError):
    """24 h have passed since the customer's last message: only a template goes out (contract §6.4)."""

    code = "window_closed"


class ContactBlocked(OpenbotError):
    """The contact is blocked."""

    code = "contact_blocked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Who has a conversation, and whether `operator_id` may write in it."""

    owner: Owner
    operator_id: int | None  #: who attends
    order_id: int | None
    order_state: State | None
    why: Why


def standing(session: Session, *, contact: Contact, operator_id: int, now: datetime) -> Standing:
    """Look."""
    order = orders.open_order(session, contact_id=contact.id)
    state = order.state if order else None
    owner = owner_of(
        order_state=state,
        phone_reply_until=contact.phone_reply_until,
        waiting_since=contact.waiting_since,
        now=now,
    )
    attended_by = order.operator_id if order and state is State.IN_PROGRESS else None
    return Standing(
        owner=owner,
        operator_id=attended_by,
        order_id=order.id if order else None,
        order_state=state,
        why=why(
            is_deleted=contact.deleted_at is not None,
            is_blocked=contact.blocked_at is not None,
            owner=owner,
            is_mine=attended_by == operator_id,
            is_taken=attended_by is not None,
            window_is_open=outbox.window_is_open(contact, now=now),
        ),
    )


def why(
    *, is_deleted: bool, is_blocked: bool, owner: Owner, is_mine: bool, is_taken: bool, window_is_open: bool
) -> Why:
    """Say why somebody may not write; what stands first is to be opened first."""
    if is_deleted:
        return Why.DELETED
    if is_blocked:
        return Why.BLOCKED
    if is_taken and not is_mine:
        return Why.OTHER_OPERATOR
    if not is_mine:
        return Why.WAITING if owner is Owner.WAITING else Why.BOT
    return Why.NOTHING if window_is_open else Why.WINDOW_CLOSED


def check(session: Session, there: Standing, *, is_template: bool = False) -> None:
    """Raise what keeps somebody from writing: ContactBlocked, NotYours, BotAnswers, WindowClosed."""
    match there.why:
        case Why.NOTHING:
            return
        case Why.DELETED | Why.BLOCKED:
            raise ContactBlocked
        case Why.OTHER_OPERATOR:
            raise other(session, there)
        case Why.BOT | Why.WAITING:
            raise BotAnswers
        case Why.WINDOW_CLOSED:
            if not is_template:
                raise WindowClosed


def other(session: Session, there: Standing) -> NotYours:
    """Build the refusal that names who attends."""
    person = session.get(Operator, there.operator_id) if there.operator_id else None
    return NotYours(operator_id=there.operator_id or 0, name=person.name if person else "")
