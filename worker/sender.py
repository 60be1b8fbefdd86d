"""Send messages: release, send, settle; what WhatsApp answers decides what follows (contract §6.2)."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import assert_never

from openbot.conversations import counts, outbox, receipts
from openbot.conversations.outbox import Released
from openbot.conversations.transcript_lines import FILE_GONE
from openbot.crash import crash_at
from openbot.database import Database, Session
from openbot.files.store import Store
from openbot.settings import Settings
from openbot.whatsapp import numbers, reactions
from openbot.whatsapp.client import GraphClient, Refused, Sent, Uncertain
from openbot.whatsapp.outbound import Address, Bubble, Medium, MediumKind, body
from worker.pace import Pace
from worker.uploading import FileGone, LeaseLost, Uploader

log = logging.getLogger(__name__)

#: Graph's codes for a message whose file it does not have (any more).
_NO_SUCH_FILE = frozenset({100, 131008, 131009, 131053})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Sends one message at a time; shared by the threads of a pool."""

    database: Database
    client: GraphClient
    store: Store
    pace: Pace
    settings: Settings
    name: str
    clock: Callable[[], datetime]
    sleep: Callable[[float], None] = field(default=time.sleep)
    random: Random = field(default_factory=Random)
    told: Callable[[str, float], None] = lambda _result, _seconds: None  #: of every answer, and its wait

    def due(self, limit: int) -> list[int]:
        """Messages with something to do now; none while the number is paused."""
        if self.pace.paused:
            return []
        with self.database.reading() as session:
            return outbox.candidates(session, now=self.clock(), limit=limit)

    def work(self, outbound_id: int) -> None:
        """Release the message, if it may go out now, send it and record its fate."""
        wait = self.pace.reserve()
        if wait > 0:
            self.sleep(wait)
        released = self.database.write(lambda session: self._release(session, outbound_id))
        if released is not None:
            self.deliver(released)

    def deliver(self, released: Released) -> None:
        """Send a message that was released for this process and record its fate."""
        crash_at("released, not sent")
        began = time.perf_counter()
        outcome = self._send(released)
        self.told(type(outcome).__name__.lower(), time.perf_counter() - began)
        crash_at("sent, not settled")
        if isinstance(outcome, Sent):
            wamid = outcome.wamid
            self.database.write(lambda session: self._accept(session, released, wamid))
        elif not isinstance(outcome, LeaseLost):
            with self.database.transaction() as session:
                self._settle(session, released, outcome)
        crash_at("settled")

    def _release(self, session: Session, outbound_id: int) -> Released | None:
        released = outbox.release(
            session,
            outbound_id=outbound_id,
            worker=self.name,
            now=self.clock(),
            grace=self._grace,
            interval=timedelta(seconds=self.settings.whatsapp_seconds_between_messages),
        )
        crash_at("released, not committed")
        return released

    def _accept(self, session: Session, released: Released, wamid: str) -> None:
        outbox.accepted(
            session, outbound_id=released.id, attempt=released.attempt, wamid=wamid, now=self.clock()
        )
        crash_at("settled, not committed")

    @property
    def _grace(self) -> timedelta:
        return timedelta(seconds=self.settings.uncertain_grace_seconds)

    def _send(self, released: Released) -> Sent | Refused | Uncertain | FileGone | LeaseLost:
        bubble = Bubble.from_json(released.bubble)
        if released.file_id is None:
            return self._post(released, bubble)
        return self._send_file(released, bubble, file_id=released.file_id)

    def _send_file(
        self, released: Released, bubble: Bubble, *, file_id: int
    ) -> Sent | Refused | Uncertain | FileGone | LeaseLost:
        """Send a message with a file of ours, which WhatsApp needs to have first."""
        uploader = Uploader(database=self.database, client=self.client, store=self.store, clock=self.clock)
        ready = uploader.ready(released, file_id=file_id)
        medium = bubble.medium or Medium(kind=MediumKind.DOCUMENT)
        if isinstance(ready, Refused | FileGone | LeaseLost):
            return ready
        outcome = self._post(released, replace(bubble, medium=replace(medium, id=ready.media_id)))
        if ready.is_new or not isinstance(outcome, Refused) or outcome.code not in _NO_SUCH_FILE:
            return outcome
        # It was refused, so nobody has it: the id may be what is wrong, for WhatsApp forgets some earlier.
        ready = uploader.ready(released, file_id=file_id, anew=True)
        if isinstance(ready, Refused | FileGone | LeaseLost):
            return ready
        return self._post(released, replace(bubble, medium=replace(medium, id=ready.media_id)))

    def _post(self, released: Released, bubble: Bubble) -> Sent | Refused | Uncertain:
        mark = receipts.callback_data(released.id)
        return self.client.send(
            body(bubble, to=_address(released), callback_data=mark, reply_to=released.reply_to)
        )

    def _settle(self, session: Session, released: Released, outcome: Refused | Uncertain | FileGone) -> None:
        now = self.clock()
        match outcome:
            case FileGone():
                self._fail(session, released, code=None, reason=FILE_GONE)
            case Uncertain():
                log.warning("send %s uncertain: %s", released.id, outcome.reason)
                outbox.uncertain(
                    session,
                    outbound_id=released.id,
                    attempt=released.attempt,
                    until=now + self._grace,
                    reason=outcome.reason,
                )
            case Refused():
                log.warning(
                    "send %s refused: code %s, HTTP %s", released.id, outcome.code, outcome.http_status
                )
                self._react(session, released, outcome, now=now)
            case _ as unreachable:
                assert_never(unreachable)

    def _react(self, session: Session, released: Released, refused: Refused, *, now: datetime) -> None:
        reaction = reactions.reaction_to(
            code=refused.code,
            http_status=refused.http_status,
            is_transient=refused.is_transient,
            tries=released.tries + 1,
            random=self.random,
            # A file of ours has no address that could be sent instead of it.
            is_plain_text=set(released.bubble) <= {"text"} or released.file_id is not None,
        )
        reason = reaction.family.explanation
        match reaction:
            case reactions.Retry() | reactions.PauseContact():
                self._postpone(session, released, until=now + reaction.after, reason=reason)
            case reactions.PauseNumber():
                self._pause(session, released, reaction, refused, now=now)
            case reactions.TryOtherSpelling():
                self._respell(session, released, reaction, refused, now=now)
            case reactions.PlainTextInstead():
                outbox.make_plain(session, outbound_id=released.id, attempt=released.attempt)
                self._postpone(session, released, until=now, reason=reason)
            case reactions.UseTemplate() | reactions.UsePhoneInstead():
                # No template is approved for replies, and a known phone was used already.
                self._fail(session, released, code=refused.code, reason=reaction.otherwise.family.explanation)
            case reactions.FailForGood():
                self._fail(session, released, code=refused.code, reason=reason)
            case reactions.WaitUncertain():
                outbox.uncertain(
                    session,
                    outbound_id=released.id,
                    attempt=released.attempt,
                    until=now + self._grace,
                    reason=reason,
                )
            case _ as unreachable:
                assert_never(unreachable)

    def _pause(
        self,
        session: Session,
        released: Released,
        reaction: reactions.PauseNumber,
        refused: Refused,
        *,
        now: datetime,
    ) -> None:
        self.pace.pause(reaction.after.total_seconds())
        counts.add(session, name=f"sends paused: {reaction.family}")
        if reaction.alert:
            log.error("sending is paused: %s (code %s)", reaction.family, refused.code)
        if reaction.keeps_message:
            until = now + reaction.after
            # The pause is the number's trouble, not a failed try of this message.
            self._postpone(session, released, until=until, reason=reaction.family.explanation, counts=False)
        else:
            self._fail(session, released, code=refused.code, reason=reaction.family.explanation)

    def _respell(
        self,
        session: Session,
        released: Released,
        reaction: reactions.TryOtherSpelling,
        refused: Refused,
        *,
        now: datetime,
    ) -> None:
        tried = _address(released).phone
        following = numbers.next_spelling(released.wa_id, tried=tried) if released.wa_id and tried else None
        if following is None or released.tries > 0:
            self._fail(session, released, code=refused.code, reason=reaction.otherwise.family.explanation)
            return
        outbox.learn_spelling(session, contact_id=released.contact_id, deliverable_as=following)
        self._postpone(session, released, until=now, reason=reaction.family.explanation)

    def _postpone(
        self, session: Session, released: Released, *, until: datetime, reason: str, counts: bool = True
    ) -> None:
        outbox.postpone(
            session,
            outbound_id=released.id,
            attempt=released.attempt,
            until=until,
            reason=reason,
            counts=counts,
        )

    def _fail(self, session: Session, released: Released, *, code: int | None, reason: str) -> None:
        outbox.fail(session, outbound_id=released.id, attempt=released.attempt, reason=reason, code=code)


def _address(released: Released) -> Address:
    return Address(
        phone=released.deliverable_as or released.wa_id or "",
        user_id=released.user_id or "",
    )
