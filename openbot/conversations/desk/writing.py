"""What an operator writes: a text, a file, a template, a note for colleagues. Each goes out once for its key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import select

from openbot.contacts import operations as contacts
from openbot.conversations import queueing
from openbot.conversations.desk import standing
from openbot.conversations.desk.standing import Standing
from openbot.conversations.queueing import Message
from openbot.conversations.transcript_context import may_be_retried, retry_key
from openbot.database import Session
from openbot.errors import OpenbotError
from openbot.fields import FieldsWrong
from openbot.files import attaching
from openbot.orders import waiting
from openbot.schema import Contact, Inbound, MessageTemplate, Outbound
from openbot.templates import filling
from openbot.vocabulary import Author
from openbot.whatsapp import limits, outbound
from openbot.whatsapp.outbound import Bubble, Medium, MediumKind

#: Of one text; longer ones are not written by hand.
LONGEST_TEXT = 20_000
LONGEST_NOTE = 4_000
_BEYOND = "\U0010ffff"


class TemplateNotFound(OpenbotError):
    """There is no such template (any more)."""

    code = "template_not_found"


class MessageNotFound(OpenbotError):
    """There is no such message in this conversation."""

    code = "message_not_found"


class NotRetried(OpenbotError):
    """Only what failed is sent again, and only what is not the bot's."""

    code = "not_retried"


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """Who writes, to whom, and their name for what they write: the same key is the same message."""

    operator_id: int
    contact_id: int
    key: str

    @property
    def prefix(self) -> str:
        """What the keys of its parts begin with."""
        return f"{self.operator_id}:{self.key}:"


def send(
    session: Session, *, by: Writer, text: str, reply_to: str, file_id: int | None, now: datetime
) -> list[int]:
    """Queue a text, a file or both; return the messages it became. `reply_to` is like "in-9" or "out-7".

    Raises FieldsWrong, FileNotFound, and as `standing.check` does.
    """
    contact = contacts.lock(session, contact_id=by.contact_id)
    there = _sent_before(session, by)
    if there:
        return there
    at = standing.standing(session, contact=contact, operator_id=by.operator_id, now=now)
    standing.check(session, at)
    if len(text) > LONGEST_TEXT:
        raise FieldsWrong({"text": "too_long"})
    bubbles = _bubbles(session, text=text, file_id=file_id, contact_id=contact.id, now=now)
    if not bubbles:
        raise FieldsWrong({"text": "missing"})
    quoted = _wamid(session, reply_to, contact_id=contact.id) if reply_to else None
    return [
        _queue(
            session, contact, at, by=by, part=part, bubble=bubble, now=now,
            reply_to=quoted if part == 0 else None, file_id=file_id if part == 0 else None,
        )
        for part, bubble in enumerate(bubbles)
    ]  # fmt: skip


def send_template(
    session: Session, *, by: Writer, template_id: int, values: Mapping[str, str], now: datetime
) -> list[int]:
    """Queue a template, which also reaches a customer whose window is closed.

    Raises TemplateNotFound, TemplateNotApproved, TemplateValuesWrong, and as `standing.check` does.
    """
    contact = contacts.lock(session, contact_id=by.contact_id)
    there = _sent_before(session, by)
    if there:
        return there
    at = standing.standing(session, contact=contact, operator_id=by.operator_id, now=now)
    standing.check(session, at, is_template=True)
    template = session.get(MessageTemplate, template_id)
    if template is None:
        raise TemplateNotFound
    bubble = filling.bubble_of(template, values)
    return [_queue(session, contact, at, by=by, part=0, bubble=bubble, now=now)]


