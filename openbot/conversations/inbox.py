"""What came in: every message stored once, its order opened, its owner decided (architecture §3.2)."""

from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any

from sqlalchemy import bindparam, select, text

from openbot.contacts import identity
from openbot.contacts.identity import Identity
from openbot.conversations import afterwords, debounce, joining
from openbot.conversations.afterwords import AFTERWORD_TIME, Afterword
from openbot.conversations.ownership import RESUMING_INTENTS, intent_of_tap, owner_of
from openbot.database import Session
from openbot.orders import operations as orders
from openbot.schema import CompanySetting, Contact, Inbound, Order
from openbot.settings import Settings
from openbot.vocabulary import OPEN_STATES, InboxState, Owner
from openbot.whatsapp.envelope import InboundMessage, MessageKind, Sender

WINDOW = timedelta(hours=24)
NOTICE_PAUSE = timedelta(minutes=1)

#: Why an unreadable message was kept without another notice.
TOLD = "told already"

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

# Built once: building a statement costs more than running it.
_KNOWN = select(Inbound.id).where(
    Inbound.number_id == bindparam("number_id"), Inbound.wamid == bindparam("wamid")
)
_OPEN_ORDER = select(Order).where(
    Order.contact_id == bindparam("contact_id"),
    text(f"orders.state IN {tuple(str(state) for state in OPEN_STATES)}"),
)


class Receipt(Enum):
    """What became of a message."""

    DUE = auto()  #: the bot will answer
    LEFT = auto()  #: a person will
    KEPT = auto()  #: nobody needs to
    DUPLICATE = auto()


def receive(session: Session, *, message: InboundMessage, settings: Settings, now: datetime) -> Receipt:
    """Store one message and decide who answers it. Raises NobodyNamed; a duplicate changes nothing."""
    # Before anything is touched: a late repetition must not re-key anybody. Two at once meet at the unique key.
    if _is_known(session, message=message):
        return Receipt.DUPLICATE
    contact = joining.contact_of(session, identity=identity_of(message.sender), now=now)
    return _Arrival(session, contact=contact, message=message, settings=settings, now=now).settle()


def identity_of(sender: Sender) -> Identity:
    """Return what the webhook says of a sender, without keys that are not of WhatsApp's shape."""
    return identity.clean(
        Identity(
            user_id=sender.user_id,
            wa_id=sender.wa_id,
            parent_user_id=sender.parent_user_id,
            profile_name=sender.profile_name,
            username=sender.username,
        )
    )


def _is_known(session: Session, *, message: InboundMessage) -> bool:
    return session.scalar(_KNOWN, {"number_id": message.number_id, "wamid": message.wamid}) is not None


