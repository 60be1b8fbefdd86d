"""What becomes of a message that came in: for the bot, for a person, or for nobody (product §2). No SQL in here."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from openbot.contacts.people import Person
from openbot.conversations import afterwords, debounce
from openbot.conversations.afterwords import Afterword
from openbot.conversations.opt_out import Wish, wish_of
from openbot.conversations.ownership import RESUMING_INTENTS, intent_of_tap, owner_of
from openbot.settings import Settings
from openbot.vocabulary import InboxState, Owner, State
from openbot.whatsapp.envelope import InboundMessage, MessageKind

WINDOW = timedelta(hours=24)
NOTICE_PAUSE = timedelta(minutes=1)

#: Why an unreadable message was kept without another notice.
TOLD = "told already"
#: Why a message is for a person, as operators read it (`used_up`).
PLAN_USED_UP = "plan agotado"

#: Kinds that are kept and shown, and ask for no answer.
SILENT = frozenset(
    {
        MessageKind.REACTION,
        MessageKind.EDIT,
        MessageKind.REVOKE,
        MessageKind.SYSTEM,
        MessageKind.REQUEST_WELCOME,
    }
)
#: Kinds we cannot read: answered with a notice, never the beginning of an order.
UNREADABLE = frozenset({MessageKind.UNSUPPORTED, MessageKind.UNKNOWN})


@dataclass(slots=True, eq=False)
class OpenOrder:
    """The order that a message belongs to."""

    state: State
    id: int = 0  #: 0 until an order that a message opened is written


@dataclass(slots=True, kw_only=True, eq=False)
class Affairs:
    """What a message finds: the person and what is going on with them."""

    person: Person
    order: OpenOrder | None = None
    closed_id: int | None = None  #: their latest order, when none is open
    closed_at: datetime | None = None
    has_held: bool = False  #: a message waits for the answer to «¿Es por tu pedido 123?»
    was_told: bool = False  #: that we cannot read what they send, a moment ago
    has_content: bool = False  #: of the open order, where a message may mean it by «BAJA»
    is_stopped: bool = False  #: the plan is used up and nothing of theirs was begun


@dataclass(slots=True, kw_only=True, eq=False)
class Arrival:
    """A message in its place."""

    message: InboundMessage
    affairs: Affairs
    state: InboxState
    reason: str
    order: OpenOrder | None
    closed_id: int | None = None  #: the closed order it is a courtesy to
    opens: bool = False  #: `order` begins with it
    wish: Wish | None = None  #: to get no more news, or to get them again
    stopped: Owner | None = None  #: who would have it if the plan were not used up

    @property
    def order_id(self) -> int | None:
        """The order's number, once it is written."""
        return self.order.id if self.order else self.closed_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the installation decides, and the time."""

    now: datetime
    waits: debounce.Waits
    phone_reply_silence: timedelta
    courtesies: frozenset[str] = frozenset()

    @classmethod
    def of(cls, settings: Settings, *, now: datetime, courtesies: frozenset[str]) -> "Rules":
        """Take them from the settings."""
        return cls(
            now=now,
            waits=debounce.Waits(
                quiet=timedelta(seconds=settings.text_wait_seconds),
                answered=timedelta(seconds=settings.text_wait_answer_seconds),
                longest=timedelta(seconds=settings.text_wait_longest_seconds),
            ),
            phone_reply_silence=timedelta(hours=settings.phone_reply_silence_hours),
            courtesies=courtesies,
        )


def settle(message: InboundMessage, *, affairs: Affairs, rules: Rules) -> Arrival:
    """Decide where a new message belongs; the person and their affairs change with it."""
    if affairs.person.blocked_at is not None:
        return _keep(message, affairs, "blocked")
    if message.kind in SILENT:
        return _keep(message, affairs, str(message.kind))
    _note_activity(message, affairs.person, rules)
    wish = _wish(message, affairs)
    if wish is not None:
        return _settle_wish(message, affairs, rules, wish=wish)
    if message.kind in UNREADABLE and not affairs.is_stopped:
        if affairs.was_told and _owner(message, affairs, rules) is Owner.BOT:
            return _keep(message, affairs, TOLD)
        affairs.was_told = True
        return _hand_to_owner(message, affairs, rules)
    return _in_its_order(message, affairs, rules)


def _in_its_order(message: InboundMessage, affairs: Affairs, rules: Rules) -> Arrival:
    if affairs.order is not None:
        return _hand_to_owner(message, affairs, rules)
    return _without_order(message, affairs, rules)


def _wish(message: InboundMessage, affairs: Affairs) -> Wish | None:
    return wish_of(
        kind=str(message.kind),
        text=message.text,
        intent=intent_of_tap(message.payload),
        is_out=affairs.person.opted_out_at is not None,
        in_order=affairs.has_content,
    )


def _settle_wish(message: InboundMessage, affairs: Affairs, rules: Rules, *, wish: Wish) -> Arrival:
    """Under a person it is noted and left to them; else one sentence of the system answers, and no order opens."""
    if _owner(message, affairs, rules) is Owner.BOT:
        arrival = _keep(message, affairs, wish)
    else:
        wish = Wish.OUT if wish is Wish.UNCLEAR else wish
        arrival = _in_its_order(message, affairs, rules)
        arrival.reason = arrival.reason or wish
    arrival.wish = wish
    match wish:
        case Wish.OUT:
            affairs.person.opted_out_at = affairs.person.opted_out_at or rules.now
        case Wish.BACK:
            affairs.person.opted_out_at = None
        case Wish.UNCLEAR:
            pass
    return arrival


def _without_order(message: InboundMessage, affairs: Affairs, rules: Rules) -> Arrival:
    judged = _judge(message, affairs, rules)
    if judged is Afterword.ASK and affairs.is_stopped:
        judged = Afterword.OPENS  # the bot asks nothing any more
    match judged:
        case Afterword.BELONGS:
            kept = _keep(message, affairs, "afterword")
            kept.closed_id = affairs.closed_id
            return kept
        case Afterword.ASK:
            return _hand_to_owner(message, affairs, rules, reason="afterword")
        case Afterword.OPENS:
            affairs.order = OpenOrder(State.INCOMPLETE)
            opening = _hand_to_owner(message, affairs, rules)
            opening.opens = True
            return opening


def _judge(message: InboundMessage, affairs: Affairs, rules: Rules) -> Afterword:
    if affairs.has_held and message.kind is not MessageKind.STICKER:
        return Afterword.OPENS
    return afterwords.judge(
        kind=str(message.kind),
        text=message.text,
        closed_at=affairs.closed_at,
        courtesies=rules.courtesies,
        now=rules.now,
    )


def _hand_to_owner(message: InboundMessage, affairs: Affairs, rules: Rules, *, reason: str = "") -> Arrival:
    person = affairs.person
    person.has_talked = True
    owner = _owner(message, affairs, rules)
    stopped = owner if affairs.is_stopped and owner is not Owner.OPERATOR else None
    is_bots = owner is Owner.BOT and stopped is None
    if is_bots:
        _make_due(message, person, rules)
    else:
        person.more_unread += 1
    return Arrival(
        message=message,
        affairs=affairs,
        state=InboxState.DUE if is_bots else InboxState.LEFT,
        reason=PLAN_USED_UP if stopped is Owner.BOT else reason,
        order=affairs.order,
        stopped=stopped,
    )


def _owner(message: InboundMessage, affairs: Affairs, rules: Rules) -> Owner:
    person = affairs.person
    owner = owner_of(
        order_state=affairs.order.state if affairs.order else None,
        phone_reply_until=person.phone_reply_until,
        waiting_since=person.waiting_since,
        now=rules.now,
    )
    if owner is Owner.WAITING and intent_of_tap(message.payload) in RESUMING_INTENTS:
        person.waiting_since = person.waiting_turn_id = None
        return Owner.BOT
    return owner


def _make_due(message: InboundMessage, person: Person, rules: Rules) -> None:
    is_text = message.kind is MessageKind.TEXT
    person.due_at = debounce.due_at(
        is_text=is_text,
        text=message.text,
        options=person.open_options or (),
        due_since=person.due_since,
        now=rules.now,
        waits=rules.waits,
    )
    if not is_text:
        person.due_since = rules.now - rules.waits.longest  # no text that follows may put a tap off
    person.due_since = person.due_since or rules.now


def _note_activity(message: InboundMessage, person: Person, rules: Rules) -> None:
    person.has_talked = True
    sent_at = message.sent_at
    if person.last_inbound_at is None or sent_at > person.last_inbound_at:
        person.last_inbound_at = sent_at
    # A call may have opened it for longer than a message that comes late.
    ends = sent_at + WINDOW
    person.window_ends_at = max(person.window_ends_at, ends) if person.window_ends_at else ends
    if person.phone_reply_until and person.phone_reply_until > rules.now:
        person.phone_reply_until = rules.now + rules.phone_reply_silence


def _keep(message: InboundMessage, affairs: Affairs, reason: str) -> Arrival:
    return Arrival(
        message=message, affairs=affairs, state=InboxState.NO_TURN, reason=reason, order=affairs.order
    )
