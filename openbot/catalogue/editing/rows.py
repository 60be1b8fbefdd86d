"""What all edits share: add a row, find it, compare its version, write what differs, keep names apart."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from sqlalchemy import func, select

from openbot import company
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Generic[_Row]):
    """One kind of entry: how what was typed about it is read, and what its rows are."""

    name: str  #: «branch»; the code of a missing one is branch_not_found
    table: type[_Row]
    #: Reads the fields of an entry, new (no row) or there; raises FieldsWrong. What it returns are columns.
    read: Callable[[Session, Mapping[str, Any], _Row | None], dict[str, Any]]
    initial: Mapping[str, Any]  #: columns of a new one that nobody filled in
    is_placed: bool = True  #: its rows have a code, and a position in a list
    #: Fields that are no column: each writes its value beside a row and returns [before, now], or None for no news.
    besides: Mapping[str, Callable[[Session, _Row, Any], list[Any] | None]] = field(default_factory=dict)

    def create(self, session: Session, *, values: Mapping[str, Any], by: int | None, now: datetime) -> int:
        """Add an entry at the end of its list, or at `position`; return its id. Raises FieldsWrong."""
        company.raise_catalogue_version(session)
        wished = self.read(session, values, None)
        besides, place = self._besides(wished), wished.pop("position", None)
        if self.is_placed:
            wished["position"] = next_position(session, self.table)
            if "code" not in wished:
                wished["code"] = new_code(session, self.table, wished["name"])
        row: Any = self.table(edited_by_id=by, edited_at=now, version=1, **{**self.initial, **wished})
        session.add(row)
        session.flush()
        self._write(session, row, besides=besides, place=place)
        return int(row.id)

    def edit(
        self,
        session: Session,
        *,
        entry_id: int,
        version: int,
        values: Mapping[str, Any],
        by: int | None,
        now: datetime,
    ) -> Changes:
        """Save some fields of an entry; return what changed. Raises FieldsWrong, EntryNotFound, ChangedMeanwhile."""
        company.raise_catalogue_version(session)
        row = find(session, self.table, entry_id, kind=self.name)
        wished = self.read(session, values, row)
        besides, place = self._besides(wished), wished.pop("position", None)
        check_version(session, row, version=version, wished=wished)
        changes = assign(row, wished, by=by, now=now)
        is_signed = bool(changes)
        changes |= self._write(session, row, besides=besides, place=place)
        if not is_signed and changes.keys() & besides.keys():
            sign(row, by=by, now=now)
        session.flush()
        return changes

    def _besides(self, wished: dict[str, Any]) -> dict[str, Any]:
        """Take out of the fields what is no column."""
        return {name: wished.pop(name) for name in self.besides if name in wished}

    def _write(self, session: Session, row: Any, *, besides: Mapping[str, Any], place: int | None) -> Changes:
        """Write what is no column, and move the row to its place."""
        written = {name: self.besides[name](session, row, value) for name, value in besides.items()}
        changes = {name: change for name, change in written.items() if change is not None}
        if place is not None and (moved := put_at(session, row, place)):
            changes["position"] = moved
        return changes


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


def put_at(session: Session, row: Any, place: int) -> list[int] | None:
    """Move a row to a place of its list, 1 the first; the others keep their order. Return [place before, now]."""
    table = type(row)
    rows = list(session.scalars(select(table).order_by(table.position, table.id)))
    before = rows.index(row)
    rows.insert(place - 1, rows.pop(before))
    now = rows.index(row)
    if now == before:
        return None
    for position, each in enumerate(rows, 1):
        each.position = position
    session.flush()
    return [before + 1, now + 1]


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
    for text in ("name", "aliases"):
        value = form.read.get(text, getattr(row, text) if is_back else None)
        if value and folded([value] if isinstance(value, str) else value) & taken:
            form.refuse(text, "taken")


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