class _Arrival:
    """One new message on its way to its place."""

    def __init__(
        self,
        session: Session,
        *,
        contact: Contact,
        message: InboundMessage,
        settings: Settings,
        now: datetime,
    ) -> None:
        self.session, self.contact, self.message = session, contact, message
        self.settings, self.now = settings, now
        self.order = session.scalar(_OPEN_ORDER, {"contact_id": contact.id})

    def settle(self) -> Receipt:
        message, contact = self.message, self.contact
        if contact.blocked_at is not None:
            return self._keep("blocked")
        if message.kind in SILENT:
            return self._keep(str(message.kind))
        self._note_activity()
        if message.kind in UNREADABLE:
            if self._owner() is Owner.BOT and self._told_lately():
                return self._keep(TOLD)
            return self._hand_to_owner(order_id=self.order.id if self.order else None)
        if self.order is None:
            return self._without_order()
        return self._hand_to_owner(order_id=self.order.id)

    def _without_order(self) -> Receipt:
        closed = self._latest_closed()
        match self._judge(closed):
            case Afterword.BELONGS:
                return self._keep("afterword", order_id=closed.id if closed else None)
            case Afterword.ASK:
                return self._hand_to_owner(order_id=None, reason="afterword")
            case Afterword.OPENS:
                row = self._store(InboxState.DUE)
                self.session.flush()  # the order's history names the message
                self.order = orders.open_for(
                    self.session,
                    contact_id=self.contact.id,
                    now=self.now,
                    expires_after=timedelta(hours=self.settings.order_expiry_hours),
                    inbound_id=row.id,
                )
                return self._hand_to_owner(order_id=self.order.id, row=row)

    def _judge(self, closed: Order | None) -> Afterword:
        if closed is None:
            return Afterword.OPENS
        if self._has_held() and self.message.kind is not MessageKind.STICKER:
            return Afterword.OPENS
        courtesies = self.session.scalar(
            select(CompanySetting.value).where(CompanySetting.key == "courtesies")
        )
        return afterwords.judge(
            kind=str(self.message.kind),
            text=self.message.text,
            closed_at=closed.closed_at,
            courtesies=frozenset(courtesies or ()),
            now=self.now,
        )

    def _latest_closed(self) -> Order | None:
        return self.session.scalar(
            select(Order).where(Order.contact_id == self.contact.id).order_by(Order.id.desc()).limit(1)
        )

    def _has_held(self) -> bool:
        held = select(Inbound.id).where(
            Inbound.contact_id == self.contact.id,
            Inbound.state == InboxState.HELD,
            Inbound.received_at > self.now - AFTERWORD_TIME,
        )
        return self.session.scalar(held.limit(1)) is not None

    def _told_lately(self) -> bool:
        told = select(Inbound.id).where(
            Inbound.contact_id == self.contact.id,
            Inbound.kind.in_([str(kind) for kind in UNREADABLE]),
            Inbound.received_at > self.now - NOTICE_PAUSE,
            Inbound.reason != TOLD,
        )
        return self.session.scalar(told.limit(1)) is not None

    def _hand_to_owner(
        self, *, order_id: int | None, row: Inbound | None = None, reason: str = ""
    ) -> Receipt:
        owner = self._owner()
        state = InboxState.DUE if owner is Owner.BOT else InboxState.LEFT
        if row is None:
            self._store(state, order_id=order_id, reason=reason)
        else:
            row.state, row.order_id, row.reason = state, order_id, reason
        if owner is Owner.BOT:
            self._make_due()
        else:
            self.contact.unread += 1
        self.session.flush()
        return Receipt.DUE if owner is Owner.BOT else Receipt.LEFT

    def _owner(self) -> Owner:
        contact = self.contact
        owner = owner_of(
            order_state=self.order.state if self.order else None,
            phone_reply_until=contact.phone_reply_until,
            waiting_since=contact.waiting_since,
            now=self.now,
        )
        if owner is Owner.WAITING and intent_of_tap(self.message.payload) in RESUMING_INTENTS:
            contact.waiting_since = contact.waiting_turn_id = None
            return Owner.BOT
        return owner

    def _make_due(self) -> None:
        contact, settings = self.contact, self.settings
        waits = debounce.Waits(
            quiet=timedelta(seconds=settings.text_wait_seconds),
            answered=timedelta(seconds=settings.text_wait_answer_seconds),
            longest=timedelta(seconds=settings.text_wait_longest_seconds),
        )
        is_text = self.message.kind is MessageKind.TEXT
        contact.due_at = debounce.due_at(
            is_text=is_text,
            text=self.message.text,
            options=contact.open_options or (),
            due_since=contact.due_since,
            now=self.now,
            waits=waits,
        )
        if not is_text:
            contact.due_since = self.now - waits.longest  # no text that follows may put a tap off
        contact.due_since = contact.due_since or self.now

    def _note_activity(self) -> None:
        contact, sent_at = self.contact, self.message.sent_at
        if contact.last_inbound_at is None or sent_at > contact.last_inbound_at:
            contact.last_inbound_at = sent_at
        # A call may have opened it for longer than a message that comes late.
        contact.window_ends_at = max(filter(None, (contact.window_ends_at, sent_at + WINDOW)))
        if contact.phone_reply_until and contact.phone_reply_until > self.now:
            contact.phone_reply_until = self.now + timedelta(hours=self.settings.phone_reply_silence_hours)

    def _keep(self, reason: str, *, order_id: int | None = None) -> Receipt:
        about = order_id or (self.order.id if self.order else None)
        self._store(InboxState.NO_TURN, order_id=about, reason=reason)
        return Receipt.KEPT

    def _store(self, state: InboxState, *, order_id: int | None = None, reason: str = "") -> Inbound:
        message = self.message
        row = Inbound(
            contact_id=self.contact.id,
            number_id=message.number_id,
            wamid=message.wamid,
            kind=str(message.kind),
            text=message.text,
            payload=message.payload,
            data=_json(message.data),
            raw=_json(message.raw),
            sent_at=message.sent_at,
            received_at=self.now,
            state=state,
            order_id=order_id,
            reason=reason,
        )
        self.session.add(row)
        self.session.flush()
        return row


def _json(data: Any) -> dict[str, Any]:
    return dict(data) if data else {}
