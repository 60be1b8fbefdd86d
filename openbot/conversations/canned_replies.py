"""Canned replies («respuestas rápidas»): sentences that administrators keep ready and everybody says, `/hola`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from openbot.catalogue.business_file import BusinessFileWrong
from openbot.catalogue.editing import rows
from openbot.catalogue.goods import format_money
from openbot.database import Session
from openbot.fields import FieldsWrong, Form
from openbot.orders import queries as orders
from openbot.schema import CannedReply, Contact
from openbot.vocabulary import State
from openbot.whatsapp import limits

#: What a text may hold, as `{{nombre}}`.
VARIABLES = ("nombre", "pedido", "total", "sucursal", "operador")
MOST = 500
_FIELDS = ("shortcut", "text")
_LONGEST_SHORTCUT = 30
_SHORTCUT = re.compile(r"[a-z0-9ñ_-]{1,30}")
_HOLE = re.compile(r"\{\{\s*(.*?)\s*\}\}")
_NAME = re.compile(r"\s*\{\{\s*nombre\s*\}\}")
_LEFT_OVER = re.compile(r"^[\s,;:.]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One of them."""

    id: int
    shortcut: str  #: without the slash
    text: str
    version: int


def listed(session: Session) -> list[Reply]:
    """Return all, by shortcut."""
    return [_reply(row) for row in session.scalars(select(CannedReply).order_by(CannedReply.shortcut))]


def create(session: Session, *, values: Mapping[str, Any], by: int, now: datetime) -> Reply:
    """Keep a new one. Raises FieldsWrong."""
    wished = _read(session, values, None)
    if (session.scalar(select(func.count()).select_from(CannedReply)) or 0) >= MOST:
        raise FieldsWrong({"shortcut": "too_many"})
    row = CannedReply(edited_by_id=by, edited_at=now, version=1, **wished)
    session.add(row)
    _flush(session)
    return _reply(row)


def edit(
    session: Session, *, reply_id: int, version: int, values: Mapping[str, Any], by: int, now: datetime
) -> tuple[Reply, rows.Changes]:
    """Save some fields; return what it is then and what changed.

    Raises FieldsWrong, EntryNotFound (canned_reply_not_found), ChangedMeanwhile.
    """
    row = _find(session, reply_id)
    wished = _read(session, values, row)
    rows.check_version(session, row, version=version, wished=wished)
    changes = rows.assign(row, wished, by=by, now=now)
    _flush(session)
    return _reply(row), changes


def remove(session: Session, *, reply_id: int) -> str:
    """Remove it; return its shortcut. Raises EntryNotFound (canned_reply_not_found)."""
    row = _find(session, reply_id)
    session.delete(row)
    session.flush()
    return row.shortcut


def seed(session: Session, *, file: Path) -> int:
    """Keep those of the company's file where there are none yet; return how many. Raises BusinessFileWrong."""
    written = (yaml.safe_load(file.read_text(encoding="utf-8")) or {}).get("canned_replies") or {}
    if session.scalar(select(CannedReply.id).limit(1)) is not None:
        return 0
    for shortcut, text in written.items():
        try:
            wished = _read(session, {"shortcut": shortcut, "text": text}, None)
        except FieldsWrong as wrong:
            raise BusinessFileWrong(path=f"canned_replies.{shortcut}", what=str(wrong)) from wrong
        session.add(CannedReply(version=1, **wished))
        session.flush()
    return len(written)


def values_for(session: Session, *, contact_id: int, operator: str) -> dict[str, str]:
    """Return what the variables are in this conversation: of the open order, else of the latest. Empty: not known."""
    name = session.scalar(
        select(func.coalesce(func.nullif(Contact.name, ""), Contact.profile_name)).where(
            Contact.id == contact_id
        )
    )
    order = orders.open_order(session, contact_id=contact_id) or orders.latest(
        session, contact_id=contact_id, states=tuple(State)
    )
    has_total = order is not None and order.total > 0
    return {
        "nombre": name or "",
        "pedido": str(order.id) if order else "",
        "total": format_money(order.total) if order and has_total else "",
        "sucursal": order.branch if order else "",
        "operador": operator,
    }


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put the values into their places. A name nobody knows is left out; another hole stays, for who sends to see."""
    if not values.get("nombre"):
        nameless = _NAME.sub("", text)
        if nameless != text:
            text = _begun_anew(nameless) if _NAME.match(text) else nameless
    return _HOLE.sub(lambda hole: values.get(hole[1]) or hole[0], text)


def _begun_anew(text: str) -> str:
    """«{{nombre}}, ya sale» without its name is «Ya sale»."""
    rest = _LEFT_OVER.sub("", text)
    return rest[:1].upper() + rest[1:]


def _read(session: Session, values: Mapping[str, Any], row: CannedReply | None) -> dict[str, Any]:
    form = Form(values, needed=() if row else _FIELDS)
    form.known(_FIELDS)
    form.text("shortcut", longest=_LONGEST_SHORTCUT + 1)
    form.text("text", longest=limits.TEXT, lines=True)
    if "shortcut" in form.read:
        shortcut = form.read["shortcut"] = form.read["shortcut"].removeprefix("/").lower()
        if not _SHORTCUT.fullmatch(shortcut):
            form.refuse("shortcut", "not_a_shortcut")
        taken = select(CannedReply.id).where(CannedReply.shortcut == shortcut)
        if session.scalar(taken.where(CannedReply.id != (row.id if row else 0))) is not None:
            form.refuse("shortcut", "taken")
    if any(hole not in VARIABLES for hole in _HOLE.findall(form.read.get("text", ""))):
        form.refuse("text", "unknown_reply_variable")
    return form.done()


def _find(session: Session, reply_id: int) -> CannedReply:
    return rows.find(session, CannedReply, reply_id, kind="canned_reply")


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError:  # somebody kept the same shortcut at the same instant
        raise FieldsWrong({"shortcut": "taken"}) from None


def _reply(row: CannedReply) -> Reply:
    return Reply(id=row.id, shortcut=row.shortcut, text=row.text, version=row.version)
