"""One message of a transcript, from its row: who said it, what was in it, how far it came."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeAlias, assert_never

from sqlalchemy import Row

from openbot.conversations.transcript_context import (
    MEDIA,
    Context,
    FileShown,
    Quote,
    kind_of,
    may_be_retried,
)
from openbot.schema import Outbound
from openbot.vocabulary import Author, InboxState, OutboxState
from openbot.whatsapp import reactions
from openbot.whatsapp.refusals import Family

#: What came in so much after it was written says so.
LATE = timedelta(minutes=2)
_SECOND = timedelta(seconds=1)
FILE_GONE = "el archivo ya no está guardado"
_BY_SENTENCE = {
    FILE_GONE: "file_gone",
    "una persona tomó la conversación": "person_took_over",
    "el contacto está bloqueado": "contact_blocked",
    "el contacto se eliminó": "contact_deleted",
    "sin respuesta de WhatsApp, dos veces": "no_answer",
    "pasaron 24 h desde el último mensaje del cliente": "window_closed",
    **{family.explanation: family.value for family in Family},
}
#: What some of our own reasons leave open: what to do.
_TOLD = {
    "sin respuesta de WhatsApp, dos veces": (
        "WhatsApp no confirmó el envío, dos veces. Puede haber llegado: preguntale al contacto antes de repetirlo."
    ),
    "pasaron 24 h desde el último mensaje del cliente": Family.WINDOW_CLOSED.explanation,
}
_LINE: TypeAlias = tuple[datetime, int, datetime, int]


class Ticks(StrEnum):
    """How far a message of ours came."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    DISCARDED = "discarded"
    NONE = "none"  #: a private note goes nowhere


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a message did not go out (yet)."""

    code: str
    text: str  #: in Spanish; empty when nobody said


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A file of a message, as the message announces it."""

    kind: str
    mime_type: str
    name: str
    is_voice: bool
    is_unavailable: bool  #: WhatsApp could not hand it over


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message as the panel shows it."""

    id: str  #: "in-9911" or "out-77"
    at: datetime  #: the customer's clock for what came in, the release (or queueing) for what went out
    place: datetime  #: what it is sorted by; within one instant what came goes first
    received_at: datetime | None  #: when it reached us, if that was much later
    author: str  #: cliente, bot, operador, sistema, difusión, nota
    operator: str
    is_from_phone: bool  #: the company wrote it on its own phone
    kind: str  #: a MessageKind, "call", or what an outgoing bubble is
    text: str
    buttons: tuple[str, ...]
    menu: Mapping[str, Any] | None  #: {"button", "sections": [{"title", "rows": [{"title", "description"}]}]}
    request: str  #: "location" or "contact": what the bubble asks for
    media: Media | None
    file: FileShown | None  #: of `media`, when it is or was to be kept
    template: str  #: name of the approved template, for what was sent as one
    location: Mapping[str, Any] | None
    cart: tuple[Mapping[str, Any], ...]
    cards: tuple[Mapping[str, Any], ...]
    reply_to: Quote | None
    target: Quote | None  #: what a reaction, edit or deletion is about
    is_forwarded: bool
    ticks: Ticks | None
    reason: Reason | None
    may_retry: bool  #: it failed, somebody may send it again, and nobody did yet
    waits: bool  #: for a person or for the bot
    order_id: int | None


def place_in(row: Row[Any]) -> _LINE:
    """Say where what came in stands. The customer's clock has whole seconds: within one the order is of arrival."""
    return (min(row.received_at, row.sent_at + _SECOND), 0, row.sent_at, row.id)


def place_out(row: Row[Any]) -> _LINE:
    """Say where what went out stands."""
    return (row.queued_at, 1, row.queued_at, row.id)


def message_in(row: Row[Any], context: Context) -> Message:
    """Make a message of a row of the inbox."""
    data = row.data or {}
    target = context.quotes.get(data.get("original_wamid") or "")
    return Message(
        id=f"in-{row.id}",
        at=row.sent_at,
        place=place_in(row)[0],
        received_at=row.received_at if row.received_at - row.sent_at > LATE else None,
        author="cliente",
        operator="",
        is_from_phone=False,
        kind=row.kind,
        text=row.text,
        buttons=(),
        menu=None,
        request="",
        media=_media_in(row.kind, data) if row.kind in MEDIA else None,
        file=context.files_in.get(row.id),
        template="",
        location=data if row.kind == "location" and data else None,
        cart=tuple(_cart_line(line, context) for line in data.get("items") or ())
        if row.kind == "cart"
        else (),
        cards=tuple(data.get("contacts") or ()) if row.kind == "contacts" else (),
        reply_to=_quoted(data.get("reply_to"), context),
        target=target,
        is_forwarded=bool(data.get("forwarded")),
        ticks=None,
        reason=Reason("blocked", "") if row.reason == "blocked" else None,
        may_retry=False,
        waits=row.state in (InboxState.DUE, InboxState.IN_TURN, InboxState.HELD),
        order_id=row.order_id,
    )