def note(session: Session, *, by: Writer, text: str, now: datetime) -> list[int]:
    """Keep a private note beside the messages; it never goes out. Raises FieldsWrong."""
    contact = contacts.lock(session, contact_id=by.contact_id)
    there = _sent_before(session, by)
    if there:
        return there
    said = text.strip()
    if not said or len(said) > LONGEST_NOTE:
        raise FieldsWrong({"text": "too_long" if said else "missing"})
    at = standing.standing(session, contact=contact, operator_id=by.operator_id, now=now)
    message = Message(
        author=Author.NOTE,
        bubble=Bubble(text=said),
        key=f"{by.prefix}0",
        operator_id=by.operator_id,
        order_id=at.order_id,
    )
    return [queueing.queue_message(session, contact=contact, message=message, now=now).id]


def retry(
    session: Session, *, contact_id: int, outbound_id: int, operator_id: int, now: datetime
) -> list[int]:
    """Queue what failed once more, as a new message. Raises MessageNotFound, NotRetried, and as `standing.check`."""
    contact = contacts.lock(session, contact_id=contact_id)
    row = session.get(Outbound, outbound_id, populate_existing=True)
    if row is None or row.contact_id != contact_id:
        raise MessageNotFound
    if not may_be_retried(row):
        raise NotRetried
    at = standing.standing(session, contact=contact, operator_id=operator_id, now=now)
    standing.check(session, at, is_template="template" in row.bubble)
    if row.file_id is not None:
        attaching.attach(session, file_id=row.file_id, contact_id=contact_id, now=now)
    message = Message(
        author=row.author,
        bubble=Bubble.from_json(row.bubble),
        key=retry_key(row.id),  # each try is a message of its own, which can be tried again
        operator_id=operator_id if row.author is Author.OPERATOR else row.operator_id,
        order_id=at.order_id,
        reply_to=row.reply_to,
        file_id=row.file_id,
    )
    return [queueing.queue_message(session, contact=contact, message=message, now=now).id]


def _queue(
    session: Session,
    contact: Contact,
    at: Standing,
    *,
    by: Writer,
    part: int,
    bubble: Bubble,
    now: datetime,
    reply_to: str | None = None,
    file_id: int | None = None,
) -> int:
    message = Message(
        author=Author.OPERATOR,
        bubble=bubble,
        key=f"{by.prefix}{part}",
        operator_id=by.operator_id,
        order_id=at.order_id,
        reply_to=reply_to,
        file_id=file_id,
    )
    row = queueing.queue_message(session, contact=contact, message=message, now=now)
    contact.unread = 0
    contact.away_notice_at = None
    session.flush()
    waiting.answered(session, contact_id=contact.id)
    return row.id


def _sent_before(session: Session, by: Writer) -> list[int]:
    mine = select(Outbound.id).where(
        Outbound.key >= by.prefix, Outbound.key < by.prefix + _BEYOND, Outbound.contact_id == by.contact_id
    )
    return list(session.scalars(mine.order_by(Outbound.id)))


def _bubbles(
    session: Session, *, text: str, file_id: int | None, contact_id: int, now: datetime
) -> Sequence[Bubble]:
    parts = outbound.split_text(text)
    if file_id is None:
        return parts
    file = attaching.attach(session, file_id=file_id, contact_id=contact_id, now=now)
    medium = Medium(kind=MediumKind(file.kind), filename=file.filename)
    fits = len(parts) == 1 and len(parts[0].text) <= limits.CAPTION and medium.kind is not MediumKind.AUDIO
    if fits:
        return (Bubble(text=parts[0].text, medium=medium),)
    return (Bubble(medium=medium), *parts)


def _wamid(session: Session, message: str, *, contact_id: int) -> str:
    side, _, number = message.partition("-")
    if number.isascii() and number.isdigit() and len(number) < 19 and side in {"in", "out"}:  # noqa: PLR2004
        table = Inbound if side == "in" else Outbound
        found = select(table.wamid).where(table.id == int(number), table.contact_id == contact_id)
        wamid = cast("str | None", session.scalar(found))
        if wamid:
            return wamid
    raise FieldsWrong({"reply_to": "message_not_found"})
