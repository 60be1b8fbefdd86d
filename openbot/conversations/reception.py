"""A whole webhook, or several: each item to its place, each isolated from the others (contract §2.4)."""

import json
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeAlias, assert_never, cast

from sqlalchemy import Table, insert, select
from sqlalchemy.exc import IntegrityError, OperationalError

from openbot.contacts import operations as contacts
from openbot.conversations import calls, counts, inbox, joining, receipts
from openbot.conversations.inbox import Coming, identity_of
from openbot.database import DatabaseBusy, Session
from openbot.orders import waiting
from openbot.schema import BadItem as BadItemRow
from openbot.schema import Outbound
from openbot.settings import Settings
from openbot.templates import operations as templates
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
    TemplateStatus,
)

log = logging.getLogger(__name__)

_Alone: TypeAlias = IdentityChange | Echo | Call
_KEEP = insert(cast("Table", BadItemRow.__table__))


@dataclass(slots=True)
class Sorted:
    """Items by what is to be done with them; needs no database, so it is made before the transaction."""

    #: Messages in the order in which they came, and between them what is stored one by one.
    runs: list[list[Coming] | _Alone] = field(default_factory=list)
    statuses: list[StatusUpdate] = field(default_factory=list)
    templates: list[TemplateStatus] = field(default_factory=list)
    bad: list[tuple[str, str]] = field(default_factory=list)  #: reason and the raw item
    counted: Counter[str] = field(default_factory=Counter)

    @classmethod
    def merged(cls, several: Sequence["Sorted"]) -> "Sorted":
        """Put the items of several webhooks together, in their order."""
        if len(several) == 1:
            return several[0]
        merged = cls()
        for each in several:
            for run in each.runs:
                merged.add(run)
            merged.statuses += each.statuses
            merged.templates += each.templates
            merged.bad += each.bad
            merged.counted += each.counted
        return merged

    def add(self, run: list[Coming] | _Alone) -> None:
        """Append messages, or what is stored alone."""
        last = self.runs[-1] if self.runs else None
        if isinstance(run, list) and isinstance(last, list):
            last += run
        else:
            self.runs.append([*run] if isinstance(run, list) else run)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception:
    """Stores the items of webhooks for one business number."""

    settings: Settings

    def sort(self, items: Sequence[Item]) -> Sorted:
        """Sort items for `take`, in the order in which they came."""
        sorted_items = Sorted()
        for item in items:
            self._place(item, sorted_items)
        return sorted_items

    def take(self, session: Session, *, items: Sorted, now: datetime) -> None:
        """Store all items at once. Raises when one of them cannot be stored: then `take_apart` in a new transaction."""
        _lock(session, items)
        for run in items.runs:
            match run:
                case list():
                    inbox.receive_all(session, coming=run, settings=self.settings, now=now)
                case IdentityChange():
                    _rename(session, change=run, now=now)
                case Echo():
                    self._echo(session, echo=run, now=now)
                case Call():
                    calls.receive(session, call=run, mark_key=self.settings.mark_key, now=now)
                case _ as unreachable:
                    assert_never(unreachable)
        if items.statuses:
            receipts.receive_all(session, statuses=items.statuses, now=now)
        for change in items.templates:
            templates.change_status(
                session, name=change.name, language=change.language, status=change.status, now=now
            )
        _keep(session, items.bad, now=now)
        for name, by in sorted(items.counted.items()):
            counts.add(session, name=name, by=by)

    def take_apart(self, session: Session, *, items: Sequence[Item], now: datetime) -> None:
        """Store all items that can be; one that cannot is kept raw with its reason.

        Halves what fails until the one is found. Raises only when nothing can be stored.
        """
        _lock(session, self.sort(items))
        self._take_half(session, items=items, now=now)

    def _take_half(self, session: Session, *, items: Sequence[Item], now: datetime) -> None:
        error = self._try(session, items=items, now=now)
        if isinstance(error, IntegrityError):  # another process made the same contact or order just now
            error = self._try(session, items=items, now=now)
        if error is None:
            return
        middle = len(items) // 2
        if middle:
            self._take_half(session, items=items[:middle], now=now)
            self._take_half(session, items=items[middle:], now=now)
            return
        log.error("an item of a webhook could not be stored as %s", type(items[0]).__name__, exc_info=error)
        _keep(session, [(type(error).__name__, _raw(items[0]))], now=now)

    def _try(self, session: Session, *, items: Sequence[Item], now: datetime) -> Exception | None:
        try:
            with session.begin_nested():
                self.take(session, items=self.sort(items), now=now)
        except (OperationalError, DatabaseBusy):
            raise  # could not be stored: WhatsApp shall send it again
        except Exception as error:  # noqa: BLE001 - returned, and kept with the item that causes it
            return error
        return None

    def _place(self, item: Item, into: Sorted) -> None:
        number_id = getattr(item, "number_id", "")
        if number_id and number_id != self.settings.whatsapp_phone_number_id:
            into.counted["webhook items for another number"] += 1
            return
        match item:
            case InboundMessage():
                _place_message(item, into)
            case StatusUpdate():
                into.statuses.append(item)
            case IdentityChange() | Echo() | Call():
                into.runs.append(item)
            case TemplateStatus():
                into.templates.append(item)
            case Ignored():
                into.counted[f"ignored: {item.reason} {item.field}".strip()] += 1
            case BadItem():
                into.bad.append((item.reason, _raw(item)))
            case _ as unreachable:
                assert_never(unreachable)

    def _echo(self, session: Session, *, echo: Echo, now: datetime) -> None:
        """The company answered from its own phone: the bot is silent for a while (product §2)."""
        contact = joining.contact_of(
            session, identity=identity_of(echo.recipient), mark_key=self.settings.mark_key, now=now
        )
        known = select(Outbound.id).where(Outbound.wamid == echo.wamid)
        if session.scalar(known) is not None:
            return
        # By WhatsApp's clock: an echo that comes hours late silences nobody now.
        until = min(now, echo.sent_at) + timedelta(hours=self.settings.phone_reply_silence_hours)
        if until > now:
            before = contact.phone_reply_until
            contact.phone_reply_until = max(before, until) if before else until
            contact.dialogue_number += 1
            contact.waiting_since = contact.waiting_turn_id = contact.away_notice_at = None
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
        waiting.answered(session, contact_id=contact.id)