def message_out(row: Row[Any], context: Context) -> Message:
    """Make a message of a row of the outbox."""
    bubble: Mapping[str, Any] = row.bubble or {}
    medium = bubble.get("medium")
    return Message(
        id=f"out-{row.id}",
        at=row.released_at or row.queued_at,
        place=place_out(row)[0],
        received_at=None,
        author=str(Author(row.author)),
        operator=context.operators.get(row.operator_id or 0, ""),
        is_from_phone=bool(bubble.get("from_phone")),
        kind=kind_of(bubble),
        # A bubble's options are shown as such; an echo or a plain message has its words in the row alone.
        text=bubble.get("text", "" if medium else row.text) if "from_phone" not in bubble else row.text,
        buttons=tuple(button["title"] for button in bubble.get("buttons") or ()),
        menu=_menu(bubble["menu"]) if bubble.get("menu") else None,
        request=str(bubble.get("request") or ""),
        media=_media_out(medium) if medium else None,
        file=context.files_out.get(row.file_id or 0),
        template=str((bubble.get("template") or {}).get("name") or ""),
        location=None,
        cart=(),
        cards=(),
        reply_to=_quoted(row.reply_to, context),
        target=None,
        is_forwarded=False,
        ticks=_ticks(row.state, row.delivery),
        reason=reason_of(row),
        may_retry=may_be_retried(row) and row.id not in context.retried,
        waits=False,
        order_id=row.order_id,
    )


def _ticks(state: OutboxState, delivery: str) -> Ticks:
    match state:
        case OutboxState.QUEUED:
            return Ticks.QUEUED
        case OutboxState.RELEASED | OutboxState.UNCERTAIN:
            return Ticks.SENDING
        case OutboxState.FAILED:
            return Ticks.FAILED
        case OutboxState.DISCARDED:
            return Ticks.DISCARDED
        case OutboxState.NOTE:
            return Ticks.NONE
        case OutboxState.ACCEPTED:
            return _DELIVERED.get(delivery, Ticks.SENT)
        case _ as unreachable:
            assert_never(unreachable)


_DELIVERED = {
    "delivered": Ticks.DELIVERED,
    "read": Ticks.READ,
    "played": Ticks.READ,
    "failed": Ticks.FAILED,
}


def reason_of(row: Row[Any] | Outbound) -> Reason | None:
    """Say why a message did not go out (yet) and what to do; None when all is well."""
    if row.state is OutboxState.UNCERTAIN:
        return Reason(Family.UNCERTAIN.value, Family.UNCERTAIN.explanation)
    if row.error_code is not None and row.delivery == "failed":
        family = reactions.row_of(code=row.error_code, http_status=None, is_transient=False).family
        return Reason(family.value, family.explanation)
    is_well = row.state is OutboxState.ACCEPTED and row.delivery != "failed"
    if is_well or not (row.reason or row.delivery == "failed"):
        return None
    code = _BY_SENTENCE.get(row.reason, "unknown")
    said = _TOLD.get(row.reason, row.reason)
    return Reason(code, said if code != "unknown" else Family.UNKNOWN.explanation)


def _media_in(kind: str, data: Mapping[str, Any]) -> Media:
    return Media(
        kind=kind,
        mime_type=str(data.get("mime_type") or ""),
        name=str(data.get("filename") or ""),
        is_voice=bool(data.get("voice")),
        is_unavailable=bool(data.get("unavailable")),
    )


def _media_out(medium: Mapping[str, Any]) -> Media:
    name = str(medium.get("filename") or "")
    return Media(kind=str(medium["kind"]), mime_type="", name=name, is_voice=False, is_unavailable=False)


def _menu(menu: Mapping[str, Any]) -> Mapping[str, Any]:
    sections = [
        {
            "title": section["title"],
            "rows": [{"title": row["title"], "description": row["description"]} for row in section["rows"]],
        }
        for section in menu["sections"]
    ]
    return {"button": menu["button"], "sections": sections}


def _cart_line(line: Mapping[str, Any], context: Context) -> Mapping[str, Any]:
    code = str(line.get("code") or "")
    return {
        "name": context.products.get(code, code),
        "quantity": str(line.get("quantity") or ""),
        "price": line.get("price"),
        "currency": line.get("currency"),
    }


def _quoted(wamid: str | None, context: Context) -> Quote | None:
    if not wamid:
        return None
    return context.quotes.get(wamid) or Quote(id="", author="", kind="text", text="")
