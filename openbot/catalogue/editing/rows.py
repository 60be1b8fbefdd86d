"""What all edits share: find the row, compare its version, write what differs, keep names apart."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy import func, select

from openbot.catalogue.words import words_of
from openbot.database import Session
from openbot.errors import OpenbotError
from openbot.fields import ChangedMeanwhile, Form
from openbot.schema import Base, Operator

Changes = dict[str, list[Any]]  #: {field: [before, now]}, as JSON
_Row = TypeVar("_Row", bound=Base)
_LONGEST_CODE = 40


class EntryNotFound(OpenbotError):
    """The catalogue has no such entry."""

    def __init__(self, kind: str) -> None:
        """`kind` is «branch», «product» …: the code is branch_not_found."""
        self.code = f"{kind}_not_found"
        super().__init__(f"There is no such {kind}.")


def find(session: Session, table: type[_Row], entry_id: int, *, kind: str) -> _Row:
    """Return the row. Raises EntryNotFound."""
    row = session.get(table, entry_id)
    if row is None:
        raise EntryNotFound(kind)
    return row


def check_version(session: Session, row: Any, *, version: int, wished: Mapping[str, Any]) -> None:
    """Raise ChangedMeanwhile when somebody saved the row after it was read."""
    if row.version == version:
        return
    changed = {
        name: [as_json(value), as_json(getattr(row, name))]
        for name, value in wished.items()
        if getattr(row, name, value) != value
    }
    by = session.get(Operator, row.edited_by_id) if row.edited_by_id else None
    raise ChangedMeanwhile(
        version=row.version,
        changed=changed,
        by=by.name if by else "",
        at=row.edited_at.isoformat() if row.edited_at else "",
    )


def assign(row: Any, wished: Mapping[str, Any], *, by: int | None, now: datetime) -> Changes:
    """Write what differs; return it. The version grows only when something does."""
    changes: Changes = {}
    for name, value in wished.items():
        before = getattr(row, name)
        if before != value:
            changes[name] = [as_json(before), as_json(value)]
            setattr(row, name, value)
    if changes:
        sign(row, by=by, now=now)
    return changes


def sign(row: Any, *, by: int | None, now: datetime) -> None:
    """Note who saved the row; its version grows."""
    row.version = (row.version or 0) + 1
    row.edited_by_id, row.edited_at = by, now


def put_at(session: Session, row: Any, place: int) -> None:
    """Move a row to a place of its list, 1 the first; the others keep their order."""
    table = type(row)
    others = session.scalars(select(table).where(table.id != row.id).order_by(table.position, table.id)).all()
    ordered = [*others[: place - 1], row, *others[place - 1 :]]
    for position, each in enumerate(ordered, 1):
        if each.position != position:
            each.position = position
    session.flush()


def next_position(session: Session, table: Any) -> int:
    """Give the place after the last."""
    return int(session.scalar(select(func.max(table.position))) or 0) + 1


def new_code(session: Session, table: Any, name: str) -> str:
    """Make a code nobody has out of a name: «Ramos Mejía» is RAMOS-MEJIA."""
    root = re.sub(r"[^A-Z0-9]+", "-", "-".join(words_of(name)).upper()).strip("-")[: _LONGEST_CODE - 5]
    root = root or table.__tablename__.upper()[:10]
    taken = set(session.scalars(select(table.code).where(table.code.startswith(root))))
    number = 1
    while (code := root if number == 1 else f"{root}-{number}") in taken:
        number += 1
    return code


def folded(names: Iterable[str]) -> set[str]:
    """Give names as the assistant compares them: without accents, capitals and signs."""
    return {"".join(words_of(name)) for name in names} - {""}


def keep_names_apart(session: Session, form: Form, table: Any, row: Any) -> None:
    """Refuse a name or alias that another active one has: a sentence could not tell them apart."""
    if not form.read.get("active", row is None or row.active):
        return
    is_back = row is not None and not row.active
    found = session.execute(select(table.id, table.name, table.aliases).where(table.active)).all()
    others = [each for each in found if row is None or each.id != row.id]
    taken = folded(name for each in others for name in (each.name, *each.aliases))
    for field in ("name", "aliases"):
        value = form.read.get(field, getattr(row, field) if is_back else None)
        if value and folded([value] if isinstance(value, str) else value) & taken:
            form.refuse(field, "taken")


def keep_one(session: Session, form: Form, table: Any, row: Any) -> None:
    """Refuse to switch the last active one off: the assistant needs one."""
    if row is None or not row.active or form.read.get("active") is not False:
        return
    if session.scalar(select(table.id).where(table.active, table.id != row.id).limit(1)) is None:
        form.refuse("active", "last_one")


def as_json(value: Any) -> Any:
    """Write a column's value the way the API does."""
    match value:
        case Decimal():
            return f"{value:.2f}"
        case datetime() | date():
            return value.isoformat()
        case _:
            return value