def _place_message(message: InboundMessage, into: Sorted) -> None:
    if message.group_id:
        into.counted["group messages"] += 1
        return
    identity = identity_of(message.sender)
    if not identity.keys:
        into.bad.append((contacts.NobodyNamed.__name__, _raw(message)))
        return
    into.add([Coming(message, identity)])


def _lock(session: Session, items: Sorted) -> None:
    """Lock everybody the items are about, oldest contact first, so that two webhooks cannot block each other.

    Messages alone do that by themselves.
    """
    failed = receipts.contacts_of_failed(session, statuses=items.statuses)
    if failed or any(not isinstance(run, list) for run in items.runs):
        keys = [key for run in items.runs for key in _keys(run)]
        contacts.lock_all(session, keys=keys, contact_ids=failed)


def _keys(run: list[Coming] | _Alone) -> list[str]:
    match run:
        case list():
            return [key for coming in run for key in coming.identity.keys]
        case IdentityChange():
            return [*identity_of(run.old).keys, *identity_of(run.new).keys]
        case Echo():
            return [*identity_of(run.recipient).keys]
        case Call():
            return [*identity_of(run.sender).keys]
        case _ as unreachable:
            assert_never(unreachable)


def _rename(session: Session, *, change: IdentityChange, now: datetime) -> None:
    old, new = identity_of(change.old), identity_of(change.new)
    found = contacts.renamed(session, old=old, new=new, at=change.at)
    if found is None:
        counts.add(session, name="identity changes of unknown contacts")
        return
    if found.twin is not None:
        joining.join(session, into=found.contact, other_id=found.twin, now=now)
    contacts.learn(session, contact=found.contact, identity=new, replaces=old)


def _keep(session: Session, bad: Sequence[tuple[str, str]], *, now: datetime) -> None:
    rows = [{"received_at": now, "reason": reason[:200], "raw": raw} for reason, raw in bad]
    if rows:
        session.connection().execute(_KEEP, rows)


def _raw(item: Item) -> str:
    raw: Any = getattr(item, "raw", {})
    return raw if isinstance(raw, str) else json.dumps(raw, ensure_ascii=False)
