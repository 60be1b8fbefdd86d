"""A whole webhook: each item to its place, each isolated from the others (contract §2.4)."""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, assert_never

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, OperationalError

from openbot.contacts import operations as contacts
from openbot.conversations import calls, counts, inbox, joining, receipts
from openbot.conversations.inbox import identity_of
from openbot.database import DatabaseBusy, Session
from openbot.schema import BadItem as BadItemRow
from openbot.schema import ContactKey, Outbound
from openbot.settings import Settings
from openbot.vocabulary import Author, OutboxState
from openbot.whatsapp.envelope import (
    BadItem,
    Call,
    Echo,
    IdentityChange,
    Ignored,
    InboundMessage,
    Item,
    StatusUpdate,
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception:
    """Stores the items of webhooks for one business number."""

    settings: Settings

    def take(self, session: Session, *, items: Sequence[Item], now: datetime) -> None:
        """Store all items; one that fails is kept raw with its reason. Raises only when nothing can be stored."""
        for item in in_lock_order(session, items):
            self._take_one(session, item=item, now=now)

    def _take_one(self, session: Session, *, item: Item, now: datetime) -> None:
        for last_try in (False, True):
            try:
                with session.begin_nested():
                    self._settle(session, item=item, now=now)
            except (OperationalError, DatabaseBusy):
                raise  # could not be stored: WhatsApp shall send it again
            except IntegrityError as error:
                if last_try:
                    self._keep(session, item=item, reason=type(error).__name__, now=now)
                # Else another process made the same contact or order just now: look again.
            except Exception as error:
                log.exception("an item of a webhook could not be stored as %s", type(item).__name__)
                self._keep(session, item=item, reason=type(error).__name__, now=now)
                return
            else:
                return

    def _settle(self, session: Session, *, item: Item, now: datetime) -> None:
        number_id = getattr(item, "number_id", "")
        if number_id and number_id != self.settings.whatsapp_phone_number_id:
            counts.add(session, name="webhook items for another number")
            return
        match item:
            case InboundMessage():
                if item.group_id:
                    counts.add(session, name="group messages")
                else:
                    inbox.receive(session, message=item, settings=self.settings, now=now)
            case StatusUpdate():
                receipts.receive(session, status=item, now=now)
            case IdentityChange():
                self._rename(session, change=item, now=now)
            case Echo():
                self._echo(session, echo=item, now=now)
            case Call():
                calls.receive(session, call=item, now=now)
            case Ignored():
                counts.add(session, name=f"ignored: {item.reason} {item.field}".strip())
            case BadItem():
                self._keep(session, item=item, reason=item.reason, now=now)
            case _ as unreachable:
                assert_never(unreachable)

    def _rename(self, session: Session, *, change: IdentityChange, now: datetime) -> None:
        old, new = identity_of(change.old), identity_of(change.new)
        found = contacts.renamed(session, old=old, new=new, at=change.at)
        if found is None:
            counts.add(session, name="identity changes of unknown contacts")
            return
        if found.twin is not None:
            joining.join(session, into=found.contact, other_id=found.twin, now=now)
        contacts.learn(session, contact=found.contact, identity=new, replaces=old)

    def _echo(self, session: Session, *, echo: Echo, now: datetime) -> None:
        """The company answered from its own phone: the bot is silent for a while (product §2)."""
        contact = joining.contact_of(session, identity=identity_of(echo.recipient), now=now)
        known = select(Outbound.id).where(Outbound.wamid == echo.wamid)
        if session.scalar(known) is not None:
            return
        contact.phone_reply_until = now + timedelta(hours=self.settings.phone_reply_silence_hours)
        contact.dialogue_number += 1
        contact.waiting_since = contact.waiting_turn_id = None
        session.add(
            Outbound(
                contact_id=contact.id,
                author=Author.OPERATOR,
                text=echo.text,
                bubble={"kind": str(echo.kind), "from_phone": True},
                state=OutboxState.ACCEPTED,
                wamid=echo.wamid,
                queued_at=now,
                released_at=echo.sent_at,
                accepted_at=now,
                not_before=now,
            )
        )
        session.flush()

    def _keep(self, session: Session, *, item: Item, reason: str, now: datetime) -> None:
        raw: Any = getattr(item, "raw", {})
        text = raw if isinstance(raw, str) else json.dumps(raw, ensure_ascii=False)
        session.add(BadItemRow(received_at=now, reason=reason[:200], raw=text))
        session.flush()


def in_lock_order(session: Session, items: Sequence[Item]) -> list[Item]:
    """Order a batch by contact, oldest contact first, so that two batches at once cannot block each other.

    Within a contact the order of arrival stays; new contacts and everything else come last.
    """
    if len(items) == 1:
        return list(items)
    keys = {key for item in items for key in _keys(item)}
    known: dict[str, int] = {}
    if keys:
        for row in session.execute(
            select(ContactKey.value, ContactKey.contact_id).where(ContactKey.value.in_(keys))
        ):
            known[row.value] = row.contact_id

    def place(item: Item) -> tuple[int, int, str]:
        ids = [known[key] for key in _keys(item) if key in known]
        if ids:
            return (0, min(ids), "")
        keys_of_new = _keys(item)
        return (1, 0, keys_of_new[-1]) if keys_of_new else (2, 0, getattr(item, "wamid", "") or "")

    return sorted(items, key=place)


def _keys(item: Item) -> tuple[str, ...]:
    match item:
        case InboundMessage() | Call():
            return identity_of(item.sender).keys
        case Echo():
            return identity_of(item.recipient).keys
        case IdentityChange():
            return (*identity_of(item.old).keys, *identity_of(item.new).keys)
        case _:
            return ()
